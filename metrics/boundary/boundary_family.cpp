// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/boundary/boundary_family.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "metrics/boundary/boundary_distance.hpp"
#include "metrics/masks/mask_runs.hpp"
#include "metrics/measurement_rows.hpp"
#include "metrics/registry.hpp"

namespace meshassay::metrics {
namespace {

using Witnesses = std::vector<std::pair<std::string, MeasuredValue>>;

constexpr std::size_t hd = 0, hd95 = 1, assd = 2, masd = 3, nsd = 4;

Measurement row_of(std::size_t metric, const Subject& subject, const BoundaryValue& value) {
  Measurement row = measured(boundary_family().metrics[metric], subject, value.value);
  row.interval = value.discretisation;
  // The ruler's part is rigorous; the discretisation's stands on a surface that is smooth at the scale of a
  // voxel.
  row.interval_kind = IntervalKind::expanded_k2;
  // Half-widths of both parts; the second is what it adds to the first, on its wider side.
  row.sources = {{"ruler", std::max(value.value - value.ruler.lo, value.ruler.hi - value.value)},
                 {"discretisation", std::max(value.ruler.lo - value.discretisation.lo,
                                             value.discretisation.hi - value.ruler.hi)}};
  return row;
}

std::vector<double> point(const Point3& position) { return {position[0], position[1], position[2]}; }

// The slice with the largest value of a kind, the first of equals.
struct SliceWitness {
  std::int64_t index = 0;
  double value_mm = -1.0;
};

template <typename ValueOf>
SliceWitness worst_slice(const std::vector<BoundarySlice>& slices, ValueOf value_of) {
  SliceWitness worst;
  for (const auto& slice : slices) {
    const double value = value_of(slice);
    if (value > worst.value_mm) worst = {slice.index, value};
  }
  return worst;
}

void add_slice(Witnesses& witnesses, const SliceWitness& worst, const Grid& reference) {
  const auto index = static_cast<double>(worst.index);
  witnesses.emplace_back("worst_slice_mm", worst.value_mm);
  witnesses.emplace_back("worst_slice_index", index);
  // Along the slice normal, from the patient's origin.
  witnesses.emplace_back("worst_slice_position_mm",
                         reference.direction.col(2).dot(reference.to_world(Vector3(0.0, 0.0, index))));
}

// Connected parts of a boundary, the farthest first; no more than can be looked at.
constexpr std::size_t most_parts = 20;
void add_parts(Witnesses& witnesses, const std::string& side, std::vector<BoundaryPart> parts, bool maxima) {
  witnesses.emplace_back(side + "_parts", static_cast<double>(parts.size()));
  const auto value = [&](const BoundaryPart& part) { return maxima ? part.max_mm : part.mean_mm; };
  std::stable_sort(parts.begin(), parts.end(),
                   [&](const BoundaryPart& a, const BoundaryPart& b) { return value(a) > value(b); });
  if (parts.size() > most_parts) parts.resize(most_parts);
  std::vector<double> values;
  for (const auto& part : parts) values.push_back(value(part));
  witnesses.emplace_back(side + (maxima ? "_parts_max_mm" : "_parts_mean_mm"), values);
}

void add_directed(Witnesses& witnesses, double test_to_reference, double reference_to_test) {
  witnesses.emplace_back("test_to_reference_mm", test_to_reference);
  witnesses.emplace_back("reference_to_test_mm", reference_to_test);
}

// The rows where one mask, or both, hold nothing.
std::vector<Measurement> rows_of_empty(const BoundaryDistance& result, const Subject& subject) {
  const MetricFamily& family = boundary_family();
  if (result.test_empty)
    return all_undefined(family, subject,
                         result.reference_empty
                             ? Undefined{"both_empty", "no voxel carries the label in either mask"}
                             : Undefined{"test_empty", "no voxel carries the label in the measured mask"});
  auto rows =
      all_undefined(family, subject,
                    {"reference_empty",
                     "no voxel carries the label in the reference mask, and some do in the measured one"});
  // None of the area that there is lies within any distance of the other boundary.
  rows[nsd] = measured(family.metrics[nsd], subject, 0.0);
  return rows;
}

std::vector<Measurement> rows_of(const BoundaryDistance& result, const Subject& subject,
                                 const Grid& reference) {
  if (result.test_empty || result.reference_empty) return rows_of_empty(result, subject);
  std::vector<Measurement> rows = {
      row_of(hd, subject, result.hausdorff_mm()), row_of(hd95, subject, result.percentile_mm()),
      row_of(assd, subject, result.pooled_mean_mm()), row_of(masd, subject, result.mean_of_means_mm()),
      row_of(nsd, subject, result.share_within(0))};
  const auto& forth = result.test_to_reference;
  const auto& back = result.reference_to_test;
  add_directed(rows[hd].witnesses, forth.max_mm.value, back.max_mm.value);
  const auto& farthest = forth.max_mm.value >= back.max_mm.value ? forth : back;
  rows[hd].witnesses.emplace_back("position_mm", point(farthest.max_position_mm));
  add_slice(rows[hd].witnesses,
            worst_slice(result.slices,
                        [](const BoundarySlice& slice) {
                          return std::max(slice.test_to_reference.max_mm, slice.reference_to_test.max_mm);
                        }),
            reference);
  add_parts(rows[hd].witnesses, "test", forth.parts, true);
  add_parts(rows[hd].witnesses, "reference", back.parts, true);

  add_directed(rows[hd95].witnesses, forth.percentile_mm.value, back.percentile_mm.value);
  add_directed(rows[assd].witnesses, forth.mean_mm.value, back.mean_mm.value);
  rows[assd].witnesses.emplace_back("test_area_mm2", forth.area_mm2);
  rows[assd].witnesses.emplace_back("reference_area_mm2", back.area_mm2);
  add_directed(rows[masd].witnesses, forth.mean_mm.value, back.mean_mm.value);
  add_slice(rows[masd].witnesses,
            worst_slice(result.slices,
                        [](const BoundarySlice& slice) {
                          // Of the directions that the slice has: one mask may not reach it.
                          const auto& [index, test, against] = slice;
                          if (test.area_mm2 == 0.0) return against.mean_mm;
                          return against.area_mm2 == 0.0 ? test.mean_mm
                                                         : 0.5 * (test.mean_mm + against.mean_mm);
                        }),
            reference);
  add_parts(rows[masd].witnesses, "test", forth.parts, false);
  add_parts(rows[masd].witnesses, "reference", back.parts, false);
  for (auto& row : rows) {
    row.witnesses.emplace_back("test_touches_border", result.test_touches_border);
    row.witnesses.emplace_back("reference_touches_border", result.reference_touches_border);
  }
  return rows;
}

std::vector<Measurement> compute(const Trial& trial, const MetricRequest& request) {
  const Submission& submission = trial.submissions.front();
  const std::string stage = mask_stage(submission, request);
  const auto found = find_mask(submission, request.stage);
  std::vector<Measurement> rows;
  const auto add = [&](std::vector<Measurement> of_target) {
    std::move(of_target.begin(), of_target.end(), std::back_inserter(rows));
  };
  if (const auto* why = std::get_if<Undefined>(&found)) {
    for (const auto& target : trial.truth.targets)
      add(all_undefined(boundary_family(), {stage, target_name(trial, target)}, *why));
    return rows;
  }
  // However many labels there are, each mask is read through once.
  const LabelMap& test = *std::get<const LabelMap*>(found);
  const LabelMap& reference = *trial.truth.mask;
  check_mask(test, "test mask");
  check_mask(reference, "reference mask");
  const auto in_test = label_extents(test), in_reference = label_extents(reference);
  const auto extent = [](const std::map<std::uint16_t, LabelExtent>& extents, std::uint16_t label) {
    const auto at = extents.find(label);
    return at == extents.end() ? LabelExtent{} : at->second;
  };
  for (const auto& target : trial.truth.targets) {
    const auto result = boundary_distance(
        test, extent(in_test, target.label), reference, extent(in_reference, target.label),
        {.label = target.label, .tolerances_mm = {number(request.parameters, "tolerance_mm")}});
    add(rows_of(result, {stage, target_name(trial, target)}, reference.grid));
  }
  return rows;
}

}  // namespace

const MetricFamily& boundary_family() {
  static const MetricFamily family{
      .name = "boundary",
      .metrics = {{.id = "boundary.hd",
                   .unit = "mm",
                   .definition = "Largest distance from a point of one boundary to the other, either way.",
                   .source = "Hausdorff 1914; Taha and Hanbury 2015, eq. 33"},
                  {.id = "boundary.hd95",
                   .unit = "mm",
                   .definition = "Larger of the two directed 95th percentiles of the distance, by area.",
                   .source = "Reinke et al. 2024, HD95"},
                  {.id = "boundary.assd",
                   .unit = "mm",
                   .definition = "Mean distance over the area of both boundaries together.",
                   .source = "Reinke et al. 2024, ASSD"},
                  {.id = "boundary.masd",
                   .unit = "mm",
                   .definition = "Mean of the two directed mean distances, each by area.",
                   .source = "Reinke et al. 2024, MASD"},
                  {.id = "boundary.nsd",
                   .unit = "1",
                   .definition = "Share of both boundaries' area within a tolerance of the other one.",
                   .source = "Nikolov et al. 2021, surface Dice, eq. 1"}},
      .needs = {"mask", "reference_mask"},
      .parameters = {{.name = "tolerance_mm",
                      .default_value = 1.0,
                      .description = "distance that counts as within, for boundary.nsd",
                      .min = 0.0}},
      .id_parameter = "tolerance_mm",
      .compute = compute};
  return family;
}

}  // namespace meshassay::metrics
