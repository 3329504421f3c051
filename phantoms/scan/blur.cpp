// SPDX-License-Identifier: GPL-3.0-or-later
// The image is done in bricks. One whose surroundings, as far as the spread reaches, lie on one side of the
// surface is 0 or 1. In the others each voxel is cut into n_a fine cells along axis a; the content of a cell
// is its partial volume m and its first moment, and a voxel is the sum over the cells of
//   m w + moment . w',
// w the mean of the spread K over the cell (its closed form), w' the slope of w from the two neighbours: so a
// moment is two charges, of opposite sign, in the cells beside it, and one separable sum does all.
//
// How fine. Let a plane normal to an axis cut a cell at the distance a from its middle. What is left of K's
// Taylor series is, with K a density per mm along the axis,
//   (a^3 - a h^2 / 4) / 6 K''  <= 0.0081 h^3 |K''|,  and  h^2 / 6 (h^2 / 8) |K'''| = h^4 / 48 |K'''|
// from the slope of neighbours. h is such that both together are at most the tolerance. They change the width
// of a blurred edge by that little and are zero in the mean over a, so that oblique and curved surfaces,
// which cut cells at all distances, are better.
//
// An axis along which the spread is a box alone has one cell a voxel, as wide as the box: exact, nothing is
// sampled.
//
// The bounds of the cells' partial volumes are summed like their values. What is not known of a cell's
// content, `bound` of it, may be anywhere in the cell: w + moment . w' is at most prod (w_a + |w_a+1 - w_a-1|
// / 4). If a voxel's bound exceeds the tolerance, its brick is done again with finer partial volumes.
#include "phantoms/scan/blur.hpp"

#include <fmt/format.h>
#include <oneapi/tbb/parallel_for.h>

#include <Eigen/Core>
#include <algorithm>
#include <array>
#include <cmath>

#include "core/errors.hpp"
#include "core/text.hpp"
#include "phantoms/scan/partial_volume.hpp"
#include "phantoms/scan/voxel_blocks.hpp"

