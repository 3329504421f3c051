// SPDX-License-Identifier: GPL-3.0-or-later
// Laws that every phantom's truth obeys: closed forms, distance, mesh, mask and features tell the same story.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <numbers>
#include <set>

#include "phantoms/scan.hpp"
#include "tests/unit/phantoms/test_phantoms.hpp"

namespace meshassay::phantoms {
namespace {

class PhantomTruth : public testing::TestWithParam<NamedPhantom> {
 protected:
  PhantomTruth() : phantom(GetParam().make()), truth(phantom.targets.at(0).truth) {}

  Phantom phantom;
  const TargetTruth& truth;
};

INSTANTIATE_TEST_SUITE_P(Catalogue, PhantomTruth, testing::ValuesIn(phantoms_under_test()),
                         [](const auto& named) { return named.param.name; });

/// Closest distance to a triangle: to its plane inside it, else to the nearest edge.
double distance_to_triangle(const Point3& p, const Point3& a, const Point3& b, const Point3& c) {
  const Vector3 normal = (b - a).cross(c - a).normalized();
  const Point3 foot = p - (p - a).dot(normal) * normal;
  const auto to_left = [&](const Point3& u, const Point3& v) {
    return (v - u).cross(foot - u).dot(normal) >= 0.0;
  };
  if (to_left(a, b) && to_left(b, c) && to_left(c, a)) return std::abs((p - a).dot(normal));
  const auto to_segment = [&](const Point3& u, const Point3& v) {
    const double t = std::clamp((p - u).dot(v - u) / (v - u).squaredNorm(), 0.0, 1.0);
    return (p - (u + t * (v - u))).norm();
  };
  return std::min({to_segment(a, b), to_segment(b, c), to_segment(c, a)});
}

double distance_to_mesh(const TriangleMesh& mesh, const Point3& p) {
  double nearest = std::numeric_limits<double>::infinity();
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t)
    nearest =
        std::min(nearest, distance_to_triangle(p, mesh.corner(t, 0), mesh.corner(t, 1), mesh.corner(t, 2)));
  return nearest;
}

/// Sum of the triangles' solid angles over 4 pi (van Oosterom and Strackee 1983): 1 inside, 0 outside.
double winding_number(const TriangleMesh& mesh, const Point3& p) {
  double sum = 0.0;
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
    const Vector3 a = (mesh.corner(t, 0) - p).normalized();
    const Vector3 b = (mesh.corner(t, 1) - p).normalized();
    const Vector3 c = (mesh.corner(t, 2) - p).normalized();
    sum += 2.0 * std::atan2(a.dot(b.cross(c)), 1.0 + a.dot(b) + b.dot(c) + c.dot(a));
  }
  return sum / (4.0 * std::numbers::pi);
}

TEST_P(PhantomTruth, HasAllOfItsParts) {
  EXPECT_TRUE(truth.implicit && truth.surface && truth.volume_mm3 && truth.area_mm2 && truth.betti);
  EXPECT_EQ(truth.label, 1);
  EXPECT_FALSE(truth.features.empty());
}

TEST_P(PhantomTruth, MeshEnclosesTheVolumeAndHasTheAreaOfTheClosedForm) {
  const double volume = truth.volume_mm3->value;
  const double area = truth.area_mm2->value;
  // Polyhedra are exact; the sphere's mesh is scaled to the volume. Rounding remains.
  EXPECT_NEAR(signed_volume_mm3(*truth.surface), volume, 1e-11 * volume);
  const double error_mm = truth.surface_chordal_error_mm;
  if (error_mm == 0.0) {
    EXPECT_NEAR(area_mm2(*truth.surface), area, 1e-12 * area);
  } else {
    // A sphere has the least area for its volume. And 3 V = sum of area * (distance of the plane from the
    // centre), where no plane is nearer than R - error: area <= 3 V / (R - error) = exact area * R / (R -
    // error).
    const double radius = number(phantom.parameters, "radius_mm");
    EXPECT_GE(area_mm2(*truth.surface), area);
    EXPECT_LE(area_mm2(*truth.surface), area * radius / (radius - error_mm));
  }
}

