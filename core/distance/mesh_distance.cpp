// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distance/mesh_distance.hpp"

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

#include "core/mesh_check.hpp"

namespace meshassay {
namespace {

constexpr std::array<std::size_t, 3> next_corner = {1, 2, 0};
constexpr std::array<std::size_t, 3> previous_corner = {2, 0, 1};

template <typename Body>
void for_each_index(std::size_t count, const Body& body) {
  tbb::parallel_for(tbb::blocked_range<std::size_t>(0, count, 4096),
                    [&](const tbb::blocked_range<std::size_t>& range) {
                      for (std::size_t i = range.begin(); i != range.end(); ++i) body(i);
                    });
}

// One side of a triangle: the edge that leaves `corner`.
struct HalfEdge {
  std::uint32_t low, high;  // Its vertices in ascending order.
  std::uint32_t triangle;
  std::uint8_t corner;
  bool ascending;  // Whether it runs from `low` to `high`.
};

// By `low`, `high`, triangle and corner: buckets by `low`, which are short, and each of them sorted.
std::vector<HalfEdge> sorted_half_edges(const TriangleMesh& mesh) {
  std::vector<std::size_t> end_of(mesh.vertices_mm.size() + 1, 0);  // Of the bucket before, to begin with.
  const auto for_each = [&](const auto& take) {
    for (std::size_t t = 0; t < mesh.triangles.size(); ++t)
      for (std::size_t i = 0; i < 3; ++i) {
        const auto from = mesh.triangles[t][i];
        const auto to = mesh.triangles[t][next_corner[i]];
        if (from != to)
          take(HalfEdge{std::min(from, to), std::max(from, to), static_cast<std::uint32_t>(t),
                        static_cast<std::uint8_t>(i), from < to});
      }
  };
  for_each([&](const HalfEdge& half_edge) { ++end_of[half_edge.low + 1]; });
  std::partial_sum(end_of.begin(), end_of.end(), end_of.begin());
  std::vector<HalfEdge> half_edges(end_of.back());
  for_each([&](const HalfEdge& half_edge) { half_edges[end_of[half_edge.low]++] = half_edge; });
  for (std::size_t first = 0; first < half_edges.size();) {
    const std::size_t last = end_of[half_edges[first].low];
    std::sort(half_edges.begin() + static_cast<std::ptrdiff_t>(first),
              half_edges.begin() + static_cast<std::ptrdiff_t>(last),
              [](const HalfEdge& a, const HalfEdge& b) {
                return std::tie(a.high, a.triangle, a.corner) < std::tie(b.high, b.triangle, b.corner);
              });
    first = last;
  }
  return half_edges;
}

// Calls `visit(first, last)` for the half-edges of each edge.
template <typename Visit>
void for_each_edge(const std::vector<HalfEdge>& half_edges, Visit visit) {
  for (std::size_t first = 0; first < half_edges.size();) {
    std::size_t last = first;
    while (last < half_edges.size() && half_edges[last].low == half_edges[first].low &&
           half_edges[last].high == half_edges[first].high)
      ++last;
    visit(first, last);
    first = last;
  }
}

// Disjoint sets of corners, a corner being 3 * triangle + its place in the triangle.
class Fans {
 public:
  explicit Fans(std::size_t corners) {
    parent_.reserve(corners);
    for (std::size_t corner = 0; corner < corners; ++corner)
      parent_.push_back(static_cast<std::uint32_t>(corner));
  }
  std::size_t find(std::size_t corner) {
    auto at = static_cast<std::uint32_t>(corner);
    while (parent_[at] != at) at = parent_[at] = parent_[parent_[at]];
    return at;
  }
  void join(std::size_t a, std::size_t b) { parent_[find(a)] = static_cast<std::uint32_t>(find(b)); }