namespace meshassay::phantoms {
namespace {

using Row = Eigen::Array<double, Eigen::Dynamic, 1>;
/// A slice of cells: memory is i fastest. A slice of voxels: memory is j fastest.
using Slice = Eigen::Array<double, Eigen::Dynamic, Eigen::Dynamic>;

/// Indices begin <= index < end.
struct Range {
  int begin = 0, end = 0;
  [[nodiscard]] int length() const { return std::max(0, end - begin); }
};
using Ranges = std::array<Range, 3>;

struct WeightedSpread {
  double weight;
  AxisSpread spread;
};

/// How an axis is cut: `cells` a voxel, each `cell_mm` wide. Not sampled: one cell a voxel, as wide as the
/// box.
struct Axis {
  int cells = 1;
  double cell_mm = 0.0;
  bool sampled = false;
};

/// What is left of the Taylor series, for cells of the size h.
double sampling_error(const std::vector<WeightedSpread>& terms, double h) {
  double error = 0.0;
  for (const auto& [weight, spread] : terms) {
    const double s = spread.sigma_mm;
    // The largest |d2/dx2| and |d3/dx3| of the normal density are 0.3989 and 0.5507; a box's mean of a
    // derivative is also a difference of the derivative before, at most 2 x 0.2420 and 2 x 0.3989.
    double second = 0.3990 / (s * s * s);
    double third = 0.5507 / (s * s * s * s);
    if (spread.box_mm > 0.0) {
      second = std::min(second, 0.4840 / (s * s * spread.box_mm));
      third = std::min(third, 0.7979 / (s * s * s * spread.box_mm));
    }
    error += std::abs(weight) * h * h * h * (0.0081 * second + h / 48.0 * third);
  }
  return error;
}

Axis axis_of(double spacing_mm, const std::vector<WeightedSpread>& terms, double tolerance) {
  double least_sigma_mm = terms.front().spread.sigma_mm;
  for (const auto& term : terms) least_sigma_mm = std::min(least_sigma_mm, term.spread.sigma_mm);
  if (least_sigma_mm == 0.0) return {.cell_mm = terms.front().spread.box_mm};
  for (int cells = 1; cells <= 256; ++cells) {
    const double h = spacing_mm / cells;
    if (h <= least_sigma_mm && sampling_error(terms, h) <= tolerance)
      return {.cells = cells, .cell_mm = h, .sampled = true};
  }
  throw InvalidInput(
      {.what = "the blur is too small for the voxels",
       .expected = "no blur (0), or one that is not far below the spacing",
       .got = fmt::format("a standard deviation of {} mm at a spacing of {} mm",
                          format_rounded(least_sigma_mm), format_rounded(spacing_mm)),
       .mend = "take a larger blur_fwhm_mm (or 0), a thicker slice or a smaller mtf10_per_mm, a smaller "
               "spacing_mm, or allow a larger partial_volume_tolerance"});
}

/// What one voxel takes along one axis: weight[t] of cell `voxel * cells + first + t`.
struct AxisKernel {
  int first = 0;
  Row weight;  ///< Of values: sums to one.
  /// Sums of weight[t], weight[t + 1], ... from t = p, p + cells, p + 2 cells, ... on, the last first: what
  /// neighbouring voxels take from a change, in ascending order of voxels.
  std::vector<Row> sums_of_phase;
  double all = 1.0;  ///< Sum of all weights.
};

AxisKernel axis_kernel(int first, const Row& weight, int cells) {
  AxisKernel kernel{.first = first, .weight = weight, .sums_of_phase = {}, .all = weight.sum()};
  Row sums = weight;
  for (Eigen::Index t = sums.size() - 2; t >= 0; --t) sums[t] += sums[t + 1];
  for (int phase = 0; phase < cells; ++phase) {
    const Eigen::Index count = (sums.size() - phase + cells - 1) / cells;
    Row of_phase(std::max<Eigen::Index>(count, 0));
    for (Eigen::Index m = 0; m < of_phase.size(); ++m)
      of_phase[of_phase.size() - 1 - m] = sums[phase + m * cells];
    kernel.sums_of_phase.push_back(of_phase);
  }
  return kernel;
}

/// Two of them: for values, and for the bounds on them.
struct KernelPair {
  AxisKernel value, bound;
};

KernelPair kernels_of(const Axis& axis, const AxisSpread& spread, double spacing_mm) {
  KernelPair pair;
  if (!axis.sampled) {
    pair.value = pair.bound = axis_kernel(0, Row::Ones(1), 1);
    return pair;
  }
  const double reach = reach_mm(spread);
  const int first = static_cast<int>(std::floor((0.5 * spacing_mm - reach) / axis.cell_mm));
  const int end = static_cast<int>(std::ceil((0.5 * spacing_mm + reach) / axis.cell_mm));
  Row weight(end - first);
  for (int cell = first; cell < end; ++cell) {
    const double left_mm = cell * axis.cell_mm - 0.5 * spacing_mm;
    weight[cell - first] = cumulative(spread, left_mm + axis.cell_mm) - cumulative(spread, left_mm);
  }
  weight /= weight.sum();
  Row bound = weight;
  for (Eigen::Index t = 0; t < weight.size(); ++t)
    bound[t] +=
        0.25 * std::abs((t + 1 < weight.size() ? weight[t + 1] : 0.0) - (t > 0 ? weight[t - 1] : 0.0));
  pair.value = axis_kernel(first, weight, axis.cells);
  pair.bound = axis_kernel(first, bound, axis.cells);
  return pair;
}

struct Part {
  double weight;
  KernelPair along_i, along_j;
};

struct Plan {
  const ImplicitSurface& surface;
  const Grid& grid;
  Grid fine;  ///< The cells' centres; its spacing is their distance.
  std::array<Axis, 3> axes;
  std::vector<Part> parts;
  KernelPair along_k;
  Ranges occupied;             ///< Cells that the surface's bounds touch.
  std::array<int, 3> brick{};  ///< Voxels along each axis.
  double tolerance = 0.0;
  double first_cell_tolerance = 0.0, last_cell_tolerance = 0.0;
};

Ranges occupied_cells(const ImplicitSurface& surface, const Grid& fine, double slice_cell_mm) {
  Box3 index_bounds;
  const Box3& bounds = surface.bounds_mm;
  for (int corner = 0; corner < 8; ++corner)
    index_bounds.add(fine.to_index({(corner & 1) != 0 ? bounds.max_mm[0] : bounds.min_mm[0],
                                    (corner & 2) != 0 ? bounds.max_mm[1] : bounds.min_mm[1],
                                    (corner & 4) != 0 ? bounds.max_mm[2] : bounds.min_mm[2]}));
  Ranges ranges;
  for (int axis = 0; axis < 3; ++axis) {
    // Half a cell that overlaps, and one more for the moments' charges.
    const double margin = axis == 2 ? 1.5 + 0.5 * slice_cell_mm / fine.spacing_mm[2] : 2.0;
    constexpr double most = 1e9;
    ranges[static_cast<std::size_t>(axis)] = {
        static_cast<int>(std::clamp(std::floor(index_bounds.min_mm[axis] - margin), -most, most)),
        static_cast<int>(std::clamp(std::ceil(index_bounds.max_mm[axis] + margin) + 1.0, -most, most))};
  }
  return ranges;
}

Plan plan_of(const ImplicitSurface& surface, const Grid& grid, const SpreadOptions& options) {
  Plan plan{.surface = surface, .grid = grid, .fine = grid, .tolerance = options.tolerance};
  const PointSpread& spread = options.spread;
  for (std::size_t a = 0; a < 3; ++a) {
    std::vector<WeightedSpread> terms;
    if (a == 2) terms.push_back({1.0, spread.slice});
    for (const auto& part : spread.in_plane)
      if (a < 2) terms.push_back({part.weight, part.along[a]});
    plan.axes[a] = axis_of(grid.spacing_mm[static_cast<int>(a)], terms, options.tolerance);
  }
  for (const auto& part : spread.in_plane)
    plan.parts.push_back({.weight = part.weight,
                          .along_i = kernels_of(plan.axes[0], part.along[0], grid.spacing_mm[0]),
                          .along_j = kernels_of(plan.axes[1], part.along[1], grid.spacing_mm[1])});
  plan.along_k = kernels_of(plan.axes[2], spread.slice, grid.spacing_mm[2]);

  Vector3 to_first_cell;
  for (int axis = 0; axis < 3; ++axis) {
    const int cells = plan.axes[static_cast<std::size_t>(axis)].cells;
    plan.fine.spacing_mm[axis] = grid.spacing_mm[axis] / cells;
    to_first_cell[axis] = 0.5 / cells - 0.5;
    plan.brick[static_cast<std::size_t>(axis)] = std::clamp(256 / cells, 1, 64);
  }
  plan.fine.origin_mm = grid.to_world(to_first_cell);
  plan.occupied = occupied_cells(surface, plan.fine, plan.axes[2].cell_mm);

  // A plane normal to an axis puts its cells' bounds into a voxel with at most the largest weight along it,
  // and at most all of what there is can be uncertain.
  double largest_weight = plan.along_k.bound.weight.maxCoeff();
  double all_weight = 0.0;
  double slice_cells = 0.0;
  for (const auto& part : plan.parts) {
    largest_weight = std::max(
        {largest_weight, part.along_i.bound.weight.maxCoeff(), part.along_j.bound.weight.maxCoeff()});
    all_weight += std::abs(part.weight) * part.along_i.bound.weight.sum() * part.along_j.bound.weight.sum() *
                  plan.along_k.bound.weight.sum();
    slice_cells = std::max(slice_cells, static_cast<double>(part.along_i.value.weight.size()) *
                                            static_cast<double>(part.along_j.value.weight.size()));
  }
  if (slice_cells > 0x1p22)
    throw InvalidInput({.what = "the spread reaches over too many voxels",
                        .expected = "at most 2048 voxels",
                        .got = fmt::format("{} cells in a slice", format_number(slice_cells)),
                        .mend = "take a larger spacing_mm, a smaller blur_fwhm_mm or a larger mtf50_per_mm"});
  plan.last_cell_tolerance = options.tolerance / all_weight;
  plan.first_cell_tolerance =
      std::max(options.tolerance / (1.5 * largest_weight * all_weight), plan.last_cell_tolerance);
  return plan;
}

/// What a cell holds more than the cell before it in its column.
struct Change {
  int i = 0;
  double value = 0.0;
};

/// The changes from row to row of a slice of cells. Most cells equal their neighbour, and a block of them is
/// two rows of changes.
class RowChanges {
 public:
  void reset(const Range& columns, const Range& rows) {
    columns_ = columns;
    rows_ = rows;
    change_ = Slice::Zero(columns.length(), rows.length() + 1);  // The last row ends what reaches the end.
    forget();
  }
  void clear() {
    if (touched_.length() > 0) change_.middleCols(touched_.begin - rows_.begin, touched_.length()).setZero();
    forget();
  }
  /// A cell outside of the slice is left out.
  void add(int i, int j, double value) {
    if (i < columns_.begin || i >= columns_.end || j < rows_.begin || j >= rows_.end) return;
    change_(i - columns_.begin, j - rows_.begin) += value;
    change_(i - columns_.begin, j + 1 - rows_.begin) -= value;
    touch({i, i + 1, j, j + 1});
  }
  void add_block(const VoxelBlock& block) {
    const int first = block.i_begin - columns_.begin;
    const int length = block.i_end - block.i_begin;
    change_.col(block.j_begin - rows_.begin).segment(first, length) += 1.0;
    change_.col(block.j_end - rows_.begin).segment(first, length) -= 1.0;
    touch(block);
  }
  [[nodiscard]] bool empty() const { return touched_.length() == 0; }
  /// Columns that hold anything.
  [[nodiscard]] const Range& columns() const { return touched_columns_; }
  /// Calls row(j, changes) for each row that has changes, in ascending order.
  template <typename OfRow>
  void for_each_row(const OfRow& row) const {
    const int first = touched_columns_.begin - columns_.begin;
    std::vector<Change> changes;
    for (int j = touched_.begin; j < touched_.end; ++j) {
      changes.clear();
      const double* here = &change_(first, j - rows_.begin);
      for (int i = 0; i < touched_columns_.length(); ++i)
        if (here[i] != 0.0) changes.push_back({.i = i, .value = here[i]});
      if (!changes.empty()) row(j, changes);
    }
  }

