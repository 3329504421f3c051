// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/deviation/farthest_point.hpp"

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "metrics/surface/cut_polygon.hpp"

namespace meshassay::metrics {
namespace {

// Each index writes only what is its own, so the result is the same for any number of threads.
template <typename Body>
void for_each_index(std::size_t count, Body body) {
  tbb::parallel_for(tbb::blocked_range<std::size_t>(0, count, 256),
                    [&](const tbb::blocked_range<std::size_t>& range) {
                      for (std::size_t i = range.begin(); i != range.end(); ++i) body(i);
                    });
}

// A point of the surface with its distance.
struct Sampled {
  Point3 point = Point3::Zero();
  double distance = 0.0;
  std::size_t nearest = TriangleTree::none;
};

// A piece of the surface that may hold the farthest point.
struct OpenCell {
  std::array<Sampled, 3> corners;
  double upper = 0.0;
  Sampled inner;  // Where the bound was largest.
};

Sampled sampled(const MeshDistance& mesh, const Point3& point, std::size_t hint) {
  const auto found = mesh.nearest(point, {.hint = hint});
  return {point, found.distance_mm, found.triangle};
}

double farthest_corner(const SmallPolygon& part, const MeshDistance& mesh, std::size_t triangle,
                       Point3& place) {
  double farthest = -1.0;
  for (const auto& corner : part) {
    const double distance = mesh.distance_to_triangle_mm(corner, triangle);
    if (distance <= farthest) continue;
    farthest = distance;
    place = corner;
  }
  return farthest;
}

// What a search over the parts of a cell has found.
struct Bound {
  double upper = 0.0;
  Point3 place = Point3::Zero();
  void raise(double candidate, const Point3& at) {
    if (candidate <= upper) return;
    upper = candidate;
    place = at;
  }
};

// The bound of a cell by parts, each over one triangle of the mesh. Parts that are no farther than `enough`
// are not cut.
Bound bound_by_parts(const OpenCell& cell, const MeshDistance& mesh, double enough) {
  struct Part {
    SmallPolygon polygon;
    std::size_t triangle;
  };
  constexpr std::size_t most_parts = 16;
  std::array<Part, most_parts> waiting;
  std::size_t left = 0;
  Bound bound;
  int cuts_left = 48;  // A cell over more triangles than this is better halved.
  const auto& c = cell.corners;
  waiting[left++] = {SmallPolygon({c[0].point, c[1].point, c[2].point}), c[0].nearest};
  while (left > 0) {
    Part part = waiting[--left];
    Point3 place = Point3::Zero();
    const double uncut = farthest_corner(part.polygon, mesh, part.triangle, place);
    if (uncut <= enough || cuts_left-- <= 0 || left + 3 > most_parts) {
      bound.raise(uncut, place);
      continue;
    }
    for (int edge = 0; edge < 3 && part.polygon.size() > 0; ++edge) {
      const std::size_t neighbour = mesh.neighbour(part.triangle, edge);
      if (neighbour == TriangleTree::none || part.polygon.is_full()) continue;
      const Point3& from = mesh.mesh().corner(part.triangle, edge);
      const Point3& to = mesh.mesh().corner(part.triangle, (edge + 1) % 3);
      const Point3& opposite = mesh.mesh().corner(part.triangle, (edge + 2) % 3);
      Vector3 inward = (to - from).cross(mesh.pseudonormal(part.triangle, 3 + edge));
      if (inward.dot(opposite - from) < 0.0) inward = -inward;
      PolygonHalves halves = cut(part.polygon, from, inward);
      part.polygon = halves.positive;
      if (halves.negative.size() > 0) waiting[left++] = {halves.negative, neighbour};
    }
    if (part.polygon.size() == 0) continue;
    const double after = farthest_corner(part.polygon, mesh, part.triangle, place);
    bound.raise(after, place);
  }
  return bound;
}

// Coordinates and distances are of this size.
double rounding_mm(const TriangleMesh& surface, const std::vector<Sampled>& at_vertex) {
  double largest = 0.0;
  for (const auto& sample : at_vertex)
    if (sample.nearest != TriangleTree::none)
      largest = std::max({largest, sample.distance, sample.point.cwiseAbs().maxCoeff()});
  return 64.0 * std::numeric_limits<double>::epsilon() * (largest + bounding_box(surface).diagonal_mm());
}

class Search {
 public:
  Search(const TriangleMesh& surface, const MeshDistance& mesh, const RefinementOptions& options)
      : mesh_(mesh), options_(options), left_(options.max_bisections) {
    std::vector<char> used(surface.vertices_mm.size(), 0);
    for (const auto& triangle : surface.triangles)
      for (const auto vertex : triangle) used[vertex] = 1;
    std::vector<Sampled> at_vertex(surface.vertices_mm.size());
    tbb::parallel_for(tbb::blocked_range<std::size_t>(0, at_vertex.size(), 256),
                      [&](const tbb::blocked_range<std::size_t>& range) {
                        std::size_t hint = TriangleTree::none;
                        for (std::size_t v = range.begin(); v != range.end(); ++v) {
                          if (!used[v]) continue;
                          at_vertex[v] = sampled(mesh_, surface.vertices_mm[v], hint);
                          hint = at_vertex[v].nearest;
                        }
                      });
    for (const auto& sample : at_vertex)
      if (sample.nearest != TriangleTree::none) look_at(sample);
    rounding_mm_ = rounding_mm(surface, at_vertex);
    open_from(surface, at_vertex);
  }

