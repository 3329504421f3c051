// SPDX-License-Identifier: GPL-3.0-or-later
#include "phantoms/solids/box_union.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/errors.hpp"

namespace meshassay::phantoms {
namespace {

Box3 box(const Point3& low, const Point3& high) { return {.min_mm = low, .max_mm = high}; }

std::string refusal(const std::vector<Box3>& boxes) {
  try {
    const BoxUnion solid(boxes);
  } catch (const InvalidInput& error) {
    return error.what();
  }
  return "not refused";
}

/// An L: a 2 x 1 x 1 foot with a 1 x 1 x 1 tower on its first half. The re-entrant edge is at x = 1, z = 1.
BoxUnion letter_l() { return BoxUnion(std::vector{box({0, 0, 0}, {2, 1, 1}), box({0, 0, 1}, {1, 1, 2})}); }

TEST(BoxUnion, MeasuresDistancesToFacesEdgesAndCorners) {
  const auto surface = implicit_surface(letter_l());
  EXPECT_DOUBLE_EQ(surface.signed_distance_mm({0.5, 0.5, 2.5}), 0.5);    // Above the tower.
  EXPECT_DOUBLE_EQ(surface.signed_distance_mm({1.5, 0.5, 1.25}), 0.25);  // Above the foot.
  EXPECT_DOUBLE_EQ(surface.signed_distance_mm({3.0, 2.0, 2.0}),
                   std::sqrt(3.0));                                       // From the corner (2, 1, 1).
  EXPECT_DOUBLE_EQ(surface.signed_distance_mm({-3.0, 0.5, -4.0}), 5.0);   // From the edge x = z = 0.
  EXPECT_DOUBLE_EQ(surface.signed_distance_mm({1.5, 0.5, 0.75}), -0.25);  // Beneath the foot's top.
  // Inside, near the re-entrant edge: nearest is the edge itself, not the continued faces.
  EXPECT_DOUBLE_EQ(surface.signed_distance_mm({0.9, 0.5, 0.8}), -std::hypot(0.1, 0.2));
  // A box's own distance would say that this point between the two boxes is on a surface.
  EXPECT_DOUBLE_EQ(surface.signed_distance_mm({0.25, 0.5, 1.0}), -0.25);
  EXPECT_EQ(surface.signed_distance_mm({2.0, 0.5, 0.5}), 0.0);
}

TEST(BoxUnion, HasTheNormalAsItsGradientOnTheSurfaceAndNearIt) {
  const auto surface = implicit_surface(letter_l());
  EXPECT_EQ(surface.gradient({1.5, 0.5, 1.0}), Vector3::UnitZ().eval());
  EXPECT_EQ(surface.gradient({1.0, 0.5, 1.5}), Vector3::UnitX().eval());
  EXPECT_EQ(surface.gradient({0.0, 0.5, 0.7}), (-Vector3::UnitX()).eval());
  EXPECT_EQ(surface.gradient({1.5, 0.5, 0.9}), Vector3::UnitZ().eval());
  EXPECT_EQ(surface.gradient({1.5, 0.5, 1.1}), Vector3::UnitZ().eval());
  EXPECT_EQ(surface.gradient({2.0, 1.0, 1.0}).norm(), 1.0);  // A corner: one of its faces.
}

TEST(BoxUnion, IsFlatOverAFaceAndNotAcrossItsRim) {
  const auto surface = implicit_surface(letter_l());
  EXPECT_EQ(surface.flatness_mm({1.5, 0.5, 1.01}, 0.1), 0.0);
  EXPECT_EQ(surface.flatness_mm({1.5, 0.5, 0.99}, 0.1), 0.0);
  EXPECT_GT(surface.flatness_mm({1.95, 0.5, 1.0}, 0.1), 0.0);  // Across the outer edge.
  EXPECT_GT(surface.flatness_mm({1.05, 0.5, 1.0}, 0.1), 0.0);  // Across the re-entrant edge.
}

TEST(BoxUnion, MeshesSharedFacesAwayAndConformsWhereFacesMeet) {
  const TriangleMesh mesh = surface_mesh(letter_l());
  EXPECT_DOUBLE_EQ(signed_volume_mm3(mesh), 3.0);
  EXPECT_DOUBLE_EQ(area_mm2(mesh), 14.0);  // Three unit cubes, 18 faces, two contacts hide four.
  // 12 outer corners of the L, and the points (0 and 2, y, 1) and (1, y, 0 and 2) of the complex that lie on
  // its surface: x in {0, 1, 2} and z in {0, 1, 2} without (2, 2), twice.
  EXPECT_EQ(mesh.vertices_mm.size(), 16u);
}

TEST(BoxUnion, MayOverlapAndBeApart) {
  const BoxUnion overlapping(std::vector{box({0, 0, 0}, {2, 1, 1}), box({1, 0, 0}, {3, 1, 1})});
  EXPECT_DOUBLE_EQ(signed_volume_mm3(surface_mesh(overlapping)), 3.0);
  EXPECT_EQ(overlapping.maximal_boxes(true).size(), 1u);
  const BoxUnion apart(std::vector{box({0, 0, 0}, {1, 1, 1}), box({2, 0, 0}, {3, 1, 1})});
  EXPECT_DOUBLE_EQ(signed_volume_mm3(surface_mesh(apart)), 2.0);
  EXPECT_DOUBLE_EQ(implicit_surface(apart).signed_distance_mm({1.6, 0.5, 0.5}), 0.4);
}

TEST(BoxUnion, IsCoveredByFewMaximalBoxesAndSoIsTheSpaceAroundIt) {
  // The L: the foot and the tower down to the ground. Around it: six half-spaces, and the corner above the
  // foot.
  EXPECT_EQ(letter_l().maximal_boxes(true).size(), 2u);
  EXPECT_EQ(letter_l().maximal_boxes(false).size(), 7u);
}

TEST(BoxUnion, KnowsACavityAsEmpty) {
  std::vector<Box3> shell;  // A 3 x 3 x 3 cube of unit boxes without the middle one.
  for (int k = 0; k < 3; ++k)
    for (int j = 0; j < 3; ++j)
      for (int i = 0; i < 3; ++i)
        if (i != 1 || j != 1 || k != 1)
          shell.push_back(box({1.0 * i, 1.0 * j, 1.0 * k}, {i + 1.0, j + 1.0, k + 1.0}));
  const BoxUnion solid(shell);
  EXPECT_DOUBLE_EQ(signed_volume_mm3(surface_mesh(solid)), 26.0);
  EXPECT_DOUBLE_EQ(area_mm2(surface_mesh(solid)), 60.0);
  const auto surface = implicit_surface(solid);
  EXPECT_DOUBLE_EQ(surface.signed_distance_mm({1.5, 1.5, 1.25}), 0.25);
  EXPECT_EQ(surface.gradient({1.5, 1.5, 1.25}),
            Vector3::UnitZ().eval());  // Outward of the solid is into the cavity.
}

TEST(BoxUnion, RefusesContactsWithoutAreaAndBoxesWithoutVolume) {
  EXPECT_THAT(refusal({box({0, 0, 0}, {1, 1, 1}), box({1, 1, 0}, {2, 2, 1})}),
              testing::HasSubstr("edge or at a corner"));
  EXPECT_THAT(refusal({box({0, 0, 0}, {1, 1, 1}), box({1, 1, 1}, {2, 2, 2})}),
              testing::HasSubstr("edge or at a corner"));
  EXPECT_THAT(refusal({box({0, 0, 0}, {1, 0, 1})}), testing::HasSubstr("no volume"));
  EXPECT_THAT(refusal({box({0, 0, 0}, {1, std::numeric_limits<double>::infinity(), 1})}),
              testing::HasSubstr("no volume"));
  EXPECT_THAT(refusal({}), testing::HasSubstr("no box"));
}

}  // namespace
}  // namespace meshassay::phantoms
