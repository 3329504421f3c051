// SPDX-License-Identifier: GPL-3.0-or-later
// A solid that is its mesh, against the same solids in closed form.
#include "phantoms/solids/mesh_solid.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <optional>
#include <tuple>

#include "core/errors.hpp"
#include "phantoms/scan/partial_volume.hpp"
#include "phantoms/solids/solid.hpp"
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

/// A convex body as its faces; cutting it by planes gives the exact content of a box, without any distance.
class ConvexBody {
 public:
  using Face = std::vector<Point3>;
  explicit ConvexBody(const TriangleMesh& mesh) {
    for (std::size_t t = 0; t < mesh.triangles.size(); ++t)
      faces_.push_back({mesh.corner(t, 0), mesh.corner(t, 1), mesh.corner(t, 2)});
  }
  /// Keeps where normal . p <= offset. The cut is closed by triangles to its middle, each with an edge that a
  /// cut face got, so that no corner has to be found again.
  void cut(const Vector3& normal, double offset_mm) {
    std::vector<Face> kept;
    std::vector<std::pair<Point3, Point3>> rims;
    for (const auto& face : faces_) {
      Face part;
      std::optional<Point3> left, entered;
      for (std::size_t n = 0; n < face.size(); ++n) {
        const Point3& a = face[n];
        const Point3& b = face[(n + 1) % face.size()];
        const double over_a = normal.dot(a) - offset_mm;
        const double over_b = normal.dot(b) - offset_mm;
        if (over_a <= 0.0) part.push_back(a);
        if ((over_a <= 0.0) == (over_b <= 0.0)) continue;
        part.push_back(a + over_a / (over_a - over_b) * (b - a));
        (over_a <= 0.0 ? left : entered) = part.back();
      }
      if (part.size() >= 3) kept.push_back(part);
      if (left && entered) rims.emplace_back(*left, *entered);
    }
    Point3 middle = Point3::Zero();
    for (const auto& rim : rims)
      middle += (rim.first + rim.second) / (2.0 * static_cast<double>(rims.size()));
    for (const auto& [left, entered] : rims) kept.push_back({entered, left, middle});
    faces_ = std::move(kept);
  }
  [[nodiscard]] double volume_mm3() const {
    double six = 0.0;
    for (const auto& face : faces_)
      for (std::size_t n = 2; n < face.size(); ++n)
        six += (face[0] - faces_[0][0]).dot((face[n - 1] - faces_[0][0]).cross(face[n] - faces_[0][0]));
    return six / 6.0;
  }

 private:
  std::vector<Face> faces_;
};

TEST(MeshSolid, PartialVolumesOfPlanesSpheresAndCylindersInAnyPoseAreExactToOneHu) {
  // Convex meshes: a block, a geodesic ball of 0.3 mm facets, a bar of 20 sides. The exact content of a box
  // is the mesh cut by the box's six planes. 1 HU at a contrast of 2000 HU is 5e-4 of a voxel; the default
  // tolerance is half of it.
  const double tolerance = 2.5e-4;
  const auto turned = std::vector{10.0, 20.0, 30.0};
  for (const auto& [id, parameters, chordal_error_mm] :
       {std::tuple<std::string, Parameters, double>{"cube", {{"edge_mm", 4.0}, {"turn_deg", turned}}, 0.1},
        {"sphere", {{"radius_mm", 1.5}}, 0.02},
        {"cylinder", {{"radius_mm", 1.5}, {"height_mm", 4.0}, {"turn_deg", turned}}, 0.04}}) {
    SCOPED_TRACE(id);
    const TargetTruth truth = truth_of_shape(id, parameters, chordal_error_mm);
    const Solid solid = mesh_solid(*truth.surface);
    Draw draw(54);
    const ConvexBody body(*truth.surface);
    ASSERT_NEAR(body.volume_mm3(), signed_volume_mm3(*truth.surface), 1e-9);
    int cut = 0;
    for (int n = 0; n < 6; ++n) {
      const Matrix3 axes = draw.rotation();
      const Vector3 half_mm(0.25, 0.3, 0.5);
      // Boxes about surface points: faces, and for the block and the bar edges too.
      const std::size_t triangle =
          static_cast<std::size_t>(draw.between(0.0, static_cast<double>(truth.surface->triangles.size())));
      const double share = draw.between(0.0, 1.0);
      const Point3 on_surface =
          share * truth.surface->corner(triangle, 0) + (1.0 - share) * truth.surface->corner(triangle, 1);
      const Point3 center = on_surface + draw.between(-0.2, 0.2) * draw.direction();
      ConvexBody inside = body;
      for (int axis = 0; axis < 3; ++axis)
        for (const double side : {-1.0, 1.0}) {
          const Vector3 normal = side * axes.col(axis);
          inside.cut(normal, normal.dot(center) + half_mm[axis]);
        }
      const double exact = inside.volume_mm3() / (8.0 * half_mm.prod());
      BoxFraction box_fraction(solid.implicit, axes);
      const auto fraction = box_fraction(center, half_mm, tolerance);
      EXPECT_LE(fraction.bound, tolerance);
      EXPECT_NEAR(fraction.value, exact, fraction.bound + 1e-12);
      EXPECT_LT(2000.0 * std::abs(fraction.value - exact), 1.0);
      cut += exact > 0.01 && exact < 0.99 ? 1 : 0;
    }
    EXPECT_GE(cut, 3);
  }
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
