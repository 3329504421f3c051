// SPDX-License-Identifier: GPL-3.0-or-later
#include "phantoms/single_target.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/errors.hpp"
#include "core/text.hpp"

namespace meshassay::phantoms {

std::vector<ParameterDefinition> with_materials(std::vector<ParameterDefinition> of_shape) {
  of_shape.push_back({.name = "hu",
                      .default_value = 1000.0,
                      .description = "Hounsfield units of the object",
                      .min = -1024.0,
                      .max = 30000.0});
  of_shape.push_back({.name = "background_hu",
                      .default_value = -1000.0,
                      .description = "Hounsfield units of what surrounds it",
                      .min = -1024.0,
                      .max = 30000.0});
  return of_shape;
}

Phantom single_target_phantom(const std::string& id, const Parameters& resolved, TargetTruth truth) {
  truth.label = 1;
  truth.name = "object";
  Phantom phantom{.id = id, .parameters = resolved, .background_hu = number(resolved, "background_hu")};
  phantom.targets.push_back({.truth = std::move(truth), .hu = number(resolved, "hu")});
  return phantom;
}

const std::vector<double>& lengths(const Parameters& resolved, const std::string& name, std::size_t most) {
  const auto& list = numbers(resolved, name);
  if (list.empty() || list.size() > most)
    throw InvalidInput({.what = fmt::format("parameter '{}' has {} elements", name, list.size()),
                        .expected = fmt::format("1 to {} lengths in mm", most),
                        .got = format_parameter(list),
                        .mend = fmt::format("shorten or fill the list '{}'", name)});
  return list;
}

std::vector<std::string> feature_names(const std::string& prefix, const std::vector<double>& lengths_mm) {
  std::vector<std::string> names;
  for (std::size_t n = 0; n < lengths_mm.size(); ++n) {
    const auto earlier =
        std::count(lengths_mm.begin(), lengths_mm.begin() + static_cast<std::ptrdiff_t>(n), lengths_mm[n]);
    std::string name = fmt::format("{}_{}", prefix, format_number(lengths_mm[n]));
    if (earlier > 0) name += fmt::format("_{}", static_cast<char>('a' + earlier));
    names.push_back(std::move(name));
  }
  return names;
}

}  // namespace meshassay::phantoms