 private:
  void touch(const VoxelBlock& block) {
    touched_ = {std::min(touched_.begin, block.j_begin), std::max(touched_.end, block.j_end + 1)};
    touched_columns_ = {std::min(touched_columns_.begin, block.i_begin),
                        std::max(touched_columns_.end, block.i_end)};
  }
  void forget() {
    touched_ = {.begin = rows_.end + 1, .end = rows_.begin};
    touched_columns_ = {.begin = columns_.end, .end = columns_.begin};
  }

  Range columns_, rows_, touched_, touched_columns_;
  Slice change_;
};

/// The cells of one slice of a brick: `base` everywhere, plus what was added.
struct CellSlice {
  double base = 0.0;
  RowChanges value, bound;
  bool has_bound = false;

  void reset(const Range& columns, const Range& rows) {
    value.reset(columns, rows);
    bound.reset(columns, rows);
    base = 0.0;
    has_bound = false;
  }
  void clear() {
    value.clear();
    bound.clear();
    base = 0.0;
    has_bound = false;
  }
};

/// Kept between slices, so that memory is not taken again for each.
struct Scratch {
  Slice by_rows, whole;
};

/// Sums a slice of cells along j, for the voxels `voxels`, into scratch.by_rows: one of its columns is a
/// touched column of cells. The changes from row to row are summed, with the kernel's weights from each of
/// them on; the same sum, by parts.
void reduce_along_rows(const RowChanges& cells, const AxisKernel& kernel, int per_voxel, const Range& voxels,
                       Scratch& scratch) {
  const int length = static_cast<int>(kernel.weight.size());
  const int width = cells.columns().length();
  scratch.by_rows.setZero(voxels.length(), width);
  // A change before a voxel's kernel counts whole in it and in all after it.
  scratch.whole.setZero(voxels.length(), width);
  const auto floor_of_quotient = [](int a, int b) { return a >= 0 ? a / b : -((-a + b - 1) / b); };
  cells.for_each_row([&](int row, const std::vector<Change>& changes) {
    const int from_first = row - kernel.first;
    const int quotient = floor_of_quotient(from_first, per_voxel);
    const int phase = from_first - quotient * per_voxel;
    const Row& sums = kernel.sums_of_phase[static_cast<std::size_t>(phase)];
    const int last = static_cast<int>(sums.size()) - 1;
    // Voxel j takes the sum from weight `from_first - j per_voxel` on: all of them where that is not
    // positive.
    const int first_whole = std::clamp(phase == 0 ? quotient : quotient + 1, voxels.begin, voxels.end);
    const int first_partial =
        std::clamp(-floor_of_quotient(length - 1 - from_first, per_voxel), voxels.begin, voxels.end);
    const int count = first_whole - first_partial;
    const double* sums_here = count > 0 ? sums.data() + (last - quotient + first_partial) : nullptr;
    for (const auto& [i, change] : changes) {
      double* column = scratch.by_rows.col(i).data() + (first_partial - voxels.begin);
      for (int n = 0; n < count; ++n) column[n] += change * sums_here[n];
      if (first_whole < voxels.end) scratch.whole(first_whole - voxels.begin, i) += change * kernel.all;
    }
  });
  for (int i = 0; i < width; ++i) {
    double sum = 0.0;
    for (int j = 0; j < voxels.length(); ++j) {
      sum += scratch.whole(j, i);
      scratch.by_rows(j, i) += sum;
    }
  }
}

struct InPlane {
  const AxisKernel& along_i;
  const AxisKernel& along_j;
  double weight;
};

/// Adds `weight` times the slice of cells, summed in plane, to `sum`.
void add_reduced(Slice& sum, const RowChanges& cells, const InPlane& kernels, const Plan& plan,
                 const Ranges& voxels, Scratch& scratch) {
  reduce_along_rows(cells, kernels.along_j, plan.axes[1].cells, voxels[1], scratch);
  const Range& columns = cells.columns();
  for (int i = voxels[0].begin; i < voxels[0].end; ++i) {
    const int first = i * plan.axes[0].cells + kernels.along_i.first;
    const int begin = std::max(first, columns.begin);
    const int end = std::min(first + static_cast<int>(kernels.along_i.weight.size()), columns.end);
    if (begin >= end) continue;
    sum.col(i - voxels[0].begin).matrix().noalias() +=
        kernels.weight * (scratch.by_rows.middleCols(begin - columns.begin, end - begin).matrix() *
                          kernels.along_i.weight.segment(begin - first, end - begin).matrix());
  }
}

class Brick {
 public:
  Brick(const Plan& plan, const Ranges& voxels) : plan_(plan), voxels_(voxels) {
    const std::array<const AxisKernel*, 3> kernels = {nullptr, nullptr, &plan.along_k.value};
    for (std::size_t a = 0; a < 3; ++a) {
      Range support{.begin = 1 << 30, .end = -(1 << 30)};
      const auto include = [&](const AxisKernel& kernel) {
        support.begin = std::min(support.begin, voxels[a].begin * plan.axes[a].cells + kernel.first);
        support.end = std::max(support.end, (voxels[a].end - 1) * plan.axes[a].cells + kernel.first +
                                                static_cast<int>(kernel.weight.size()));
      };
      if (kernels[a]) include(*kernels[a]);
      for (const auto& part : plan.parts)
        if (a < 2) include(a == 0 ? part.along_i.value : part.along_j.value);
      cells_[a] = {.begin = std::max(support.begin, plan.occupied[a].begin),
                   .end = std::min(support.end, plan.occupied[a].end)};
      whole_[a] = cells_[a].begin == support.begin && cells_[a].end == support.end;
    }
  }

