// SPDX-License-Identifier: GPL-3.0-or-later
// A closed cycle of triangles about a vertex, each turned towards the eye: in the eye's plane each takes the
// cycle onwards by less than half a turn. A line through the vertex is then crossed twice in each turn, so
// that two crossings mean one turn: no two triangles overlap there.
#include "core/exact/flat_stars.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/blocks.hpp"

namespace meshassay::exact {
namespace {

using Whole3 = std::array<double, 3>;  // Whole numbers.

// A direction to look along, and a normal of a plane that holds it and, but for the direction, no short way
// from one point of a grid to another.
struct Eye {
  Whole3 along, across;
};
constexpr std::array<Eye, 7> eyes{{{{1, 0, 0}, {0, 5, 3}},
                                   {{0, 1, 0}, {3, 0, 5}},
                                   {{0, 0, 1}, {5, 3, 0}},
                                   {{1, 1, 1}, {3, -7, 4}},
                                   {{1, 1, -1}, {3, -7, -4}},
                                   {{1, -1, 1}, {3, 7, 4}},
                                   {{-1, 1, 1}, {-3, -7, 4}}}};
constexpr std::size_t most_triangles = 32;

double times(const Whole3& a, const Vector3& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }

// The sign of a sum, where the sum of the magnitudes of its terms says that it is certain, else 0. What is
// summed here are up to six products of up to two differences: each term goes through at most six roundings
// of 2^-53 (two differences, a product, a difference, two sums), 6.7e-16 together.
int certain_sign(double sum, double magnitude) {
  if (!(std::abs(sum) > 1e-15 * magnitude) || !(magnitude > 1e-280)) return 0;
  return sum > 0.0 ? 1 : -1;
}

int side_of_line(const Eye& eye, const Vector3& way) {
  double magnitude = 0.0;
  for (std::size_t i = 0; i < 3; ++i)
    magnitude += std::abs(eye.across[i] * way[static_cast<Eigen::Index>(i)]);
  return certain_sign(times(eye.across, way), magnitude);
}

int turned_towards(const Eye& eye, const Vector3& u, const Vector3& w) {
  const Vector3 magnitudes(std::abs(u[1] * w[2]) + std::abs(u[2] * w[1]),
                           std::abs(u[2] * w[0]) + std::abs(u[0] * w[2]),
                           std::abs(u[0] * w[1]) + std::abs(u[1] * w[0]));
  const Whole3 weights{std::abs(eye.along[0]), std::abs(eye.along[1]), std::abs(eye.along[2])};
  return certain_sign(times(eye.along, u.cross(w)), times(weights, magnitudes));
}

bool is_flat_star(const TriangleMesh& mesh, const Point3& center, std::span<const LinkSide> sides) {
  if (sides.size() < 3 || sides.size() > most_triangles || !is_one_directed_cycle(sides)) return false;
  std::array<Vector3, most_triangles> from, to;
  Vector3 normal = Vector3::Zero();
  for (std::size_t s = 0; s < sides.size(); ++s) {
    from[s] = mesh.vertices_mm[sides[s].from] - center;
    to[s] = mesh.vertices_mm[sides[s].to] - center;
    normal += from[s].cross(to[s]);
  }
  const auto seen = [&](const Eye& eye) {
    const double length = eye.along[0] * eye.along[1] == 0.0 ? 1.0 : 0.57735;
    return std::abs(times(eye.along, normal)) * length;
  };
  const Eye& eye = *std::max_element(eyes.begin(), eyes.end(),
                                     [&](const Eye& a, const Eye& b) { return seen(a) < seen(b); });
  const int way = turned_towards(eye, from[0], to[0]);
  if (way == 0) return false;
  int crossings = 0;
  for (std::size_t s = 0; s < sides.size(); ++s) {
    if (turned_towards(eye, from[s], to[s]) != way) return false;
    const int before = side_of_line(eye, from[s]), behind = side_of_line(eye, to[s]);
    if (before == 0 || behind == 0) return false;
    crossings += before != behind ? 1 : 0;
  }
  return crossings == 2;
}

}  // namespace

std::vector<std::uint8_t> flat_stars(const TriangleMesh& mesh, const VertexLinks& links,
                                     std::span<const std::uint8_t> left_out) {
  std::vector<std::uint8_t> is(links.vertices(), 0);
  for_each_block(links.vertices(), usual_block, [&](const Block& block) {
    for (std::size_t v = block.from; v < block.to; ++v) {
      const auto sides = links.at(v);
      const bool all_there = left_out.empty() ||
                             std::none_of(sides.begin(), sides.end(),
                                          [&](const LinkSide& side) { return left_out[side.triangle] != 0; });
      is[v] = all_there && is_flat_star(mesh, mesh.vertices_mm[v], sides) ? 1 : 0;
    }
  });
  return is;
}

}  // namespace meshassay::exact
