// SPDX-License-Identifier: GPL-3.0-or-later
#include "reference_pipeline/repair/solid.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "core/blocks.hpp"
#include "core/edge_table.hpp"
#include "core/vertex_links.hpp"

namespace meshassay::reference_pipeline::repair {
namespace {

using Index = std::uint32_t;
constexpr Index none = static_cast<Index>(-1);

// Numbers what is used, in order of first use.
class Compaction {
 public:
  explicit Compaction(const std::vector<Point3>& all) : all_(all), to_(all.size(), none) {}
  Index operator()(Index vertex) {
    if (to_[vertex] == none) {
      to_[vertex] = static_cast<Index>(kept.size());
      kept.push_back(all_[vertex]);
      from.push_back(vertex);
    }
    return to_[vertex];
  }
  std::vector<Point3> kept;
  std::vector<Index> from;

 private:
  const std::vector<Point3>& all_;
  std::vector<Index> to_;
};

// For each vertex the first one within `distance_mm`, or itself: slivers between them have no extent.
class Merger {
 public:
  explicit Merger(double distance_mm) : distance_mm_(distance_mm) {}
  Index operator()(const std::vector<Point3>& points, Index vertex) {
    if (const auto known = merged_.find(vertex); known != merged_.end()) return known->second;
    const Point3& point = points[vertex];
    Index into = vertex;
    const auto at = key(point);
    for (int dx = -1; dx <= 1; ++dx)
      for (int dy = -1; dy <= 1; ++dy)
        for (int dz = -1; dz <= 1; ++dz) {
          const auto found = grid_.find({at[0] + dx, at[1] + dy, at[2] + dz});
          if (found == grid_.end()) continue;
          for (const Index other : found->second)
            if ((points[other] - point).norm() <= distance_mm_) into = std::min(into, other);
        }
    if (into == vertex) grid_[at].push_back(vertex);
    merged_[vertex] = into;
    return into;
  }

 private:
  [[nodiscard]] std::array<std::int64_t, 3> key(const Point3& point) const {
    return {std::llround(point[0] / distance_mm_), std::llround(point[1] / distance_mm_),
            std::llround(point[2] / distance_mm_)};
  }
  double distance_mm_;
  std::map<std::array<std::int64_t, 3>, std::vector<Index>> grid_;
  std::map<Index, Index> merged_;
};

}  // namespace

Sorted sort_out(const TriangleMesh& mesh, const SortOptions& options, std::span<const std::uint8_t> suspect) {
  Sorted sorted;
  sorted.arrangement = exact::arrange(mesh, {.is_welded = true, .suspect = suspect});
  const VertexLinks links(sorted.arrangement.triangles, sorted.arrangement.vertices_mm.size());
  const EdgeTable edges(links);
  sorted.hull = exact::outer_hull(sorted.arrangement, links, edges);
  sorted.cavities = find_cavities(mesh, sorted.arrangement, edges, sorted.hull, options.least_cavity_mm3);
  sorted.open.assign(sorted.hull.cells.size(), false);
  sorted.open[0] = true;
  if (options.cavities == Cavities::keep)
    for (const auto& cavity : sorted.cavities)
      for (const auto cell : cavity.cells) sorted.open[cell] = true;
  return sorted;
}

Role role(const Sorted& sorted, std::size_t triangle) {
  const auto& sides = sorted.hull.cell[triangle];
  const bool front = sorted.open[sides[0]], back = sorted.open[sides[1]];
  return front && back ? Role::sheet : front || back ? Role::solid : Role::internal;
}

bool are_all_solid_as_they_run(const Sorted& sorted) {
  return !first_of_blocks(sorted.arrangement.triangles.size(), [&](std::size_t t) {
    return role(sorted, t) != Role::solid || !sorted.open[sorted.hull.cell[t][0]];
  });
}

Vector3 unit_normal(const TriangleMesh& mesh, std::size_t triangle) {
  using Long = Eigen::Matrix<long double, 3, 1>;
  const Long a = mesh.corner(triangle, 0).cast<long double>(),
             b = mesh.corner(triangle, 1).cast<long double>(),
             c = mesh.corner(triangle, 2).cast<long double>();
  Long normal = (b - a).cross(c - a);
  const long double scale = normal.cwiseAbs().maxCoeff();
  if (!(scale > 0.0L)) return Vector3::UnitZ();  // Below what long double resolves.
  normal /= scale;
  return (normal / normal.norm()).cast<double>();
}

SolidSurface solid_surface(const Sorted& sorted) {
  const auto& arrangement = sorted.arrangement;
  Compaction compaction(arrangement.vertices_mm);
  SolidSurface surface;
  for (std::size_t t = 0; t < arrangement.triangles.size(); ++t) {
    if (role(sorted, t) != Role::solid) continue;
    auto [a, b, c] = arrangement.triangles[t];
    if (!sorted.open[sorted.hull.cell[t][0]]) std::swap(b, c);
    surface.mesh.triangles.push_back({compaction(a), compaction(b), compaction(c)});
    surface.of_arrangement.push_back(static_cast<Index>(t));
  }
  surface.mesh.vertices_mm = std::move(compaction.kept);
  for (const Index vertex : compaction.from)
    surface.constructed.push_back(vertex >= arrangement.input_vertices);
  return surface;
}

SheetComplex sheet_complex(const Sorted& sorted, const TriangleMesh& input, double merge_distance_mm) {
  const auto& arrangement = sorted.arrangement;
  if (!first_of_blocks(arrangement.triangles.size(),
                       [&](std::size_t t) { return role(sorted, t) == Role::sheet; }))
    return {};
  Compaction compaction(arrangement.vertices_mm);
  Merger merged(merge_distance_mm);
  SheetComplex sheets;
  const auto corner = [&](std::size_t t, std::size_t i) {
    return merged(arrangement.vertices_mm, arrangement.triangles[t][i]);
  };
  for (std::size_t t = 0; t < arrangement.triangles.size(); ++t) {
    if (role(sorted, t) != Role::sheet) continue;
    const Index a = corner(t, 0), b = corner(t, 1), c = corner(t, 2);
    if (a == b || b == c || c == a) continue;
    sheets.mesh.triangles.push_back({compaction(a), compaction(b), compaction(c)});
    sheets.normals.push_back(unit_normal(input, arrangement.source[t]));
  }
  std::vector<bool> on_sheet(arrangement.vertices_mm.size(), false);
  for (const Index vertex : compaction.from) on_sheet[vertex] = true;
  for (std::size_t t = 0; t < arrangement.triangles.size(); ++t) {
    if (role(sorted, t) != Role::solid) continue;
    const auto& triangle = arrangement.triangles[t];
    for (std::size_t i = 0; i < 3; ++i)
      if (on_sheet[triangle[i]] && on_sheet[triangle[(i + 1) % 3]])
        sheets.roots.push_back(std::minmax(compaction(triangle[i]), compaction(triangle[(i + 1) % 3])));
  }
  std::sort(sheets.roots.begin(), sheets.roots.end());
  sheets.roots.erase(std::unique(sheets.roots.begin(), sheets.roots.end()), sheets.roots.end());
  sheets.mesh.vertices_mm = std::move(compaction.kept);
  return sheets;
}

}  // namespace meshassay::reference_pipeline::repair
