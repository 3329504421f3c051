// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/masks/label_gap.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <map>
#include <unordered_set>
#include <utility>

#include "core/errors.hpp"
#include "core/label_map.hpp"
#include "metrics/masks/facing_gap.hpp"
#include "metrics/masks/label_pairs.hpp"
#include "metrics/masks/mask_runs.hpp"
#include "metrics/needs.hpp"

namespace meshassay::metrics {
namespace {

using LabelPair = std::pair<std::uint16_t, std::uint16_t>;  // The smaller first.

LabelPair pair_of(std::uint16_t a, std::uint16_t b) { return {std::min(a, b), std::max(a, b)}; }

constexpr int places_along_an_axis = 4;

// Where voxels of the test mask lie for a point of the reference's grid.
class TestMask {
 public:
  TestMask(const LabelMap& test, const Grid& reference) : test_(test), reference_(reference) {
    // A voxel's centre is then nowhere nearer to another voxel's.
    const Vector3 last(reference.size[0] - 1, reference.size[1] - 1, reference.size[2] - 1);
    same_grid_ = test.grid.size == reference.size;
    for (const Vector3& corner : {Vector3(0, 0, 0), Vector3(last[0], 0, 0), Vector3(0, last[1], 0), last})
      same_grid_ = same_grid_ && (test.grid.to_world(corner) - reference.to_world(corner)).norm() <=
                                     1e-3 * reference.spacing_mm.minCoeff();
  }
  [[nodiscard]] bool is_on_same_grid() const { return same_grid_; }
  // In which a voxel of the reference is looked at.
  [[nodiscard]] int places() const {
    return same_grid_ ? 1 : places_along_an_axis * places_along_an_axis * places_along_an_axis;
  }
  [[nodiscard]] std::uint16_t at(const std::array<int, 3>& voxel) const {
    return test_.at(voxel[0], voxel[1], voxel[2]);
  }
  // The label at an index of the reference's grid, in fractions of voxels.
  [[nodiscard]] std::uint16_t at(const Vector3& index) const {
    const Vector3 there = test_.grid.to_index(reference_.to_world(index));
    const auto i = static_cast<int>(std::lround(there[0])), j = static_cast<int>(std::lround(there[1])),
               k = static_cast<int>(std::lround(there[2]));
    return test_.grid.contains(i, j, k) ? test_.at(i, j, k) : std::uint16_t{0};
  }

 private:
  const LabelMap& test_;
  const Grid& reference_;
  bool same_grid_ = false;
};

// In how many places of a voxel's box the test mask has neither label.
int free_places(const TestMask& test, const std::array<int, 3>& voxel, const LabelPair& pair) {
  const auto is_free = [&](std::uint16_t label) { return label != pair.first && label != pair.second; };
  if (test.is_on_same_grid()) return is_free(test.at(voxel)) ? 1 : 0;
  int count = 0;
  const auto place = [](int n) { return (n + 0.5) / places_along_an_axis - 0.5; };
  for (int z = 0; z < places_along_an_axis; ++z)
    for (int y = 0; y < places_along_an_axis; ++y)
      for (int x = 0; x < places_along_an_axis; ++x)
        if (is_free(test.at(Vector3(voxel[0] + place(x), voxel[1] + place(y), voxel[2] + place(z))))) ++count;
  return count;
}

class GapCounter {
 public:
  GapCounter(const LabelMap& test, const LabelMap& reference, const std::vector<std::uint16_t>& labels,
             double within_mm)
      : test_(test, reference.grid), reference_(reference), within_mm_(within_mm) {
    for (const std::uint16_t label : labels) is_wanted_[label] = true;
    for (std::size_t a = 0; a < 3; ++a)
      reach_[a] =
          static_cast<int>(std::floor(within_mm / reference.grid.spacing_mm[static_cast<int>(a)])) + 1;
  }

  // Each face between two of the labels, and the voxels near it.
  void run() {
    const auto& size = reference_.grid.size;
    for (int k = 0; k < size[2]; ++k)
      for (int j = 0; j < size[1]; ++j)
        for (int i = 0; i < size[0]; ++i)
          if (is_wanted_[reference_.at(i, j, k)]) look_round({i, j, k});
  }

