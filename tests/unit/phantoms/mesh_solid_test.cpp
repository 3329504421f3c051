// SPDX-License-Identifier: GPL-3.0-or-later
// A solid that is its mesh, against the same solids in closed form.
#include "phantoms/mesh_solid.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/errors.hpp"
#include "phantoms/partial_volume.hpp"
#include "phantoms/solid.hpp"
#include "tests/unit/phantoms/test_phantoms.hpp"

namespace meshassay::phantoms {
namespace {

TargetTruth truth_of_shape(const std::string& id, const Parameters& parameters, double chordal_error_mm) {
  return make_phantom(find_phantom(id, "test"), parameters, "test", {.chordal_error_mm = chordal_error_mm})
      .targets.at(0)
      .truth;
}

TEST(MeshSolid, OfACubesMeshHasTheCubesDistanceAndGradient) {
  const TargetTruth cube =
      truth_of_shape("cube", {{"edge_mm", 5.0}, {"turn_deg", std::vector{10.0, 20.0, 30.0}}}, 0.1);
  const Solid solid = mesh_solid(*cube.surface);
  Draw draw(51);
  for (int n = 0; n < 2000; ++n) {
    const Point3 p = draw.in_box(grown(cube.implicit->bounds_mm, 2.0));
    ASSERT_NEAR(solid.implicit.signed_distance_mm(p), cube.implicit->signed_distance_mm(p), 1e-12);
  }
  EXPECT_NEAR(solid.volume_mm3.value, 125.0, 1e-10);
  EXPECT_NEAR(solid.area_mm2.value, 150.0, 1e-10);
}

TEST(MeshSolid, HasAFlatnessThatFallsWithTheBallOnACurvedMesh) {
  // A geodesic mesh of a ball of 10 mm, facets of about 0.9 mm. The distance from the ball's has the flatness
  // r^2/(2 * 10); the mesh' is bounded over a wider ball and bends at its edges only.
  const TargetTruth ball = truth_of_shape("sphere", {}, 0.01);
  const Solid solid = mesh_solid(*ball.surface);
  Draw draw(52);
  int narrow = 0;
  for (int n = 0; n < 500; ++n) {
    const Point3 c = ball.implicit->bounds_mm.center_mm() + draw.between(9.8, 10.2) * draw.direction();
    if (solid.implicit.flatness_mm(c, 0.5) < 0.25) ++narrow;
    ASSERT_LE(solid.implicit.flatness_mm(c, 0.5), 1.0);
  }
  EXPECT_GT(narrow, 450);
}

TEST(MeshSolid, PartialVolumesAddUpToItsVolume) {
  const TargetTruth ball = truth_of_shape("sphere", {{"radius_mm", 3.0}}, 0.1);
  const Solid solid = mesh_solid(*ball.surface);
  const Grid grid = grid_around(solid.implicit.bounds_mm, {1.1, 1.3, 1.7}, Draw(53).rotation());
  const double tolerance = 0.03;
  const auto fractions = voxel_fractions(solid.implicit, grid, tolerance, {});
  double sum = 0.0;
  int cut = 0;
  for (const double fraction : fractions.values) {
    sum += fraction;
    cut += fraction > 0.0 && fraction < 1.0 ? 1 : 0;
  }
  // The mesh encloses the ball's own volume, 36 pi mm3.
  EXPECT_NEAR(sum * grid.voxel_volume_mm3(), 36.0 * 3.14159265358979323846,
              tolerance * cut * grid.voxel_volume_mm3());
  EXPECT_GT(cut, 20);
}

TEST(MeshSolid, CountsPartsHandlesAndCavities) {
  const auto betti = [](const std::string& id) {
    return betti_of_mesh(*truth_of_shape(id, {}, 0.2).surface);
  };
  EXPECT_EQ(betti("strut_lattice"),
            (BettiNumbers{.components = 1, .handles = 28, .cavities = 0}));  // 54 - 27 + 1
  EXPECT_EQ(betti("ball_in_shell"), (BettiNumbers{.components = 2, .handles = 0, .cavities = 1}));
  EXPECT_EQ(betti("genus_plate"), (BettiNumbers{.components = 1, .handles = 3, .cavities = 0}));
}

TEST(MeshSolid, RefusesWhatHasNoInside) {
  TriangleMesh open = *truth_of_shape("cube", {}, 0.1).surface;
  open.triangles.pop_back();
  EXPECT_THROW(static_cast<void>(mesh_solid(open)), InvalidInput);
  EXPECT_THROW(static_cast<void>(mesh_solid(reversed(*truth_of_shape("cube", {}, 0.1).surface))),
               InvalidInput);
}

TEST(MeshSolid, AsAPhantomStaysWhereItIs) {
  const TargetTruth cube = truth_of_shape("cube", {{"edge_mm", 4.0}}, 0.1);
  const Phantom phantom = phantom_of_mesh("mine", *cube.surface, {{"hu", 500.0}}, "test");
  EXPECT_EQ(phantom.id, "mine");
  EXPECT_EQ(bounds_mm(phantom).min_mm, cube.implicit->bounds_mm.min_mm);
  EXPECT_THROW(static_cast<void>(phantom_of_mesh("mine", *cube.surface, {{"hu", -1000.0}}, "test")),
               InvalidInput);
}

}  // namespace
}  // namespace meshassay::phantoms