  /// Calls add(i, j, k, fraction) for every voxel of the brick that is not zero.
  template <typename Add>
  void compute(const Add& add) {
    if (std::any_of(cells_.begin(), cells_.end(), [](const Range& range) { return range.length() == 0; }))
      return;
    // A brick that the surface does not come near is decided at once.
    Vector3 middle, half_mm;
    for (int axis = 0; axis < 3; ++axis) {
      const Range& range = cells_[static_cast<std::size_t>(axis)];
      middle[axis] = 0.5 * (range.begin + range.end - 1);
      half_mm[axis] = 0.5 * ((range.length() - 1) * plan_.fine.spacing_mm[axis] +
                             plan_.axes[static_cast<std::size_t>(axis)].cell_mm);
    }
    const double distance_mm = plan_.surface.signed_distance_mm(plan_.fine.to_world(middle));
    const bool decided = std::abs(distance_mm) > half_mm.norm() * (1.0 + 1e-6);
    if (decided && distance_mm > 0.0) return;
    const bool all_inside = decided && whole_[0] && whole_[1] && whole_[2];
    if (!all_inside)
      for (double cell_tolerance = plan_.first_cell_tolerance; !attempt(cell_tolerance);
           cell_tolerance = std::max(0.25 * cell_tolerance, plan_.last_cell_tolerance)) {
      }
    for (int k = voxels_[2].begin; k < voxels_[2].end; ++k)
      for (int j = voxels_[1].begin; j < voxels_[1].end; ++j)
        for (int i = voxels_[0].begin; i < voxels_[0].end; ++i) {
          const double fraction = all_inside ? 1.0
                                             : values_[static_cast<std::size_t>(k - voxels_[2].begin)](
                                                   j - voxels_[1].begin, i - voxels_[0].begin);
          if (fraction != 0.0) add(i, j, k, fraction);
        }
  }

