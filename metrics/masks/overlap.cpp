// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/masks/overlap.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <utility>

#include "metrics/masks/mask_runs.hpp"
#include "metrics/masks/oblique_overlap.hpp"
#include "metrics/measurement_rows.hpp"
#include "metrics/registry.hpp"

namespace meshassay::metrics {
namespace {

// Of sums of fewer than 4 million rounded terms each (rows of a slice), against the sum of the two volumes.
constexpr double relative_rounding = 1e-9;

using Slices = std::map<std::int64_t, OverlapVolumes>;

// Largest distance between where two poses put the corners of a grid: no voxel moves further.
double largest_displacement_mm(const Grid& grid, const Grid& moved) {
  double largest = 0.0;
  for (int corner = 0; corner < 8; ++corner) {
    Vector3 index;
    for (int a = 0; a < 3; ++a) index[a] = ((corner >> a) & 1) != 0 ? grid.size[a] - 0.5 : -0.5;
    largest = std::max(largest, (grid.to_world(index) - moved.to_world(index)).norm());
  }
  return largest;
}

double tolerance_mm(const Grid& a, const Grid& b, const OverlapOptions& options) {
  return options.same_grid_tolerance * std::min(a.spacing_mm.minCoeff(), b.spacing_mm.minCoeff());
}

// Area of the faces between a label and everything else: moving a mask by d changes any intersection with it
// by d times this at most.
double face_area_mm2(const MaskRuns& mask, const Vector3& spacing_mm) {
  std::array<double, 3> faces = {2.0 * static_cast<double>(mask.runs.size()), 0.0, 0.0};
  const auto shared = [&](std::span<const Run> row, std::span<const Run> other) {
    std::int64_t voxels = 0;
    for (std::size_t a = 0, b = 0; a < row.size() && b < other.size();) {
      voxels += std::max(0, std::min(row[a].end, other[b].end) - std::max(row[a].begin, other[b].begin));
      if (row[a].end < other[b].end)
        ++a;
      else
        ++b;
    }
    return static_cast<double>(voxels);
  };
  faces[1] = faces[2] = 2.0 * static_cast<double>(mask.voxels);
  for (int k = 0; k < mask.size[2]; ++k)
    for (int j = 0; j < mask.size[1]; ++j) {
      if (j > 0) faces[1] -= 2.0 * shared(mask.row(j, k), mask.row(j - 1, k));
      if (k > 0) faces[2] -= 2.0 * shared(mask.row(j, k), mask.row(j, k - 1));
    }
  return faces[0] * spacing_mm[1] * spacing_mm[2] + faces[1] * spacing_mm[0] * spacing_mm[2] +
         faces[2] * spacing_mm[0] * spacing_mm[1];
}

// Of one slice.
struct VoxelCounts {
  std::size_t test = 0, reference = 0, both = 0;
};

VoxelCounts counts_of(std::span<const std::uint16_t> test, std::span<const std::uint16_t> reference,
                      std::uint16_t label) {
  // In pieces whose counts fit into 16 bits, as voxels do: many are looked at in one step.
  constexpr std::size_t piece = 1024;
  VoxelCounts counts;
  const auto add = [&](std::size_t begin, std::size_t voxels) {
    std::uint16_t in_test = 0, in_reference = 0, in_both = 0;
    for (std::size_t v = begin; v < begin + voxels; ++v) {
      const bool tested = test[v] == label;
      const bool referenced = reference[v] == label;
      in_test = static_cast<std::uint16_t>(in_test + tested);
      in_reference = static_cast<std::uint16_t>(in_reference + referenced);
      in_both = static_cast<std::uint16_t>(in_both + (tested && referenced));
    }
    counts.test += in_test;
    counts.reference += in_reference;
    counts.both += in_both;
  };
  std::size_t begin = 0;
  for (; begin + piece <= test.size(); begin += piece) add(begin, piece);
  add(begin, test.size() - begin);
  return counts;
}

Slices count_voxels(const LabelMap& test, const LabelMap& reference, std::uint16_t label) {
  const Grid& grid = reference.grid;
  const std::size_t slice_voxels = static_cast<std::size_t>(grid.size[0]) * grid.size[1];
  std::vector<VoxelCounts> of_slices(static_cast<std::size_t>(grid.size[2]));
  tbb::parallel_for(std::size_t{0}, of_slices.size(), [&](std::size_t k) {
    of_slices[k] = counts_of(std::span(test.values).subspan(k * slice_voxels, slice_voxels),
                             std::span(reference.values).subspan(k * slice_voxels, slice_voxels), label);
  });
  const double voxel_mm3 = grid.voxel_volume_mm3();
  Slices slices;
  for (std::size_t k = 0; k < of_slices.size(); ++k)
    if (const auto& [in_test, in_reference, in_both] = of_slices[k]; in_test + in_reference > 0)
      slices[static_cast<std::int64_t>(k)] = {static_cast<double>(in_test) * voxel_mm3,
                                              static_cast<double>(in_reference) * voxel_mm3,
                                              static_cast<double>(in_both) * voxel_mm3};
  return slices;
}

// Where the test's voxels lie along one axis of the reference, in mm from the edge of its first voxel.
struct AxisPlacement {
  double first_edge_mm = 0.0;  ///< Of the test's first voxel in the view.
  double test_spacing_mm = 1.0, reference_spacing_mm = 1.0;
  double tolerance_mm = 0.0;  ///< An edge this near to a plane of the reference is on it: no slivers.

