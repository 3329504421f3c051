// SPDX-License-Identifier: GPL-3.0-or-later
#include "reference_pipeline/threshold.hpp"

#include <algorithm>
#include <vector>

#include "core/errors.hpp"
#include "core/text.hpp"

namespace meshassay::reference_pipeline {

LabelMap label_by_threshold(const Image<float>& hu, std::span<const TargetThreshold> thresholds) {
  std::vector<TargetThreshold> ascending(thresholds.begin(), thresholds.end());
  std::sort(ascending.begin(), ascending.end(),
            [](const auto& a, const auto& b) { return a.threshold_hu < b.threshold_hu; });
  for (std::size_t n = 1; n < ascending.size(); ++n)
    if (ascending[n - 1].threshold_hu == ascending[n].threshold_hu)
      throw InvalidInput({.what = "two targets have the same threshold",
                          .where = "threshold_hu of the targets",
                          .expected = "a threshold of its own for each target",
                          .got = format_number(ascending[n].threshold_hu) + " HU twice",
                          .mend = "set 'threshold_hu' to one value a target, in their order"});

  LabelMap mask(hu.grid);
  for (std::size_t v = 0; v < hu.values.size(); ++v)
    for (const auto& target : ascending)
      if (static_cast<double>(hu.values[v]) >= target.threshold_hu) mask.values[v] = target.label;
  return mask;
}

std::size_t voxels_exactly_at(const Image<float>& hu, double threshold_hu) {
  return static_cast<std::size_t>(std::count_if(hu.values.begin(), hu.values.end(), [&](float value) {
    return static_cast<double>(value) == threshold_hu;
  }));
}

}  // namespace meshassay::reference_pipeline
