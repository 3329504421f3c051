// SPDX-License-Identifier: GPL-3.0-or-later
#include "phantoms/scan/half_space.hpp"

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

Vector3 moment_of(const Vector3& normal, const Vector3& half, double offset) {
  const HalfSpaceContent content = half_space_content(normal, half, offset);
  EXPECT_NEAR(content.fraction, half_space_fraction(normal, half, offset), 1e-14);
  return content.moment_mm;
}

TEST(HalfSpaceMoment, OfACornerIsItsTetrahedronAtItsCentroid) {
  // x + y + z <= -3 + t cuts a tetrahedron of volume t^3 / 6 off the corner, its centroid t / 4 from it.
  const double t = 0.7;
  const double moment = t * t * t / 6.0 * (-1.0 + t / 4.0) / 8.0;
  EXPECT_LT((moment_of({1, 1, 1}, {1, 1, 1}, -3.0 + t) - Vector3::Constant(moment)).norm(), 1e-15);
  // Mirrored along x; and with the length of the normal changed.
  EXPECT_LT((moment_of({-3, 3, 3}, {1, 1, 1}, -9.0 + 3.0 * t) - Vector3(-moment, moment, moment)).norm(),
            1e-15);
}

TEST(HalfSpaceMoment, OfASlabIsItsMiddle) {
  // The lower part of a box of height 2 h up to z: z + h of 2 h, its middle at (z - h) / 2.
  const Vector3 half = {0.3, 0.7, 2.0};
  for (const double tiny : {0.0, 1e-300, 1e-17, -1e-12}) {
    const Vector3 moment = moment_of({tiny, 0.0, 1.0}, half, 0.5);
    EXPECT_LT((moment - Vector3(0.0, 0.0, 2.5 / 4.0 * (0.5 - 2.0) / 2.0)).norm(), 1e-11) << tiny;
  }
  EXPECT_EQ(moment_of({0, 0, 1}, half, 3.0), Vector3::Zero().eval());   // All of it.
  EXPECT_EQ(moment_of({0, 0, 1}, half, -3.0), Vector3::Zero().eval());  // Nothing.
  EXPECT_EQ(moment_of({0, 0, 0}, half, 1.0), Vector3::Zero().eval());
}

TEST(HalfSpaceMoment, AgreesWithBruteForceForRandomPlanes) {
  Draw draw(23);
  for (int n = 0; n < 60; ++n) {
    Vector3 normal = draw.direction();
    if (n % 3 == 0) normal[n / 3 % 3] *= std::pow(10.0, draw.between(-16.0, 0.0));
    const Vector3 half = {draw.between(0.1, 1.0), draw.between(0.1, 1.0), draw.between(0.1, 4.0)};
    const double offset = draw.between(-1.0, 1.0) * normal.cwiseAbs().dot(half);
    // Columns along the axis of the largest component, in which the content is an interval: exact along it.
    int along = 0;
    normal.cwiseAbs().maxCoeff(&along);
    const int u = (along + 1) % 3;
    const int v = (along + 2) % 3;
    constexpr int columns = 300;
    Vector3 sum = Vector3::Zero();
    for (int a = 0; a < columns; ++a)
      for (int b = 0; b < columns; ++b) {
        const double x = half[u] * ((2.0 * a + 1.0) / columns - 1.0);
        const double y = half[v] * ((2.0 * b + 1.0) / columns - 1.0);
        const double end =
            std::clamp((offset - normal[u] * x - normal[v] * y) / normal[along], -half[along], half[along]);
        const double from = normal[along] > 0.0 ? -half[along] : end;
        const double to = normal[along] > 0.0 ? end : half[along];
        const double share = (to - from) / (2.0 * half[along] * columns * columns);
        sum[u] += x * share;
        sum[v] += y * share;
        sum[along] += 0.5 * (from + to) * share;
      }
    // As for the fraction, times the box's size.
    ASSERT_LT((moment_of(normal, half, offset) - sum).norm(), 1e-5 * half.norm())
        << normal.transpose() << " " << half.transpose() << " " << offset;
  }
}

}  // namespace
}  // namespace meshassay::phantoms
