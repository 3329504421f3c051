// SPDX-License-Identifier: GPL-3.0-or-later
// A box of the test is cut by the planes between slices of the reference, what is in a slice by the planes
// between rows, and what is in a row by those between columns, by cutting the faces: the divergence theorem
// turns cut faces into volumes. All is computed about the box's centre, so that a box loses no digits however
// small it is beside the reference's.
#include "metrics/masks/oblique_overlap.hpp"

#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "metrics/masks/mask_runs.hpp"

namespace meshassay::metrics {
namespace {

// A convex polygon in the reference's index space. A quadrilateral cut by six planes has at most ten corners.
struct Polygon {
  std::array<Vector3, 12> corners;
  std::size_t count = 0;

  void add(const Vector3& corner) { corners[count++] = corner; }
};

// The faces of a box, or what is left of them, counter-clockwise from outside.
using Faces = std::array<Polygon, 6>;

struct Extent {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  void add(const Polygon& polygon, int axis) {
    for (std::size_t c = 0; c < polygon.count; ++c) {
      low = std::min(low, polygon.corners[c][axis]);
      high = std::max(high, polygon.corners[c][axis]);
    }
  }
};

Extent extent_of(const Faces& faces, int axis) {
  Extent extent;
  for (const auto& face : faces) extent.add(face, axis);
  return extent;
}

struct Halves {
  Polygon below, above;
};

// One that lies in the plane is below it, and not above it a second time. An empty one has empty halves.
Halves split(const Polygon& polygon, int axis, double at) {
  Extent extent;
  extent.add(polygon, axis);
  if (extent.high <= at) return {.below = polygon, .above = {}};
  if (extent.low >= at) return {.below = {}, .above = polygon};
  Halves halves;
  for (std::size_t c = 0; c < polygon.count; ++c) {
    const Vector3& from = polygon.corners[c];
    const Vector3& to = polygon.corners[(c + 1) % polygon.count];
    if (from[axis] <= at) halves.below.add(from);
    if (from[axis] >= at) halves.above.add(from);
    if ((from[axis] < at && to[axis] > at) || (from[axis] > at && to[axis] < at)) {
      Vector3 cut = from + (to - from) * ((at - from[axis]) / (to[axis] - from[axis]));
      cut[axis] = at;
      halves.below.add(cut);
      halves.above.add(cut);
    }
  }
  return halves;
}

// Takes what is below a plane off the faces.
Faces take_below(Faces& faces, int axis, double at) {
  Faces below;
  for (std::size_t f = 0; f < faces.size(); ++f) {
    Halves halves = split(faces[f], axis, at);
    below[f] = halves.below;
    faces[f] = halves.above;
  }
  return below;
}

// The projection of a polygon along the first axis: its signed area, and the integral of the first coordinate
// from `start`.
struct Projection {
  double area = 0.0, first_moment = 0.0;
};

Projection project(const Polygon& polygon, double start) {
  Projection sum;
  for (std::size_t c = 1; c + 1 < polygon.count; ++c) {
    const Vector3& a = polygon.corners[0];
    const Vector3& b = polygon.corners[c];
    const Vector3& d = polygon.corners[c + 1];
    const double area = 0.5 * ((b[1] - a[1]) * (d[2] - a[2]) - (b[2] - a[2]) * (d[1] - a[1]));
    sum.area += area;
    sum.first_moment += area * ((a[0] - start) + (b[0] - start) + (d[0] - start)) / 3.0;
  }
  return sum;
}

// Of the box between two planes of each of the other axes: the field is (x, 0, 0) from a point near by, and
// these planes are parallel to it and add nothing.
double signed_volume(const Faces& faces) {
  const double start = extent_of(faces, 0).low;
  double sum = 0.0;
  for (const auto& face : faces) sum += project(face, start).first_moment;
  return sum;
}

// Corners of each face of the unit box (bit a of a corner: its side along axis a), counter-clockwise from
// outside.
constexpr std::array<std::array<unsigned, 4>, 6> box_faces = {
    {{0, 4, 6, 2}, {1, 3, 7, 5}, {0, 1, 5, 4}, {2, 6, 7, 3}, {0, 2, 3, 1}, {4, 5, 7, 6}}};

// Voxels first ... last along an axis; none where last < first.
struct IndexRange {
  int first = 0, last = -1;

