// SPDX-License-Identifier: GPL-3.0-or-later
#include "reports/plane_section.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>

namespace meshassay::reports {
namespace {

using EdgeKey = std::pair<std::uint32_t, std::uint32_t>;  ///< The vertex below, the vertex above.

/// The cut as a graph: a node where the plane crosses an edge of the mesh, an arc in every crossed triangle.
struct CutGraph {
  std::vector<Point3> nodes_mm;
  std::vector<std::array<std::size_t, 2>> arcs;
  std::vector<std::vector<std::size_t>> arcs_of_node;  ///< Ascending.
};

Point3 crossing(const Point3& below, const Point3& above, int axis, double position_mm) {
  const double share = (position_mm - below[axis]) / (above[axis] - below[axis]);
  Point3 point = (1.0 - share) * below + share * above;
  point[axis] = position_mm;
  return point;
}

CutGraph cut(const TriangleMesh& mesh, int axis, double position_mm) {
  CutGraph graph;
  std::map<EdgeKey, std::size_t> node_of_edge;
  const auto is_above = [&](std::uint32_t vertex) { return mesh.vertices_mm[vertex][axis] >= position_mm; };
  const auto node_of = [&](std::uint32_t below, std::uint32_t above) {
    const auto [at, is_new] = node_of_edge.try_emplace({below, above}, graph.nodes_mm.size());
    if (is_new)
      graph.nodes_mm.push_back(crossing(mesh.vertices_mm[below], mesh.vertices_mm[above], axis, position_mm));
    return at->second;
  };
  for (const auto& triangle : mesh.triangles) {
    std::array<std::size_t, 2> arc{};
    std::size_t ends = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      const std::uint32_t from = triangle[i], to = triangle[(i + 1) % 3];
      if (is_above(from) == is_above(to)) continue;
      arc[ends++] = is_above(to) ? node_of(from, to) : node_of(to, from);
    }
    if (ends == 2 && arc[0] != arc[1]) graph.arcs.push_back(arc);
  }
  graph.arcs_of_node.resize(graph.nodes_mm.size());
  for (std::size_t a = 0; a < graph.arcs.size(); ++a)
    for (const std::size_t node : graph.arcs[a]) graph.arcs_of_node[node].push_back(a);
  return graph;
}

/// Walks along unused arcs until there is none; every arc is walked once.
class Walker {
 public:
  explicit Walker(const CutGraph& graph)
      : graph_(graph), used_(graph.arcs.size()), next_(graph.nodes_mm.size()) {}

  [[nodiscard]] bool has_unused(std::size_t node) { return unused_arc(node).has_value(); }

  Contour walk(std::size_t start) {
    Contour contour;
    std::size_t node = start;
    contour.points_mm.push_back(graph_.nodes_mm[node]);
    while (const auto arc = unused_arc(node)) {
      used_[*arc] = true;
      node = graph_.arcs[*arc][0] == node ? graph_.arcs[*arc][1] : graph_.arcs[*arc][0];
      // Triangles that touch the plane at a vertex give arcs without length.
      if (graph_.nodes_mm[node] != contour.points_mm.back())
        contour.points_mm.push_back(graph_.nodes_mm[node]);
    }
    contour.closed = node == start;
    if (contour.closed && contour.points_mm.size() > 1 &&
        contour.points_mm.front() == contour.points_mm.back())
      contour.points_mm.pop_back();
    return contour;
  }

 private:
  std::optional<std::size_t> unused_arc(std::size_t node) {
    const auto& arcs = graph_.arcs_of_node[node];
    std::size_t& at = next_[node];
    while (at < arcs.size() && used_[arcs[at]]) ++at;
    return at < arcs.size() ? std::optional(arcs[at]) : std::nullopt;
  }

  const CutGraph& graph_;
  std::vector<bool> used_;
  std::vector<std::size_t> next_;
};

}  // namespace

std::vector<Contour> plane_section(const TriangleMesh& mesh, int axis, double position_mm) {
  const CutGraph graph = cut(mesh, axis, position_mm);
  Walker walker(graph);
  std::vector<Contour> contours;
  const auto walk_from = [&](std::size_t node) {
    while (walker.has_unused(node)) {
      Contour contour = walker.walk(node);
      if (contour.points_mm.size() > 1) contours.push_back(std::move(contour));
    }
  };
  // Open contours first, from their ends; what is left are rings.
  for (std::size_t node = 0; node < graph.nodes_mm.size(); ++node)
    if (graph.arcs_of_node[node].size() % 2 == 1) walk_from(node);
  for (std::size_t node = 0; node < graph.nodes_mm.size(); ++node) walk_from(node);
  return contours;
}

}  // namespace meshassay::reports