  [[nodiscard]] double raw_edge_mm(int n) const { return first_edge_mm + n * test_spacing_mm; }
  [[nodiscard]] double test_edge_mm(int n) const {
    const double raw = raw_edge_mm(n);
    const double plane = std::round(raw / reference_spacing_mm) * reference_spacing_mm;
    return std::abs(raw - plane) <= tolerance_mm ? plane : raw;
  }
};

// The test's grid as seen along the reference's axes, if they are parallel within the tolerance.
struct AlignedView {
  AxisView axes;
  std::array<AxisPlacement, 3> placement;
  double displacement_mm = 0.0;  ///< Of the furthest voxel, from where it is to where the view has it.
};

std::optional<AlignedView> align(const Grid& test, const Grid& reference, double tolerance) {
  const Matrix3 relation = reference.direction.transpose() * test.direction;
  AlignedView view;
  Matrix3 snapped = Matrix3::Zero();
  std::array<bool, 3> used = {false, false, false};
  for (int a = 0; a < 3; ++a) {
    int nearest = 0;
    relation.row(a).cwiseAbs().maxCoeff(&nearest);
    if (used[nearest]) return std::nullopt;
    used[nearest] = true;
    view.axes.axis[a] = nearest;
    view.axes.flipped[a] = relation(a, nearest) < 0.0;
    snapped(a, nearest) = view.axes.flipped[a] ? -1.0 : 1.0;
  }
  // Turned about its centre, so that its voxels move as little as can be.
  const Vector3 middle(0.5 * (test.size[0] - 1), 0.5 * (test.size[1] - 1), 0.5 * (test.size[2] - 1));
  Grid turned = test;
  turned.direction = reference.direction * snapped;
  turned.origin_mm += test.to_world(middle) - turned.to_world(middle);
  view.displacement_mm = largest_displacement_mm(test, turned);
  if (view.displacement_mm > tolerance) return std::nullopt;

  const Vector3 origin = reference.direction.transpose() * (turned.origin_mm - reference.origin_mm);
  for (int a = 0; a < 3; ++a) {
    const int axis = view.axes.axis[a];
    auto& placement = view.placement[static_cast<std::size_t>(a)];
    placement.test_spacing_mm = test.spacing_mm[axis];
    placement.reference_spacing_mm = reference.spacing_mm[a];
    const double first_center =
        origin[a] - (view.axes.flipped[a] ? (test.size[axis] - 1) * test.spacing_mm[axis] : 0.0);
    placement.first_edge_mm = first_center - 0.5 * test.spacing_mm[axis] + 0.5 * reference.spacing_mm[a];
    placement.tolerance_mm = tolerance;
    double largest_snap_mm = 0.0;
    for (int n = 0; n <= test.size[axis]; ++n)
      largest_snap_mm =
          std::max(largest_snap_mm, std::abs(placement.test_edge_mm(n) - placement.raw_edge_mm(n)));
    view.displacement_mm += largest_snap_mm;
  }
  return view;
}

// A part of an axis that lies in one voxel of the test and one of the reference. What is before the
// reference's grid is as voxel -1, what is behind it as the one after the last.
struct Segment {
  int reference = 0;
  double length_mm = 0.0;
};

std::vector<Segment> segments_of(const AxisPlacement& placement, int test_index, int reference_size) {
  const double begin = placement.test_edge_mm(test_index);
  const double end = placement.test_edge_mm(test_index + 1);
  const double spacing = placement.reference_spacing_mm;
  std::vector<Segment> segments;
  const auto add = [&](int r, double low, double high) {
    low = std::max(begin, low);
    high = std::min(end, high);
    if (high > low) segments.push_back({r, high - low});
  };
  constexpr double unbounded = std::numeric_limits<double>::infinity();
  add(-1, -unbounded, 0.0);
  const double first = std::floor(begin / spacing) - 1.0;  // Rounding may be one off.
  for (int r = static_cast<int>(std::clamp(first, 0.0, static_cast<double>(reference_size)));
       r < reference_size && r * spacing < end; ++r)
    add(r, r * spacing, (r + 1) * spacing);
  add(reference_size, reference_size * spacing, unbounded);
  return segments;
}

double common_length_mm(std::span<const Run> test, std::span<const Run> reference,
                        const AxisPlacement& placement) {
  double sum = 0.0;
  for (std::size_t t = 0, r = 0; t < test.size() && r < reference.size();) {
    const double test_end = placement.test_edge_mm(test[t].end);
    const double reference_end = reference[r].end * placement.reference_spacing_mm;
    const double begin =
        std::max(placement.test_edge_mm(test[t].begin), reference[r].begin * placement.reference_spacing_mm);
    sum += std::max(0.0, std::min(test_end, reference_end) - begin);
    if (test_end < reference_end)
      ++t;
    else
      ++r;
  }
  return sum;
}

Slices intersect_boxes(const LabelMap& test, const LabelMap& reference, std::uint16_t label,
                       const AlignedView& view) {
  const MaskRuns test_runs = mask_runs(test, label, view.axes);
  const MaskRuns reference_runs = mask_runs(reference, label);
  const auto& [columns, rows, slices_axis] = view.placement;
  std::vector<std::vector<Segment>> row_segments;
  for (int j = 0; j < test_runs.size[1]; ++j)
    row_segments.push_back(segments_of(rows, j, reference_runs.size[1]));

  Slices slices;
  for (int k = 0; k < test_runs.size[2]; ++k) {
    std::uint64_t voxels = 0;
    for (int j = 0; j < test_runs.size[1]; ++j)
      for (const Run& run : test_runs.row(j, k)) voxels += static_cast<std::uint64_t>(run.end - run.begin);
    if (voxels == 0) continue;
    const double test_area_mm2 = static_cast<double>(voxels) * columns.test_spacing_mm * rows.test_spacing_mm;
    for (const Segment& along_slices : segments_of(slices_axis, k, reference_runs.size[2])) {
      OverlapVolumes& slice = slices[along_slices.reference];
      slice.test_mm3 += test_area_mm2 * along_slices.length_mm;
      if (along_slices.reference < 0 || along_slices.reference >= reference_runs.size[2]) continue;
      double common_area_mm2 = 0.0;
      for (int j = 0; j < test_runs.size[1]; ++j) {
        const auto row = test_runs.row(j, k);
        if (row.empty()) continue;
        for (const Segment& along_rows : row_segments[static_cast<std::size_t>(j)]) {
          if (along_rows.reference < 0 || along_rows.reference >= reference_runs.size[1]) continue;
          common_area_mm2 +=
              along_rows.length_mm *
              common_length_mm(row, reference_runs.row(along_rows.reference, along_slices.reference),
                               columns);
        }
      }
      slice.common_mm3 += common_area_mm2 * along_slices.length_mm;
    }
  }
  return slices;
}

// How many voxels of each slice of the reference carry the label, as volumes.
void add_reference(const LabelMap& reference, std::uint16_t label, Slices& slices) {
  const Grid& grid = reference.grid;
  const auto slice_voxels = static_cast<std::ptrdiff_t>(grid.size[0]) * grid.size[1];
  for (int k = 0; k < grid.size[2]; ++k) {
    const auto begin = reference.values.begin() + k * slice_voxels;
    const auto voxels = std::count(begin, begin + slice_voxels, label);
    if (voxels > 0) slices[k].reference_mm3 = static_cast<double>(voxels) * grid.voxel_volume_mm3();
  }
}

double labelled_volume_mm3(const LabelMap& mask, std::uint16_t label) {
  return static_cast<double>(std::count(mask.values.begin(), mask.values.end(), label)) *
         mask.grid.voxel_volume_mm3();
}

}  // namespace

Overlap overlap(const LabelMap& test, const LabelMap& reference, const OverlapOptions& options) {
  check_mask(test, "test mask");
  check_mask(reference, "reference mask");
  const double tolerance = tolerance_mm(test.grid, reference.grid, options);
  Overlap result;
  Slices slices;
  double displacement_mm = 0.0;
  if (test.grid.size == reference.grid.size &&
      largest_displacement_mm(test.grid, reference.grid) <= tolerance) {
    displacement_mm = largest_displacement_mm(test.grid, reference.grid);
    slices = count_voxels(test, reference, options.label);
  } else if (const auto view = align(test.grid, reference.grid, tolerance)) {
    result.method = OverlapMethod::aligned_boxes;
    displacement_mm = view->displacement_mm;
    slices = intersect_boxes(test, reference, options.label, *view);
    add_reference(reference, options.label, slices);
  } else {
    result.method = OverlapMethod::clipped_boxes;
    ObliqueOverlap oblique = oblique_overlap(test, reference, options.label);
    slices = std::move(oblique.slices);
    result.alignment_half_width_mm3 = oblique.rounding_half_width_mm3;
    add_reference(reference, options.label, slices);
  }

  OverlapVolumes sum;
  for (auto& [index, volumes] : slices) {
    // Rounding must not make the common part larger than either.
    volumes.common_mm3 = std::min({volumes.common_mm3, volumes.test_mm3, volumes.reference_mm3});
    sum.test_mm3 += volumes.test_mm3;
    sum.reference_mm3 += volumes.reference_mm3;
    sum.common_mm3 += volumes.common_mm3;
    result.slices.push_back({index, volumes});
  }
  // Where voxels were counted, equal masks give equal sums, to the last bit; else the mask's own volume is
  // the better one.
  result.volumes = sum;
  if (result.method != OverlapMethod::voxel_counts) {
    result.volumes.test_mm3 = labelled_volume_mm3(test, options.label);
    result.volumes.reference_mm3 = labelled_volume_mm3(reference, options.label);
  }
  auto& [test_mm3, reference_mm3, common_mm3] = result.volumes;
  common_mm3 = std::min({common_mm3, test_mm3, reference_mm3});
  if (displacement_mm > 0.0)
    result.alignment_half_width_mm3 =
        displacement_mm * face_area_mm2(mask_runs(test, options.label), test.grid.spacing_mm);
  return result;
}

namespace {

// Below this share of a voxel a slice is not held by a mask but touched by rounding.
constexpr double least_slice_share = 1e-6;

// Rounding of a ratio or, times the volumes, of the common volume; none where voxels were counted.
double rounding(const Overlap& result) {
  return result.method == OverlapMethod::voxel_counts ? 0.0 : relative_rounding;
}

struct WorstSlice {
  OverlapSlice slice;
  Interval dice;  ///< Of the smallest Dice over all slices, whichever it is.
};

// The slice with the smallest Dice, the first of equals. \pre either mask holds something.
WorstSlice worst_slice(const Overlap& result, double least_mm3) {
  const OverlapSlice* worst = nullptr;
  Interval dice{1.0, 1.0};
  for (const auto& slice : result.slices) {
    const double sum_mm3 = slice.volumes.test_mm3 + slice.volumes.reference_mm3;
    if (sum_mm3 <= least_mm3) continue;
    // |d(2c / s)| <= 2 |dc| / s + 2 c |ds| / s^2 <= 3 h / s, as 2 c <= s.
    const double half_width = 3.0 * result.alignment_half_width_mm3 / sum_mm3 + rounding(result);
    const double value = slice.volumes.dice();
    dice.lo = std::max(0.0, std::min(dice.lo, value - half_width));
    dice.hi = std::min(dice.hi, value + half_width);
    if (!worst || value < worst->volumes.dice()) worst = &slice;
  }
  return {*worst, dice};
}

// A ratio in [0, 1] with its interval; none where voxels were counted on one grid.
Measurement ratio(const MetricDefinition& metric, const Subject& subject, double value, double half_width) {
  Measurement row = measured(metric, subject, value);
  if (half_width == 0.0) return row;
  row.interval = Interval{std::max(0.0, value - half_width), std::min(1.0, value + half_width)};
  row.sources = {{"grid_alignment_and_rounding", half_width}};
  return row;
}

// A part of a mask of `whole_mm3`, with its interval; none where voxels were counted on one grid.
Measurement volume(const MetricDefinition& metric, const Subject& subject, double value, double half_width,
                   double whole_mm3) {
  Measurement row = measured(metric, subject, value);
  if (half_width == 0.0) return row;
  row.interval = Interval{std::max(0.0, value - half_width), std::min(whole_mm3, value + half_width)};
  row.sources = {{"grid_alignment_and_rounding", half_width}};
  return row;
}

const char* name_of(OverlapMethod method) {
  switch (method) {
    case OverlapMethod::voxel_counts: return "voxel_counts";
    case OverlapMethod::aligned_boxes: return "aligned_boxes";
    case OverlapMethod::clipped_boxes: return "clipped_boxes";
  }
  return "";
}

std::vector<Measurement> rows_of_target(const Trial& trial, const MetricRequest& request,
                                        const TargetTruth& target) {
  const MetricFamily& family = overlap_family();
  const Submission& submission = trial.submissions.front();
  const Subject subject{mask_stage(submission, request), target_name(trial, target)};
  const auto found = find_mask(submission, request.stage);
  if (const auto* why = std::get_if<Undefined>(&found)) return all_undefined(family, subject, *why);

  const LabelMap& test = *std::get<const LabelMap*>(found);
  const LabelMap& reference = *trial.truth.mask;
  const Overlap result = overlap(test, reference, {.label = target.label});
  const auto& [test_mm3, reference_mm3, common_mm3] = result.volumes;
  const auto& metrics = family.metrics;

  std::vector<Measurement> rows;
  if (test_mm3 == 0.0) {
    const Undefined why = reference_mm3 == 0.0
                              ? Undefined{"both_empty", "no voxel carries the label in either mask"}
                              : Undefined{"test_empty", "no voxel carries the label in the measured mask"};
    for (std::size_t m = 0; m < 3; ++m) rows.push_back(undefined(metrics[m], subject, why));
    rows.push_back(volume(metrics[3], subject, reference_mm3, 0.0, reference_mm3));
    rows.push_back(volume(metrics[4], subject, 0.0, 0.0, test_mm3));
    rows.push_back(undefined(metrics[5], subject, why));
    return rows;
  }
  const double sum_mm3 = test_mm3 + reference_mm3;
  const double half_mm3 = result.alignment_half_width_mm3 + rounding(result) * sum_mm3;
  const double either_mm3 = sum_mm3 - common_mm3;
  rows.push_back(ratio(metrics[0], subject, result.volumes.dice(), 2.0 * half_mm3 / sum_mm3));
  // d(common / (sum - common)) / d common = sum / (sum - common)^2, largest at the interval's upper end.
  const double least_either_mm3 = std::max(0.5 * sum_mm3, either_mm3 - half_mm3);
  rows.push_back(ratio(metrics[1], subject, common_mm3 / either_mm3,
                       half_mm3 * sum_mm3 / (least_either_mm3 * least_either_mm3)));
  rows.push_back(ratio(metrics[2], subject, 1.0 - std::abs(test_mm3 - reference_mm3) / sum_mm3, 0.0));
  rows.push_back(volume(metrics[3], subject, reference_mm3 - common_mm3, half_mm3, reference_mm3));
  rows.push_back(volume(metrics[4], subject, test_mm3 - common_mm3, half_mm3, test_mm3));
  const double least_mm3 =
      rounding(result) == 0.0
          ? 0.0
          : least_slice_share * std::min(test.grid.voxel_volume_mm3(), reference.grid.voxel_volume_mm3());
  const WorstSlice worst = worst_slice(result, least_mm3);
  rows.push_back(measured(metrics[5], subject, worst.slice.volumes.dice()));
  if (worst.dice.width() > 0.0) {
    rows.back().interval = worst.dice;
    rows.back().sources = {{"grid_alignment_and_rounding", 0.5 * worst.dice.width()}};
  }
  const auto index = static_cast<double>(worst.slice.index);
  // Along the slice normal, from the patient's origin.
  const Grid& grid = reference.grid;
  rows.back().witnesses = {
      {"slice_index", index},
      {"slice_position_mm", grid.direction.col(2).dot(grid.to_world(Vector3(0.0, 0.0, index)))}};
  for (auto& row : rows) row.witnesses.emplace_back("method", std::string(name_of(result.method)));
  return rows;
}

std::vector<Measurement> compute(const Trial& trial, const MetricRequest& request) {
  return rows_a_target(trial, request, rows_of_target);
}

}  // namespace

const MetricFamily& overlap_family() {
  static const MetricFamily family{
      .name = "overlap",
      .metrics = {{.id = "overlap.dice",
                   .unit = "1",
                   .definition = "Twice the common volume over the sum of the two volumes.",
                   .source = "Dice 1945; Taha and Hanbury 2015, eq. 6"},
                  {.id = "overlap.jaccard",
                   .unit = "1",
                   .definition = "Common volume over the volume of the union.",
                   .source = "Jaccard 1912; Taha and Hanbury 2015, eq. 7"},
                  {.id = "overlap.volume_similarity",
                   .unit = "1",
                   .definition = "1 - |test - reference| / (test + reference), by volume.",
                   .source = "Taha and Hanbury 2015, eq. 23"},
                  {.id = "overlap.false_negative_volume",
                   .unit = "mm3",
                   .definition = "Volume of the reference that the test mask misses (undersegmentation).",
                   .source = "ISO/IEC 3532-1:2023, 6.3"},
                  {.id = "overlap.false_positive_volume",
                   .unit = "mm3",
                   .definition = "Volume of the test mask outside the reference (oversegmentation).",
                   .source = "ISO/IEC 3532-1:2023, 6.3"},
                  {.id = "overlap.worst_slice_dice",
                   .unit = "1",
                   .definition =
                       "Smallest Dice of a slice of the reference's grid; slices empty in both are left out.",
                   .source = "ISO/IEC 3532-1:2023, 6.3"}},
      .needs = {"mask", "reference_mask"},
      .compute = compute};
  return family;
}

}  // namespace meshassay::metrics
