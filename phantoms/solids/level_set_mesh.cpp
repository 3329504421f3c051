// SPDX-License-Identifier: GPL-3.0-or-later
// Marching tetrahedra (each lattice cube in six, along its diagonal), whose surface is closed, two-manifold
// and embedded; then vertices move to the mean of their neighbours and back onto the surface, which takes
// slivers out.
//
// Proof for a mesh whose vertices lie on the surface S. Let e be a triangle's longest edge, c its centroid, r
// the distance of its farthest corner, T the bound of how fast the Hessian H changes. On the triangle the
// function, which is zero at its corners, is at most h e^2 / 6, with h = |H(c)| along the triangle + T r (its
// points lie in a ball of radius e / sqrt(3)). Along the gradient, whose length is at least
// g = |gradient(c)| - M (r + delta) with M = |H(c)| + T (r + delta), S is within delta = h e^2 / (6 g). If
// the normal n_T has n_T . gradient(c) > M (r + delta), it has a positive product with the gradient at every
// foot of the triangle. So moving to the nearest point of S, which is unique within g / M, is a local
// homeomorphism of the closed mesh to S, a covering of the parts of S that it reaches. Another sheet would
// pass within delta of each vertex, in a triangle that is not about it (one that is has no two points with
// the same foot, since its normal is not across the gradient); there is none for one vertex of each part of
// the mesh. So mesh and S are homeomorphic, the mesh is embedded, and each point of S has a point of the mesh
// within delta. No part of S is without a mesh: every point of S is within a cell's diagonal of a sample,
// less than what S bends over, so in the same part of S; each sample has the mesh within delta.
#include "phantoms/solids/level_set_mesh.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>

#include "core/distance/mesh_distance.hpp"
#include "core/errors.hpp"
#include "core/union_find.hpp"

namespace meshassay::phantoms {
namespace {

/// Finds the vertex of an edge, or makes it.
class EdgeVertices {
 public:
  template <typename Place>
  std::uint32_t at(std::size_t a, std::size_t b, std::vector<Point3>& vertices_mm, const Place& place) {
    const auto [entry, is_new] =
        numbers_.try_emplace(std::minmax(a, b), static_cast<std::uint32_t>(vertices_mm.size()));
    if (is_new) vertices_mm.push_back(place(entry->first.first, entry->first.second));
    return entry->second;
  }

 private:
  std::map<std::pair<std::size_t, std::size_t>, std::uint32_t> numbers_;
};

class Lattice {
 public:
  Lattice(const LevelSet& function, double step_mm) : step_mm_(step_mm) {
    // Shifted by parts of a step, so that no lattice point lies on a point of symmetry.
    const double reach_mm = function.reach_mm + step_mm;
    corner_mm_ = Point3(-reach_mm, -reach_mm, -reach_mm) - step_mm * Vector3(0.137, 0.283, 0.431);
    size_ = static_cast<std::size_t>(std::ceil(2.0 * reach_mm / step_mm)) + 2;
    for (std::size_t n = 0; n < size_ * size_ * size_; ++n) {
      const Point3 point = place_mm(n);
      values_.push_back(point.norm() >= function.reach_mm ? 1.0 : function.jet(point).value);
    }
  }
  [[nodiscard]] Point3 place_mm(std::size_t n) const {
    const std::size_t i = n % size_, j = n / size_ % size_, k = n / (size_ * size_);
    return corner_mm_ +
           step_mm_ * Vector3(static_cast<double>(i), static_cast<double>(j), static_cast<double>(k));
  }
  [[nodiscard]] TriangleMesh marching_tetrahedra() const {
    TriangleMesh mesh;
    EdgeVertices edges;
    constexpr std::array<std::array<std::size_t, 3>, 6> orders = {
        {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}};
    const std::array<std::size_t, 3> strides = {1, size_, size_ * size_};
    for (std::size_t k = 0; k + 1 < size_; ++k)
      for (std::size_t j = 0; j + 1 < size_; ++j)
        for (std::size_t i = 0; i + 1 < size_; ++i)
          for (const auto& order : orders) {
            std::array<std::size_t, 4> corners{};
            corners[0] = i + size_ * (j + size_ * k);
            for (std::size_t n = 0; n < 3; ++n) corners[n + 1] = corners[n] + strides[order[n]];
            add_tetrahedron(corners, edges, mesh);
          }
    return mesh;
  }

