// SPDX-License-Identifier: GPL-3.0-or-later
#include "reference_pipeline/repair/wires.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "tests/support/small_solids.hpp"

namespace meshassay::reference_pipeline::repair {
namespace {

TEST(Wires, RodHasTheVolumeOfItsPolygon) {
  // A 16-gon about a circle of radius 0.993 / 2: area 16 tan(pi / 16) r^2; tapered ends by hand: frustums of
  // length 0.992 / 2 from 1 to 0.996 of the radius.
  const auto rod = rods({{{0, 0, 0}, {10, 0, 0}}}, 1.0);
  EXPECT_EQ(test_support::unbalanced_edges(rod), 0u);
  const double r = 0.993 / 2, area = 16 * std::tan(std::numbers::pi / 16) * r * r, e = 0.996;
  const double expected = area * (10 + 2 * 0.992 / 2 * (1 + e + e * e) / 3);
  EXPECT_NEAR(signed_volume_mm3(rod), expected, 1e-9);
}

TEST(Wires, OnlyWhatStandsOutOfTheSolidIsExposed) {
  TriangleMesh box;
  test_support::add_box(box, {0, 0, 0}, {10, 10, 10});
  const double tolerance = 1e-4;
  // Inside, on a face, on an edge, a point.
  EXPECT_TRUE(exposed_segments({{{1, 1, 1}, {9, 8, 7}},
                                {{1, 1, 10}, {9, 9, 10}},
                                {{0, 0, 0}, {10, 0, 0}},
                                {{20, 0, 0}, {20, 0, 0}}},
                               box, tolerance)
                  .empty());
  // From the middle of the box to 20: what is beyond 10.
  const auto out = exposed_segments({{{5, 5, 5}, {20, 5, 5}}}, box, tolerance);
  double length = 0.0;
  for (const auto& [from, to] : out) length += (to - from).norm();
  EXPECT_NEAR(length, 10.0, 4 * tolerance);
  // Without a solid, all of it; twice is once.
  EXPECT_EQ(exposed_segments({{{0, 0, 0}, {1, 0, 0}}, {{1, 0, 0}, {0, 0, 0}}}, {}, tolerance).size(), 1u);
}

}  // namespace
}  // namespace meshassay::reference_pipeline::repair
