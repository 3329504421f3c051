// SPDX-License-Identifier: GPL-3.0-or-later
#include "phantoms/shapes/ladder.hpp"

#include <algorithm>
#include <cmath>

#include "phantoms/shapes/single_target.hpp"

namespace meshassay::phantoms {

std::vector<double> ladder_sizes_mm() { return {5.0, 3.0, 2.0, 1.5, 1.0, 0.7, 0.5, 0.3, 0.2, 0.1}; }

double Ladder::all_sizes_mm() const {
  double sum_mm = 0.0;
  for (const auto& rung : rungs) sum_mm += rung.size_mm;
  return sum_mm;
}

double Ladder::largest_mm() const {
  double largest = 0.0;
  for (const auto& rung : rungs) largest = std::max(largest, rung.size_mm);
  return largest;
}

std::vector<ParameterDefinition> with_copies(std::vector<ParameterDefinition> of_ladder) {
  of_ladder.push_back({.name = "copies",
                       .default_value = 1.0,
                       .description = "of each size, at places that are spread over a voxel",
                       .min = 1.0,
                       .max = 16.0});
  of_ladder.push_back(
      length_parameter("voxel_mm", 0.5, "over which the copies' places are spread", 0.02, 20.0));
  return of_ladder;
}

Ladder ladder(const Parameters& resolved, const std::string& sizes, const std::string& prefix,
              const LadderSpaces& spaces) {
  constexpr std::size_t most_sizes = 20;
  const int copies = whole_number(resolved, "copies");
  const double voxel_mm = number(resolved, "voxel_mm");
  std::vector<double> sizes_mm;
  for (const double size_mm : lengths(resolved, sizes, most_sizes))
    sizes_mm.insert(sizes_mm.end(), static_cast<std::size_t>(copies), size_mm);
  const auto names = feature_names(prefix, sizes_mm);
  Ladder result;
  double free_mm = spaces.ends_mm;  // From where on the next rung may begin.
  for (std::size_t n = 0; n < sizes_mm.size(); ++n) {
    Rung rung{.name = names[n], .size_mm = sizes_mm[n], .begin_mm = free_mm};
    if (copies > 1) {
      const double part = static_cast<double>(n % static_cast<std::size_t>(copies)) / copies;
      rung.begin_mm = voxel_mm * (std::ceil(free_mm / voxel_mm - part) + part);
    }
    free_mm = rung.end_mm() + spaces.between_mm;
    result.rungs.push_back(std::move(rung));
  }
  result.run_mm = result.rungs.back().end_mm() + spaces.ends_mm;
  return result;
}

}  // namespace meshassay::phantoms
