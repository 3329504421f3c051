// SPDX-License-Identifier: GPL-3.0-or-later
#include "reference_pipeline/repair/float_rounding.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <unordered_map>
#include <utility>

#include "core/exact/self_intersection.hpp"

namespace meshassay::reference_pipeline::repair {
namespace {

using Index = std::uint32_t;

bool is_irregular(const Triangle& t) { return t[0] == t[1] || t[1] == t[2] || t[2] == t[0]; }

double largest_coordinate(const Box3& box) {
  return std::max(box.min_mm.cwiseAbs().maxCoeff(), box.max_mm.cwiseAbs().maxCoeff());
}

double float_ulp(double value) {
  const auto nearest = static_cast<float>(value);
  return static_cast<double>(std::nextafter(nearest, std::numeric_limits<float>::max())) -
         static_cast<double>(nearest);
}

bool is_float32(const Point3& point) { return to_float32(point) == point; }

// Equivalent triangles by pairs: two with opposite orientation enclose nothing. False: there were none.
bool drop_cancelling_pairs(TriangleMesh& mesh) {
  if (exact::equivalent_triangles(mesh).empty()) return false;
  std::vector<std::pair<Triangle, Index>> keys;
  for (Index t = 0; t < mesh.triangles.size(); ++t) {
    Triangle key = mesh.triangles[t];
    std::sort(key.begin(), key.end());
    keys.emplace_back(key, t);
  }
  std::sort(keys.begin(), keys.end());
  std::vector<bool> drop(mesh.triangles.size(), false);
  for (std::size_t i = 0; i + 1 < keys.size(); ++i)
    if (keys[i].first == keys[i + 1].first) {
      drop[keys[i].second] = drop[keys[i + 1].second] = true;
      ++i;
    }
  std::size_t kept = 0;
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t)
    if (!drop[t]) mesh.triangles[kept++] = mesh.triangles[t];
  mesh.triangles.resize(kept);
  return true;
}

// The corner opposite to the longest edge: of a flat triangle, the one between the other two.
std::size_t middle_corner(const TriangleMesh& mesh, const Triangle& t) {
  for (std::size_t i = 0; i < 3; ++i) {
    const Point3 &at = mesh.vertices_mm[t[i]], &one = mesh.vertices_mm[t[(i + 1) % 3]],
                 &other = mesh.vertices_mm[t[(i + 2) % 3]];
    // On a line, betweenness is the same in every coordinate: comparisons decide, no arithmetic.
    if (((one.array() <= at.array() && at.array() <= other.array()) ||
         (other.array() <= at.array() && at.array() <= one.array()))
            .all())
      return i;
  }
  std::size_t middle = 0;
  double longest = -1.0;
  for (std::size_t i = 0; i < 3; ++i) {
    const double length = (mesh.vertices_mm[t[(i + 1) % 3]] - mesh.vertices_mm[t[(i + 2) % 3]]).squaredNorm();
    if (length <= longest) continue;
    longest = length;
    middle = i;
  }
  return middle;
}

double height_mm(const TriangleMesh& mesh, std::size_t t) {
  double longest_mm = 0.0;
  for (int i = 0; i < 3; ++i)
    longest_mm = std::max(longest_mm, (mesh.corner(t, i) - mesh.corner(t, (i + 1) % 3)).norm());
  return longest_mm > 0.0 ? 2.0 * area_vector_mm2(mesh, t).norm() / longest_mm : 0.0;
}

// Splits neighbours of triangles that are flat, or lower than `least_height_mm`, at the corner between. Each
// split moves the flat triangle's middle onto an edge of the neighbour, which may be flat in its turn; a
// bound stops what goes in circles. False: there were none.
bool remove_flat_triangles(TriangleMesh& mesh, double least_height_mm) {
  auto flat = exact::degenerate_triangles(mesh);
  if (least_height_mm > 0.0)
    for (Index t = 0; t < mesh.triangles.size(); ++t)
      if (height_mm(mesh, t) < least_height_mm) flat.push_back(t);
  if (flat.empty()) return false;
  std::map<std::pair<Index, Index>, std::vector<Index>> by_edge;  // Directed.
  const auto edit = [&](Index t, bool add) {
    const auto& triangle = mesh.triangles[t];
    for (std::size_t i = 0; i < 3; ++i) {
      auto& list = by_edge[{triangle[i], triangle[(i + 1) % 3]}];
      if (add)
        list.push_back(t);
      else
        list.erase(std::find(list.begin(), list.end(), t));
    }
  };
  for (Index t = 0; t < mesh.triangles.size(); ++t) edit(t, true);
  std::vector<bool> dropped(mesh.triangles.size(), false);
  const auto is_flat = [&](Index t) {
    TriangleMesh one{.vertices_mm = {mesh.corner(t, 0), mesh.corner(t, 1), mesh.corner(t, 2)},
                     .triangles = {{0, 1, 2}}};
    return is_irregular(mesh.triangles[t]) || height_mm(mesh, t) < least_height_mm ||
           !exact::degenerate_triangles(one).empty();
  };
  std::size_t budget = 20 * flat.size() + 100;
  while (!flat.empty() && budget-- > 0) {
    const Index t = flat.back();
    flat.pop_back();
    if (dropped[t]) continue;
    const Triangle triangle = mesh.triangles[t];
    if (is_irregular(triangle)) {
      edit(t, false);
      dropped[t] = true;
      continue;
    }
    const std::size_t middle = middle_corner(mesh, triangle);
    const Index b = triangle[middle], c = triangle[(middle + 1) % 3], a = triangle[(middle + 2) % 3];
    // The triangle runs a -> b -> c -> a: the neighbour runs a -> c.
    const auto& neighbours = by_edge[{a, c}];
    if (neighbours.empty()) continue;  // The next arrangement settles it.
    const Index other = neighbours.front();
    if (other == t) continue;
    const Triangle split = mesh.triangles[other];
    Index d = split[0];
    for (const Index vertex : split)
      if (vertex != a && vertex != c) d = vertex;
    edit(t, false);
    edit(other, false);
    mesh.triangles[t] = {a, b, d};
    mesh.triangles[other] = {b, c, d};
    edit(t, true);
    edit(other, true);
    for (const Index changed : {t, other})
      if (is_flat(changed)) flat.push_back(changed);
  }
  std::size_t kept = 0;
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t)
    if (!dropped[t]) mesh.triangles[kept++] = mesh.triangles[t];
  mesh.triangles.resize(kept);
  return true;
}