 private:
  void add_tetrahedron(const std::array<std::size_t, 4>& corners, EdgeVertices& edges,
                       TriangleMesh& mesh) const {
    std::vector<std::size_t> inside, outside;
    Vector3 outward = Vector3::Zero();
    for (const auto corner : corners) (values_[corner] < 0.0 ? inside : outside).push_back(corner);
    if (inside.empty() || outside.empty()) return;
    for (const auto corner : outside)
      outward += (place_mm(corner) - place_mm(inside[0])) / static_cast<double>(outside.size());
    for (const auto corner : inside)
      outward -= (place_mm(corner) - place_mm(inside[0])) / static_cast<double>(inside.size());
    std::vector<std::pair<std::size_t, std::size_t>> ring;  // Cut edges; neighbours share a corner.
    for (const auto a : inside)
      for (const auto b : outside) ring.emplace_back(a, b);
    if (ring.size() == 4) std::swap(ring[2], ring[3]);
    for (std::size_t n = 2; n < ring.size(); ++n) {
      const std::array<std::pair<std::size_t, std::size_t>, 3> cut = {ring[0], ring[n - 1], ring[n]};
      Triangle triangle{};
      std::array<Point3, 3> middle_mm;  // The winding is that of the edges' middles.
      for (std::size_t c = 0; c < 3; ++c) {
        const auto [a, b] = cut[c];
        middle_mm[c] = 0.5 * (place_mm(a) + place_mm(b));
        triangle[c] = edges.at(a, b, mesh.vertices_mm, [&](std::size_t from, std::size_t to) -> Point3 {
          const double t = values_[from] / (values_[from] - values_[to]);
          return place_mm(from) + t * (place_mm(to) - place_mm(from));
        });
      }
      if ((middle_mm[1] - middle_mm[0]).cross(middle_mm[2] - middle_mm[0]).dot(outward) < 0.0)
        std::swap(triangle[1], triangle[2]);
      mesh.triangles.push_back(triangle);
    }
  }

  double step_mm_;
  Point3 corner_mm_;
  std::size_t size_ = 0;
  std::vector<double> values_;
};

void move_to_mean_of_neighbours(const LevelSetDistance& surface, TriangleMesh& mesh) {
  std::vector<Vector3> sums(mesh.vertices_mm.size(), Vector3::Zero());
  std::vector<double> counts(mesh.vertices_mm.size(), 0.0);
  for (const auto& triangle : mesh.triangles)
    for (std::size_t c = 0; c < 3; ++c) {
      sums[triangle[c]] += mesh.vertices_mm[triangle[(c + 1) % 3]];
      counts[triangle[c]] += 1.0;
    }
  for (std::size_t v = 0; v < sums.size(); ++v)
    mesh.vertices_mm[v] = surface.nearest(sums[v] / counts[v]).place_mm;
}

[[noreturn]] void refuse(const std::string& got) {
  throw InvalidInput({.what = "the mesh of a level set cannot be proven to have its topology",
                      .expected = "triangles that are small against what the surface bends over",
                      .got = got,
                      .mend = "change a parameter a little, so that no part of the shape is very thin"});
}

/// Of each triangle, where the proof holds for it; else infinite.
class ProvenErrors {
 public:
  ProvenErrors(const LevelSetDistance& surface, const TriangleMesh& mesh) : surface_(surface), mesh_(mesh) {
    for (std::size_t t = 0; t < mesh.triangles.size(); ++t) errors_mm_.push_back(of_triangle(t));
  }
  [[nodiscard]] const std::vector<double>& errors_mm() const { return errors_mm_; }
  [[nodiscard]] double largest_mm() const { return *std::max_element(errors_mm_.begin(), errors_mm_.end()); }

