// SPDX-License-Identifier: GPL-3.0-or-later
#include "phantoms/shapes/single_target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "core/text.hpp"

namespace meshassay::phantoms {

std::vector<ParameterDefinition> with_materials(std::vector<ParameterDefinition> of_shape) {
  of_shape.push_back({.name = "turn_deg",
                      .default_value = std::vector<double>{0.0, 0.0, 0.0},
                      .description = "turns the phantom about the fixed axes x, then y, then z",
                      .min = -360.0,
                      .max = 360.0,
                      .length = 3});
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

ParameterDefinition material_parameter(const std::string& name, double default_hu, const std::string& of) {
  return {.name = name,
          .default_value = default_hu,
          .description = "Hounsfield units of " + of,
          .min = -1024.0,
          .max = 30000.0};
}

Phantom placed_phantom(const std::string& id, const Parameters& resolved, TargetTruth truth) {
  return single_target_phantom(id, resolved, moved(std::move(truth), {.translation_mm = placement_mm()}));
}

Phantom multi_target_phantom(const std::string& id, const Parameters& resolved,
                             std::vector<NamedTarget> targets) {
  Phantom phantom{.id = id, .parameters = resolved, .background_hu = number(resolved, "background_hu")};
  std::uint16_t label = 1;
  for (auto& target : targets) {
    TargetTruth truth = moved(std::move(target.truth), {.translation_mm = placement_mm()});
    truth.label = label++;
    truth.name = target.name;
    phantom.targets.push_back({.truth = std::move(truth), .hu = number(resolved, target.hu_parameter)});
  }
  return phantom;
}

void check_contrast(const Phantom& phantom, const std::string& where) {
  std::vector<std::pair<std::string, double>> materials = {{"the background", phantom.background_hu}};
  for (const auto& target : phantom.targets) {
    for (const auto& [name, hu] : materials) {
      if (std::abs(target.hu - hu) >= 1.0) continue;
      throw InvalidInput(
          {.what = fmt::format("the {} cannot be told from {}", target.truth.name, name),
           .where = where,
           .expected = "all materials, 'hu' and 'background_hu' among them, at least 1 HU apart",
           .got = fmt::format("{} HU and {} HU", format_number(target.hu), format_number(hu)),
           .mend = "change one of them"});
    }
    materials.emplace_back("the " + target.truth.name, target.hu);
  }
}

void require_less(const Parameters& resolved, const std::string& name, double limit,
                  const std::string& because) {
  const double value = number(resolved, name);
  if (value < limit) return;
  throw InvalidInput({.what = fmt::format("parameter '{}' does not fit the shape", name),
                      .expected = fmt::format("less than {} ({})", format_number(limit), because),
                      .got = format_number(value),
                      .mend = fmt::format("take a smaller {}, or change the others", name)});
}

ParameterDefinition length_parameter(const std::string& name, double default_mm,
                                     const std::string& description, double min_mm, double max_mm) {
  return {
      .name = name, .default_value = default_mm, .description = description, .min = min_mm, .max = max_mm};
}

ParameterDefinition lengths_parameter(const std::string& name, std::vector<double> default_mm,
                                      const std::string& description, double min_mm, double max_mm) {
  return {.name = name,
          .default_value = std::move(default_mm),
          .description = description,
          .min = min_mm,
          .max = max_mm};
}

Feature feature_along(int axis, const std::string& name, FeatureKind kind, double nominal_mm,
                      const Point3& center_mm, const Vector3& half_extent_mm) {
  Feature feature{.name = name, .kind = kind, .nominal_mm = nominal_mm, .region = {}};
  const int u = (axis + 1) % 3;
  const int v = (axis + 2) % 3;
  feature.region.center_mm = center_mm;
  feature.region.axes.col(0) = Vector3::Unit(u);
  feature.region.axes.col(1) = Vector3::Unit(v);
  feature.region.axes.col(2) = Vector3::Unit(axis);
  feature.region.half_extent_mm = {half_extent_mm[u], half_extent_mm[v], half_extent_mm[axis]};
  return feature;
}

int whole_number(const Parameters& resolved, const std::string& name) {
  const double value = number(resolved, name);
  if (value != std::round(value))
    throw InvalidInput({.what = fmt::format("parameter '{}' is a count", name),
                        .expected = "a whole number",
                        .got = format_number(value),
                        .mend = "round it"});
  return static_cast<int>(value);
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