  [[nodiscard]] int count() const { return std::max(0, last - first + 1); }
};

// Of a range the voxel that holds a coordinate or is nearest to it; it may be beyond what an integer holds.
int nearest_index(double at, const IndexRange& range) {
  return static_cast<int>(
      std::clamp(std::floor(at), static_cast<double>(range.first), static_cast<double>(range.last)));
}

// The voxels of a range that an extent reaches.
IndexRange clamped(const Extent& extent, const IndexRange& range) {
  if (range.count() == 0 || !(extent.high > range.first) || !(extent.low < range.last + 1.0)) return {};
  return {nearest_index(extent.low, range), nearest_index(extent.high, range)};
}

using LabelBox = std::array<IndexRange, 3>;

LabelBox label_box(const LabelMap& mask, std::uint16_t label) {
  const MaskRuns runs = mask_runs(mask, label);
  LabelBox box;
  const auto add = [](IndexRange& range, int first, int last) {
    range = range.count() == 0 ? IndexRange{first, last}
                               : IndexRange{std::min(range.first, first), std::max(range.last, last)};
  };
  for (int k = 0; k < runs.size[2]; ++k)
    for (int j = 0; j < runs.size[1]; ++j)
      for (const Run& run : runs.row(j, k)) {
        add(box[0], run.begin, run.end - 1);
        add(box[1], j, j);
        add(box[2], k, k);
      }
  return box;
}

double box_surface_mm2(const Vector3& sides_mm) {
  return 2.0 * (sides_mm[0] * sides_mm[1] + sides_mm[1] * sides_mm[2] + sides_mm[2] * sides_mm[0]);
}

class ObliqueVoxels {
 public:
  ObliqueVoxels(const LabelMap& test, const LabelMap& reference, std::uint16_t label, const LabelBox& box)
      : reference_(reference), label_(label), box_(box) {
    const Vector3 per_mm = reference.grid.spacing_mm.cwiseInverse();
    step_ = per_mm.asDiagonal() * reference.grid.direction.transpose() * test.grid.direction *
            test.grid.spacing_mm.asDiagonal();
    origin_ =
        reference.grid.to_index(test.grid.origin_mm) + Vector3::Constant(0.5);  // Cell n spans n ... n + 1.
    cell_mm3_ = reference.grid.voxel_volume_mm3() * (step_.determinant() < 0.0 ? -1.0 : 1.0);
    half_size_ = 0.5 * step_.cwiseAbs().rowwise().sum();
    for (std::size_t f = 0; f < box_faces.size(); ++f)
      for (const unsigned c : box_faces[f])
        faces_[f].add(step_ * Vector3((c & 1u) != 0 ? 0.5 : -0.5, (c & 2u) != 0 ? 0.5 : -0.5,
                                      (c & 4u) != 0 ? 0.5 : -0.5));
  }

  // Adds the voxels of a run of the test mask, one by one.
  void add_run(const Run& run, int j, int k, std::map<std::int64_t, OverlapVolumes>& slices) {
    for (int i = run.begin; i < run.end; ++i) add_voxel(Vector3(i, j, k), slices);
  }

  // How many of the voxels reach the box about the reference's label.
  [[nodiscard]] std::size_t reaching() const { return reaching_; }

 private:
  enum class Holds { none, some, all };

