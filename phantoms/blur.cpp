// SPDX-License-Identifier: GPL-3.0-or-later
// Each voxel is cut into k_a fine cells along axis a. The partial volume of a fine cell is a sample of
// (inside * box of the cell), and the mean over the fine cells of a voxel makes the box of the voxel exactly;
// so what remains is to convolve the samples with a discrete Gaussian of the right variance and take the
// means: one kernel an axis.
//
// How fine. Within a cell that a plane cuts at the distance a from its middle, the samples keep the mass but
// not its first moment (h^2/4 - a^2)/2; a kernel of variance sigma^2 is right for the moment's mean h^2/12,
// so a plane normal to the axis is in error by at most h^2/12 |K'|, where K = box of the voxel * Gaussian and
//   |K'| <= min(0.242 / sigma^2, 0.399 / (sigma spacing)).
// h is chosen so that this is at most the tolerance. It changes the width of the blurred edge, never its half
// maximum (K' is odd). Oblique and curved surfaces cut cells at all distances, and their error averages out.
//
// The bounds of the fine cells' partial volumes are blurred with the same kernel, which gives a bound for
// each voxel: few cells near an edge may have large bounds, as they have little weight. If a voxel's bound
// exceeds the tolerance, all is done again with finer partial volumes.
#include "phantoms/blur.hpp"

#include <fmt/format.h>
#include <oneapi/tbb/parallel_for.h>

#include <Eigen/Core>
#include <algorithm>
#include <array>
#include <cmath>

#include "core/errors.hpp"
#include "core/text.hpp"
#include "phantoms/partial_volume.hpp"
#include "phantoms/voxel_blocks.hpp"