 private:
  /// \return whether all bounds are within the tolerance, or cannot become smaller.
  bool attempt(double cell_tolerance) {
    values_.assign(static_cast<std::size_t>(voxels_[2].length()),
                   Slice::Zero(voxels_[1].length(), voxels_[0].length()));
    bounds_ = values_;
    for (auto& slice : ring_) slice.reset(cells_[0], cells_[1]);
    // A slice is summed when the one after it has put its charges there.
    for (int k = cells_[2].begin; k <= cells_[2].end; ++k) {
      if (k < cells_[2].end) fill(k, cell_tolerance);
      if (k > cells_[2].begin) {
        finish(k - 1);
        slice_of(k - 1).clear();
      }
    }
    double largest = 0.0;
    for (const auto& bound : bounds_) largest = std::max(largest, bound.maxCoeff());
    return largest <= plan_.tolerance || cell_tolerance <= plan_.last_cell_tolerance;
  }

  CellSlice& slice_of(int k) { return ring_[static_cast<std::size_t>(((k % 3) + 3) % 3)]; }

  void fill(int k, double cell_tolerance) {
    Grid layer = plan_.fine;
    layer.origin_mm = plan_.fine.to_world(Vector3(0.0, 0.0, k));
    layer.spacing_mm[2] = plan_.axes[2].cell_mm;
    const Vector3 half_extent_mm = 0.5 * layer.spacing_mm;
    const bool sampled = plan_.axes[0].sampled || plan_.axes[1].sampled || plan_.axes[2].sampled;
    BoxFraction box_fraction(plan_.surface, layer.direction, sampled ? Moments::measured : Moments::left_out);
    CellSlice& here = slice_of(k);
    const VoxelBlock all{cells_[0].begin, cells_[0].end, cells_[1].begin, cells_[1].end};
    visit_blocks(
        plan_.surface, layer, 0, all,
        [&](const VoxelBlock& block, bool inside) {
          if (!inside) return;
          const bool everywhere = block.i_begin == all.i_begin && block.i_end == all.i_end &&
                                  block.j_begin == all.j_begin && block.j_end == all.j_end;
          if (everywhere && whole_[0] && whole_[1])
            here.base = 1.0;
          else
            here.value.add_block(block);
        },
        [&](int i, int j, const Point3& center_mm) {
          const BoundedFraction fraction = box_fraction(center_mm, half_extent_mm, cell_tolerance);
          here.value.add(i, j, fraction.value);
          if (fraction.bound > 0.0) {
            here.bound.add(i, j, fraction.bound);
            here.has_bound = true;
          }
          if (!sampled) return;
          const Vector3 charge = 0.5 * fraction.moment_mm.cwiseQuotient(layer.spacing_mm);
          if (plan_.axes[0].sampled && charge[0] != 0.0) {
            here.value.add(i - 1, j, -charge[0]);
            here.value.add(i + 1, j, charge[0]);
          }
          if (plan_.axes[1].sampled && charge[1] != 0.0) {
            here.value.add(i, j - 1, -charge[1]);
            here.value.add(i, j + 1, charge[1]);
          }
          if (plan_.axes[2].sampled && charge[2] != 0.0) {
            if (k > cells_[2].begin) slice_of(k - 1).value.add(i, j, -charge[2]);
            if (k + 1 < cells_[2].end) slice_of(k + 1).value.add(i, j, charge[2]);
          }
        });
  }

