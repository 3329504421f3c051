// SPDX-License-Identifier: GPL-3.0-or-later
#include "phantoms/meshes/cell_solid.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

#include "phantoms/meshes/building.hpp"
#include "phantoms/solids/octants.hpp"

namespace meshassay::phantoms {
namespace {

using Cell = std::array<int, 3>;

constexpr std::array<Cell, 6> face_neighbours = {
    {{-1, 0, 0}, {1, 0, 0}, {0, -1, 0}, {0, 1, 0}, {0, 0, -1}, {0, 0, 1}}};

Cell operator+(const Cell& a, const Cell& b) { return {a[0] + b[0], a[1] + b[1], a[2] + b[2]}; }

// Pieces of `wanted` cells over faces, in a grid of this size.
int count_pieces(std::vector<char> wanted, const Cell& size) {
  const auto index = [&](const Cell& cell) {
    return (static_cast<std::size_t>(cell[2]) * size[1] + cell[1]) * size[0] + cell[0];
  };
  int pieces = 0;
  for (int k = 0; k < size[2]; ++k)
    for (int j = 0; j < size[1]; ++j)
      for (int i = 0; i < size[0]; ++i) {
        if (wanted[index({i, j, k})] == 0) continue;
        ++pieces;
        std::vector<Cell> open = {{i, j, k}};
        wanted[index(open.front())] = 0;
        while (!open.empty()) {
          const Cell cell = open.back();
          open.pop_back();
          for (const auto& step : face_neighbours) {
            const Cell next = cell + step;
            bool inside = true;
            for (std::size_t axis = 0; axis < 3; ++axis)
              inside = inside && next[axis] >= 0 && next[axis] < size[axis];
            if (!inside || wanted[index(next)] == 0) continue;
            wanted[index(next)] = 0;
            open.push_back(next);
          }
        }
      }
  return pieces;
}

// Whether octants (bit b is the octant (b&1, b>>1&1, b>>2)) are at most one piece through common faces.
}  // namespace

CellSolid::CellSolid(std::array<std::vector<double>, 3> planes_mm) : planes_mm_(std::move(planes_mm)) {
  const auto [nx, ny, nz] = cells();
  solid_.assign(static_cast<std::size_t>(nx) * static_cast<std::size_t>(ny) * static_cast<std::size_t>(nz),
                0);
}

CellSolid CellSolid::of_voxels(const Cell& size) {
  std::array<std::vector<double>, 3> planes_mm;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    planes_mm[axis].resize(static_cast<std::size_t>(size[axis]) + 1);
    std::iota(planes_mm[axis].begin(), planes_mm[axis].end(), 0.0);
  }
  return CellSolid(std::move(planes_mm));
}

Cell CellSolid::cells() const {
  return {static_cast<int>(planes_mm_[0].size()) - 1, static_cast<int>(planes_mm_[1].size()) - 1,
          static_cast<int>(planes_mm_[2].size()) - 1};
}

std::size_t CellSolid::index(int i, int j, int k) const {
  const auto size = cells();
  return (static_cast<std::size_t>(k) * size[1] + j) * size[0] + i;
}

bool CellSolid::solid(int i, int j, int k) const {
  const auto [nx, ny, nz] = cells();
  return i >= 0 && j >= 0 && k >= 0 && i < nx && j < ny && k < nz && solid_[index(i, j, k)] != 0;
}

void CellSolid::set(int i, int j, int k, bool solid) {
  solid_[index(i, j, k)] = static_cast<char>(solid ? 1 : 0);
}

double CellSolid::volume_mm3() const {
  const auto [nx, ny, nz] = cells();
  double sum_mm3 = 0.0;
  for (int k = 0; k < nz; ++k)
    for (int j = 0; j < ny; ++j)
      for (int i = 0; i < nx; ++i)
        if (solid(i, j, k)) {
          double cell_mm3 = 1.0;
          for (const auto& [axis, at] : {std::pair{0, i}, {1, j}, {2, k}}) {
            const auto& planes_mm = planes_mm_[static_cast<std::size_t>(axis)];
            cell_mm3 *= planes_mm[static_cast<std::size_t>(at) + 1] - planes_mm[static_cast<std::size_t>(at)];
          }
          sum_mm3 += cell_mm3;
        }
  return sum_mm3;
}

int CellSolid::parts() const { return count_pieces(solid_, cells()); }

std::vector<char> CellSolid::outside() const {
  // Layers of empty cells on the low side and on the high side of each axis, so that the outside is one
  // piece.
  const auto size = cells();
  const Cell padded = {size[0] + 2, size[1] + 2, size[2] + 2};
  const auto at = [&](const Cell& cell) {
    return (static_cast<std::size_t>(cell[2]) * padded[1] + cell[1]) * padded[0] + cell[0];
  };
  std::vector<char> reached(static_cast<std::size_t>(padded[0]) * static_cast<std::size_t>(padded[1]) *
                                static_cast<std::size_t>(padded[2]),
                            0);
  std::vector<Cell> open = {{0, 0, 0}};
  reached[0] = 1;
  while (!open.empty()) {
    const Cell cell = open.back();
    open.pop_back();
    for (const auto& step : face_neighbours) {
      const Cell next = cell + step;
      bool inside = true;
      for (std::size_t axis = 0; axis < 3; ++axis)
        inside = inside && next[axis] >= 0 && next[axis] < padded[axis];
      if (!inside || reached[at(next)] != 0 || solid(next[0] - 1, next[1] - 1, next[2] - 1)) continue;
      reached[at(next)] = 1;
      open.push_back(next);
    }
  }
  std::vector<char> result(solid_.size(), 0);
  for (int k = 0; k < size[2]; ++k)
    for (int j = 0; j < size[1]; ++j)
      for (int i = 0; i < size[0]; ++i) result[index(i, j, k)] = reached[at({i + 1, j + 1, k + 1})];
  return result;
}