  [[nodiscard]] LabelGap gap(std::uint16_t a, std::uint16_t b) const {
    LabelGap gap{.a = a, .b = b};
    const auto found = sums_.find(pair_of(a, b));
    if (found == sums_.end()) return gap;
    const Sums& sums = found->second;
    const double voxel_mm3 = reference_.grid.voxel_volume_mm3();
    gap.interface_mm2 = sums.interface_mm2;
    gap.volume_mm3 = voxel_mm3 * static_cast<double>(sums.free_places) / test_.places();
    gap.uncertain_volume_mm3 = voxel_mm3 * static_cast<double>(sums.cut_voxels);
    return gap;
  }

 private:
  struct Sums {
    double interface_mm2 = 0.0;
    std::uint64_t free_places = 0, cut_voxels = 0;
    std::unordered_set<std::size_t> seen;  // Voxels, each counted once.
  };

  // The faces of a voxel towards higher indices: each face once.
  void look_round(const std::array<int, 3>& voxel) {
    const std::uint16_t here = reference_.at(voxel[0], voxel[1], voxel[2]);
    const Vector3& spacing = reference_.grid.spacing_mm;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      auto next = voxel;
      ++next[axis];
      if (!reference_.grid.contains(next[0], next[1], next[2])) continue;
      const std::uint16_t there = reference_.at(next[0], next[1], next[2]);
      if (there == here || !is_wanted_[there]) continue;
      const LabelPair pair = pair_of(here, there);
      Sums& sums = sums_[pair];
      sums.interface_mm2 += spacing.prod() / spacing[static_cast<int>(axis)];
      count_near(voxel, axis, pair, sums);
    }
  }

  // The voxels of the pair whose boxes come within reach of the upper face of `voxel` along an axis.
  void count_near(const std::array<int, 3>& voxel, std::size_t axis, const LabelPair& pair, Sums& sums) {
    const auto& size = reference_.grid.size;
    std::array<int, 3> begin{}, end{};
    for (std::size_t a = 0; a < 3; ++a) {
      begin[a] = std::max(0, voxel[a] - reach_[a]);
      end[a] = std::min(size[a], voxel[a] + reach_[a] + 2);
    }
    for (int k = begin[2]; k < end[2]; ++k)
      for (int j = begin[1]; j < end[1]; ++j)
        for (int i = begin[0]; i < end[0]; ++i) {
          const std::uint16_t label = reference_.at(i, j, k);
          if (label != pair.first && label != pair.second) continue;
          const std::array<int, 3> offset = {i - voxel[0], j - voxel[1], k - voxel[2]};
          double squared_mm2 = 0.0;  // Between the box and the face.
          for (std::size_t a = 0; a < 3; ++a) {
            const int steps = a == axis ? std::max(-offset[a], offset[a] - 1) : std::abs(offset[a]) - 1;
            const double gap_mm = std::max(0, steps) * reference_.grid.spacing_mm[static_cast<int>(a)];
            squared_mm2 += gap_mm * gap_mm;
          }
          if (squared_mm2 > within_mm_ * within_mm_) continue;
          if (!sums.seen.insert(reference_.grid.offset(i, j, k)).second) continue;
          const int free = free_places(test_, {i, j, k}, pair);
          sums.free_places += static_cast<std::uint64_t>(free);
          if (free != 0 && free != test_.places()) ++sums.cut_voxels;
        }
  }