  void finish(int k) {
    const CellSlice& cells = slice_of(k);
    const bool has_values = !cells.value.empty();
    if (!has_values && cells.base == 0.0) return;
    value_.setConstant(voxels_[1].length(), voxels_[0].length(), cells.base);
    if (cells.has_bound) bound_.setZero(value_.rows(), value_.cols());
    for (const auto& part : plan_.parts) {
      if (has_values)
        add_reduced(value_, cells.value, {part.along_i.value, part.along_j.value, part.weight}, plan_,
                    voxels_, scratch_);
      if (cells.has_bound)
        add_reduced(bound_, cells.bound, {part.along_i.bound, part.along_j.bound, std::abs(part.weight)},
                    plan_, voxels_, scratch_);
    }
    const AxisKernel& weights = plan_.along_k.value;
    for (int voxel = voxels_[2].begin; voxel < voxels_[2].end; ++voxel) {
      const int t = k - voxel * plan_.axes[2].cells - weights.first;
      if (t < 0 || t >= weights.weight.size()) continue;
      const auto at = static_cast<std::size_t>(voxel - voxels_[2].begin);
      values_[at] += weights.weight[t] * value_;
      if (cells.has_bound) bounds_[at] += plan_.along_k.bound.weight[t] * bound_;
    }
  }