 private:
  std::vector<std::uint32_t> parent_;
};

// The corner of the half-edge's triangle at one of its two vertices.
std::size_t corner_at(const HalfEdge& half_edge, bool at_low) {
  const bool is_start = half_edge.ascending == at_low;
  return 3 * std::size_t{half_edge.triangle} + (is_start ? half_edge.corner : next_corner[half_edge.corner]);
}

bool bounds_an_inside(const TriangleMesh& mesh, const std::vector<HalfEdge>& half_edges) {
  bool two_sided = true;
  Fans fans(3 * mesh.triangles.size());
  for_each_edge(half_edges, [&](std::size_t first, std::size_t last) {
    if (last - first != 2 || half_edges[first].ascending == half_edges[first + 1].ascending) {
      two_sided = false;
      return;
    }
    for (const bool at_low : {true, false})
      fans.join(corner_at(half_edges[first], at_low), corner_at(half_edges[first + 1], at_low));
  });
  if (!two_sided) return false;
  constexpr auto none = static_cast<std::size_t>(-1);
  std::vector<std::size_t> fan_of_vertex(mesh.vertices_mm.size(), none);
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
    const Triangle& triangle = mesh.triangles[t];
    if (triangle[0] == triangle[1] || triangle[1] == triangle[2] || triangle[2] == triangle[0]) continue;
    for (std::size_t i = 0; i < 3; ++i) {
      const std::size_t fan = fans.find(3 * t + i);
      std::size_t& known = fan_of_vertex[triangle[i]];
      if (known != none && known != fan) return false;
      known = fan;
    }
  }
  return true;
}

Vector3 unit_or_zero(const Vector3& vector) {
  const double length = vector.norm();
  return length > 0.0 ? (vector / length).eval() : Vector3::Zero().eval();
}

double angle_at(const TriangleMesh& mesh, std::size_t triangle, std::size_t corner) {
  const Point3& apex = mesh.corner(triangle, static_cast<int>(corner));
  const Vector3 u = mesh.corner(triangle, static_cast<int>(next_corner[corner])) - apex;
  const Vector3 v = mesh.corner(triangle, static_cast<int>(previous_corner[corner])) - apex;
  return std::atan2(u.cross(v).norm(), u.dot(v));
}

// The unit normals of the triangles, times `turn`, for the edges too until these have their own.
std::vector<std::array<Vector3, 4>> normals_of_triangles(const TriangleMesh& mesh, double turn) {
  std::vector<std::array<Vector3, 4>> normals(mesh.triangles.size());
  for_each_index(normals.size(),
                 [&](std::size_t t) { normals[t].fill(turn * unit_or_zero(area_vector_mm2(mesh, t))); });
  return normals;
}

std::vector<Vector3> normals_of_vertices(const TriangleMesh& mesh,
                                         const std::vector<std::array<Vector3, 4>>& of_triangles) {
  std::vector<std::array<double, 3>> angles(mesh.triangles.size());
  for_each_index(angles.size(), [&](std::size_t t) {
    for (std::size_t i = 0; i < 3; ++i) angles[t][i] = angle_at(mesh, t, i);
  });
  std::vector<Vector3> normals(mesh.vertices_mm.size(), Vector3::Zero());
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t)
    for (std::size_t i = 0; i < 3; ++i) normals[mesh.triangles[t][i]] += angles[t][i] * of_triangles[t][3];
  for (auto& normal : normals) normal = unit_or_zero(normal);
  return normals;
}

void set_normals_of_edges(const std::vector<HalfEdge>& half_edges,
                          std::vector<std::array<Vector3, 4>>& normals) {
  for_each_edge(half_edges, [&](std::size_t first, std::size_t last) {
    Vector3 sum = Vector3::Zero();
    for (std::size_t k = first; k < last; ++k) sum += normals[half_edges[k].triangle][3];
    const Vector3 normal = unit_or_zero(sum);
    for (std::size_t k = first; k < last; ++k) normals[half_edges[k].triangle][half_edges[k].corner] = normal;
  });
}

const TriangleMesh& checked(const TriangleMesh& mesh) {
  check_corners(mesh);
  return mesh;
}

}  // namespace

MeshDistance::MeshDistance(const TriangleMesh& mesh) : mesh_(welded(checked(mesh))), tree_(mesh_) {
  const auto half_edges = sorted_half_edges(mesh_);
  has_inside_ = bounds_an_inside(mesh_, half_edges);
  const double turn = has_inside_ && signed_volume_mm3(mesh_) < 0.0 ? -1.0 : 1.0;
  normals_ = normals_of_triangles(mesh_, turn);
  normals_of_vertices_ = normals_of_vertices(mesh_, normals_);
  set_normals_of_edges(half_edges, normals_);
  neighbours_.assign(mesh_.triangles.size(), {TriangleTree::none, TriangleTree::none, TriangleTree::none});
  for_each_edge(half_edges, [&](std::size_t first, std::size_t last) {
    if (last - first != 2) return;
    for (const std::size_t k : {first, first + 1}) {
      const HalfEdge &from = half_edges[k], &to = half_edges[first + first + 1 - k];
      if (tree_.holds(to.triangle)) neighbours_[from.triangle][from.corner] = to.triangle;
    }
  });
}

MeshDistance::Sample MeshDistance::sample(const Point3& point_mm, std::size_t hint) const {
  const auto [triangle, foot, distance_mm] = tree_.nearest(point_mm, hint);
  const Vector3& normal = pseudonormal(triangle, foot.part);
  const Vector3 offset = point_mm - foot.point_mm;
  const bool inside = offset.dot(normal) < 0.0;
  // Below this the offset is rounding, and its direction says nothing.
  const bool has_direction = distance_mm > 1e-12 * (1.0 + point_mm.cwiseAbs().maxCoeff());
  const Vector3 gradient = has_direction ? Vector3((inside ? -1.0 : 1.0) / distance_mm * offset) : normal;
  return {.signed_mm = inside ? -distance_mm : distance_mm, .gradient = gradient, .triangle = triangle};
}

double MeshDistance::distance_to_triangle_mm(const Point3& point_mm, std::size_t triangle) const {
  return std::sqrt(tree_.square_to(point_mm, triangle));
}

}  // namespace meshassay