TEST_P(PhantomTruth, MeshIsClosedTwoManifoldAndOutward) {
  const auto& mesh = *truth.surface;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t>
      next_about;  // Directed edge -> opposite corner.
  std::map<std::uint32_t, int> corners;
  for (const auto& triangle : mesh.triangles)
    for (std::size_t i = 0; i < 3; ++i) {
      const auto edge = std::pair{triangle[i], triangle[(i + 1) % 3]};
      ASSERT_TRUE(next_about.try_emplace(edge, triangle[(i + 2) % 3]).second)
          << "an edge is used twice one way";
      ++corners[triangle[i]];
    }
  for (const auto& [edge, opposite] : next_about)
    ASSERT_TRUE(next_about.contains({edge.second, edge.first})) << "an open edge";
  // Around each vertex the triangles form one fan: walking from neighbour to neighbour meets all of them.
  std::set<std::uint32_t> walked;
  for (const auto& [edge, opposite] : next_about) {
    const auto& [vertex, start] = edge;
    if (!walked.insert(vertex).second) continue;
    int steps = 0;
    auto neighbour = start;
    do {
      neighbour = next_about.at({vertex, neighbour});
      ++steps;
    } while (neighbour != start);
    ASSERT_EQ(steps, corners.at(vertex));
  }
  EXPECT_EQ(walked.size(), mesh.vertices_mm.size()) << "unused vertices";
  EXPECT_GT(signed_volume_mm3(mesh), 0.0);
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t) ASSERT_GT(area_vector_mm2(mesh, t).norm(), 0.0);
}

TEST_P(PhantomTruth, MeshLiesOnTheSurfaceToWithinItsChordalError) {
  const auto& mesh = *truth.surface;
  const double error_mm = truth.surface_chordal_error_mm + 1e-12;  // Rounding at coordinates near 50.
  EXPECT_LE(truth.surface_chordal_error_mm, TruthOptions{}.chordal_error_mm);
  for (const auto& vertex : mesh.vertices_mm)
    ASSERT_LE(std::abs(truth.implicit->signed_distance_mm(vertex)), error_mm);
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
    const Point3 middle = (mesh.corner(t, 0) + mesh.corner(t, 1) + mesh.corner(t, 2)) / 3.0;
    ASSERT_LE(std::abs(truth.implicit->signed_distance_mm(middle)), error_mm);
  }
  const Box3 box = bounding_box(mesh);
  EXPECT_LE((box.min_mm - truth.implicit->bounds_mm.min_mm).cwiseAbs().maxCoeff(), error_mm);
  EXPECT_LE((box.max_mm - truth.implicit->bounds_mm.max_mm).cwiseAbs().maxCoeff(), error_mm);
}

TEST_P(PhantomTruth, DistanceAndSignAgreeWithTheMesh) {
  // A second opinion that knows no boxes and no spheres: brute force over the triangles.
  Draw draw(11);
  const Box3 around = grown(truth.implicit->bounds_mm, 3.0);
  const int points = truth.surface->triangles.size() > 2000 ? 60 : 3000;
  int inside = 0;
  for (int n = 0; n < points; ++n) {
    const Point3 p = draw.in_box(around);
    const double d = truth.implicit->signed_distance_mm(p);
    // Two closed sets at Hausdorff distance e are seen from any point at distances that differ by at most e.
    ASSERT_NEAR(std::abs(d), distance_to_mesh(*truth.surface, p), truth.surface_chordal_error_mm + 1e-10);
    if (std::abs(d) <= truth.surface_chordal_error_mm + 1e-9) continue;
    ASSERT_NEAR(winding_number(*truth.surface, p), d < 0.0 ? 1.0 : 0.0, 1e-6) << p.transpose();
    inside += d < 0.0 ? 1 : 0;
  }
  EXPECT_GT(inside, 0);
}

TEST_P(PhantomTruth, DistanceHasLipschitzConstantOne) {
  Draw draw(12);
  const Box3 around = grown(truth.implicit->bounds_mm, 3.0);
  for (int n = 0; n < 20000; ++n) {
    const Point3 a = draw.in_box(around);
    const Point3 b = n % 2 == 0 ? draw.in_box(around) : Point3(a + draw.between(0.0, 0.5) * draw.direction());
    const double change = truth.implicit->signed_distance_mm(a) - truth.implicit->signed_distance_mm(b);
    ASSERT_LE(std::abs(change), (a - b).norm() + 1e-12);
  }
}

