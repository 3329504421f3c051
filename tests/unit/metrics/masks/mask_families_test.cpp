// SPDX-License-Identifier: GPL-3.0-or-later
// Every metric that looks at masks, on every pair of masks that is likely to go wrong.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "core/label_map.hpp"
#include "metrics/registry.hpp"
#include "tests/unit/metrics/masks.hpp"

namespace meshassay::metrics {
namespace {

struct NamedMask {
  std::string name;
  LabelMap mask;
};

// Two labels, where there is room for them.
std::vector<NamedMask> masks() {
  const Grid grid = grid_of({5, 6, 7}, {0.5, 0.5, 2.0}, {3.0, -4.0, 5.0});
  std::vector<NamedMask> all;
  all.push_back({"empty", LabelMap(grid)});
  all.push_back({"one voxel", LabelMap(grid)});
  all.back().mask.at(2, 2, 2) = 1;
  all.push_back({"one slice", LabelMap(grid)});
  fill_box(all.back().mask, {0, 0, 3}, {5, 3, 4}, 1);
  fill_box(all.back().mask, {0, 3, 3}, {5, 6, 4}, 2);
  all.push_back({"full image", LabelMap(grid, 1)});
  all.push_back({"two labels", LabelMap(grid)});
  fill_box(all.back().mask, {1, 1, 1}, {4, 5, 4}, 1);
  fill_box(all.back().mask, {1, 1, 4}, {4, 5, 6}, 2);
  const LabelMap two = all.back().mask;
  all.push_back({"left-handed, axes renamed", reordered(two, {2, 0, 1}, {false, true, false})});
  all.push_back(
      {"rotated", moved(two, Eigen::AngleAxisd(0.6, Vector3(1, 2, 3).normalized()).toRotationMatrix(),
                        {0.3, -0.2, 0.1})});
  all.push_back({"far away", moved(two, Matrix3::Identity(), {5e5, 0, -5e5})});
  all.push_back({"one-voxel image", LabelMap(grid_of({1, 1, 1}), 1)});
  for (const double spacing_mm : {1e-3, 1e3}) {
    auto scaled = two;
    scaled.grid.spacing_mm = Vector3::Constant(spacing_mm);
    all.push_back({"spacing " + std::to_string(spacing_mm), std::move(scaled)});
  }
  return all;
}

Trial trial_of(const LabelMap& test, const LabelMap& reference) {
  Trial trial;
  trial.truth.targets = {{.label = 1}, {.label = 2}};
  trial.truth.mask = shared(reference);
  trial.scan_grid = reference.grid;
  trial.submissions.emplace_back();
  trial.submissions.front().offers = {"mask"};
  trial.submissions.front().stages.push_back({.name = "segmented", .mask = shared(test)});
  return trial;
}

bool is_finite(const MeasuredValue& value) {
  if (const auto* number = std::get_if<double>(&value)) return std::isfinite(*number);
  if (const auto* numbers = std::get_if<std::vector<double>>(&value))
    return std::all_of(numbers->begin(), numbers->end(), [](double each) { return std::isfinite(each); });
  return true;
}

void expect_sound(const Measurement& row, const std::string& what) {
  if (!row.value) {
    EXPECT_NO_THROW(static_cast<void>(find_reason(row.reason))) << what;
    return;
  }
  EXPECT_TRUE(row.reason.empty()) << what;
  EXPECT_TRUE(is_finite(*row.value)) << what;
  EXPECT_TRUE(!row.interval || (std::isfinite(row.interval->lo) && std::isfinite(row.interval->hi))) << what;
  for (const auto& [name, witness] : row.witnesses) EXPECT_TRUE(is_finite(witness)) << what << name;
}

TEST(MaskFamilies, GiveFiniteNumbersOrAReasonOnEveryPairOfMasks) {
  const auto all = masks();
  std::set<std::string> metrics;
  for (const auto& test : all)
    for (const auto& reference : all) {
      const auto rows = measure_all(trial_of(test.mask, reference.mask));
      for (const auto& row : rows) {
        expect_sound(row, row.metric + " of '" + test.name + "' against '" + reference.name + "' ");
        metrics.insert(row.metric);
      }
    }
  for (const auto* id : {"overlap.dice", "boundary.hd", "topology.components", "labels.gap_volume"})
    EXPECT_TRUE(metrics.contains(id)) << id;
}

}  // namespace
}  // namespace meshassay::metrics