  void add_voxel(const Vector3& index, std::map<std::int64_t, OverlapVolumes>& slices) {
    center_ = origin_ + step_ * index;
    const Holds holds = labelled_about();
    if (holds != Holds::none) ++reaching_;
    // All before the grid is as one slice, and all behind it.
    const IndexRange all{-1, reference_.grid.size[2]};
    const int first = nearest_index(about(2).low, all), last = nearest_index(about(2).high, all);
    Faces rest = faces_;
    for (int z = first; z <= last; ++z) {
      const Faces slab = z < last ? take_below(rest, 2, z + 1.0 - center_[2]) : rest;
      const double part_mm3 = signed_volume(slab) * cell_mm3_;
      if (!(part_mm3 > 0.0)) continue;
      OverlapVolumes& slice = slices[z];
      slice.test_mm3 += part_mm3;
      if (holds == Holds::all)
        slice.common_mm3 += part_mm3;
      else if (holds == Holds::some && z >= box_[2].first && z <= box_[2].last)
        slice.common_mm3 += common_of_slab(slab, z);
    }
  }

  // Of the box around the voxel, in the reference's index space.
  [[nodiscard]] Extent about(int axis) const {
    return {center_[axis] - half_size_[axis], center_[axis] + half_size_[axis]};
  }

  // What is known of the voxel without cutting it.
  [[nodiscard]] Holds labelled_about() const {
    constexpr std::size_t few = 512;  // More take longer than they are likely to save.
    std::array<IndexRange, 3> range;
    std::size_t cells = 1;
    bool all_inside = true;
    for (int a = 0; a < 3; ++a) {
      const auto n = static_cast<std::size_t>(a);
      range[n] = clamped(about(a), box_[n]);
      if (range[n].count() == 0) return Holds::none;
      all_inside = all_inside && about(a).low >= box_[n].first && about(a).high <= box_[n].last + 1.0;
      cells *= static_cast<std::size_t>(range[n].count());
      if (cells > few) return Holds::some;
    }
    std::size_t labelled = 0;
    for (int z = range[2].first; z <= range[2].last; ++z)
      for (int y = range[1].first; y <= range[1].last; ++y)
        for (int x = range[0].first; x <= range[0].last; ++x) labelled += is_labelled(x, y, z) ? 1 : 0;
    if (labelled == 0) return Holds::none;
    return all_inside && labelled == cells ? Holds::all : Holds::some;
  }

  // The volume of faces' extent that is labelled; the faces are those in slice z.
  [[nodiscard]] double common_of_slab(Faces slab, int z) {
    const IndexRange rows = clamped(reached_by(slab, 1), box_[1]);
    if (rows.count() == 0) return 0.0;
    take_below(slab, 1, rows.first - center_[1]);
    double sum_mm3 = 0.0;
    for (int y = rows.first; y <= rows.last; ++y)
      sum_mm3 += common_of_row(take_below(slab, 1, y + 1.0 - center_[1]), y, z);
    return sum_mm3;
  }

  [[nodiscard]] double common_of_row(const Faces& row, int y, int z) {
    const Extent extent = reached_by(row, 0);
    const IndexRange columns = clamped(extent, box_[0]);
    int labelled = 0;
    for (int x = columns.first; x <= columns.last; ++x) labelled += is_labelled(x, y, z) ? 1 : 0;
    if (labelled == 0) return 0.0;
    if (labelled == columns.count() && extent.low >= columns.first && extent.high <= columns.last + 1.0)
      return std::max(0.0, signed_volume(row) * cell_mm3_);
    fill_columns(row, columns);
    double sum = 0.0, beyond = beyond_.back();
    for (int x = columns.last; x >= columns.first; --x) {
      const auto n = static_cast<std::size_t>(x - columns.first);
      if (is_labelled(x, y, z)) sum += std::max(0.0, (within_[n] + beyond) * cell_mm3_);
      beyond += beyond_[n];
    }
    return sum;
  }

  // By the field (clamp(x, left, left + 1) - left, 0, 0), whose divergence is 1 in a column and 0 elsewhere:
  // a part of a face adds its moment in its own column, its area to each one before, and nothing behind.
  void fill_columns(const Faces& row, const IndexRange& columns) {
    const auto count = static_cast<std::size_t>(columns.count());
    within_.assign(count, 0.0);
    beyond_.assign(count + 1, 0.0);
    for (const auto& face : row) {
      Polygon rest = split(face, 0, columns.first - center_[0]).above;
      for (std::size_t n = 0; n < count && rest.count > 2; ++n) {
        const double left = columns.first + static_cast<double>(n) - center_[0];
        const Halves halves = split(rest, 0, left + 1.0);
        const Projection part = project(halves.below, left);
        within_[n] += part.first_moment;
        beyond_[n] += part.area;
        rest = halves.above;
      }
      beyond_[count] += project(rest, 0.0).area;
    }
  }