namespace meshassay::phantoms {
namespace {

using Row = Eigen::Array<double, Eigen::Dynamic, 1>;
/// A slice: columns are rows of the image, so that memory is i fastest.
using Slice = Eigen::Array<double, Eigen::Dynamic, Eigen::Dynamic>;

/// What one voxel takes from the fine cells along one axis: weight[t] of cell `voxel * cells_per_voxel +
/// first + t`.
struct Kernel {
  int cells_per_voxel = 1;
  int first = 0;
  Row weight;  ///< Sums to one.
};

int cells_per_voxel(double spacing_mm, double sigma_mm, double tolerance) {
  const double slope = std::min(0.242 / (sigma_mm * sigma_mm), 0.399 / (sigma_mm * spacing_mm));
  // And never coarser than sigma: only then does the sampled Gaussian have its variance (to 1e-6).
  const double cell_mm = std::min(std::sqrt(12.0 * tolerance / slope), sigma_mm);
  const double cells = std::ceil(spacing_mm / cell_mm);
  if (cells <= 256.0) return static_cast<int>(cells);
  throw InvalidInput({.what = "the blur is too small for the voxels",
                      .expected = "no blur (0), or one that is not far below the spacing",
                      .got = fmt::format("a standard deviation of {} mm at a spacing of {} mm",
                                         format_rounded(sigma_mm), format_rounded(spacing_mm)),
                      .mend = "set blur_fwhm_mm to 0 or larger, or allow a larger partial_volume_tolerance"});
}

Kernel kernel(double spacing_mm, double sigma_mm, double tolerance) {
  Kernel result;
  result.cells_per_voxel = cells_per_voxel(spacing_mm, sigma_mm, tolerance);
  const double sigma_cells = sigma_mm / spacing_mm * result.cells_per_voxel;
  const int reach = static_cast<int>(std::ceil(5.0 * sigma_cells));  // 6e-7 of the weight lies beyond.
  result.first = -reach;
  result.weight = Row::Zero(result.cells_per_voxel + 2 * reach);
  for (int cell = 0; cell < result.cells_per_voxel; ++cell)
    for (int t = -reach; t <= reach; ++t)
      result.weight[cell + t + reach] += std::exp(-0.5 * (t / sigma_cells) * (t / sigma_cells));
  result.weight /= result.weight.sum();
  return result;
}

/// The part [begin, end) of the fine cells that is not empty, and so all that is looked at.
struct Range {
  int begin = 0, end = 0;
};

/// Blurs the occupied columns and rows of a fine slice along j, down to voxels. Most cells equal their
/// neighbour, so the changes from row to row are blurred, with the sums of the kernel's weights from each of
/// them on; the same sum, by parts.
Slice reduced_along_rows(const Slice& fine, const Kernel& kernel, int voxels, const Range& columns,
                         const Range& rows) {
  const int length = static_cast<int>(kernel.weight.size());
  Row weight_from = kernel.weight;
  for (int t = length - 2; t >= 0; --t) weight_from[t] += weight_from[t + 1];
  const int width = columns.end - columns.begin;
  Slice result = Slice::Zero(width, voxels);
  Slice whole =
      Slice::Zero(width, voxels);  // A change before a voxel's kernel counts whole in it and in all after it.
  const auto ceil_of_quotient = [](int a, int b) { return a >= 0 ? (a + b - 1) / b : -(-a / b); };
  for (int row = rows.begin; row <= rows.end; ++row) {
    const int from_first = row - kernel.first;
    const int first_whole = std::clamp(ceil_of_quotient(from_first, kernel.cells_per_voxel), 0, voxels);
    const int first_partial =
        std::clamp(ceil_of_quotient(from_first - length + 1, kernel.cells_per_voxel), 0, voxels);
    for (int i = 0; i < width; ++i) {
      const double before = row > rows.begin ? fine(i, row - 1 - rows.begin) : 0.0;
      const double change = (row < rows.end ? fine(i, row - rows.begin) : 0.0) - before;
      if (change == 0.0) continue;
      for (int j = first_partial; j < first_whole; ++j)
        result(i, j) += change * weight_from[from_first - j * kernel.cells_per_voxel];
      if (first_whole < voxels) whole(i, first_whole) += change;
    }
  }
  for (int j = 0; j < voxels; ++j) {
    if (j > 0) whole.col(j) += whole.col(j - 1);
    result.col(j) += whole.col(j);
  }
  return result;
}

/// Blurs one fine slice in plane, down to voxels.
Slice reduced(const Slice& fine, const std::array<Kernel, 3>& kernels, const Grid& grid, const Range& columns,
              const Range& rows) {
  const Slice by_rows = reduced_along_rows(fine, kernels[1], grid.size[1], columns, rows);
  Slice result = Slice::Zero(grid.size[0], grid.size[1]);
  for (int i = 0; i < grid.size[0]; ++i) {
    const int first = i * kernels[0].cells_per_voxel + kernels[0].first;
    const int begin = std::max(first, columns.begin);
    const int end = std::min(first + static_cast<int>(kernels[0].weight.size()), columns.end);
    if (begin >= end) continue;
    const auto weights = kernels[0].weight.segment(begin - first, end - begin).matrix().eval();
    result.row(i) =
        (weights.transpose() * by_rows.middleRows(begin - columns.begin, end - begin).matrix()).array();
  }
  return result;
}

struct BlurredFractions {
  Image<double> values;
  double largest_bound = 0.0;
};

struct Plan {
  const ImplicitSurface& surface;
  const Grid& grid;
  Grid fine;
  std::array<Kernel, 3> kernels;
  std::array<Range, 3> occupied;  ///< Fine cells that the surface's bounds touch.
};

Plan plan_of(const ImplicitSurface& surface, const Grid& grid, double sigma_mm, double tolerance) {
  Plan plan{surface, grid, grid, {}, {}};
  Vector3 to_first_cell;
  for (int axis = 0; axis < 3; ++axis) {
    const auto a = static_cast<std::size_t>(axis);
    plan.kernels[a] = kernel(grid.spacing_mm[axis], sigma_mm, tolerance);
    const int cells = plan.kernels[a].cells_per_voxel;
    plan.fine.size[a] = grid.size[a] * cells;
    plan.fine.spacing_mm[axis] = grid.spacing_mm[axis] / cells;
    to_first_cell[axis] = 0.5 / cells - 0.5;
  }
  plan.fine.origin_mm = grid.to_world(to_first_cell);
  const double slice_cells = static_cast<double>(plan.fine.size[0]) * plan.fine.size[1];
  if (slice_cells > 0x1p28)
    throw InvalidInput({.what = "the blurred scan needs too much memory",
                        .expected = "at most 2^28 fine cells in a slice",
                        .got = fmt::format("{} x {}", plan.fine.size[0], plan.fine.size[1]),
                        .mend = "take a larger spacing_mm, a larger blur_fwhm_mm or none, or a larger "
                                "partial_volume_tolerance"});
  Box3 index_bounds;
  const Box3& bounds = surface.bounds_mm;
  for (int corner = 0; corner < 8; ++corner)
    index_bounds.add(plan.fine.to_index({(corner & 1) != 0 ? bounds.max_mm[0] : bounds.min_mm[0],
                                         (corner & 2) != 0 ? bounds.max_mm[1] : bounds.min_mm[1],
                                         (corner & 4) != 0 ? bounds.max_mm[2] : bounds.min_mm[2]}));
  for (int axis = 0; axis < 3; ++axis) {
    const auto a = static_cast<std::size_t>(axis);
    const double size = plan.fine.size[a];
    plan.occupied[a].begin =
        static_cast<int>(std::clamp(std::floor(index_bounds.min_mm[axis]) - 1.0, 0.0, size));
    plan.occupied[a].end =
        static_cast<int>(std::clamp(std::ceil(index_bounds.max_mm[axis]) + 2.0, 0.0, size));
  }
  return plan;
}

/// One fine slice, blurred in plane: the fractions and the bounds on them.
struct ReducedSlice {
  Slice value, bound;
};

ReducedSlice reduced_slice(const Plan& plan, int k, double cell_tolerance) {
  const Vector3 half_extent_mm = 0.5 * plan.fine.spacing_mm;
  const auto& [columns, rows, slices] = plan.occupied;
  Slice value = Slice::Zero(columns.end - columns.begin, rows.end - rows.begin);  // Without the empty margin.
  Slice bound;  // Of no size while all bounds are zero, which saves half of the work for flat faces.
  BoxFraction box_fraction(plan.surface, plan.fine.direction);
  const auto decided = [&](const VoxelBlock& block, bool inside) {
    if (inside)
      value.block(block.i_begin - columns.begin, block.j_begin - rows.begin, block.i_end - block.i_begin,
                  block.j_end - block.j_begin) = 1.0;
  };
  const auto undecided = [&](int i, int j, const Point3& center_mm) {
    const BoundedFraction fraction = box_fraction(center_mm, half_extent_mm, cell_tolerance);
    value(i - columns.begin, j - rows.begin) = fraction.value;
    if (fraction.bound == 0.0) return;
    if (bound.size() == 0) bound = Slice::Zero(value.rows(), value.cols());
    bound(i - columns.begin, j - rows.begin) = fraction.bound;
  };
  if (columns.begin < columns.end && rows.begin < rows.end)
    visit_blocks(plan.surface, plan.fine, k, {columns.begin, columns.end, rows.begin, rows.end}, decided,
                 undecided);
  ReducedSlice result{.value = reduced(value, plan.kernels, plan.grid, columns, rows)};
  if (bound.size() > 0) result.bound = reduced(bound, plan.kernels, plan.grid, columns, rows);
  return result;
}

BlurredFractions blurred(const Plan& plan, double cell_tolerance, const Progress& progress) {
  BlurredFractions result{.values = Image<double>(plan.grid)};
  Image<double> bounds(plan.grid);
  const Kernel& along_k = plan.kernels[2];
  const Eigen::Index slice_voxels = static_cast<Eigen::Index>(plan.grid.size[0]) * plan.grid.size[1];
  const Range& slices = plan.occupied[2];
  // A few fine slices at once, then added to the voxels in ascending order: the same sums for any number of
  // threads.
  constexpr int slices_at_once = 32;
  std::vector<ReducedSlice> batch(slices_at_once);
  for (int first = slices.begin; first < slices.end; first += slices_at_once) {
    progress("partial volume and blur",
             static_cast<double>(first - slices.begin) / (slices.end - slices.begin));
    const int end = std::min(first + slices_at_once, slices.end);
    tbb::parallel_for(first, end, [&](int k) {
      batch[static_cast<std::size_t>(k - first)] = reduced_slice(plan, k, cell_tolerance);
    });
    tbb::parallel_for(0, plan.grid.size[2], [&](int k) {
      const int kernel_first = k * along_k.cells_per_voxel + along_k.first;
      const int kernel_end = kernel_first + static_cast<int>(along_k.weight.size());
      Eigen::Map<Row> values(&result.values.at(0, 0, k), slice_voxels);
      Eigen::Map<Row> voxel_bounds(&bounds.at(0, 0, k), slice_voxels);
      for (int cell = std::max(first, kernel_first); cell < std::min(end, kernel_end); ++cell) {
        const ReducedSlice& slice = batch[static_cast<std::size_t>(cell - first)];
        const double weight = along_k.weight[cell - kernel_first];
        values += weight * slice.value.reshaped();
        if (slice.bound.size() > 0) voxel_bounds += weight * slice.bound.reshaped();
      }
    });
  }
  for (const double bound : bounds.values) result.largest_bound = std::max(result.largest_bound, bound);
  return result;
}

}  // namespace

Image<double> blurred_voxel_fractions(const ImplicitSurface& surface, const Grid& grid, double sigma_mm,
                                      double tolerance, const Progress& progress) {
  const Plan plan = plan_of(surface, grid, sigma_mm, tolerance);
  double reached = 0.0;  // A second round tells nothing until it is farther than the first.
  const Progress forward = [&](std::string_view step, double fraction) {
    if (progress && fraction >= reached) progress(step, fraction);
    reached = std::max(reached, fraction);
  };
  // Ends: at a cell tolerance of `tolerance` the weights, which sum to at most one, cannot exceed it.
  for (double cell_tolerance = std::max(0.02, tolerance);;
       cell_tolerance = std::max(cell_tolerance / 8.0, tolerance)) {
    BlurredFractions result = blurred(plan, cell_tolerance, forward);
    if (result.largest_bound > tolerance && cell_tolerance > tolerance) continue;
    forward("partial volume and blur", 1.0);
    return std::move(result.values);
  }
}

}  // namespace meshassay::phantoms