TEST_P(PhantomTruth, GradientIsTheUnitDerivativeOfTheDistance) {
  Draw draw(13);
  const Box3 around = grown(truth.implicit->bounds_mm, 3.0);
  const double step_mm = 1e-5;
  int smooth = 0;
  for (int n = 0; n < 5000; ++n) {
    const Point3 p = draw.in_box(around);
    const Vector3 gradient = truth.implicit->gradient(p);
    ASSERT_NEAR(gradient.norm(), 1.0, 1e-12);
    Vector3 differences;
    for (int axis = 0; axis < 3; ++axis)
      differences[axis] = (truth.implicit->signed_distance_mm(p + step_mm * Vector3::Unit(axis)) -
                           truth.implicit->signed_distance_mm(p - step_mm * Vector3::Unit(axis))) /
                          (2.0 * step_mm);
    // A gradient that is not a unit vector betrays the medial axis, which few points are this near to.
    // Otherwise the error is step^2 / (6 distance^2) from curvature and 1e-14 / step = 1e-9 from rounding.
    if (std::abs(differences.norm() - 1.0) > 1e-6) continue;
    ++smooth;
    ASSERT_LT((gradient - differences).norm(), 1e-4) << p.transpose();
  }
  EXPECT_GT(smooth, 4900);
}

TEST_P(PhantomTruth, GradientOnTheSurfaceIsTheOutwardNormalOfTheMesh) {
  const auto& mesh = *truth.surface;
  // The facets of the sphere are tilted by less than the angle between their plane and a corner's tangent:
  // with cos = (R - e)/(R + e), that is sqrt(4 e / R) = 0.08 for e = 0.002 and R = 1.3.
  const double tilt = truth.surface_chordal_error_mm > 0.0 ? 0.08 : 1e-12;
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
    const Point3 middle = (mesh.corner(t, 0) + mesh.corner(t, 1) + mesh.corner(t, 2)) / 3.0;
    ASSERT_LT((truth.implicit->gradient(middle) - area_vector_mm2(mesh, t).normalized()).norm(), tilt);
  }
}

TEST_P(PhantomTruth, FlatnessBoundsTheDifferenceFromTheTangentPlane) {
  Draw draw(14);
  const Box3 around = grown(truth.implicit->bounds_mm, 2.0);
  int flat = 0;
  for (int n = 0; n < 4000; ++n) {
    Point3 c = draw.in_box(around);
    // Most of them near the surface, as in partial volumes.
    if (n % 4 != 0)
      c -= draw.between(0.8, 1.2) * truth.implicit->signed_distance_mm(c) * truth.implicit->gradient(c);
    const double radius_mm = std::pow(10.0, draw.between(-3.0, 0.7));
    const double bound = truth.implicit->flatness_mm(c, radius_mm);
    ASSERT_GE(bound, 0.0);
    ASSERT_LE(bound, 2.0 * radius_mm);
    flat += bound == 0.0 ? 1 : 0;
    const double d = truth.implicit->signed_distance_mm(c);
    const Vector3 gradient = truth.implicit->gradient(c);
    for (int m = 0; m < 60; ++m) {
      const double length = m % 3 == 0 ? 1.0 : draw.between(0.0, 1.0);
      const Vector3 v = length * radius_mm * draw.direction();
      const double difference = truth.implicit->signed_distance_mm(c + v) - d - gradient.dot(v);
      ASSERT_LE(std::abs(difference), bound + 1e-12)
          << "at " << c.transpose() << " radius " << radius_mm << " towards " << v.transpose();
    }
  }
  if (truth.surface_chordal_error_mm == 0.0) {
    EXPECT_GT(flat, 1000) << "faces are flat, and must be seen to be";
  }
}

TEST_P(PhantomTruth, VolumeOfTheVoxelsIsTheClosedFormOnAnObliqueAnisotropicGrid) {
  Draw draw(15);
  const double tolerance = 1e-3;
  const Grid grid = grid_around(truth.implicit->bounds_mm, {0.7, 0.9, 1.6}, draw.rotation());
  const auto fractions = partial_volume(*truth.implicit, grid, tolerance);
  double sum = 0.0;
  int cut = 0;
  for (const float fraction : fractions.values) {
    ASSERT_TRUE(fraction >= 0.0F && fraction <= 1.0F);
    sum += fraction;
    cut += fraction > 0.0F && fraction < 1.0F ? 1 : 0;
  }
  // Each cut voxel is within the tolerance (and float's 6e-8), so the sum is within it times their number;
  // that is the promise. Errors of both signs leave far less: a twentieth of it.
  const double promised_mm3 = (tolerance + 6e-8) * cut * grid.voxel_volume_mm3();
  EXPECT_NEAR(sum * grid.voxel_volume_mm3(), truth.volume_mm3->value, promised_mm3);
  EXPECT_GT(cut, 10);
}

