// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/meshes/boundary_curves.hpp"

#include <algorithm>
#include <utility>

namespace meshassay::metrics {
namespace {

class Walker {
 public:
  Walker(const EdgeTable& edges, std::size_t vertices) : at_(vertices) {
    for (std::size_t e = 0; e < edges.edges(); ++e) {
      if (edges.edge(e).size() != 1) continue;
      const EdgeUse& use = edges.edge(e).front();
      for (const auto& [from, to] : {std::pair(use.low, use.high), std::pair(use.high, use.low)})
        at_[from].push_back({to, ends_.size()});
      ends_.push_back(false);
    }
  }

  std::vector<VertexCurve> curves() {
    std::vector<VertexCurve> arcs, loops;
    for (std::uint32_t v = 0; v < at_.size(); ++v)
      if (open_edges(v) % 2 != 0) walk(v, arcs, loops);
    for (std::uint32_t v = 0; v < at_.size(); ++v)
      while (open_edges(v) > 0) walk(v, arcs, loops);
    arcs.insert(arcs.end(), loops.begin(), loops.end());
    return arcs;
  }

 private:
  struct Step {
    std::uint32_t to = 0;
    std::size_t edge = 0;
  };
  [[nodiscard]] std::size_t open_edges(std::uint32_t vertex) const {
    return static_cast<std::size_t>(std::count_if(at_[vertex].begin(), at_[vertex].end(),
                                                  [&](const Step& step) { return !ends_[step.edge]; }));
  }

  // On until there is no way; where the way comes back to itself, a loop is cut off.
  void walk(std::uint32_t start, std::vector<VertexCurve>& arcs, std::vector<VertexCurve>& loops) {
    std::vector<std::uint32_t> way{start};
    while (true) {
      const auto& steps = at_[way.back()];
      const auto next =
          std::find_if(steps.begin(), steps.end(), [&](const Step& step) { return !ends_[step.edge]; });
      if (next == steps.end()) break;
      ends_[next->edge] = true;
      const auto seen = std::find(way.begin(), way.end(), next->to);
      if (seen == way.end()) {
        way.push_back(next->to);
      } else {
        loops.push_back({true, {seen, way.end()}});
        way.erase(seen + 1, way.end());
      }
    }
    if (way.size() > 1) arcs.push_back({false, std::move(way)});
  }

  std::vector<std::vector<Step>> at_;
  std::vector<bool> ends_;  // Of each edge: it is in a curve.
};

}  // namespace

std::vector<VertexCurve> boundary_curves(const EdgeTable& edges, std::size_t vertices) {
  return Walker(edges, vertices).curves();
}

}  // namespace meshassay::metrics