  TestMask test_;
  const LabelMap& reference_;
  double within_mm_;
  std::array<int, 3> reach_{};  // In voxels.
  std::vector<bool> is_wanted_ = std::vector<bool>(65536, false);
  std::map<LabelPair, Sums> sums_;
};

// The same reason for every two targets.
std::vector<Measurement> undefined_rows(const Trial& trial, const std::string& stage, const Undefined& why) {
  std::vector<Measurement> rows;
  for_each_pair(trial, [&](const TargetTruth& a, const TargetTruth& b) {
    rows.push_back(undefined(label_gap_family().metrics[0], {stage, pair_name(trial, a, b)}, why));
  });
  return rows;
}

// By what the truth gives to the two labels.
std::vector<Measurement> rows_of_masks(const Trial& trial, const MetricRequest& request) {
  const MetricFamily& family = label_gap_family();
  const Submission& submission = trial.submissions.front();
  const std::string stage = mask_stage(submission, request);
  const auto found = find_mask(submission, request.stage);
  if (const auto* why = std::get_if<Undefined>(&found)) return undefined_rows(trial, stage, *why);
  std::vector<Measurement> rows;
  std::vector<std::uint16_t> labels;
  for (const auto& target : trial.truth.targets) labels.push_back(target.label);
  const auto gaps = label_gaps(*std::get<const LabelMap*>(found), *trial.truth.mask, labels,
                               {.within_mm = number(request.parameters, "within_mm")});
  std::size_t n = 0;
  for_each_pair(trial, [&](const TargetTruth& a, const TargetTruth& b) {
    const LabelGap& gap = gaps[n++];
    Measurement row = measured(family.metrics[0], {stage, pair_name(trial, a, b)}, gap.volume_mm3);
    if (gap.uncertain_volume_mm3 > 0.0) {
      row.interval = Interval{std::max(0.0, gap.volume_mm3 - gap.uncertain_volume_mm3),
                              gap.volume_mm3 + gap.uncertain_volume_mm3};
      row.interval_kind = IntervalKind::expanded_k2;
      row.sources = {{"voxels_cut_by_the_other_grid", gap.uncertain_volume_mm3}};
    }
    row.witnesses = {{"interface_mm2", gap.interface_mm2}};
    rows.push_back(std::move(row));
  });
  return rows;
}

// By the sides of the two surfaces that face each other.
Measurement row_of_surfaces(const Subject& subject, const TriangleMesh& a, const TriangleMesh& b,
                            double within_mm) {
  const MetricDefinition& metric = label_gap_family().metrics[0];
  const MeshDistance one(a), other(b);
  if (!one.has_inside() || !other.has_inside())
    return undefined(metric, subject,
                     {"not_closed", "a label's surface is not closed and consistently oriented"});
  const FacingGap gap = facing_gap(one, other, {.within_mm = within_mm});
  Measurement row = measured(metric, subject, gap.volume_mm3);
  row.interval =
      Interval{std::max(0.0, gap.volume_mm3 - gap.half_width_mm3), gap.volume_mm3 + gap.half_width_mm3};
  row.interval_kind = IntervalKind::expanded_k2;
  row.sources = {{"counting", gap.half_width_mm3}};
  return row;
}

std::vector<Measurement> rows_of_surfaces(const Trial& trial, const MetricRequest& request) {
  const double within_mm = number(request.parameters, "within_mm");
  return rows_of_surface_pairs(
      trial, request,
      [&](const Subject& subject, const TriangleMesh& a, const TriangleMesh& b) {
        return std::vector{row_of_surfaces(subject, a, b, within_mm)};
      },
      [](const Subject& subject, const Undefined& why) {
        return all_undefined(label_gap_family(), subject, why);
      });
}

std::vector<Measurement> compute(const Trial& trial, const MetricRequest& request) {
  const Need need = trial.truth.mask ? "mask" : "surface";
  if (!is_met(need, trial)) return undefined_rows(trial, request.stage, why_unmet(need));
  return trial.truth.mask ? rows_of_masks(trial, request) : rows_of_surfaces(trial, request);
}

}  // namespace

std::vector<LabelGap> label_gaps(const LabelMap& test, const LabelMap& reference,
                                 const std::vector<std::uint16_t>& labels, const LabelGapOptions& options) {
  check_mask(test, "test mask");
  check_mask(reference, "reference mask");
  if (!(options.within_mm >= 0.0 && std::isfinite(options.within_mm)))
    throw InvalidInput({.what = "gaps cannot be looked for so",
                        .where = "within_mm",
                        .expected = "a finite length, 0 or more",
                        .got = fmt::format("{}", options.within_mm),
                        .mend = "choose a value in that range"});
  GapCounter counter(test, reference, labels, options.within_mm);
  counter.run();
  std::vector<LabelGap> gaps;
  for (std::size_t a = 0; a < labels.size(); ++a)
    for (std::size_t b = a + 1; b < labels.size(); ++b) gaps.push_back(counter.gap(labels[a], labels[b]));
  return gaps;
}

const MetricFamily& label_gap_family() {
  static const MetricFamily family{
      .name = "label_gap",
      .metrics = {{.id = "labels.gap_volume",
                   .unit = "mm3",
                   .definition =
                       "Volume near the true interface of two labels that the truth gives to the two and the "
                       "mask to neither; where no truth is known, between sides of their surfaces that face.",
                   .source = "MeshAssay"}},
      .needs = {"targets>=2"},
      .parameters = {{.name = "within_mm",
                      .default_value = 1.0,
                      .description = "distance from the true interface within which a gap is looked for; its "
                                     "greatest width where no truth "
                                     "is known",
                      .min = 0.0,
                      .max = 100.0}},
      .id_parameter = "within_mm",
      .compute = compute};
  return family;
}

}  // namespace meshassay::metrics
