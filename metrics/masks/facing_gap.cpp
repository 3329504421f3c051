// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/masks/facing_gap.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <vector>

namespace meshassay::metrics {
namespace {

constexpr int steps_of_a_way =
    16;  // Of the lattice, but for a layer all over the smaller surface no more than
constexpr double most_points = 2e7, most_points_across = 1e6;
constexpr double tasks_on_an_axis = 16;  // At most.

Box3 grown_box(const TriangleMesh& mesh, double by_mm) {
  Box3 box;
  for (const auto& vertex : mesh.vertices_mm) box.add(vertex);
  box.min_mm -= Vector3::Constant(by_mm);
  box.max_mm += Vector3::Constant(by_mm);
  return box;
}

// What one of the two says of a point outside of it.
struct Way {
  double length_mm = 0.0;
  Vector3 normal;  // Where it ends.
};

class GapCounter {
 public:
  GapCounter(const MeshDistance& one, const MeshDistance& other, const FacingGapOptions& options)
      : sides_{&one, &other},
        within_mm_(options.within_mm * (1.0 + 1e-9)),  // As long as that counts, however it is rounded.
        largest_cosine_(std::cos(options.facing_deg * std::numbers::pi / 180.0)) {}

  // Of the centres of the cubes of a lattice in a cube; a cube of it ends where `edge_mm` is `step_mm`.
  [[nodiscard]] std::uint64_t count(const Point3& lowest_mm, double edge_mm, double step_mm) const {
    const bool last = edge_mm < 1.5 * step_mm;
    const Point3 center_mm = lowest_mm + Vector3::Constant(0.5 * edge_mm);
    const double reach_mm = last ? 0.0 : 0.5 * std::numbers::sqrt3 * edge_mm;
    std::array<Way, 2> ways;
    for (std::size_t n = 0; n < 2; ++n) {
      // Lengths change by no more than the point moves.
      const auto found =
          sides_[n]->nearest(center_mm, {.within_mm = within_mm_ + 2.0 * reach_mm - ways[0].length_mm});
      if (found.triangle == TriangleTree::none) return 0;
      ways[n] = {found.distance_mm, sides_[n]->pseudonormal(found.triangle, found.foot.part)};
      // On the surface is not outside: on a common face normals are opposite.
      const bool inside = ways[n].normal.dot(center_mm - found.foot.point_mm) <= 0.0;
      if (inside && found.distance_mm >= reach_mm) return 0;
    }
    if (ways[0].length_mm + ways[1].length_mm > within_mm_ + 2.0 * reach_mm) return 0;
    if (last)
      return ways[0].normal.dot(ways[1].normal) <
                     largest_cosine_ * ways[0].normal.norm() * ways[1].normal.norm()
                 ? 1
                 : 0;
    const double half_mm = 0.5 * edge_mm;
    std::uint64_t sum = 0;
    for (int part = 0; part < 8; ++part)
      sum += count(lowest_mm + half_mm * Vector3(part & 1, (part >> 1) & 1, part >> 2), half_mm, step_mm);
    return sum;
  }

 private:
  std::array<const MeshDistance*, 2> sides_;
  double within_mm_, largest_cosine_;
};

std::uint64_t count_in(const Box3& box, const GapCounter& counter, double step_mm) {
  double edge_mm = step_mm;
  while (edge_mm * tasks_on_an_axis < box.size_mm().maxCoeff()) edge_mm *= 2.0;
  std::array<std::size_t, 3> tasks{};
  for (int a = 0; a < 3; ++a)
    tasks[static_cast<std::size_t>(a)] = static_cast<std::size_t>(std::ceil(box.size_mm()[a] / edge_mm));
  std::vector<std::uint64_t> counts(tasks[0] * tasks[1] * tasks[2]);
  tbb::parallel_for(std::size_t{0}, counts.size(), [&](std::size_t task) {
    const std::size_t x = task % tasks[0], y = task / tasks[0] % tasks[1], z = task / tasks[0] / tasks[1];
    const Vector3 place(static_cast<double>(x), static_cast<double>(y), static_cast<double>(z));
    counts[task] = counter.count(box.min_mm + edge_mm * place, edge_mm, step_mm);
  });
  std::uint64_t sum = 0;
  for (const std::uint64_t count : counts) sum += count;
  return sum;
}

}  // namespace

FacingGap facing_gap(const MeshDistance& one, const MeshDistance& other, const FacingGapOptions& options) {
  if (!(options.within_mm > 0.0)) return {};
  Box3 box = grown_box(one.mesh(), options.within_mm);
  const Box3 of_other = grown_box(other.mesh(), options.within_mm);
  box.min_mm = box.min_mm.cwiseMax(of_other.min_mm);
  box.max_mm = box.max_mm.cwiseMin(of_other.max_mm);
  if (box.size_mm().minCoeff() <= 0.0) return {};
  const double of_smaller_mm2 = std::min(area_mm2(one.mesh()), area_mm2(other.mesh()));
  const double step_mm =
      std::max({options.within_mm / steps_of_a_way, std::sqrt(of_smaller_mm2 / most_points_across),
                std::cbrt(of_smaller_mm2 * options.within_mm / most_points)});
  const double cube_mm3 = step_mm * step_mm * step_mm;
  const GapCounter counter(one, other, options);
  Box3 between = box;  // Half a step on.
  between.min_mm -= Vector3::Constant(0.5 * step_mm);
  const double first = cube_mm3 * static_cast<double>(count_in(box, counter, step_mm)),
               second = cube_mm3 * static_cast<double>(count_in(between, counter, step_mm));
  // Cubes of half a way and more may miss all of a gap: then it is open by a layer all over the smaller
  // surface.
  const double missed_mm3 = step_mm > 0.5 * options.within_mm ? of_smaller_mm2 * options.within_mm : 0.0;
  return {0.5 * (first + second), std::max(std::abs(first - second), missed_mm3)};
}

}  // namespace meshassay::metrics