  GreatestDistance run() {
    while (!open_.empty() && left_ > 0) {
      const std::vector<std::size_t> chosen = most_promising();
      left_ -= chosen.size();
      halve(chosen);
      settle();
    }
    double upper = std::max(attained_, settled_);
    for (const auto& cell : open_) upper = std::max(upper, cell.upper);
    return {.distance_mm = {.value = std::max(0.0, attained_),
                            .ruler = {std::max(0.0, attained_ - rounding_mm_), upper + rounding_mm_}},
            .place_mm = place_};
  }

 private:
  [[nodiscard]] double enough() const {
    return attained_ + std::max(options_.width_mm, options_.relative_width * attained_);
  }

  void look_at(const Sampled& sample) {
    if (sample.distance <= attained_) return;
    attained_ = sample.distance;
    place_ = sample.point;
  }

  // Triangles that cheap bounds do not settle become cells.
  void open_from(const TriangleMesh& surface, const std::vector<Sampled>& at_vertex) {
    const double enough_mm = enough();
    std::vector<double> upper(surface.triangles.size());
    for_each_index(upper.size(), [&](std::size_t t) {
      const auto& [a, b, c] = surface.triangles[t];
      upper[t] = cheap_bound({{at_vertex[a], at_vertex[b], at_vertex[c]}}, enough_mm);
    });
    for (std::size_t t = 0; t < upper.size(); ++t) {
      if (upper[t] <= enough_mm) {
        settled_ = std::max(settled_, upper[t]);
        continue;
      }
      const auto& [a, b, c] = surface.triangles[t];
      open_.push_back({.corners = {at_vertex[a], at_vertex[b], at_vertex[c]}, .upper = upper[t]});
    }
    settle();
  }

  [[nodiscard]] double cheap_bound(const std::array<Sampled, 3>& corners, double enough_mm) const {
    // The distance is 1-Lipschitz: from a corner it grows by the longer edge there at most.
    double upper = std::numeric_limits<double>::infinity();
    std::array<double, 3> edge;
    for (std::size_t i = 0; i < 3; ++i) edge[i] = (corners[(i + 1) % 3].point - corners[i].point).norm();
    for (std::size_t i = 0; i < 3; ++i)
      upper = std::min(upper, corners[i].distance + std::max(edge[i], edge[(i + 2) % 3]));
    for (std::size_t i = 0; i < 3 && upper > enough_mm; ++i) {
      double farthest = corners[i].distance;
      for (std::size_t j = 0; j < 3; ++j)
        if (j != i)
          farthest = std::max(farthest, mesh_.distance_to_triangle_mm(corners[j].point, corners[i].nearest));
      upper = std::min(upper, farthest);
    }
    return upper;
  }