/// Betti numbers of the voxels as closed cubes: parts by flood fill over 26 neighbours, cavities by flood
/// fill of the rest over 6, handles by the Euler characteristic vertices - edges + faces - cubes = parts -
/// handles + cavities.
BettiNumbers betti_of(const LabelMap& mask) {
  const auto& n = mask.grid.size;
  const auto inside = [&](int i, int j, int k) {
    return mask.grid.contains(i, j, k) && mask.at(i, j, k) != 0;
  };
  long euler = 0;
  for (int k = 0; k <= n[2]; ++k)
    for (int j = 0; j <= n[1]; ++j)
      for (int i = 0; i <= n[0]; ++i)
        // Each cell of the complex is named by its upper corner and the axes that it extends along,
        // downwards.
        for (int axes = 0; axes < 8; ++axes) {
          bool in_complex = false;
          for (int b = 0; b < 8 && !in_complex; ++b) {
            if ((b & axes) != 0) continue;  // Along an extended axis only the lower voxel touches the cell.
            in_complex = inside(i - ((axes & 1) != 0 || (b & 1) != 0 ? 1 : 0),
                                j - ((axes & 2) != 0 || (b & 2) != 0 ? 1 : 0),
                                k - ((axes & 4) != 0 || (b & 4) != 0 ? 1 : 0));
          }
          if (in_complex) euler += __builtin_popcount(static_cast<unsigned>(axes)) % 2 == 0 ? 1 : -1;
        }
  const auto parts = [&](bool of_inside) {
    std::vector<char> seen(mask.values.size(), 0);
    int count = 0;
    std::vector<std::array<int, 3>> stack;
    for (int k = 0; k < n[2]; ++k)
      for (int j = 0; j < n[1]; ++j)
        for (int i = 0; i < n[0]; ++i) {
          if (inside(i, j, k) != of_inside || seen[mask.grid.offset(i, j, k)] != 0) continue;
          ++count;
          stack.push_back({i, j, k});
          seen[mask.grid.offset(i, j, k)] = 1;
          while (!stack.empty()) {
            const auto [x, y, z] = stack.back();
            stack.pop_back();
            for (int c = -1; c <= 1; ++c)
              for (int b = -1; b <= 1; ++b)
                for (int a = -1; a <= 1; ++a) {
                  if (!of_inside && std::abs(a) + std::abs(b) + std::abs(c) != 1) continue;
                  if (!mask.grid.contains(x + a, y + b, z + c)) continue;
                  auto& mark = seen[mask.grid.offset(x + a, y + b, z + c)];
                  if (mark != 0 || inside(x + a, y + b, z + c) != of_inside) continue;
                  mark = 1;
                  stack.push_back({x + a, y + b, z + c});
                }
          }
        }
    return count;
  };
  BettiNumbers betti;
  betti.components = parts(true);
  betti.cavities = parts(false) - 1;
  betti.handles = betti.components + betti.cavities - static_cast<int>(euler);
  return betti;
}

TEST_P(PhantomTruth, MaskHasTheBettiNumbersAndTheLabelWhereTheCentreIsInside) {
  Parameters parameters = resolve_parameters(
      scan_parameters(), {{"spacing_mm", std::vector<double>{0.45, 0.45, 0.45}}, {"margin_mm", 1.0}}, "test");
  const Truth with_mask = truth_of(phantom, scan_grid(phantom, parameters));
  ASSERT_TRUE(with_mask.mask);
  const LabelMap& mask = *with_mask.mask;
  std::size_t labelled = 0;
  for (int k = 0; k < mask.grid.size[2]; ++k)
    for (int j = 0; j < mask.grid.size[1]; ++j)
      for (int i = 0; i < mask.grid.size[0]; ++i) {
        const Point3 center = mask.grid.to_world({double(i), double(j), double(k)});
        ASSERT_EQ(mask.at(i, j, k), truth.implicit->signed_distance_mm(center) <= 0.0 ? 1 : 0);
        labelled += mask.at(i, j, k);
      }
  EXPECT_GT(labelled, 0u);
  EXPECT_EQ(betti_of(mask), *truth.betti);
}

