// SPDX-License-Identifier: GPL-3.0-or-later
// Volume of a box cut by a plane: R. Scardovelli and S. Zaleski, "Analytical relations connecting linear
// interfaces and volume fractions in rectangular grids", J. Comput. Phys. 164 (2000) 228-237; rearranged so
// that no digit is lost where a component of the normal is small.
#include "phantoms/half_space.hpp"

#include <algorithm>
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

}  // namespace

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
