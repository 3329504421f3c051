// SPDX-License-Identifier: GPL-3.0-or-later
// What a system can be asked to do with a case. To add a kind: a row in task_kind.cpp; where it is given
// something new, a row in case_object.cpp and in harness/runs/case_preparation.cpp too.
#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace meshassay::suites {

/// What the phantom of a case is made into for the system.
enum class Given {
  scan,     ///< A CT of a phantom with a scan.
  mask,     ///< The true mask of such a phantom, on the grid of its scan.
  surface,  ///< The true surface of such a phantom, in triangles with edges of at most a voxel.
  mesh,     ///< A mesh phantom, as it is.
  masks,    ///< The two masks of a pair.
};

/// One row of the table of tasks.
struct TaskKind {
  std::string_view name;  ///< "model"
  Given given = Given::scan;
  std::set<std::string> outputs;  ///< What is asked for, of: mask, surface, record, stages, values.
  std::string_view asks;          ///< One sentence, for people.
};

/// All kinds, in the order of the data flow.
[[nodiscard]] std::span<const TaskKind> task_kinds();
/// Their names, for files to choose from.
[[nodiscard]] const std::vector<std::string>& task_names();
/// \pre The name is that of a row. \throw std::logic_error else: files are checked when they are read.
[[nodiscard]] const TaskKind& task_kind(std::string_view name);

}  // namespace meshassay::suites
