// SPDX-License-Identifier: GPL-3.0-or-later
// Volume of a box cut by a plane: R. Scardovelli and S. Zaleski, "Analytical relations connecting linear
// interfaces and volume fractions in rectangular grids", J. Comput. Phys. 164 (2000) 228-237; rearranged so
// that no digit is lost where a component of the normal is small.
#include "phantoms/scan/half_space.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace meshassay::phantoms {
namespace {

double cube_of_positive_part(double x) { return x > 0.0 ? x * x * x : 0.0; }

/// The volume of the unit cube in which n1 x + n2 y + n3 z <= alpha, for 0 <= n1 <= n2 <= n3, n1 + n2 + n3 =
/// 1 and 0 <= alpha <= 1/2. Inclusion and exclusion of the corners' tetrahedra gives
///   6 n1 n2 n3 V = a^3 - (a - n1)+^3 - (a - n2)+^3 - (a - n3)+^3 + (a - n1 - n2)+^3
/// (the other terms vanish for a <= 1/2).
double lower_half(double n1, double n2, double n3, double alpha) {
  if (alpha < n1) return (alpha / n1) * (alpha / n2) * (alpha / n3) / 6.0;
  // A prism: the plane cuts only edges along z.
  if (alpha >= n1 + n2) return (alpha - 0.5 * (n1 + n2)) / n3;
  // a^3 - (a - n1)^3 = n1 (3 a^2 - 3 a n1 + n1^2): n1 cancels. Where another term is there, a - n2 < n1 (from
  // a < n1 + n2) and a - n3 <= n1 (from a <= 1/2 and n2 <= 1/2), so that its quotient by n1 is small too.
  const double others = cube_of_positive_part(alpha - n2) + cube_of_positive_part(alpha - n3);
  const double sum = 3.0 * alpha * alpha - 3.0 * alpha * n1 + n1 * n1 - (others > 0.0 ? others / n1 : 0.0);
  return sum / (6.0 * n2 * n3);
}

/// Gauss's rule with two points, exact for polynomials up to the third degree, on each piece of [-half, half]
/// between the places where `offset - normal x` passes one of the `kinks`, which are given from large to
/// small. Gives the mean over the interval.
template <typename Sum, std::size_t count, typename Function>
Sum mean_over_pieces(double normal, double half, double offset, const std::array<double, count>& kinks,
                     const Function& function) {
  constexpr double node = 0.57735026918962576;
  std::array<double, count + 2> ends{};
  ends.fill(half);
  ends[0] = -half;
  std::size_t pieces = 1;
  for (const double kink : kinks) {
    // In this order a normal near zero, whose kinks lie far away, divides nothing by zero.
    if (std::abs(offset - kink) < normal * half) ends[pieces++] = (offset - kink) / normal;
  }
  Sum sum = Sum::Zero();
  for (std::size_t piece = 0; piece < pieces; ++piece) {
    const double middle = 0.5 * (ends[piece] + ends[piece + 1]);
    const double reach = 0.5 * (ends[piece + 1] - ends[piece]);
    sum += reach * (function(middle - node * reach) + function(middle + node * reach));
  }
  return sum / (2.0 * half);
}

using Sum = Eigen::Vector4d;  ///< Fraction of a box, then its first moments.

/// The plane cuts only the edges along the third axis: z is linear all over the box.
Sum prism_content(const Vector3& n, const Vector3& half, double offset) {
  const Vector3 slope(n[0] / n[2], n[1] / n[2], 0.0);
  const double z = offset / n[2];
  // Means over the box: of x^2 and y^2 a third of half^2, of x, y and x y none.
  const double spread =
      (slope[0] * half[0] * slope[0] * half[0] + slope[1] * half[1] * slope[1] * half[1]) / 3.0;
  return {(z + half[2]) / (2.0 * half[2]), -slope[0] * half[0] * half[0] / (6.0 * half[2]),
          -slope[1] * half[1] * half[1] / (6.0 * half[2]),
          (z * z + spread - half[2] * half[2]) / (4.0 * half[2])};
}

/// Of the corner at -half alone, cut off by a plane at n . v = height above it: a tetrahedron with the edges
/// height / n, whose centroid is a quarter of them away.
Sum corner_content(const Vector3& n, const Vector3& half, double height) {
  const Vector3 edge = height * n.cwiseInverse();
  const double fraction = edge.cwiseQuotient(half).prod() / 48.0;
  Sum sum;
  sum << fraction, fraction * (0.25 * edge - half);
  return sum;
}

/// For 0 <= n1 half1 <= n2 half2 <= n3 half3, and a plane that meets the box.
Sum sorted_content(const Vector3& n, const Vector3& half, double offset) {
  const double first = n[0] * half[0];
  const double second = n[1] * half[1];
  const double third = n[2] * half[2];
  if (std::abs(offset) <= third - second - first) return prism_content(n, half, offset);
  const double height = first + second + third - std::abs(offset);
  if (height <= 2.0 * first) {
    Sum sum = corner_content(n, half, height);
    // The box without the corner across: that one's moments are mirrored, and all of the box has none.
    if (offset > 0.0) sum[0] = 1.0 - sum[0];
    return sum;
  }
  return mean_over_pieces<Sum, 4>(
      n[0], half[0], offset, {second + third, third - second, second - third, -second - third},
      [&](double x) {
        const double left = offset - n[0] * x;
        return mean_over_pieces<Sum, 2>(n[1], half[1], left, {third, -third}, [&](double y) -> Sum {
          const double z = std::clamp((left - n[1] * y) / n[2], -half[2], half[2]);
          const double share = (z + half[2]) / (2.0 * half[2]);
          return {share, x * share, y * share, (z * z - half[2] * half[2]) / (4.0 * half[2])};
        });
      });
}

}  // namespace

