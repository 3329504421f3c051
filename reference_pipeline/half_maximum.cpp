// SPDX-License-Identifier: GPL-3.0-or-later
#include "reference_pipeline/half_maximum.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/errors.hpp"
#include "core/text.hpp"
#include "reference_pipeline/otsu.hpp"

namespace meshassay::reference_pipeline {
namespace {

constexpr std::uint8_t not_a_number = 255;

// The lower middle value and the upper one, averaged.
double median(std::vector<float> values) {
  const auto upper = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), upper, values.end());
  if (values.size() % 2 == 1) return *upper;
  return 0.5 * (static_cast<double>(*std::max_element(values.begin(), upper)) + static_cast<double>(*upper));
}

// Standard deviation of normal noise, from the median absolute deviation.
double robust_deviation(std::vector<float> values) {
  const auto center = static_cast<float>(median(values));
  for (float& value : values) value = std::abs(value - center);
  return 1.4826 * median(std::move(values));
}

bool is_deep(const Image<std::uint8_t>& classes, int i, int j, int k) {
  const auto own = classes.at(i, j, k);
  const auto& size = classes.grid.size;
  for (int z = std::max(k - 1, 0); z <= std::min(k + 1, size[2] - 1); ++z)
    for (int y = std::max(j - 1, 0); y <= std::min(j + 1, size[1] - 1); ++y)
      for (int x = std::max(i - 1, 0); x <= std::min(i + 1, size[0] - 1); ++x)
        if (classes.at(x, y, z) != own) return false;
  return true;
}

// The values of the deep voxels of each class, of all its voxels where none is deep.
std::vector<std::vector<float>> typical_values(const Image<float>& hu, const Image<std::uint8_t>& classes,
                                               std::size_t count) {
  std::vector<std::vector<float>> typical(count);
  std::size_t v = 0;
  for (int k = 0; k < hu.grid.size[2]; ++k)
    for (int j = 0; j < hu.grid.size[1]; ++j)
      for (int i = 0; i < hu.grid.size[0]; ++i, ++v)
        if (classes.values[v] != not_a_number && is_deep(classes, i, j, k))
          typical[classes.values[v]].push_back(hu.values[v]);
  for (std::size_t c = 0; c < count; ++c)
    if (typical[c].empty())
      for (v = 0; v < hu.values.size(); ++v)
        if (classes.values[v] == c) typical[c].push_back(hu.values[v]);
  return typical;
}

// Class n holds the values from boundaries[n - 1], included, to boundaries[n].
Image<std::uint8_t> classify(const Image<float>& hu, const std::vector<double>& ascending_boundaries) {
  Image<std::uint8_t> classes(hu.grid);
  for (std::size_t v = 0; v < hu.values.size(); ++v) {
    const double value = hu.values[v];
    classes.values[v] = std::isfinite(value)
                            ? static_cast<std::uint8_t>(std::upper_bound(ascending_boundaries.begin(),
                                                                         ascending_boundaries.end(), value) -
                                                        ascending_boundaries.begin())
                            : not_a_number;
  }
  return classes;
}

std::vector<float> finite_values(const Image<float>& hu) {
  std::vector<float> values;
  values.reserve(hu.values.size());
  std::copy_if(hu.values.begin(), hu.values.end(), std::back_inserter(values),
               [](float value) { return std::isfinite(value); });
  return values;
}

double middle(const Target& target) { return std::midpoint(target.hu_range[0], target.hu_range[1]); }

// Halfway between the middles of the ranges; below the lowest, halfway to the median of what lies under it.
std::vector<double> boundaries_from_ranges(const std::vector<float>& values,
                                           const std::vector<Target>& ascending) {
  for (std::size_t n = 1; n < ascending.size(); ++n)
    if (middle(ascending[n - 1]) == middle(ascending[n]))
      throw InvalidInput({.what = "half_maximum cannot tell two targets apart",
                          .where = "targets '" + ascending[n - 1].name + "' and '" + ascending[n].name + "'",
                          .expected = "a different hu_range for each target",
                          .got = "the middle " + format_number(middle(ascending[n])) + " HU for both",
                          .mend = "give each target the HU range of its material, or set 'threshold_hu'"});
  std::vector<float> below;
  std::copy_if(values.begin(), values.end(), std::back_inserter(below), [&](float value) {
    return static_cast<double>(value) < std::min(ascending.front().hu_range[0], middle(ascending.front()));
  });
  if (below.empty()) return {};
  std::vector<double> boundaries = {std::midpoint(median(std::move(below)), middle(ascending.front()))};
  for (std::size_t n = 1; n < ascending.size(); ++n)
    boundaries.push_back(std::midpoint(middle(ascending[n - 1]), middle(ascending[n])));
  return boundaries;
}

}  // namespace

std::optional<HalfMaximum> half_maximum(const Image<float>& hu, std::span<const Target> targets,
                                        std::string& why_not) {
  std::vector<std::size_t> order(targets.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return middle(targets[a]) < middle(targets[b]); });

  const std::vector<float> values = finite_values(hu);
  const auto [least, greatest] = std::minmax_element(values.begin(), values.end());
  if (values.empty() || *least == *greatest) {
    why_not = "every voxel has the same grey value";
    return std::nullopt;
  }
  std::vector<double> boundaries;
  if (targets.size() == 1) {
    boundaries = {otsu_threshold(values, otsu_bins)};
  } else {
    std::vector<Target> ascending;
    for (const auto n : order) ascending.push_back(targets[n]);
    boundaries = boundaries_from_ranges(values, ascending);
    if (boundaries.empty()) {
      why_not = "no voxel lies below the HU range of target '" + ascending.front().name + "'";
      return std::nullopt;
    }
  }

  const auto typical = typical_values(hu, classify(hu, boundaries), boundaries.size() + 1);
  HalfMaximum result{.thresholds_hu = std::vector<double>(targets.size()),
                     .first_guess_hu = boundaries.front(),
                     .background_hu = 0.0,
                     .material_hu = std::vector<double>(targets.size())};
  double lower_hu = 0.0, lower_deviation_hu = 0.0;
  for (std::size_t c = 0; c < typical.size(); ++c) {
    if (typical[c].empty()) {
      why_not = c == 0 ? "no voxel is background"
                       : "no voxel is near the HU range of target '" + targets[order[c - 1]].name + "'";
      return std::nullopt;
    }
    const double own_hu = median(typical[c]);
    if (c == 0) {
      result.background_hu = own_hu;
    } else {
      if (!(own_hu - lower_hu > least_contrast_to_noise * lower_deviation_hu)) {
        why_not = "the materials cannot be told apart: " + format_rounded(own_hu - lower_hu) +
                  " HU of contrast at a standard deviation of " + format_rounded(lower_deviation_hu) +
                  " HU; set 'threshold_hu' to choose a threshold yourself";
        return std::nullopt;
      }
      result.material_hu[order[c - 1]] = own_hu;
      result.thresholds_hu[order[c - 1]] = std::midpoint(lower_hu, own_hu);
    }
    lower_hu = own_hu;
    lower_deviation_hu = robust_deviation(typical[c]);
  }
  return result;
}

}  // namespace meshassay::reference_pipeline
