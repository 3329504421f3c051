// SPDX-License-Identifier: GPL-3.0-or-later
#include "suites/task_kind.hpp"

#include <algorithm>
#include <stdexcept>

namespace meshassay::suites {

std::span<const TaskKind> task_kinds() {
  static const std::vector<TaskKind> kinds = {
      {.name = "model",
       .given = Given::scan,
       .outputs = {"mask", "surface", "record", "stages"},
       .asks = "a CT becomes a mask and the surface to print"},
      {.name = "segment",
       .given = Given::scan,
       .outputs = {"mask", "record", "stages"},
       .asks = "a CT becomes a mask"},
      {.name = "surface",
       .given = Given::mask,
       .outputs = {"surface", "record", "stages"},
       .asks = "a mask becomes the surface to print"},
      {.name = "edit",
       .given = Given::surface,
       .outputs = {"surface", "record", "stages"},
       .asks = "a surface is edited as after its reconstruction, and becomes the surface to print"},
      {.name = "export",
       .given = Given::surface,
       .outputs = {"surface", "record"},
       .asks = "a surface is written as the surface to print, not edited"},
      {.name = "repair",
       .given = Given::mesh,
       .outputs = {"surface", "record"},
       .asks = "a mesh becomes printable"},
      {.name = "evaluate",
       .given = Given::masks,
       .outputs = {"values"},
       .asks = "two masks become numbers that compare them"},
  };
  return kinds;
}

const std::vector<std::string>& task_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> made;
    for (const auto& kind : task_kinds()) made.emplace_back(kind.name);
    return made;
  }();
  return names;
}

const TaskKind& task_kind(std::string_view name) {
  const auto kinds = task_kinds();
  const auto found =
      std::find_if(kinds.begin(), kinds.end(), [&](const TaskKind& kind) { return kind.name == name; });
  if (found == kinds.end()) throw std::logic_error("no such kind of task: " + std::string(name));
  return *found;
}

}  // namespace meshassay::suites
