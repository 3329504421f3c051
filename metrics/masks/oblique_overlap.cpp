// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/masks/oblique_overlap.hpp"

#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

#include "metrics/masks/mask_runs.hpp"

namespace meshassay::metrics {
namespace {

// A convex polygon in the reference's index space. A quadrilateral cut by six planes has at most ten corners.
struct Polygon {
  std::array<Vector3, 16> corners;
  std::size_t count = 0;

  void add(const Vector3& corner) { corners[count++] = corner; }
};

struct Halves {
  Polygon below, above;
};

Halves split(const Polygon& polygon, int axis, double at) {
  double lowest = polygon.corners[0][axis], highest = lowest;
  for (std::size_t c = 1; c < polygon.count; ++c) {
    lowest = std::min(lowest, polygon.corners[c][axis]);
    highest = std::max(highest, polygon.corners[c][axis]);
  }
  // One that lies in the plane is below it, and not above it a second time.
  if (highest <= at) return {.below = polygon, .above = {}};
  if (lowest >= at) return {.below = {}, .above = polygon};
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

// The projection of a polygon along the first axis: its signed area, and the integral of the first
// coordinate.
struct Projection {
  double area = 0.0, first_moment = 0.0;
};

Projection project(const Polygon& polygon) {
  Projection sum;
  for (std::size_t c = 1; c + 1 < polygon.count; ++c) {
    const Vector3& a = polygon.corners[0];
    const Vector3& b = polygon.corners[c];
    const Vector3& d = polygon.corners[c + 1];
    const double area = 0.5 * ((b[1] - a[1]) * (d[2] - a[2]) - (b[2] - a[2]) * (d[1] - a[1]));
    sum.area += area;
    sum.first_moment += area * (a[0] + b[0] + d[0]) / 3.0;
  }
  return sum;
}

// The cells of the reference's grid that a box may reach: cell (x, y, z) spans x ... x + 1 and so on.
struct Cells {
  std::array<int, 3> size = {0, 0, 0};
  std::vector<double> volume;

  void reset(const std::array<int, 3>& new_size) {
    size = new_size;
    volume.assign(static_cast<std::size_t>(size[0]) * size[1] * size[2], 0.0);
  }
  double& at(int x, int y, int z) {
    return volume[(static_cast<std::size_t>(z) * size[1] + y) * size[0] + x];
  }
};

// Adds one face's share to the volumes of the box in the cells of row (y, z). By the divergence theorem with
// the field (clamp(x, left, left + 1) - left, 0, 0), whose divergence is 1 in the cell's slab and 0
// elsewhere; the planes between rows are parallel to it and add nothing.
void add_face_to_row(Polygon face, double sign, int y, int z, Cells& cells) {
  for (int x = 0; x < cells.size[0] && face.count > 2; ++x) {
    Halves halves = split(face, 0, x + 1.0);
    const Projection inside = project(halves.below);
    cells.at(x, y, z) += sign * (inside.first_moment - x * inside.area);
    for (int left = 0; left < x; ++left) cells.at(left, y, z) += sign * inside.area;
    face = halves.above;
  }
}

void add_face(Polygon face, double sign, Cells& cells) {
  for (int z = 0; z < cells.size[2] && face.count > 2; ++z) {
    Halves slab = split(face, 2, z + 1.0);
    Polygon rest = slab.below;
    for (int y = 0; y < cells.size[1] && rest.count > 2; ++y) {
      Halves row = split(rest, 1, y + 1.0);
      add_face_to_row(row.below, sign, y, z, cells);
      rest = row.above;
    }
    face = slab.above;
  }
}

// Corners of each face of the unit box (bit a of a corner: its side along axis a), counter-clockwise from
// outside.
constexpr std::array<std::array<unsigned, 4>, 6> box_faces = {
    {{0, 4, 6, 2}, {1, 3, 7, 5}, {0, 1, 5, 4}, {2, 6, 7, 3}, {0, 2, 3, 1}, {4, 5, 7, 6}}};

class ObliqueVoxels {
 public:
  ObliqueVoxels(const LabelMap& test, const LabelMap& reference, std::uint16_t label)
      : test_(test), reference_(reference), label_(label) {
    const Vector3 per_mm = reference.grid.spacing_mm.cwiseInverse();
    step_ = per_mm.asDiagonal() * reference.grid.direction.transpose() * test.grid.direction *
            test.grid.spacing_mm.asDiagonal();
    origin_ =
        reference.grid.to_index(test.grid.origin_mm) + Vector3::Constant(0.5);  // Cell n spans n ... n + 1.
    sign_ = step_.determinant() < 0.0 ? -1.0 : 1.0;
    half_size_ = 0.5 * step_.cwiseAbs().rowwise().sum();
  }

  // Adds the voxels of a run of the test mask, one by one.
  void add_run(const Run& run, int j, int k, std::map<std::int64_t, OverlapVolumes>& slices) {
    for (int i = run.begin; i < run.end; ++i) add_voxel(Vector3(i, j, k), slices);
  }

 private:
  void add_voxel(const Vector3& index, std::map<std::int64_t, OverlapVolumes>& slices) {
    const Vector3 center = origin_ + step_ * index;
    std::array<std::int64_t, 3> low{};
    std::array<int, 3> size{};
    for (int a = 0; a < 3; ++a) {
      low[a] = static_cast<std::int64_t>(std::floor(center[a] - half_size_[a]));
      size[a] =
          static_cast<int>(static_cast<std::int64_t>(std::floor(center[a] + half_size_[a])) - low[a]) + 1;
    }
    const std::size_t labelled = labelled_cells(low, size);
    const bool none = labelled == 0;
    const bool all = labelled == static_cast<std::size_t>(size[0]) * size[1] * size[2];
    // Where all cells are alike only the slices matter: the box is cut along the third axis alone.
    fill_cells(center, low, size, none || all);
    const double cell_mm3 = reference_.grid.voxel_volume_mm3();
    for (int z = 0; z < size[2]; ++z) {
      double test_part = 0.0, common_part = 0.0;
      for (int y = 0; y < cells_.size[1]; ++y)
        for (int x = 0; x < cells_.size[0]; ++x) {
          const double part = std::max(0.0, cells_.at(x, y, z));
          test_part += part;
          if (all || (!none && is_labelled(low[0] + x, low[1] + y, low[2] + z))) common_part += part;
        }
      if (test_part <= 0.0) continue;
      OverlapVolumes& slice = slices[low[2] + z];
      slice.test_mm3 += test_part * cell_mm3;
      slice.common_mm3 += common_part * cell_mm3;
    }
  }

  void fill_cells(const Vector3& center, const std::array<std::int64_t, 3>& low, std::array<int, 3> size,
                  bool slices_only) {
    // One wide cell instead of many: coordinates are scaled so that it is the unit cell again.
    Vector3 scale = Vector3::Ones();
    if (slices_only) {
      scale = Vector3(1.0 / size[0], 1.0 / size[1], 1.0);
      size[0] = size[1] = 1;
    }
    const Vector3 local = center - Vector3(static_cast<double>(low[0]), static_cast<double>(low[1]),
                                           static_cast<double>(low[2]));
    cells_.reset(size);
    std::array<Vector3, 8> corners;
    for (unsigned c = 0; c < 8; ++c) {
      const Vector3 offset((c & 1u) != 0 ? 0.5 : -0.5, (c & 2u) != 0 ? 0.5 : -0.5,
                           (c & 4u) != 0 ? 0.5 : -0.5);
      corners[c] = scale.cwiseProduct(local + step_ * offset);
    }
    for (const auto& face : box_faces) {
      Polygon polygon;
      for (const unsigned c : face) polygon.add(corners[c]);
      add_face(polygon, sign_, cells_);
    }
    for (double& volume : cells_.volume) volume /= scale[0] * scale[1];
  }

  bool is_labelled(std::int64_t i, std::int64_t j, std::int64_t k) const {
    const auto& size = reference_.grid.size;
    if (i < 0 || j < 0 || k < 0 || i >= size[0] || j >= size[1] || k >= size[2]) return false;
    return reference_.at(static_cast<int>(i), static_cast<int>(j), static_cast<int>(k)) == label_;
  }

  std::size_t labelled_cells(const std::array<std::int64_t, 3>& low, const std::array<int, 3>& size) const {
    std::size_t count = 0;
    for (int z = 0; z < size[2]; ++z)
      for (int y = 0; y < size[1]; ++y)
        for (int x = 0; x < size[0]; ++x) count += is_labelled(low[0] + x, low[1] + y, low[2] + z) ? 1 : 0;
    return count;
  }

  const LabelMap& test_;
  const LabelMap& reference_;
  std::uint16_t label_;
  Matrix3 step_;       // One test voxel in the reference's index space.
  Vector3 origin_;     // Centre of the first test voxel there.
  Vector3 half_size_;  // Of the box around a test voxel.
  double sign_ = 1.0;
  Cells cells_;
};

}  // namespace

std::map<std::int64_t, OverlapVolumes> oblique_overlap(const LabelMap& test, const LabelMap& reference,
                                                       std::uint16_t label) {
  const MaskRuns runs = mask_runs(test, label);
  // One chunk a test slice, added up in their order: the same sums whatever the number of threads.
  std::vector<std::map<std::int64_t, OverlapVolumes>> chunks(static_cast<std::size_t>(runs.size[2]));
  tbb::parallel_for(0, runs.size[2], [&](int k) {
    ObliqueVoxels voxels(test, reference, label);
    for (int j = 0; j < runs.size[1]; ++j)
      for (const Run& run : runs.row(j, k)) voxels.add_run(run, j, k, chunks[static_cast<std::size_t>(k)]);
  });
  std::map<std::int64_t, OverlapVolumes> slices;
  for (const auto& chunk : chunks)
    for (const auto& [index, part] : chunk) {
      slices[index].test_mm3 += part.test_mm3;
      slices[index].common_mm3 += part.common_mm3;
    }
  return slices;
}

}  // namespace meshassay::metrics
