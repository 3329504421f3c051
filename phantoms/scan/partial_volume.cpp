// SPDX-License-Identifier: GPL-3.0-or-later
// A box is taken apart, the part with the largest bound first, until the bounds of all parts add up to the
// tolerance. A part is decided where |d(centre)| is at least its half diagonal (d has Lipschitz constant 1).
// Else let eps be the surface's flatness over the part's circumscribed ball: d differs from its tangent plane
// by at most eps there, so the exact fraction lies between those of the half-spaces "plane <= -eps" and
// "plane <= +eps", which have closed forms.
#include "phantoms/scan/partial_volume.hpp"

#include <fmt/format.h>
#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/errors.hpp"
#include "phantoms/scan/half_space.hpp"
#include "phantoms/scan/scan.hpp"
#include "phantoms/scan/voxel_blocks.hpp"

namespace meshassay::phantoms {

BoundedFraction BoxFraction::of_part(const Point3& center_mm, const Vector3& half_extent_mm,
                                     double enough) const {
  const double radius_mm = half_extent_mm.norm();
  const double distance_mm = surface_.signed_distance_mm(center_mm);
  if (std::abs(distance_mm) >= radius_mm) return {.value = distance_mm < 0.0 ? 1.0 : 0.0};
  const Vector3 normal = axes_.transpose() * surface_.gradient(center_mm);
  const double flatness_mm = surface_.flatness_mm(center_mm, radius_mm);
  // Far more than flat: decided, though within the half diagonal.
  const double reach_mm = normal.cwiseAbs().dot(half_extent_mm);
  if (std::abs(distance_mm) >= reach_mm + flatness_mm) return {.value = distance_mm < 0.0 ? 1.0 : 0.0};
  BoundedFraction result;
  if (moments_ == Moments::measured) {
    const HalfSpaceContent content = half_space_content(normal, half_extent_mm, -distance_mm);
    result = {.value = content.fraction, .moment_mm = content.moment_mm};
  } else {
    result.value = half_space_fraction(normal, half_extent_mm, -distance_mm);
  }
  if (flatness_mm == 0.0) return result;
  // A plane that moves by flatness sweeps at most this much of the box, which is enough more often than not.
  result.bound = flatness_mm / (2.0 * normal.cwiseAbs().cwiseProduct(half_extent_mm).maxCoeff());
  if (result.bound <= enough) return result;
  const double least = half_space_fraction(normal, half_extent_mm, -distance_mm - flatness_mm);
  const double most = half_space_fraction(normal, half_extent_mm, -distance_mm + flatness_mm);
  result.bound = std::max(result.value - least, most - result.value);
  return result;
}

BoundedFraction BoxFraction::operator()(const Point3& center_mm, const Vector3& half_extent_mm,
                                        double tolerance) {
  constexpr int most_parts = 4'000'000;
  BoundedFraction total = of_part(center_mm, half_extent_mm, tolerance);
  if (total.bound <= tolerance) return total;
  const auto smaller_bound = [](const Part& a, const Part& b) { return a.fraction.bound < b.fraction.bound; };
  parts_.assign(1, {Vector3::Zero(), half_extent_mm, total});
  for (int measured = 1; total.bound > tolerance;) {
    if (measured > most_parts)
      throw InvalidInput({.what = "the partial volume of a voxel does not reach its tolerance",
                          .where = fmt::format("the voxel at ({:.3f}, {:.3f}, {:.3f}) mm", center_mm[0],
                                               center_mm[1], center_mm[2]),
                          .expected = fmt::format("a bound of {:.3g} of a voxel", tolerance),
                          .got = fmt::format("{:.3g} after {} parts", total.bound, measured),
                          .mend = "allow a larger partial_volume_tolerance, or take smaller voxels"});
    std::pop_heap(parts_.begin(), parts_.end(), smaller_bound);
    const Part worst = parts_.back();
    parts_.pop_back();
    total.value -= worst.fraction.value;
    total.bound -= worst.fraction.bound;
    total.moment_mm -= worst.fraction.moment_mm;
    // Long axes first, so that parts become cubes.
    std::array<int, 3> halves{};
    Vector3 half = worst.half_extent_mm;
    double share = 1.0;
    for (int axis = 0; axis < 3; ++axis) {
      const bool is_long = worst.half_extent_mm[axis] > 0.7 * worst.half_extent_mm.maxCoeff();
      halves[static_cast<std::size_t>(axis)] = is_long ? 2 : 1;
      if (is_long) half[axis] *= 0.5;
      if (is_long) share *= 0.5;
    }
    const double share_of_box = share * worst.half_extent_mm.prod() / half_extent_mm.prod();
    for (int c = 0; c < halves[2]; ++c)
      for (int b = 0; b < halves[1]; ++b)
        for (int a = 0; a < halves[0]; ++a) {
          const Vector3 step(a == 0 ? -half[0] : half[0], b == 0 ? -half[1] : half[1],
                             c == 0 ? -half[2] : half[2]);
          const Vector3 kept = (half.array() < worst.half_extent_mm.array()).select(step, Vector3::Zero());
          Part part{worst.center_mm + kept, half, {}};
          part.fraction = of_part(center_mm + axes_ * part.center_mm, half, tolerance);
          part.fraction.moment_mm += part.fraction.value * part.center_mm;
          part.fraction.value *= share_of_box;
          part.fraction.bound *= share_of_box;
          part.fraction.moment_mm *= share_of_box;
          total.value += part.fraction.value;
          total.bound += part.fraction.bound;
          total.moment_mm += part.fraction.moment_mm;
          ++measured;
          if (part.fraction.bound == 0.0) continue;  // Exact: never looked at again.
          parts_.push_back(part);
          std::push_heap(parts_.begin(), parts_.end(), smaller_bound);
        }
  }
  total.value = std::clamp(total.value, 0.0, 1.0);
  return total;
}

Image<double> voxel_fractions(const ImplicitSurface& surface, const Grid& grid, double tolerance,
                              const Progress& progress) {
  Image<double> fractions(grid);
  const Vector3 half_extent_mm = 0.5 * grid.spacing_mm;
  constexpr int slices_at_once = 16;
  for (int first = 0; first < grid.size[2]; first += slices_at_once) {
    if (progress) progress("partial volume", static_cast<double>(first) / grid.size[2]);
    tbb::parallel_for(first, std::min(first + slices_at_once, grid.size[2]), [&](int k) {
      BoxFraction box_fraction(surface, grid.direction);
      visit_slice(
          surface, grid, k,
          [&](const VoxelBlock& block, bool inside) {
            if (!inside) return;
            for (int j = block.j_begin; j < block.j_end; ++j)
              for (int i = block.i_begin; i < block.i_end; ++i) fractions.at(i, j, k) = 1.0;
          },
          [&](int i, int j, const Point3& center_mm) {
            fractions.at(i, j, k) = box_fraction(center_mm, half_extent_mm, tolerance).value;
          });
    });
  }
  if (progress) progress("partial volume", 1.0);
  return fractions;
}

Image<float> partial_volume(const ImplicitSurface& surface, const Grid& grid, double tolerance) {
  if (!(tolerance > 0.0))
    throw InvalidInput({.what = "a partial volume needs a tolerance",
                        .expected = "a positive fraction of a voxel",
                        .got = fmt::format("{}", tolerance)});
  const Image<double> fractions = voxel_fractions(surface, grid, tolerance, {});
  Image<float> result(grid);
  std::transform(fractions.values.begin(), fractions.values.end(), result.values.begin(),
                 [](double fraction) { return static_cast<float>(fraction); });
  return result;
}

}  // namespace meshassay::phantoms
