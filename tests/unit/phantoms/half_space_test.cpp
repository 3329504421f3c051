// SPDX-License-Identifier: GPL-3.0-or-later
#include "phantoms/half_space.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/unit/phantoms/test_phantoms.hpp"

namespace meshassay::phantoms {
namespace {

/// The same integral by brute force: columns along the axis of the largest component, in closed form along
/// each.
double by_columns(const Vector3& normal, const Vector3& half, double offset) {
  int column = 0;
  normal.cwiseProduct(half).cwiseAbs().maxCoeff(&column);
  const int a = (column + 1) % 3;
  const int b = (column + 2) % 3;
  constexpr int n = 300;
  double sum = 0.0;
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j) {
      const double rest = offset - normal[a] * half[a] * ((2.0 * i + 1.0) / n - 1.0) -
                          normal[b] * half[b] * ((2.0 * j + 1.0) / n - 1.0);
      sum += std::clamp(0.5 + 0.5 * rest / std::abs(normal[column] * half[column]), 0.0, 1.0);
    }
  return sum / (n * n);
}

TEST(HalfSpaceFraction, IsLinearForNormalsAlongAnAxis) {
  const Vector3 half = {1.0, 2.0, 4.0};
  for (int axis = 0; axis < 3; ++axis)
    for (const double sign : {-1.0, 1.0}) {
      const Vector3 normal = sign * Vector3::Unit(axis);
      EXPECT_DOUBLE_EQ(half_space_fraction(normal, half, 0.0), 0.5);
      EXPECT_DOUBLE_EQ(half_space_fraction(normal, half, 0.5 * half[axis]), 0.75);
      EXPECT_EQ(half_space_fraction(normal, half, half[axis]), 1.0);
      EXPECT_EQ(half_space_fraction(normal, half, -half[axis]), 0.0);
    }
}

TEST(HalfSpaceFraction, OfACornerIsATetrahedron) {
  // x + y + z <= -3 + t in the cube of half width 1 cuts a corner with legs t: t^3 / 6 of 8.
  const double t = 0.3;
  EXPECT_NEAR(half_space_fraction({1, 1, 1}, {1, 1, 1}, -3.0 + t), t * t * t / 48.0, 1e-16);
  EXPECT_NEAR(half_space_fraction({1, 1, 1}, {1, 1, 1}, 3.0 - t), 1.0 - t * t * t / 48.0, 1e-15);
  EXPECT_DOUBLE_EQ(half_space_fraction({1, -1, 1}, {1, 1, 1}, 0.0), 0.5);  // By symmetry.
}

TEST(HalfSpaceFraction, OfAnEdgeIsATriangularPrism) {
  // x + z <= -2 + t: legs t, t^2 / 2 of 4. With a tiny third component it must not lose its digits.
  const double t = 0.4;
  for (const double tiny : {0.0, 1e-300, 1e-30, 1e-17, 1e-12})
    EXPECT_NEAR(half_space_fraction({1, tiny, 1}, {1, 1, 1}, -2.0 + t), t * t / 8.0, 1e-12) << tiny;
}

TEST(HalfSpaceFraction, AgreesWithBruteForceForRandomPlanes) {
  Draw draw(21);
  for (int n = 0; n < 400; ++n) {
    Vector3 normal = draw.direction();
    if (n % 3 == 0) normal[n / 3 % 3] *= std::pow(10.0, draw.between(-16.0, 0.0));
    if (n % 5 == 0) normal[(n / 5 + 1) % 3] *= std::pow(10.0, draw.between(-16.0, 0.0));
    const Vector3 half = {draw.between(0.1, 1.0), draw.between(0.1, 1.0), draw.between(0.1, 4.0)};
    const double reach = normal.cwiseAbs().dot(half);
    const double offset = draw.between(-1.1, 1.1) * reach;
    // The midpoint rule over 300 x 300 columns is in error where the plane leaves a column: about 1 / (6 *
    // 300^2) of a column along that line, and less elsewhere.
    ASSERT_NEAR(half_space_fraction(normal, half, offset), by_columns(normal, half, offset), 1e-5)
        << normal.transpose() << " " << half.transpose() << " " << offset;
  }
}

TEST(HalfSpaceFraction, GrowsWithTheOffsetAndMirrors) {
  Draw draw(22);
  for (int n = 0; n < 2000; ++n) {
    const Vector3 normal = draw.direction();
    const Vector3 half = {0.5, 0.5, 1.0};
    const double offset = draw.between(-1.5, 1.5);
    const double fraction = half_space_fraction(normal, half, offset);
    ASSERT_NEAR(fraction + half_space_fraction(-normal, half, -offset), 1.0, 1e-14);
    ASSERT_GE(half_space_fraction(normal, half, offset + 1e-3) + 1e-15, fraction);
  }
}

TEST(HalfSpaceFraction, OfAZeroNormalIsAllOrNothing) {
  EXPECT_EQ(half_space_fraction(Vector3::Zero(), {1, 1, 1}, 0.1), 1.0);
  EXPECT_EQ(half_space_fraction(Vector3::Zero(), {1, 1, 1}, -0.1), 0.0);
}

}  // namespace
}  // namespace meshassay::phantoms
