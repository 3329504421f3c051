// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/deviation/farthest_point.hpp"

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>
#include <tbb/parallel_invoke.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "metrics/surface/cut_polygon.hpp"
#include "metrics/surface/measurable_surface.hpp"

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

// A group of triangles that may hold the farthest point: a node of the surface's tree.
struct Group {
  std::uint32_t node = TriangleTree::root;
  double upper = std::numeric_limits<double>::infinity();
  Sampled middle;  // Of its box.
  bool is_sampled = false;
};

// A triangle that may hold it.
struct Candidate {
  std::size_t triangle;
  double upper;
  std::size_t hint;
};

// What a look at the children of a group has found.
struct Opened {
  std::vector<Group> groups;
  std::vector<Candidate> triangles;
  std::vector<Sampled> on_surface;
};

class Search {
 public:
  Search(const TriangleMesh& surface, const TriangleTree* tree, const MeshDistance& mesh,
         const RefinementOptions& options, const PassedOver* passed_over)
      : surface_(surface),
        tree_(tree),
        mesh_(mesh),
        options_(options),
        passed_over_(passed_over),
        left_(options.max_bisections) {
    if (passed_over_ != nullptr) attained_ = 0.0;
    sample_vertices_of(candidates());
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
    const double rounding = rounding_mm();
    return {
        .distance_mm = {.value = attained_, .ruler = {std::max(0.0, attained_ - rounding), upper + rounding}},
        .place_mm = place_};
  }

 private:
  [[nodiscard]] double enough() const {
    return attained_ + std::max(options_.width_mm, options_.relative_width * attained_);
  }

  void look_at(const Sampled& sample) {
    if (sample.distance <= attained_) return;
    if (passed_over_ != nullptr && passed_over_->holds(sample.point)) return;
    attained_ = sample.distance;
    place_ = sample.point;
  }

  // Coordinates and distances are of this size.
  [[nodiscard]] double rounding_mm() const {
    const Box3 box = bounding_box(surface_);
    const double largest =
        std::max({attained_, box.min_mm.cwiseAbs().maxCoeff(), box.max_mm.cwiseAbs().maxCoeff()});
    return 64.0 * std::numeric_limits<double>::epsilon() * (largest + box.diagonal_mm());
  }

  // The triangles that may hold a point that is farther than what is attained, with bounds: all but those in
  // groups that cannot, the most promising groups first.
  std::vector<Candidate> candidates() {
    std::vector<Candidate> found;
    std::vector<Group> groups;
    for (std::size_t t = 0; t < surface_.triangles.size(); ++t)
      if (!tree_ || !tree_->holds(t))
        found.push_back({t, std::numeric_limits<double>::infinity(), TriangleTree::none});
    if (tree_) groups.emplace_back();
    while (!groups.empty()) {
      double top = attained_;
      for (const auto& group : groups) top = std::max(top, group.upper);
      const auto rest = std::stable_partition(groups.begin(), groups.end(), [&](const Group& group) {
        return group.upper >= 0.5 * (attained_ + top);
      });
      std::vector<Opened> opened(static_cast<std::size_t>(rest - groups.begin()));
      tbb::parallel_for(std::size_t{0}, opened.size(), [&](std::size_t g) { opened[g] = open(groups[g]); });
      groups.erase(groups.begin(), rest);
      for (const auto& part : opened) {
        for (const auto& sample : part.on_surface) look_at(sample);
        groups.insert(groups.end(), part.groups.begin(), part.groups.end());
        found.insert(found.end(), part.triangles.begin(), part.triangles.end());
      }
      put_aside(groups);
    }
    put_aside(found);
    return found;
  }

  // What cannot be farther than what is attained already.
  template <typename Bounded>
  void put_aside(std::vector<Bounded>& items) {
    std::erase_if(items, [&](const Bounded& item) {
      if (item.upper > attained_) return false;
      settled_ = std::max(settled_, item.upper);
      return true;
    });
  }