  [[nodiscard]] Extent reached_by(const Faces& faces, int axis) const {
    const Extent local = extent_of(faces, axis);
    return {local.low + center_[axis], local.high + center_[axis]};
  }

  // \pre the voxel is in the grid.
  [[nodiscard]] bool is_labelled(int i, int j, int k) const { return reference_.at(i, j, k) == label_; }

  const LabelMap& reference_;
  std::uint16_t label_;
  const LabelBox& box_;
  Matrix3 step_;           // One test voxel in the reference's index space.
  Vector3 origin_;         // Centre of the first test voxel there.
  Vector3 half_size_;      // Of the box around a test voxel.
  Faces faces_;            // Of a test voxel about its centre.
  double cell_mm3_ = 1.0;  // Of the reference; negative where one grid is left-handed and the other is not.
  Vector3 center_ = Vector3::Zero();  // Of the voxel that is being added.
  std::vector<double> within_, beyond_;
  std::size_t reaching_ = 0;
};

// How far a corner of a voxel may lie from where rounding puts it: coordinates, and offsets between the
// grids, are of this size.
double rounding_mm(const Grid& test, const Grid& reference) {
  double largest = 0.0;
  for (const Grid* grid : {&test, &reference})
    for (unsigned c = 0; c < 8; ++c)
      largest = std::max(largest, grid->to_world(Vector3((c & 1u) != 0 ? grid->size[0] : -1,
                                                         (c & 2u) != 0 ? grid->size[1] : -1,
                                                         (c & 4u) != 0 ? grid->size[2] : -1))
                                      .norm());
  return 64.0 * std::numeric_limits<double>::epsilon() * largest;
}

// What moving one voxel of the test by d may change, over d: the area of its faces, as far as they are within
// the box about the label. A plane has no more area there than half the surface of the box.
double area_in_question_mm2(const Grid& test, const Grid& reference, const LabelBox& box) {
  const Vector3 sides(box[0].count(), box[1].count(), box[2].count());
  return std::min(box_surface_mm2(test.spacing_mm),
                  3.0 * box_surface_mm2(sides.cwiseProduct(reference.spacing_mm)));
}

}  // namespace

ObliqueOverlap oblique_overlap(const LabelMap& test, const LabelMap& reference, std::uint16_t label) {
  const MaskRuns runs = mask_runs(test, label);
  const LabelBox box = label_box(reference, label);
  // One chunk a test slice, added up in their order: the same sums whatever the number of threads.
  std::vector<std::map<std::int64_t, OverlapVolumes>> chunks(static_cast<std::size_t>(runs.size[2]));
  std::vector<std::size_t> reaching(chunks.size());
  tbb::parallel_for(0, runs.size[2], [&](int k) {
    ObliqueVoxels voxels(test, reference, label, box);
    for (int j = 0; j < runs.size[1]; ++j)
      for (const Run& run : runs.row(j, k)) voxels.add_run(run, j, k, chunks[static_cast<std::size_t>(k)]);
    reaching[static_cast<std::size_t>(k)] = voxels.reaching();
  });
  ObliqueOverlap result;
  const double of_one_mm3 =
      rounding_mm(test.grid, reference.grid) * area_in_question_mm2(test.grid, reference.grid, box);
  for (std::size_t k = 0; k < chunks.size(); ++k) {
    for (const auto& [index, part] : chunks[k]) {
      result.slices[index].test_mm3 += part.test_mm3;
      result.slices[index].common_mm3 += part.common_mm3;
    }
    result.rounding_half_width_mm3 += static_cast<double>(reaching[k]) * of_one_mm3;
  }
  return result;
}

}  // namespace meshassay::metrics
