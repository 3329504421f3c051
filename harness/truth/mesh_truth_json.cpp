// SPDX-License-Identifier: GPL-3.0-or-later
#include "harness/truth/mesh_truth_json.hpp"

#include <nlohmann/json.hpp>

namespace meshassay::harness {
namespace {

using nlohmann::ordered_json;

template <typename T>
ordered_json to_json(const std::optional<T>& value) {
  return value ? ordered_json(*value) : ordered_json(nullptr);
}

ordered_json to_json(const std::optional<KnownValue>& known) {
  return known ? ordered_json{{"value", known->value}, {"uncertainty", known->uncertainty}}
               : ordered_json(nullptr);
}

ordered_json to_json(const Parameters& parameters) {
  auto document = ordered_json::object();
  for (const auto& [name, value] : parameters)
    std::visit([&, &key = name](const auto& held) { document[key] = held; }, value);
  return document;
}

}  // namespace

std::string mesh_truth_to_json(const phantoms::MeshPhantom& phantom) {
  auto expected = ordered_json::object();
  for (const auto& [name, holds] : phantoms::expectation_names())
    expected[name] = to_json(phantom.expected.*holds);
  const auto& counts = phantom.counts;
  const auto& repair = phantom.repair;
  const ordered_json document{{"schema", "meshassay/mesh_truth/1"},
                              {"frame", "LPS"},
                              {"unit", "mm"},
                              {"phantom", {{"id", phantom.id}, {"parameters", to_json(phantom.parameters)}}},
                              {"triangles", phantom.mesh.triangles.size()},
                              {"expected", expected},
                              {"counts",
                               {{"irregular", to_json(counts.irregular)},
                                {"degenerate", to_json(counts.degenerate)},
                                {"duplicates", to_json(counts.duplicates)},
                                {"components", to_json(counts.components)},
                                {"boundary_edges", to_json(counts.boundary_edges)},
                                {"boundary_loops", to_json(counts.boundary_loops)}}},
                              {"repair",
                               {{"score", repair.score},
                                {"sheets", repair.sheets},
                                {"wires", repair.wires},
                                {"parts", to_json(repair.parts)},
                                {"handles", to_json(repair.handles)},
                                {"cavities", to_json(repair.cavities)},
                                {"volume_mm3", to_json(repair.volume_mm3)},
                                {"min_thickness_mm", to_json(repair.min_thickness_mm)}}}};
  return document.dump(2) + "\n";
}

}  // namespace meshassay::harness