 private:
  [[nodiscard]] double of_triangle(std::size_t t) const {
    constexpr double unproven = std::numeric_limits<double>::infinity();
    const Point3 center = (mesh_.corner(t, 0) + mesh_.corner(t, 1) + mesh_.corner(t, 2)) / 3.0;
    const Vector3 normal = area_vector_mm2(mesh_, t).normalized();
    double edge_mm = 0.0;
    double radius_mm = 0.0;
    for (int c = 0; c < 3; ++c) {
      edge_mm = std::max(edge_mm, (mesh_.corner(t, (c + 1) % 3) - mesh_.corner(t, c)).norm());
      radius_mm = std::max(radius_mm, (mesh_.corner(t, c) - center).norm());
    }
    const LevelSet::Jet jet = surface_.function().jet(center);
    const Matrix3 along = Matrix3::Identity() - normal * normal.transpose();
    const double bend = surface_.hessian_bound(center, along * jet.hessian * along, radius_mm);
    // The error is less than this, or not proven.
    const double most_mm = 0.3 * edge_mm;
    const double bound = surface_.hessian_bound(center, jet.hessian, radius_mm + most_mm);
    const double slope = jet.gradient.norm() - bound * (radius_mm + most_mm);
    if (!(slope > 0.0)) return unproven;
    const double error_mm = bend * edge_mm * edge_mm / (6.0 * slope);
    const bool faces = normal.dot(jet.gradient) > bound * (radius_mm + error_mm);
    return error_mm < most_mm && error_mm * bound < slope && faces ? error_mm : unproven;
  }