  const Plan& plan_;
  Ranges voxels_, cells_;
  std::array<bool, 3> whole_{};  ///< Whether the cells are all that the spread reaches.
  std::array<CellSlice, 3> ring_;
  std::vector<Slice> values_, bounds_;  ///< One a slice of voxels.
  Slice value_, bound_;                 ///< A slice of cells, summed in plane.
  Scratch scratch_;
};

}  // namespace

void add_spread(Image<float>& hu, const ImplicitSurface& surface, double contrast_hu,
                const SpreadOptions& options) {
  const Grid& grid = hu.grid;
  if (grid.voxels() == 0) return;
  const Plan plan = plan_of(surface, grid, options);
  std::vector<Ranges> bricks;
  const auto [step_i, step_j, step_k] = plan.brick;
  for (int k = 0; k < grid.size[2]; k += step_k)
    for (int j = 0; j < grid.size[1]; j += step_j)
      for (int i = 0; i < grid.size[0]; i += step_i)
        bricks.push_back({Range{i, std::min(i + step_i, grid.size[0])},
                          Range{j, std::min(j + step_j, grid.size[1])},
                          Range{k, std::min(k + step_k, grid.size[2])}});
  constexpr std::size_t bricks_at_once = 64;
  for (std::size_t first = 0; first < bricks.size(); first += bricks_at_once) {
    if (options.progress)
      options.progress("partial volume and blur",
                       static_cast<double>(first) / static_cast<double>(bricks.size()));
    tbb::parallel_for(first, std::min(first + bricks_at_once, bricks.size()), [&](std::size_t b) {
      Brick(plan, bricks[b]).compute([&](int i, int j, int k, double fraction) {
        float& value = hu.at(i, j, k);
        value = static_cast<float>(value + contrast_hu * fraction);
      });
    });
  }
  if (options.progress) options.progress("partial volume and blur", 1.0);
}

}  // namespace meshassay::phantoms