bool came_out_as_it_was(const Sorted& sorted, const TriangleMesh& mesh) {
  const auto& arrangement = sorted.arrangement;
  if (!arrangement.set_aside.empty() || arrangement.triangles != mesh.triangles) return false;
  return are_all_solid_as_they_run(sorted);
}

// Whether rounding leaves a vertex where it is exactly.
bool stays(const SolidSurface& surface, std::size_t vertex) {
  return !surface.constructed[vertex] && is_float32(surface.mesh.vertices_mm[vertex]);
}

// Triangles with a corner that moved: the others are as cutting left them, and do not intersect each other.
// Empty where triangles were changed otherwise.
std::vector<std::uint8_t> moved_triangles(const SolidSurface& surface, const TriangleMesh& rounded) {
  if (rounded.triangles != surface.mesh.triangles) return {};
  std::vector<std::uint8_t> moved_vertex(rounded.vertices_mm.size()), moved(rounded.triangles.size());
  for (std::size_t v = 0; v < moved_vertex.size(); ++v)
    moved_vertex[v] = stays(surface, v) && rounded.vertices_mm[v] == surface.mesh.vertices_mm[v] ? 0 : 1;
  for (std::size_t t = 0; t < moved.size(); ++t)
    for (const auto vertex : rounded.triangles[t]) moved[t] |= moved_vertex[vertex];
  return moved;
}

struct PointHash {
  std::size_t operator()(const std::array<float, 3>& p) const {
    std::size_t hash = 0;
    for (const float each : p) hash = hash * 0x9e3779b97f4a7c15ULL + std::hash<float>{}(each);
    return hash ^ (hash >> 29);
  }
};

// Points that never move: the vertices of the input.
class Fixed {
 public:
  explicit Fixed(const SolidSurface& surface) {
    for (std::size_t v = 0; v < surface.mesh.vertices_mm.size(); ++v)
      if (stays(surface, v)) add(surface.mesh.vertices_mm[v]);
  }
  [[nodiscard]] bool contains(const Point3& point) const { return points_.contains(key(point)); }

 private:
  void add(const Point3& point) { points_.emplace(key(point), true); }
  static std::array<float, 3> key(const Point3& point) {
    return {static_cast<float>(point[0]), static_cast<float>(point[1]), static_cast<float>(point[2])};
  }
  std::unordered_map<std::array<float, 3>, bool, PointHash> points_;
};

