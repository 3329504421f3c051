// SPDX-License-Identifier: GPL-3.0-or-later
// Fits to data with imposed form error, against the answer in extended precision (80 bits) by another
// parametrisation and numerical derivatives.
#include "metrics/features/fitted_shapes.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <functional>
#include <numbers>
#include <vector>

#include "metrics/features/orthogonal_fit.hpp"
#include "tests/unit/metrics/known_shapes.hpp"

namespace meshassay::metrics {
namespace {

using namespace meshassay::test;
using Real = long double;
using Vector = std::array<Real, 3>;

Real dot(const Vector& a, const Vector& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }
Vector minus(const Vector& a, const Vector& b) { return {a[0] - b[0], a[1] - b[1], a[2] - b[2]}; }
Real norm(const Vector& a) { return std::sqrt(dot(a, a)); }
Vector direction(Real tilt_x, Real tilt_y) {
  const Real length = std::sqrt(tilt_x * tilt_x + tilt_y * tilt_y + 1);
  return {tilt_x / length, tilt_y / length, 1 / length};
}
// Along and across an axis through a point.
std::array<Real, 2> along_and_across(const Vector& p, const Vector& origin, const Vector& axis) {
  const Vector offset = minus(p, origin);
  const Real along = dot(offset, axis);
  return {along, norm(minus(offset, {along * axis[0], along * axis[1], along * axis[2]}))};
}

// Least squares by Gauss and Newton, all in extended precision.
template <std::size_t N>
std::array<Real, N> extended_fit(
    const std::vector<WeightedPoint>& points, std::array<Real, N> x,
    const std::function<Real(const Vector&, const std::array<Real, N>&)>& distance) {
  for (int iteration = 0; iteration < 60; ++iteration) {
    std::array<std::array<Real, N + 1>, N> system{};
    for (const auto& [point, weight] : points) {
      const Vector p = {point[0], point[1], point[2]};
      std::array<Real, N> change;
      for (std::size_t k = 0; k < N; ++k) {
        auto up = x, down = x;
        const Real h = 1e-6L;
        up[k] += h;
        down[k] -= h;
        change[k] = (distance(p, up) - distance(p, down)) / (2 * h);
      }
      const Real d = distance(p, x);
      for (std::size_t r = 0; r < N; ++r) {
        for (std::size_t c = 0; c < N; ++c) system[r][c] += weight * change[r] * change[c];
        system[r][N] -= weight * change[r] * d;
      }
    }
    for (std::size_t k = 0; k < N; ++k) {
      std::size_t pivot = k;
      for (std::size_t r = k; r < N; ++r)
        if (std::abs(system[r][k]) > std::abs(system[pivot][k])) pivot = r;
      std::swap(system[k], system[pivot]);
      for (std::size_t r = 0; r < N; ++r) {
        if (r == k) continue;
        const Real factor = system[r][k] / system[k][k];
        for (std::size_t c = k; c <= N; ++c) system[r][c] -= factor * system[k][c];
      }
    }
    Real largest = 0;
    for (std::size_t k = 0; k < N; ++k) {
      const Real step = system[k][N] / system[k][k];
      x[k] += step;
      largest = std::max(largest, std::abs(step));
    }
    if (largest < 1e-15L) break;
  }
  return x;
}

// The fit in double agrees to this: its normal equations lose half the digits of 1e-16 at most where the step
// is taken, none in the residuals.
constexpr double same = 1e-9;

// Points over two parameters, with weights that differ: 37 x 23 of them.
template <typename PointAt>
std::vector<WeightedPoint> cloud(const PointAt& at) {
  std::vector<WeightedPoint> points;
  for (int i = 0; i < 37; ++i)
    for (int j = 0; j < 23; ++j)
      points.push_back(
          {at(2.0 * std::numbers::pi * i / 37.0, (j + 0.5) / 23.0), 1.0 + 0.5 * std::sin(i + 2.0 * j)});
  return points;
}

TEST(SphereShape, FitsAsInExtendedPrecision) {
  const auto points = cloud([](double u, double v) {
    const double z = 2.0 * v - 1.0, r = std::sqrt(1.0 - z * z);
    const double radius = 7.0 + 0.02 * std::cos(3.0 * u) + 0.03 * z * z * z;
    return Point3(1.0 + radius * r * std::cos(u), -2.0 + radius * r * std::sin(u), 3.0 + radius * z);
  });
  const auto fit = least_squares_fit<FittedSphere>(points, {{0.5, -1.0, 2.0}, 6.0});
  ASSERT_TRUE(fit);
  const auto x = extended_fit<4>(points, {1, -2, 3, 7}, [](const Vector& p, const std::array<Real, 4>& s) {
    return norm(minus(p, {s[0], s[1], s[2]})) - s[3];
  });
  for (int k = 0; k < 3; ++k)
    EXPECT_NEAR(fit->shape.center_mm[k], double(x[static_cast<std::size_t>(k)]), same);
  EXPECT_NEAR(fit->shape.radius_mm, double(x[3]), same);
}

TEST(PlaneShape, FitsAsInExtendedPrecision) {
  const auto points = cloud([](double u, double v) {
    const double a = 3.0 * std::cos(u) * v, b = 5.0 * std::sin(u) * v;
    return Point3(a, b, 0.3 * a - 0.2 * b + 4.0 + 0.05 * std::sin(4.0 * u) + 0.02 * v);
  });
  const auto fit = least_squares_fit<FittedPlane>(points, {.point_mm = {0, 0, 3}});
  ASSERT_TRUE(fit);
  const auto x = extended_fit<3>(points, {-0.3L, 0.2L, 4}, [](const Vector& p, const std::array<Real, 3>& s) {
    return dot(minus(p, {0, 0, s[2]}), direction(s[0], s[1]));
  });
  const Vector n = direction(x[0], x[1]);
  for (int k = 0; k < 3; ++k) EXPECT_NEAR(fit->shape.normal[k], double(n[static_cast<std::size_t>(k)]), same);
  EXPECT_NEAR(fit->shape.normal.dot(fit->shape.point_mm), double(n[2] * x[2]), same);
}

TEST(CylinderShape, FitsAsInExtendedPrecision) {
  const auto points = cloud([](double u, double v) {
    const double z = 10.0 * (v - 0.4), r = 3.0 + 0.02 * std::cos(2.0 * u) + 0.01 * std::sin(5.0 * z);
    return Point3(r * std::cos(u) + 0.1 * z + 1.0, r * std::sin(u) - 0.05 * z - 2.0, z);
  });
  const auto fit = least_squares_fit<FittedCylinder>(points, {.point_mm = {0.5, -1.5, 0}, .radius_mm = 2.5});
  ASSERT_TRUE(fit);
  const auto x =
      extended_fit<5>(points, {1, -2, 0.1L, -0.05L, 3}, [](const Vector& p, const std::array<Real, 5>& s) {
        return along_and_across(p, {s[0], s[1], 0}, direction(s[2], s[3]))[1] - s[4];
      });
  const Vector axis = direction(x[2], x[3]);
  for (int k = 0; k < 3; ++k)
    EXPECT_NEAR(fit->shape.axis[k], double(axis[static_cast<std::size_t>(k)]), same);
  EXPECT_NEAR(fit->shape.radius_mm, double(x[4]), same);
  const Point3 at_zero = fit->shape.point_mm - fit->shape.point_mm[2] / fit->shape.axis[2] * fit->shape.axis;
  EXPECT_NEAR(at_zero[0], double(x[0]), same);
  EXPECT_NEAR(at_zero[1], double(x[1]), same);
}

TEST(ConeShape, FitsAsInExtendedPrecision) {
  const auto points = cloud([](double u, double v) {
    const double z = 6.0 * v, r = 2.0 + 0.4 * z + 0.02 * std::cos(3.0 * u) + 0.01 * std::sin(2.0 * z);
    return Point3(r * std::cos(u) + 0.08 * z, r * std::sin(u) - 0.03 * z, z);
  });
  const auto fit =
      least_squares_fit<FittedCone>(points, {.point_mm = {0, 0, 3}, .radius_mm = 3.0, .half_angle_rad = 0.3});
  ASSERT_TRUE(fit);
  // By its apex: at the radius 2 / 0.4 = 5 below the origin.
  const auto x = extended_fit<6>(
      points, {-0.4L, 0.15L, -5, 0.08L, -0.03L, std::atan(0.4L)},
      [](const Vector& p, const std::array<Real, 6>& s) {
        const auto [along, across] = along_and_across(p, {s[0], s[1], s[2]}, direction(s[3], s[4]));
        return across * std::cos(s[5]) - along * std::sin(s[5]);
      });
  const FittedCone& cone = fit->shape;
  EXPECT_NEAR(cone.half_angle_rad, double(x[5]), same);
  const Point3 apex = cone.point_mm - cone.radius_mm / std::tan(cone.half_angle_rad) * cone.axis;
  for (int k = 0; k < 3; ++k)
    EXPECT_NEAR(apex[k], double(x[static_cast<std::size_t>(k)]), 20.0 * same);  // far off
}

TEST(TorusShape, FitsAsInExtendedPrecision) {
  const auto points = cloud([](double u, double v) {
    const double w = 2.0 * std::numbers::pi * v,
                 r = 1.5 + 0.02 * std::cos(3.0 * w + u) + 0.01 * std::sin(2.0 * u);
    const double ring = 6.0 + r * std::cos(w);
    return Point3(ring * std::cos(u) + 1.0, ring * std::sin(u) - 1.0,
                  r * std::sin(w) + 0.1 * ring * std::cos(u));
  });
  const auto fit = least_squares_fit<FittedTorus>(points, {.major_radius_mm = 5.5, .minor_radius_mm = 1.2});
  ASSERT_TRUE(fit);
  const auto x = extended_fit<7>(
      points, {1, -1, 0, -0.1L, 0, 6, 1.5L}, [](const Vector& p, const std::array<Real, 7>& s) {
        const auto [along, across] = along_and_across(p, {s[0], s[1], s[2]}, direction(s[3], s[4]));
        return std::sqrt((across - s[5]) * (across - s[5]) + along * along) - s[6];
      });
  for (int k = 0; k < 3; ++k)
    EXPECT_NEAR(fit->shape.center_mm[k], double(x[static_cast<std::size_t>(k)]), same);
  EXPECT_NEAR(fit->shape.major_radius_mm, double(x[5]), same);
  EXPECT_NEAR(fit->shape.minor_radius_mm, double(x[6]), same);
}

TEST(LeastSquaresFit, SaysWhereThePointsDoNotDetermineTheShape) {
  std::vector<WeightedPoint> line;
  for (int i = 0; i < 20; ++i) line.push_back({Point3(i, 0, 0), 1.0});
  EXPECT_FALSE(least_squares_fit<FittedPlane>(line, {}));
  EXPECT_FALSE(least_squares_fit<FittedCylinder>(std::vector<WeightedPoint>{}, {}));
  EXPECT_FALSE(least_squares_fit<FittedCylinder>(std::vector<WeightedPoint>{{Point3(1, 0, 0), 1.0}}, {}));
}

TEST(MinimumZone, OfThreeLobesIsTwiceTheirHeight) {
  // e cos(3u) about a cylinder: between six points that take turns no shift of the axis and no radius does
  // better.
  std::vector<Point3> points;
  for (int i = 0; i < 360; ++i)
    for (const double z : {0.0, 1.0, 2.0}) {
      const double u = std::numbers::pi * i / 180.0, r = 5.0 + 0.1 * std::cos(3.0 * u);
      points.emplace_back(r * std::cos(u), r * std::sin(u), z);
    }
  const auto zone = minimum_zone<FittedCylinder>(points, {.point_mm = {0.02, -0.01, 1.0}, .radius_mm = 5.0});
  EXPECT_LE(zone.lower_mm, 0.2 + 1e-6);
  EXPECT_GE(zone.upper_mm, 0.2 - 1e-6);
  EXPECT_LT(zone.upper_mm, 0.205);
}

TEST(MinimumZone, IsNarrowerThanThatOfLeastSquares) {
  // Four corners of a square, one of them 1 mm up: planes leave a saddle of +-1/4, a zone of 1/2. Many points
  // at one corner draw the least-squares plane there, so that its zone is wider.
  std::vector<WeightedPoint> weighted;
  std::vector<Point3> points;
  for (const Point3& corner : {Point3(-1, -1, 0), Point3(1, -1, 0), Point3(-1, 1, 0), Point3(1, 1, 1)}) {
    points.push_back(corner);
    weighted.push_back({corner, corner[0] + corner[1] > 1.0 ? 50.0 : 1.0});
  }
  const auto fit = least_squares_fit<FittedPlane>(weighted, {});
  ASSERT_TRUE(fit);
  double least = 1e9, greatest = -1e9;
  for (const auto& point : points) {
    FittedPlane::Row change;
    least = std::min(least, fit->shape.distance_mm(point, change));
    greatest = std::max(greatest, fit->shape.distance_mm(point, change));
  }
  // Orthogonal distances: over the height by the cosine of the plane's slope, 1 / sqrt(1 + 1/16 + 1/16).
  const double expected = 0.5 / std::sqrt(1.125);
  EXPECT_GT(greatest - least, 1.05 * expected);
  const auto zone = minimum_zone<FittedPlane>(points, fit->shape);
  EXPECT_NEAR(zone.upper_mm, expected, 0.01);
  EXPECT_LE(zone.lower_mm, zone.upper_mm);
}

}  // namespace
}  // namespace meshassay::metrics
