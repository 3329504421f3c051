// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/boundary/boundary_distance.hpp"

#include <fmt/format.h>
#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>
#include <tbb/parallel_invoke.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <map>
#include <string>

#include "core/errors.hpp"
#include "metrics/boundary/boundary_elements.hpp"
#include "metrics/boundary/boundary_parts.hpp"
#include "metrics/masks/mask_runs.hpp"

namespace meshassay::metrics {
namespace {

// Of sums and roots in double precision, relative to what is summed.
constexpr double relative_rounding = 1e-12;

void check_options(const BoundaryOptions& options) {
  const auto refuse = [](const std::string& where, const std::string& expected, double got) {
    throw InvalidInput({.what = "boundaries cannot be compared so",
                        .where = where,
                        .expected = expected,
                        .got = fmt::format("{}", got),
                        .mend = "choose a value in that range"});
  };
  if (!(options.percentile > 0.0 && options.percentile <= 100.0))
    refuse("percentile", "above 0 and at most 100", options.percentile);
  for (const double tolerance : options.tolerances_mm)
    if (!(tolerance >= 0.0 && std::isfinite(tolerance)))
      refuse("tolerance_mm", "a finite length, 0 or more", tolerance);
  if (options.max_error_mm && !(*options.max_error_mm > 0.0 && std::isfinite(*options.max_error_mm)))
    refuse("max_error_mm", "a positive length", *options.max_error_mm);
}

// One mask, ready to be measured and to be measured against.
struct Side {
  Side(const LabelMap& mask, std::uint16_t label, const LabelExtent& extent)
      : cells(mask, label, extent), search(cells), parts(connected_parts(cells)) {
    for (int axis = 0; axis < 3; ++axis)
      for (const BoundaryBlock& block : cells.blocks())
        if (block.crossed(axis) != 0) {
          largest_half_edge_mm = std::max(largest_half_edge_mm, 0.5 * cells.spacing_mm()[axis]);
          break;
        }
  }
  BoundaryCells cells;
  BoundarySearch search;
  std::vector<std::uint32_t> parts;  // Of each vertex.
  double largest_half_edge_mm = 0.0;
};

BoundaryFrames frames_between(const BoundaryCells& from, const BoundaryCells& to, const Grid& slices) {
  BoundaryFrames frames;
  frames.parallel = from.axes() == to.axes();
  if (!frames.parallel) frames.rotation = to.axes().transpose() * from.axes();
  frames.shift_mm = to.axes().transpose() * (from.origin_mm() - to.origin_mm());
  const Vector3 normal = slices.direction.col(2) / slices.spacing_mm[2];
  frames.slice_normal = to.axes().transpose() * normal;
  frames.slice_offset = normal.dot(to.origin_mm() - slices.origin_mm);
  return frames;
}

// Part by part, so that nothing depends on who computed it.
struct Directed {
  DirectedBoundary result;
  double half_edge_mm = 0.0;  // Mean over the area.
  ElementSums slices;
};

BoundaryValue widened(double value, Interval ruler, double half_width) {
  return {value, ruler, {std::max(0.0, ruler.lo - half_width), ruler.hi + half_width}};
}

BoundaryPart part_of(const ElementSum& sum) {
  return {sum.area_mm2, sum.area_mm2 > 0.0 ? sum.moment / sum.area_mm2 : 0.0, sum.max_mm};
}

// The limits that a tolerance's area within is taken at, in their order: the value's, the ruler's two, the
// discretisation's two. Where the quantity's upper bound is within the tolerance, it is; where the lower one
// is not, it is not.
constexpr std::size_t limits_per_tolerance = 5;
void add_limits(double tolerance_mm, double half_width_mm, std::vector<AreaLimit>& limits) {
  const double slack = relative_rounding * (1.0 + tolerance_mm);
  limits.push_back({tolerance_mm, Bound::none});
  for (const double wider : {0.0, half_width_mm}) {
    limits.push_back({tolerance_mm - wider - slack, Bound::upper});
    limits.push_back({tolerance_mm + wider + slack, Bound::lower});
  }
}

// The elements that are kept leave the chunks.
std::vector<std::vector<LinearElement>> take_elements(std::vector<ElementChunk>& chunks) {
  std::vector<std::vector<LinearElement>> elements;
  elements.reserve(chunks.size());
  for (ElementChunk& chunk : chunks) elements.push_back(std::move(chunk.elements));
  return elements;
}

Directed directed(const Side& from, const Side& to, const BoundaryFrames& frames,
                  const VertexDistances& distances, const BoundaryOptions& options, double max_error_mm) {
  const double half_width = from.largest_half_edge_mm + to.largest_half_edge_mm;
  ElementOptions element_options{.max_error_mm = max_error_mm,
                                 .max_error_of_maximum_mm = max_error_mm / 225.0,
                                 .limits = {},
                                 .kept_about_percentile = options.percentile};
  for (const double tolerance : options.tolerances_mm)
    add_limits(tolerance, half_width, element_options.limits);
  const MeasuredBoundary measured{from.cells, from.parts, distances};
  auto found = boundary_elements(measured, to.search, frames, element_options);
  Directed directed;
  DirectedBoundary& result = directed.result;
  double moment = 0.0, below = 0.0, above = 0.0, upper_mm = 0.0, max_mm = -1.0, half_edges = 0.0;
  ElementSums parts;
  KeptElements kept{.from = found.kept_mm.lo, .to = found.kept_mm.hi};
  std::vector<double> within(element_options.limits.size(), 0.0);
  for (const ElementChunk& chunk : found.chunks) {
    result.area_mm2 += chunk.area_mm2;
    kept.below_mm2 += chunk.below_mm2;
    moment += chunk.moment;
    below += chunk.below_moment;
    above += chunk.above_moment;
    half_edges += chunk.half_edge_moment;
    for (std::size_t n = 0; n < within.size(); ++n) within[n] += chunk.within_mm2[n];
    upper_mm = std::max(upper_mm, chunk.max_upper_mm);
    if (chunk.max_mm > max_mm) {
      max_mm = chunk.max_mm;
      result.max_position_mm = from.cells.to_world(chunk.max_at_mm);
    }
    directed.slices.add(chunk.slices);
    parts.add(chunk.parts);
    result.elements += chunk.count;
  }
  for (const auto& sum : parts.by_key()) result.parts.push_back(part_of(sum));
  directed.half_edge_mm = half_edges / result.area_mm2;

  const double mean = moment / result.area_mm2;
  const double rounding = relative_rounding * (1.0 + upper_mm);
  result.mean_mm.value = mean;
  result.mean_mm.ruler = {std::max(0.0, mean - below / result.area_mm2 - rounding),
                          mean + above / result.area_mm2 + rounding};
  result.max_mm =
      widened(max_mm, {std::max(0.0, max_mm - rounding), std::max(max_mm, upper_mm) + rounding}, half_width);

  auto percentile = area_percentile(take_elements(found.chunks), kept, result.area_mm2, options.percentile);
  if (!percentile) {  // It lies elsewhere than vertices said.
    element_options.kept_about_percentile.reset();
    found = boundary_elements(measured, to.search, frames, element_options);
    percentile = area_percentile(take_elements(found.chunks), result.area_mm2, options.percentile);
  }
  // No percentile is larger than the maximum, and that is known better.
  const double largest_mm = result.max_mm.ruler.hi;
  result.percentile_mm = widened(
      percentile->value,
      {std::max(0.0, percentile->lower - rounding), std::min(percentile->upper + rounding, largest_mm)},
      half_width);
  for (std::size_t n = 0; n < within.size(); n += limits_per_tolerance)
    result.area_within_mm2.push_back(
        {within[n], {within[n + 1], within[n + 2]}, {within[n + 3], within[n + 4]}});
  return directed;
}

BoundaryValue larger(const BoundaryValue& a, const BoundaryValue& b) {
  const auto max_of = [](const Interval& x, const Interval& y) {
    return Interval{std::max(x.lo, y.lo), std::max(x.hi, y.hi)};
  };
  return {std::max(a.value, b.value), max_of(a.ruler, b.ruler), max_of(a.discretisation, b.discretisation)};
}

BoundaryValue weighted(const BoundaryValue& a, double of_a, const BoundaryValue& b, double of_b) {
  const auto mix = [&](double x, double y) { return (of_a * x + of_b * y) / (of_a + of_b); };
  return {mix(a.value, b.value),
          {mix(a.ruler.lo, b.ruler.lo), mix(a.ruler.hi, b.ruler.hi)},
          {mix(a.discretisation.lo, b.discretisation.lo), mix(a.discretisation.hi, b.discretisation.hi)}};
}

}  // namespace

BoundaryValue BoundaryDistance::hausdorff_mm() const {
  return larger(test_to_reference.max_mm, reference_to_test.max_mm);
}

BoundaryValue BoundaryDistance::percentile_mm() const {
  return larger(test_to_reference.percentile_mm, reference_to_test.percentile_mm);
}

BoundaryValue BoundaryDistance::mean_of_means_mm() const {
  return weighted(test_to_reference.mean_mm, 1.0, reference_to_test.mean_mm, 1.0);
}

BoundaryValue BoundaryDistance::pooled_mean_mm() const {
  return weighted(test_to_reference.mean_mm, test_to_reference.area_mm2, reference_to_test.mean_mm,
                  reference_to_test.area_mm2);
}

BoundaryValue BoundaryDistance::share_within(std::size_t tolerance) const {
  const auto& of_test = test_to_reference.area_within_mm2[tolerance];
  const auto& of_reference = reference_to_test.area_within_mm2[tolerance];
  const double total = test_to_reference.area_mm2 + reference_to_test.area_mm2;
  const auto share = [&](double a, double b) { return std::clamp((a + b) / total, 0.0, 1.0); };
  BoundaryValue result{
      share(of_test.value, of_reference.value),
      {share(of_test.ruler.lo, of_reference.ruler.lo), share(of_test.ruler.hi, of_reference.ruler.hi)},
      {share(of_test.discretisation.lo, of_reference.discretisation.lo),
       share(of_test.discretisation.hi, of_reference.discretisation.hi)}};
  for (Interval* interval : {&result.ruler, &result.discretisation}) {  // Sums are rounded.
    interval->lo = std::max(0.0, std::min(interval->lo - relative_rounding, result.value));
    interval->hi = std::min(1.0, std::max(interval->hi + relative_rounding, result.value));
  }
  return result;
}

BoundaryDistance boundary_distance(const LabelMap& test, const LabelExtent& in_test,
                                   const LabelMap& reference, const LabelExtent& in_reference,
                                   const BoundaryOptions& options) {
  check_mask(test, "test mask");
  check_mask(reference, "reference mask");
  check_options(options);
  BoundaryDistance result;
  result.test_empty = in_test.empty();
  result.reference_empty = in_reference.empty();
  result.test_touches_border = in_test.touches_border(test.grid);
  result.reference_touches_border = in_reference.touches_border(reference.grid);
  if (result.test_empty || result.reference_empty) return result;

  std::optional<Side> of_test, of_reference;
  tbb::parallel_invoke([&] { of_test.emplace(test, options.label, in_test); },
                       [&] { of_reference.emplace(reference, options.label, in_reference); });
  const double max_error_mm = options.max_error_mm ? *options.max_error_mm
                                                   : 0.75 * std::max(test.grid.spacing_mm.minCoeff(),
                                                                     reference.grid.spacing_mm.minCoeff());
  VertexDistances distances;
  const auto measure = [&](const Side& from, const Side& to) {
    const BoundaryFrames frames = frames_between(from.cells, to.cells, reference.grid);
    distances = vertex_distances(from.cells, to.search, frames, std::move(distances));
    return directed(from, to, frames, distances, options, max_error_mm);
  };
  Directed forth = measure(*of_test, *of_reference), back = measure(*of_reference, *of_test);
  for (Directed* each : {&forth, &back}) {
    BoundaryValue& mean = each->result.mean_mm;
    mean = widened(mean.value, mean.ruler, forth.half_edge_mm + back.half_edge_mm);
  }

  std::map<std::int64_t, BoundarySlice> slices;
  for (const auto& sum : forth.slices.by_key()) slices[sum.key].test_to_reference = part_of(sum);
  for (const auto& sum : back.slices.by_key()) slices[sum.key].reference_to_test = part_of(sum);
  for (auto& [index, slice] : slices) {
    slice.index = index;
    result.slices.push_back(slice);
  }
  result.test_to_reference = std::move(forth.result);
  result.reference_to_test = std::move(back.result);
  return result;
}

BoundaryDistance boundary_distance(const LabelMap& test, const LabelMap& reference,
                                   const BoundaryOptions& options) {
  check_mask(test, "test mask");
  check_mask(reference, "reference mask");
  const auto extent_in = [&](const LabelMap& mask) {
    const auto extents = label_extents(mask);
    const auto found = extents.find(options.label);
    return found == extents.end() ? LabelExtent{} : found->second;
  };
  return boundary_distance(test, extent_in(test), reference, extent_in(reference), options);
}

}  // namespace meshassay::metrics