HalfSpaceContent half_space_content(const Vector3& normal, const Vector3& half_extent_mm, double offset_mm) {
  const Vector3 weight = normal.cwiseAbs().cwiseProduct(half_extent_mm);
  if (std::abs(offset_mm) >= weight.sum()) return {.fraction = offset_mm >= 0.0 ? 1.0 : 0.0};
  // The normal is made positive by mirroring; the axis with the largest component is integrated first, where
  // the content is an interval, then the other two by Gauss's rule: nothing cancels.
  std::array<int, 3> axes = {0, 1, 2};
  if (weight[axes[0]] > weight[axes[1]]) std::swap(axes[0], axes[1]);
  if (weight[axes[1]] > weight[axes[2]]) std::swap(axes[1], axes[2]);
  if (weight[axes[0]] > weight[axes[1]]) std::swap(axes[0], axes[1]);
  const Vector3 n(std::abs(normal[axes[0]]), std::abs(normal[axes[1]]), std::abs(normal[axes[2]]));
  const Vector3 half(half_extent_mm[axes[0]], half_extent_mm[axes[1]], half_extent_mm[axes[2]]);
  const Sum sum = sorted_content(n, half, offset_mm);
  HalfSpaceContent content{.fraction = std::clamp(sum[0], 0.0, 1.0)};
  for (int a = 0; a < 3; ++a) {
    const int axis = axes[static_cast<std::size_t>(a)];
    content.moment_mm[axis] = normal[axis] < 0.0 ? -sum[a + 1] : sum[a + 1];
  }
  return content;
}

double half_space_fraction(const Vector3& normal, const Vector3& half_extent_mm, double offset_mm) {
  // With v = half_extent (2 u - 1) and u mirrored where the normal is negative, u runs over the unit cube and
  // sum n_a u_a <= (offset + sum n_a / 2) with n_a = 2 |normal_a| half_extent_a.
  Vector3 n = 2.0 * normal.cwiseAbs().cwiseProduct(half_extent_mm);
  const double sum = n.sum();
  if (!(sum > 0.0)) return offset_mm >= 0.0 ? 1.0 : 0.0;
  n /= sum;
  const double alpha = offset_mm / sum + 0.5;
  if (alpha <= 0.0) return 0.0;
  if (alpha >= 1.0) return 1.0;
  if (n[0] > n[1]) std::swap(n[0], n[1]);
  if (n[1] > n[2]) std::swap(n[1], n[2]);
  if (n[0] > n[1]) std::swap(n[0], n[1]);
  const double below = lower_half(n[0], n[1], n[2], std::min(alpha, 1.0 - alpha));
  return std::clamp(alpha <= 0.5 ? below : 1.0 - below, 0.0, 1.0);
}

}  // namespace meshassay::phantoms