// Vertices that were constructed become one with the nearest vertex within a distance: what lies between them
// is thinner than the format resolves.
void merge_near_vertices(TriangleMesh& mesh, const Fixed& fixed, double distance_mm) {
  using Key = std::array<std::int64_t, 3>;
  std::map<Key, std::vector<Index>> grid;
  const auto key = [&](const Point3& p) {
    return Key{std::llround(p[0] / distance_mm), std::llround(p[1] / distance_mm),
               std::llround(p[2] / distance_mm)};
  };
  const auto is_fixed = [&](const Point3& p) { return is_float32(p) && fixed.contains(p); };
  std::vector<Index> into(mesh.vertices_mm.size());
  for (const bool movable : {false, true})
    for (Index v = 0; v < mesh.vertices_mm.size(); ++v) {
      const Point3& point = mesh.vertices_mm[v];
      if (is_fixed(point) == movable) continue;
      into[v] = v;
      const Key at = key(point);
      double nearest_mm = distance_mm;
      if (movable)
        for (int dx = -1; dx <= 1; ++dx)
          for (int dy = -1; dy <= 1; ++dy)
            for (int dz = -1; dz <= 1; ++dz) {
              const auto found = grid.find({at[0] + dx, at[1] + dy, at[2] + dz});
              if (found == grid.end()) continue;
              for (const Index other : found->second) {
                const double mm = (mesh.vertices_mm[other] - point).norm();
                if (mm > nearest_mm || (mm == nearest_mm && into[v] != v)) continue;
                nearest_mm = mm;
                into[v] = other;
              }
            }
      if (into[v] == v) grid[at].push_back(v);
    }
  for (auto& triangle : mesh.triangles)
    for (auto& vertex : triangle) vertex = into[vertex];
}

TriangleMesh tidied_with(TriangleMesh tidy, double least_height_mm) {
  tidy = welded(tidy);
  bool changed = std::erase_if(tidy.triangles, is_irregular) > 0;
  changed = drop_cancelling_pairs(tidy) || changed;
  if (remove_flat_triangles(tidy, least_height_mm)) {
    drop_cancelling_pairs(tidy);
    changed = true;
  }
  return changed ? welded(tidy) : tidy;
}

}  // namespace

Point3 to_float32(const Point3& point) {
  Point3 rounded;
  for (int i = 0; i < 3; ++i) {
    // Volatile: inlined into a loop, g++ 12 at -O2 converts pairs of numbers at once and drops the rounding
    // of them.
    const volatile float nearest = static_cast<float>(point[i]);
    rounded[i] = static_cast<double>(nearest);
  }
  return rounded;
}

double rounding_tolerance_mm(const Box3& box) {
  return std::max(1e-5 * box.diagonal_mm(), 4.0 * float_ulp(largest_coordinate(box)));
}

TriangleMesh tidied(const TriangleMesh& mesh) { return tidied_with(mesh, 0.0); }

std::optional<Rounded> rounded_to_float32(const SolidSurface& surface, const RoundingOptions& options) {
  const Box3 box = bounding_box(surface.mesh);
  const double ulp_mm = float_ulp(largest_coordinate(box));
  Rounded result;
  for (std::size_t v = 0; v < surface.mesh.vertices_mm.size(); ++v)
    result.constructed += stays(surface, v) ? 0 : 1;
  std::optional<Rounded> first;
  std::optional<Fixed> fixed;
  // Each time from the exact surface again: rounding errors do not pile up over the distances.
  for (const double multiple : {0.0, 2.0, 6.0, 16.0, 40.0, 100.0}) {
    const double merge_mm = multiple * ulp_mm;
    if (merge_mm > 0.25 * rounding_tolerance_mm(box) && multiple > 2.0) break;
    if (merge_mm > options.max_merge_mm) break;
    if (merge_mm > 0.0 && !fixed) fixed.emplace(surface);
    SolidSurface cut = surface;
    for (int round = 0; round < options.max_rounds; ++round) {
      TriangleMesh mesh = cut.mesh;
      if (merge_mm > 0.0) merge_near_vertices(mesh, *fixed, merge_mm);
      for (auto& point : mesh.vertices_mm) point = to_float32(point);
      result.mesh = tidied_with(std::move(mesh), 0.5 * merge_mm);
      ++result.rounds;
      result.merge_distance_mm = merge_mm;
      if (result.mesh.triangles.empty()) return first;
      result.sorted = sort_out(result.mesh, options.sort, moved_triangles(cut, result.mesh));
      if (came_out_as_it_was(result.sorted, result.mesh)) {
        result.accepted = options.accept(result.mesh);
        if (result.accepted) return result;
        if (!first) first = result;
        break;
      }
      // What grows does not settle.
      if (result.sorted.arrangement.triangles.size() > 4 * surface.mesh.triangles.size() + 1000) break;
      cut = solid_surface(result.sorted);
      if (cut.mesh.triangles.empty()) break;
    }
  }
  return first;
}

}  // namespace meshassay::reference_pipeline::repair
