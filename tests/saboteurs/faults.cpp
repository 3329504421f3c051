// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/saboteurs/faults.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>
#include <vector>

#include "core/label_map.hpp"

namespace meshassay::saboteurs {
namespace {

/// An index taken for the corner of a voxel instead of its centre.
void shift_by_half_a_voxel(Stage& stage, const Grid& grid) {
  const Vector3 shift_mm = grid.direction * (0.5 * grid.spacing_mm);
  for (auto& [label, mesh] : stage.surfaces)
    for (auto& vertex : mesh.vertices_mm) vertex += shift_mm;
}

void turn_inside_out(TriangleMesh& mesh) {
  for (auto& triangle : mesh.triangles) std::swap(triangle[1], triangle[2]);
}

/// Left and right exchanged, in a way that leaves the normals outward: nothing but the place is wrong.
void mirror_x(Stage& stage, const Grid&) {
  if (stage.mask) {
    LabelMap mask = *stage.mask;
    for (auto row = mask.values.begin(); row != mask.values.end(); row += mask.grid.size[0])
      std::reverse(row, row + mask.grid.size[0]);
    stage.mask = shared(std::move(mask));
  }
  for (auto& [label, mesh] : stage.surfaces) {
    for (auto& vertex : mesh.vertices_mm) vertex.x() = -vertex.x();
    turn_inside_out(mesh);
  }
}

void write_centimetres(Stage& stage, const Grid&) {
  for (auto& [label, mesh] : stage.surfaces)
    for (auto& vertex : mesh.vertices_mm) vertex *= 0.1;
}

/// A setting whose effect on the scale nobody looked at: 0.8 % larger about the middle, as if by a window
/// function.
void scale_a_little(Stage& stage, const Grid&) {
  for (auto& [label, mesh] : stage.surfaces) {
    const Point3 middle_mm = bounding_box(mesh).center_mm();
    for (auto& vertex : mesh.vertices_mm) vertex = middle_mm + 1.008 * (vertex - middle_mm);
  }
}

/// The triangles around one triangle are gone.
void leave_a_hole(Stage& stage, const Grid&) {
  for (auto& [label, mesh] : stage.surfaces) {
    if (mesh.triangles.empty()) continue;
    const Triangle middle = mesh.triangles[mesh.triangles.size() / 2];
    const std::set<std::uint32_t> patch(middle.begin(), middle.end());
    std::erase_if(mesh.triangles, [&](const Triangle& triangle) {
      return std::any_of(triangle.begin(), triangle.end(),
                         [&](auto vertex) { return patch.contains(vertex); });
    });
  }
}

void invert_normals(Stage& stage, const Grid&) {
  for (auto& [label, mesh] : stage.surfaces) turn_inside_out(mesh);
}

/// Each vertex half the way to the mean of its neighbours, a hundred times: plain Laplacian smoothing, which
/// shrinks whatever is convex. The surface as it was extracted stays.
void smooth_too_much(Stage& stage, const Grid&) {
  if (stage.name == "extracted") return;
  for (auto& [label, mesh] : stage.surfaces)
    for (int iteration = 0; iteration < 100; ++iteration) {
      std::vector<Vector3> sum_mm(mesh.vertices_mm.size(), Vector3::Zero());
      std::vector<double> neighbours(mesh.vertices_mm.size(), 0.0);
      for (const auto& triangle : mesh.triangles)
        for (std::size_t i = 0; i < 3; ++i) {  // On a closed mesh each edge is met from both its sides.
          sum_mm[triangle[i]] += mesh.vertices_mm[triangle[(i + 1) % 3]];
          neighbours[triangle[i]] += 1.0;
        }
      for (std::size_t vertex = 0; vertex < mesh.vertices_mm.size(); ++vertex)
        if (neighbours[vertex] > 0.0)
          mesh.vertices_mm[vertex] =
              0.5 * mesh.vertices_mm[vertex] + 0.5 * sum_mm[vertex] / neighbours[vertex];
    }
}

/// Every vertex along the mean of its triangles' normals, outwards where `mm` is positive.
void move_along_normals(Stage& stage, double mm) {
  for (auto& [label, mesh] : stage.surfaces) {
    std::vector<Vector3> normal(mesh.vertices_mm.size(), Vector3::Zero());
    for (std::size_t t = 0; t < mesh.triangles.size(); ++t)
      for (const auto corner : mesh.triangles[t]) normal[corner] += area_vector_mm2(mesh, t);
    for (std::size_t vertex = 0; vertex < normal.size(); ++vertex)
      mesh.vertices_mm[vertex] += mm * normal[vertex].normalized();
  }
}

/// Every vertex a third of a millimetre inwards.
void shrink(Stage& stage, const Grid&) { move_along_normals(stage, -1.0 / 3.0); }

/// Each label's surface half a millimetre larger on its own: what fits now overlaps.
void swell_labels(Stage& stage, const Grid&) { move_along_normals(stage, 0.5); }

/// Coordinates written with one digit behind the point.
void round_to_tenths(Stage& stage, const Grid&) {
  if (stage.name != "exported") return;
  for (auto& [label, mesh] : stage.surfaces)
    for (auto& vertex : mesh.vertices_mm) vertex = (10.0 * vertex).array().round() / 10.0;
}

/// A streak: in the middle one of the longest rows of labelled voxels, the label is gone from the row's
/// middle to its end. A blind hole: parts, tunnels and hollows are as before, and so is the volume, all but a
/// line of voxels.
void drill_mask(Stage& stage, const Grid&) {
  if (!stage.mask) return;
  LabelMap mask = *stage.mask;
  const auto columns = static_cast<std::size_t>(mask.grid.size[0]);
  struct Row {
    std::size_t begin = 0, length = 0;
  };
  std::vector<Row> longest;
  for (std::size_t voxel = 0; voxel < mask.values.size();) {
    Row row{.begin = voxel};
    do {
      if (mask.values[voxel++] == 0) break;
      ++row.length;
    } while (voxel % columns != 0);
    if (row.length == 0 || (!longest.empty() && row.length < longest.front().length)) continue;
    if (!longest.empty() && row.length > longest.front().length) longest.clear();
    longest.push_back(row);
  }
  if (longest.empty()) return;
  const Row& row = longest[longest.size() / 2];
  for (std::size_t n = row.length / 2; n < row.length; ++n) mask.values[row.begin + n] = 0;
  stage.mask = shared(std::move(mask));
}

/// Each label smoothed on its own: voxels that touch another label are in neither.
void part_labels(Stage& stage, const Grid&) {
  if (!stage.mask) return;
  const LabelMap& given = *stage.mask;
  LabelMap mask = given;
  const auto& size = given.grid.size;
  for (int k = 0; k < size[2]; ++k)
    for (int j = 0; j < size[1]; ++j)
      for (int i = 0; i < size[0]; ++i)
        for (const auto& [di, dj, dk] : {std::array{1, 0, 0}, std::array{0, 1, 0}, std::array{0, 0, 1}}) {
          if (i + di == size[0] || j + dj == size[1] || k + dk == size[2]) continue;
          const auto here = given.at(i, j, k), there = given.at(i + di, j + dj, k + dk);
          if (here == 0 || there == 0 || here == there) continue;
          mask.at(i, j, k) = 0;
          mask.at(i + di, j + dj, k + dk) = 0;
        }
  stage.mask = shared(std::move(mask));
}

void change_nothing(Stage&, const Grid&) {}

constexpr Fault catalogue[] = {{"clean", change_nothing, ""},
                               {"shrinking_surface", shrink, "extracted"},
                               {"over_smoothed", smooth_too_much, "smoothed"},
                               {"rounding_export", round_to_tenths, "exported"},
                               {"half_voxel_shift", shift_by_half_a_voxel, ""},
                               {"mirrored_x", mirror_x, ""},
                               {"centimetres", write_centimetres, ""},
                               {"hole", leave_a_hole, ""},
                               {"inverted_normals", invert_normals, ""},
                               {"scaled", scale_a_little, ""},
                               {"drilled_mask", drill_mask, ""},
                               {"swollen_labels", swell_labels, ""},
                               {"parted_labels", part_labels, ""}};

}  // namespace

std::span<const Fault> fault_catalogue() { return catalogue; }

}  // namespace meshassay::saboteurs