  [[nodiscard]] Opened open(const Group& group) const {
    Opened opened;
    const auto upper_of = [&](double farthest_from_middle) {
      return group.is_sampled ? std::min(group.upper, group.middle.distance + farthest_from_middle)
                              : group.upper;
    };
    tree_->for_each_child(group.node, [&](const TriangleTree::Child& child) {
      const Vector3 beyond = (group.middle.point - child.low).cwiseMax(child.high - group.middle.point);
      const double by_box = upper_of(beyond.norm());
      if (child.triangle != TriangleTree::none) {
        double farthest = 0.0;
        for (int i = 0; i < 3; ++i)
          farthest = std::max(farthest, (surface_.corner(child.triangle, i) - group.middle.point).norm());
        opened.triangles.push_back(
            {child.triangle, std::min(by_box, upper_of(farthest)), group.middle.nearest});
        return;
      }
      Group part{.node = child.node, .upper = by_box, .middle = group.middle, .is_sampled = group.is_sampled};
      // Bottom nodes are as quickly opened as looked at.
      if (by_box > attained_ && !tree_->is_bottom(child.node)) {
        part.middle = sampled(mesh_, 0.5 * (child.low + child.high), group.middle.nearest);
        part.is_sampled = true;
        part.upper = std::min(by_box, part.middle.distance + 0.5 * (child.high - child.low).norm());
        // Where the middle is far the surface may be too.
        if (part.middle.distance > attained_)
          opened.on_surface.push_back(
              sampled(mesh_, surface_.corner(tree_->triangle_under(child.node), 0), part.middle.nearest));
      }
      opened.groups.push_back(part);
    });
    return opened;
  }

  // Takes the distances at the vertices of the triangles; those that cheap bounds do not settle become cells.
  void sample_vertices_of(const std::vector<Candidate>& triangles) {
    constexpr auto unused = std::numeric_limits<std::uint32_t>::max();
    std::vector<std::uint32_t> sample_of(surface_.vertices_mm.size(), unused);
    std::vector<Sampled> samples;
    for (const auto& candidate : triangles)
      for (const auto vertex : surface_.triangles[candidate.triangle]) {
        if (sample_of[vertex] != unused) continue;
        sample_of[vertex] = static_cast<std::uint32_t>(samples.size());
        samples.push_back({surface_.vertices_mm[vertex], 0.0, candidate.hint});
      }
    for_each_index(samples.size(),
                   [&](std::size_t s) { samples[s] = sampled(mesh_, samples[s].point, samples[s].nearest); });
    for (const auto& sample : samples) look_at(sample);

    const double enough_mm = enough();
    open_.resize(triangles.size());
    for_each_index(triangles.size(), [&](std::size_t t) {
      OpenCell& cell = open_[t];
      for (std::size_t i = 0; i < 3; ++i)
        cell.corners[i] = samples[sample_of[surface_.triangles[triangles[t].triangle][i]]];
      cell.upper = triangles[t].upper;
      if (cell.upper > enough_mm) cell.upper = std::min(cell.upper, cheap_bound(cell.corners, enough_mm));
    });
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
      if (passed_over_ != nullptr &&
          passed_over_->holds_all_of({cell.corners[0].point, cell.corners[1].point, cell.corners[2].point})) {
        cell.upper = 0.0;
        cell.inner.nearest = TriangleTree::none;
        return;
      }
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

  const TriangleMesh& surface_;
  const TriangleTree* tree_;  // Of the surface; absent where no triangle has an area.
  const MeshDistance& mesh_;
  const RefinementOptions options_;
  const PassedOver* passed_over_;
  std::size_t left_;
  double attained_ = -1.0;  // So that a surface that lies on the mesh has a place too.
  Point3 place_ = Point3::Zero();
  double settled_ = 0.0;  // The largest bound of a cell that was put aside as near enough.
  std::vector<OpenCell> open_;
};

}  // namespace

GreatestDistance farthest_point(const TriangleMesh& surface, const MeshDistance& mesh,
                                const RefinementOptions& options, const PassedOver* passed_over) {
  if (why_unmeasurable(surface)) return Search(surface, nullptr, mesh, options, passed_over).run();
  const TriangleTree tree(surface);
  return Search(surface, &tree, mesh, options, passed_over).run();
}

GreatestDistance farthest_point(const MeshDistance& surface, const MeshDistance& mesh,
                                const RefinementOptions& options) {
  return Search(surface.mesh(), &surface.tree(), mesh, options, nullptr).run();
}

Enclosed hausdorff_distance(const TriangleMesh& a, const TriangleMesh& b, const RefinementOptions& options) {
  std::optional<MeshDistance> from_a, from_b;
  tbb::parallel_invoke([&] { from_a.emplace(a); }, [&] { from_b.emplace(b); });
  Enclosed forth, back;
  tbb::parallel_invoke([&] { forth = farthest_point(*from_a, *from_b, options).distance_mm; },
                       [&] { back = farthest_point(*from_b, *from_a, options).distance_mm; });
  return {.value = std::max(forth.value, back.value),
          .ruler = {std::max(forth.ruler.lo, back.ruler.lo), std::max(forth.ruler.hi, back.ruler.hi)}};
}

}  // namespace meshassay::metrics
