// SPDX-License-Identifier: GPL-3.0-or-later
#include "harness/truth/pair_truth_json.hpp"

#include <nlohmann/json.hpp>

namespace meshassay::harness {

std::string pair_truth_to_json(const phantoms::MaskPair& pair) {
  using nlohmann::ordered_json;
  const auto known = [](const std::optional<double>& value) {
    return value ? ordered_json(*value) : ordered_json(nullptr);
  };
  auto parameters = ordered_json::object();
  for (const auto& [name, value] : pair.parameters)
    std::visit([&, &key = name](const auto& held) { parameters[key] = held; }, value);
  const ordered_json document{{"schema", "meshassay/pair_truth/1"},
                              {"pair", {{"id", pair.id}, {"parameters", parameters}}},
                              {"label", pair.label},
                              {"has_distance", pair.known.has_distance},
                              {"dice", known(pair.known.dice)},
                              {"hd_mm", known(pair.known.hd_mm)},
                              {"hd95_mm", known(pair.known.hd95_mm)},
                              {"masd_mm", known(pair.known.masd_mm)},
                              {"nsd_1mm", known(pair.known.nsd)}};
  return document.dump(2) + "\n";
}

}  // namespace meshassay::harness