CellSolid CellSolid::with_voids_filled() const {
  CellSolid filled = *this;
  const auto reached = outside();
  for (std::size_t cell = 0; cell < reached.size(); ++cell)
    filled.solid_[cell] = static_cast<char>(reached[cell] != 0 ? 0 : 1);
  return filled;
}

int CellSolid::voids() const {
  auto hidden = with_voids_filled().solid_;
  for (std::size_t cell = 0; cell < hidden.size(); ++cell)
    if (solid_[cell] != 0) hidden[cell] = 0;
  return count_pieces(std::move(hidden), cells());
}

int CellSolid::euler_characteristic() const {
  const auto [nx, ny, nz] = cells();
  int sum = 0;
  // Each cell, inner face, inner edge and inner corner by its lowest cell and the axes along which it joins
  // two cells.
  for (int k = 0; k < nz; ++k)
    for (int j = 0; j < ny; ++j)
      for (int i = 0; i < nx; ++i)
        for (int axes = 0; axes < 8; ++axes) {
          bool all = true;
          int joined = 0;
          for (int b = 0; b < 8; ++b)
            if ((b & axes) == b) all = all && solid(i + (b & 1), j + (b >> 1 & 1), k + (b >> 2));
          for (int axis = 0; axis < 3; ++axis) joined += axes >> axis & 1;
          if (all) sum += joined % 2 == 0 ? 1 : -1;
        }
  return sum;
}

bool CellSolid::two_manifold() const {
  const auto [nx, ny, nz] = cells();
  for (int k = 0; k <= nz; ++k)
    for (int j = 0; j <= ny; ++j)
      for (int i = 0; i <= nx; ++i) {
        const unsigned octants =
            solid_octants([this](int x, int y, int z) { return solid(x, y, z); }, i, j, k);
        // An edge where two cells across touch has, at each of its ends, solid or empty octants in two pieces
        // or the pattern of an edge. The four octants on each side of an axis are that edge's cells.
        if (!is_one_piece(octants) || !is_one_piece(~octants & 0xffU)) return false;
        for (unsigned axis = 0; axis < 3; ++axis)
          for (unsigned side = 0; side < 2; ++side) {
            const unsigned u = 1U << ((axis + 1) % 3);
            const unsigned v = 1U << ((axis + 2) % 3);
            const unsigned low = side << axis;
            const auto is = [&](unsigned b) { return (octants >> b & 1U) != 0; };
            if (is(low) == is(low | u | v) && is(low | u) == is(low | v) && is(low) != is(low | u))
              return false;
          }
      }
  return true;
}

TriangleMesh CellSolid::surface() const {
  TriangleMesh mesh;
  const auto size = cells();
  std::map<Cell, std::uint32_t> ids;
  const auto vertex = [&](const Cell& corner) {
    const auto [entry, is_new] = ids.try_emplace(corner, static_cast<std::uint32_t>(mesh.vertices_mm.size()));
    if (is_new)
      mesh.vertices_mm.emplace_back(planes_mm_[0][static_cast<std::size_t>(corner[0])],
                                    planes_mm_[1][static_cast<std::size_t>(corner[1])],
                                    planes_mm_[2][static_cast<std::size_t>(corner[2])]);
    return entry->second;
  };
  for (int k = 0; k < size[2]; ++k)
    for (int j = 0; j < size[1]; ++j)
      for (int i = 0; i < size[0]; ++i) {
        if (!solid(i, j, k)) continue;
        for (std::size_t axis = 0; axis < 3; ++axis)
          for (const int side : {0, 1}) {
            Cell next = {i, j, k};
            next[axis] += side == 0 ? -1 : 1;
            if (solid(next[0], next[1], next[2])) continue;
            // Counter-clockwise as seen from the side that `axis` points to.
            std::array<std::uint32_t, 4> quad{};
            for (std::size_t c = 0; c < 4; ++c) {
              Cell corner = {i, j, k};
              corner[axis] += side;
              corner[(axis + 1) % 3] += c == 1 || c == 2 ? 1 : 0;
              corner[(axis + 2) % 3] += c >= 2 ? 1 : 0;
              quad[c] = vertex(corner);
            }
            if (side == 0) std::swap(quad[1], quad[3]);
            add_quad(mesh, quad);
          }
      }
  return mesh;
}

std::size_t CellSolid::surface_components() const {
  // Faces joined by the cells' edges that they share: union of the quads that surface() makes, two triangles
  // a quad.
  const auto mesh = surface();
  std::vector<std::size_t> group(mesh.triangles.size() / 2);
  std::iota(group.begin(), group.end(), std::size_t{0});
  const auto root = [&](std::size_t face) {
    while (group[face] != face) face = group[face] = group[group[face]];
    return face;
  };
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::size_t> first_at;
  for (std::size_t face = 0; face < group.size(); ++face) {
    const Triangle& one = mesh.triangles[2 * face];
    const Triangle& two = mesh.triangles[2 * face + 1];
    const std::array<std::uint32_t, 4> corners = {one[0], one[1], one[2], two[2]};
    for (std::size_t c = 0; c < 4; ++c) {
      const auto [entry, is_new] = first_at.try_emplace(std::minmax(corners[c], corners[(c + 1) % 4]), face);
      if (!is_new) group[root(face)] = root(entry->second);
    }
  }
  std::size_t components = 0;
  for (std::size_t face = 0; face < group.size(); ++face) components += root(face) == face ? 1 : 0;
  return components;
}

}  // namespace meshassay::phantoms