  // Bounds the open cells by parts, tries the points where the bounds are largest, and puts those aside that
  // are near enough.
  void settle() {
    const double enough_mm = enough();
    for_each_index(open_.size(), [&](std::size_t i) {
      OpenCell& cell = open_[i];
      if (cell.upper <= enough_mm) return;
      const Bound bound = bound_by_parts(cell, mesh_, enough_mm);
      if (bound.upper < cell.upper) cell.upper = bound.upper;
      cell.inner.nearest = TriangleTree::none;
      if (cell.upper > enough_mm && bound.upper > 0.0)
        cell.inner = sampled(mesh_, bound.place, cell.corners[0].nearest);
    });
    for (const auto& cell : open_)
      if (cell.inner.nearest != TriangleTree::none) look_at(cell.inner);
    const double now_enough = enough();
    std::erase_if(open_, [&](const OpenCell& cell) {
      if (cell.upper > now_enough) return false;
      settled_ = std::max(settled_, cell.upper);
      return true;
    });
  }

  // They raise what is attained, and so settle others without a look.
  [[nodiscard]] std::vector<std::size_t> most_promising() const {
    double top = attained_;
    for (const auto& cell : open_) top = std::max(top, cell.upper);
    std::vector<std::size_t> chosen;
    for (std::size_t i = 0; i < open_.size(); ++i)
      if (open_[i].upper >= 0.5 * (attained_ + top)) chosen.push_back(i);
    if (chosen.size() > left_) {
      std::stable_sort(chosen.begin(), chosen.end(),
                       [&](std::size_t a, std::size_t b) { return open_[a].upper > open_[b].upper; });
      chosen.resize(left_);
    }
    return chosen;
  }

  // Across the longest edge: the angles of the pieces stay bounded. The first half takes the parent's place.
  void halve(const std::vector<std::size_t>& chosen) {
    const std::size_t first_new = open_.size();
    open_.resize(first_new + chosen.size());
    for_each_index(chosen.size(), [&](std::size_t k) {
      const OpenCell parent = open_[chosen[k]];
      std::size_t from = 0;
      double longest = -1.0;
      for (std::size_t i = 0; i < 3; ++i) {
        const double length = (parent.corners[(i + 1) % 3].point - parent.corners[i].point).squaredNorm();
        if (length <= longest) continue;
        longest = length;
        from = i;
      }
      const std::size_t to = (from + 1) % 3;
      const Sampled middle = sampled(mesh_, 0.5 * (parent.corners[from].point + parent.corners[to].point),
                                     parent.corners[from].nearest);
      const auto half = [&](std::size_t replaced) {
        OpenCell child{.corners = parent.corners, .upper = parent.upper};
        child.corners[replaced] = middle;
        child.upper = std::min(child.upper, cheap_bound(child.corners, 0.0));
        return child;
      };
      open_[chosen[k]] = half(to);
      open_[first_new + k] = half(from);
    });
    for (std::size_t k = 0; k < chosen.size(); ++k)
      for (const auto& corner : open_[first_new + k].corners) look_at(corner);
  }

  const MeshDistance& mesh_;
  const RefinementOptions options_;
  std::size_t left_;
  double rounding_mm_ = 0.0;
  double attained_ = -1.0;  // So that a surface that lies on the mesh has a place too.
  Point3 place_ = Point3::Zero();
  double settled_ = 0.0;  // The largest bound of a cell that was put aside as near enough.
  std::vector<OpenCell> open_;
};

}  // namespace

GreatestDistance farthest_point(const TriangleMesh& surface, const MeshDistance& mesh,
                                const RefinementOptions& options) {
  return Search(surface, mesh, options).run();
}

Enclosed hausdorff_distance(const TriangleMesh& a, const TriangleMesh& b, const RefinementOptions& options) {
  const Enclosed forth = farthest_point(a, MeshDistance(b), options).distance_mm;
  const Enclosed back = farthest_point(b, MeshDistance(a), options).distance_mm;
  return {.value = std::max(forth.value, back.value),
          .ruler = {std::max(forth.ruler.lo, back.ruler.lo), std::max(forth.ruler.hi, back.ruler.hi)}};
}

}  // namespace meshassay::metrics