TEST_P(PhantomTruth, FeaturesAreWhereTheySay) {
  std::set<std::string> names;
  for (const Feature& feature : truth.features) {
    EXPECT_TRUE(names.insert(feature.name).second) << feature.name;
    const auto& region = feature.region;
    EXPECT_LT((region.axes.transpose() * region.axes - Matrix3::Identity()).norm(), 1e-12);
    EXPECT_GT(region.axes.determinant(), 0.0);
    const auto distance_at = [&](double a, double b, double height_mm) {
      const Vector3 local = {a * region.half_extent_mm[0], b * region.half_extent_mm[1], height_mm};
      EXPECT_LE(std::abs(height_mm), region.half_extent_mm[2]);
      return truth.implicit->signed_distance_mm(region.to_world(local));
    };
    const double half_mm = 0.5 * feature.nominal_mm;
    for (const double a : {-1.0, -0.6, -0.1, 0.1, 0.6, 1.0})
      for (const double b : {-1.0, 0.0, 1.0}) {
        if (feature.kind == FeatureKind::plate) {
          EXPECT_NEAR(distance_at(a, b, half_mm), 0.0, 1e-12);
          EXPECT_NEAR(distance_at(a, b, -half_mm), 0.0, 1e-12);
          EXPECT_LT(distance_at(a, b, 0.0), 0.0);
          EXPECT_GT(distance_at(a, b, region.half_extent_mm[2]), 0.0);
        } else if (feature.kind == FeatureKind::step) {
          EXPECT_NEAR(distance_at(a, b, a < 0.0 ? -half_mm : half_mm), 0.0, 1e-12)
              << feature.name << " " << a;
        }
      }
    if (feature.kind == FeatureKind::sphere) {
      for (int axis = 0; axis < 3; ++axis) {
        EXPECT_NEAR(
            truth.implicit->signed_distance_mm(region.center_mm + feature.nominal_mm * Vector3::Unit(axis)),
            0.0, 1e-12);
        EXPECT_GT(region.half_extent_mm[axis], feature.nominal_mm);
      }
    }
  }
}

TEST(PhantomTruthOf, AWedgeAndALadderNamesItsFeaturesByTheirSize) {
  const auto names = [](const std::string& id, const Parameters& parameters) {
    std::vector<std::string> result;
    const Phantom phantom = make_phantom(find_phantom(id, "test"), parameters, "test");
    for (const auto& feature : phantom.targets.at(0).truth.features) result.push_back(feature.name);
    return result;
  };
  EXPECT_THAT(names("plate_ladder", {}),
              testing::ElementsAre("plate_4", "plate_3", "plate_2", "plate_1.5", "plate_1"));
  EXPECT_THAT(names("step_wedge", {{"steps_mm", std::vector<double>{1.0, 0.5, 1.0}}}),
              testing::ElementsAre("step_1", "step_0.5", "step_1_b"));
}

TEST(PhantomTruthOf, ALadderAlongZIsThinAlongZ) {
  const Phantom phantom =
      make_phantom(find_phantom("plate_ladder", "test"), {{"axis", std::string("z")}}, "test");
  // Thickness direction: 4 + 3 + 2 + 1.5 + 1 and six gaps of 4 = 35.5; standing direction: base 4 + 16 = 20.
  EXPECT_LT((bounds_mm(phantom).size_mm() - Vector3(20.0, 16.0, 35.5)).norm(), 1e-12);
  for (const auto& feature : phantom.targets.at(0).truth.features)
    EXPECT_EQ(feature.region.axes.col(2), Vector3::UnitZ().eval());
}

TEST(PhantomTruthOf, ASphereGetsFinerWithASmallerChordalError) {
  const auto& definition = find_phantom("sphere", "test");
  const auto coarse = make_phantom(definition, {}, "test", {.chordal_error_mm = 0.1});
  const auto fine = make_phantom(definition, {}, "test", {.chordal_error_mm = 0.001});
  EXPECT_LE(coarse.targets[0].truth.surface_chordal_error_mm, 0.1);
  EXPECT_LE(fine.targets[0].truth.surface_chordal_error_mm, 0.001);
  EXPECT_GT(fine.targets[0].truth.surface->triangles.size(),
            20 * coarse.targets[0].truth.surface->triangles.size());
}

}  // namespace
}  // namespace meshassay::phantoms