  const LevelSetDistance& surface_;
  const TriangleMesh& mesh_;
  std::vector<double> errors_mm_;
};

using Edge = std::pair<std::uint32_t, std::uint32_t>;  // The smaller vertex first.

Edge edge_of(const Triangle& triangle, std::size_t from) {
  return std::minmax(triangle[from], triangle[(from + 1) % 3]);
}

std::size_t longest_edge(const TriangleMesh& mesh, const Triangle& triangle) {
  std::size_t longest = 0;
  double length_mm = -1.0;
  for (std::size_t c = 0; c < 3; ++c) {
    const auto [a, b] = edge_of(triangle, c);
    const double here_mm = (mesh.vertices_mm[b] - mesh.vertices_mm[a]).norm();
    if (here_mm > length_mm) longest = c;
    length_mm = std::max(length_mm, here_mm);
  }
  return longest;
}

/// Cuts the marked triangles at the middle of their longest edges, and what keeps the mesh conforming
/// (M.-C. Rivara 1984): a triangle that is cut is cut at its longest edge first.
void bisect(const LevelSetDistance& surface, TriangleMesh& mesh, const std::vector<bool>& marked) {
  std::map<Edge, std::uint32_t> middles;  // Made below.
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t)
    if (marked[t]) middles[edge_of(mesh.triangles[t], longest_edge(mesh, mesh.triangles[t]))] = 0;
  for (bool grows = true; grows;) {
    grows = false;
    for (const auto& triangle : mesh.triangles) {
      bool is_cut = false;
      for (std::size_t c = 0; c < 3; ++c) is_cut = is_cut || middles.contains(edge_of(triangle, c));
      if (is_cut && middles.try_emplace(edge_of(triangle, longest_edge(mesh, triangle)), 0U).second)
        grows = true;
    }
  }
  std::vector<Triangle> rest;
  for (const auto& triangle : mesh.triangles) {
    const std::size_t longest = longest_edge(mesh, triangle);
    rest.push_back({triangle[longest], triangle[(longest + 1) % 3], triangle[(longest + 2) % 3]});
  }
  for (auto& [edge, vertex] : middles) {
    vertex = static_cast<std::uint32_t>(mesh.vertices_mm.size());
    mesh.vertices_mm.push_back(
        surface.nearest(0.5 * (mesh.vertices_mm[edge.first] + mesh.vertices_mm[edge.second])).place_mm);
  }
  const auto middle_of = [&](std::uint32_t a, std::uint32_t b) -> std::optional<std::uint32_t> {
    const auto found = middles.find(std::minmax(a, b));
    return found == middles.end() ? std::nullopt : std::optional(found->second);
  };
  mesh.triangles.clear();
  for (const auto& [a, b, c] : rest) {
    const auto middle = middle_of(a, b);
    if (!middle) {
      mesh.triangles.push_back({a, b, c});
      continue;
    }
    for (const auto& half : {Triangle{b, c, *middle}, Triangle{c, a, *middle}}) {
      const auto second = middle_of(half[0], half[1]);
      if (second) {
        mesh.triangles.push_back({half[1], half[2], *second});
        mesh.triangles.push_back({half[2], half[0], *second});
      } else {
        mesh.triangles.push_back(half);
      }
    }
  }
}

/// One sheet: no other triangle than those about a vertex is within the error of it, for one of each part.
void require_one_sheet(const TriangleMesh& mesh, const MeshDistance& distance, double error_mm) {
  UnionFind parts(mesh.vertices_mm.size());
  for (const auto& [a, b, c] : mesh.triangles) {
    parts.unite(a, b);
    parts.unite(b, c);
  }
  for (std::size_t v = 0; v < mesh.vertices_mm.size(); ++v) {
    if (parts.find(v) != v) continue;
    const Point3& vertex = mesh.vertices_mm[v];
    distance.tree().visit(
        {.center_mm = vertex, .radius_mm = error_mm}, [](const Point3&, const Point3&) { return true; },
        [&](std::size_t triangle, const std::array<Point3, 3>&) {
          const auto& corners = mesh.triangles[triangle];
          if (std::find(corners.begin(), corners.end(), v) == corners.end() &&
              distance.distance_to_triangle_mm(vertex, triangle) <= error_mm)
            refuse("a part of the mesh that lies on another");
        });
  }
}

/// What happens where the proof fails: a fold that is only cut stays one.
enum class Unproven { cut, cut_and_moved };

LevelSetMesh refined(const LevelSetDistance& surface, TriangleMesh mesh, double error_mm, Unproven unproven) {
  constexpr int most_rounds = 60;
  for (int round = 0; round < most_rounds; ++round) {
    const ProvenErrors proven(surface, mesh);
    if (proven.largest_mm() <= error_mm)
      return {.mesh = std::move(mesh), .hausdorff_bound_mm = proven.largest_mm()};
    if (mesh.triangles.size() > 5'000'000)
      throw InvalidInput({.what = "the truth surface would have more than five million triangles",
                          .expected = "a chordal error that the size allows",
                          .got = fmt::format("{} mm", error_mm),
                          .mend = "allow a larger chordal error, or take a smaller shape"});
    std::vector<bool> marked;
    for (const double of_triangle_mm : proven.errors_mm()) marked.push_back(of_triangle_mm > error_mm);
    const bool is_folded = std::isinf(proven.largest_mm());
    bisect(surface, mesh, marked);
    if (is_folded && unproven == Unproven::cut_and_moved) move_to_mean_of_neighbours(surface, mesh);
  }
  refuse(fmt::format("no proof of {} mm after {} rounds of refinement", error_mm, most_rounds));
}

}  // namespace

LevelSetMesh coarse_mesh(const LevelSetDistance& surface) {
  TriangleMesh mesh = Lattice(surface.function(), 0.6 * surface.typical_bend_mm()).marching_tetrahedra();
  if (mesh.triangles.empty()) refuse("no surface at all");
  for (int round = 0; round < 8; ++round) move_to_mean_of_neighbours(surface, mesh);
  LevelSetMesh result =
      refined(surface, std::move(mesh), 0.03 * surface.typical_bend_mm(), Unproven::cut_and_moved);
  const MeshDistance distance(result.mesh);
  require_one_sheet(result.mesh, distance, result.hausdorff_bound_mm);
  for (const auto& sample : surface.samples())
    if (distance.nearest(sample).distance_mm > result.hausdorff_bound_mm + LevelSetDistance::tolerance_mm)
      refuse("a part of the surface without a mesh");
  return result;
}

LevelSetMesh refined_mesh(const LevelSetDistance& surface, const LevelSetMesh& coarse,
                          double chordal_error_mm) {
  return refined(surface, coarse.mesh, chordal_error_mm, Unproven::cut);
}

}  // namespace meshassay::phantoms
