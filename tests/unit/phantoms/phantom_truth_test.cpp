// SPDX-License-Identifier: GPL-3.0-or-later
// Laws that every phantom's truth obeys: closed forms, distance, mesh, mask and features tell the same story.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <numbers>
#include <set>

#include "phantoms/scan/scan.hpp"
#include "phantoms/scan/voxel_blocks.hpp"
#include "tests/unit/phantoms/test_phantoms.hpp"

namespace meshassay::phantoms {
namespace {

/// Made once for all laws.
const Phantom& made(const NamedPhantom& named) {
  static std::map<std::string, Phantom> all;
  const auto found = all.find(named.name);
  return found != all.end() ? found->second : all.emplace(named.name, named.make()).first->second;
}

class PhantomTruth : public testing::TestWithParam<NamedPhantom> {
 protected:
  PhantomTruth() : phantom(made(GetParam())) {}

  /// The law holds for every target.
  template <typename Law>
  void for_each_target(const Law& law) {
    for (const auto& target : phantom.targets) {
      SCOPED_TRACE(target.truth.name);
      law(target.truth);
    }
  }

  const Phantom& phantom;
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
  std::uint16_t label = 0;
  std::set<std::string> names;
  for_each_target([&](const TargetTruth& truth) {
    EXPECT_TRUE(truth.implicit && truth.surface && truth.volume_mm3 && truth.area_mm2 && truth.betti);
    EXPECT_GT(truth.volume_mm3->value, 0.0);
    EXPECT_GT(truth.area_mm2->value, 0.0);
    EXPECT_EQ(truth.label, ++label);
    EXPECT_TRUE(names.insert(truth.name).second);
  });
  EXPECT_EQ(phantom.id, GetParam().id);
}

TEST_P(PhantomTruth, MeshConvergesToTheVolumeAndAreaOfTheClosedForm) {
  const Phantom coarse = GetParam().make(0.08);
  for (std::size_t t = 0; t < phantom.targets.size(); ++t) {
    const TargetTruth& truth = phantom.targets[t].truth;
    const double volume = truth.volume_mm3->value;
    const double area = truth.area_mm2->value;
    EXPECT_EQ(coarse.targets[t].truth.volume_mm3->value, volume);
    const auto volume_error = [&](const TargetTruth& of) {
      return std::abs(signed_volume_mm3(*of.surface) - volume);
    };
    const auto area_error = [&](const TargetTruth& of) { return std::abs(area_mm2(*of.surface) - area); };
    const double error_mm = truth.surface_chordal_error_mm;
    if (error_mm == 0.0) {  // Polyhedra are exact; rounding remains.
      EXPECT_LE(volume_error(truth), 1e-11 * volume + truth.volume_mm3->uncertainty);
      EXPECT_LE(area_error(truth), 1e-12 * area + truth.area_mm2->uncertainty);
      continue;
    }
    // What lies between mesh and surface is at most a layer of the chordal error on either side, a little
    // more where the surface bends towards it: a tenth does, as long as the error is a tenth of every radius.
    EXPECT_LE(volume_error(truth), 1.1 * area * error_mm);
    // Both errors fall with the square of the chords, that is with the chordal error itself: from 0.08 to
    // 0.02 to a quarter. Whole numbers of chords, and errors that cancel by chance in the coarse mesh, may
    // take half of that gain.
    const TargetTruth& rough = coarse.targets[t].truth;
    if (rough.surface_chordal_error_mm < 3.0 * error_mm) continue;  // Small balls: no coarser mesh is made.
    EXPECT_LE(volume_error(truth), 0.55 * volume_error(rough) + 1e-11 * volume);
    EXPECT_LE(area_error(truth), 0.55 * area_error(rough) + 1e-11 * area);
  }
}

TEST_P(PhantomTruth, MeshIsClosedTwoManifoldAndOutward) {
  for_each_target([](const TargetTruth& truth) {
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
    EXPECT_EQ(welded(mesh).vertices_mm.size(), mesh.vertices_mm.size()) << "two vertices in one place";
    EXPECT_GT(signed_volume_mm3(mesh), 0.0);
    for (std::size_t t = 0; t < mesh.triangles.size(); ++t) ASSERT_GT(area_vector_mm2(mesh, t).norm(), 0.0);
  });
}

/// Of the vertices' shells, joined by edges: the solid's parts and cavities by the sign of a shell's volume,
/// its handles by Euler's formula V - E + F = 2 - 2 handles.
BettiNumbers betti_of_mesh(const TriangleMesh& mesh) {
  std::vector<std::uint32_t> parent(mesh.vertices_mm.size());
  for (std::uint32_t n = 0; n < parent.size(); ++n) parent[n] = n;
  const auto root = [&](std::uint32_t n) {
    while (parent[n] != n) n = parent[n] = parent[parent[n]];
    return n;
  };
  for (const auto& triangle : mesh.triangles) {
    parent[root(triangle[0])] = root(triangle[1]);
    parent[root(triangle[1])] = root(triangle[2]);
  }
  struct Shell {
    TriangleMesh mesh;
    int vertices = 0;
  };
  std::map<std::uint32_t, Shell> shells;
  for (std::uint32_t n = 0; n < parent.size(); ++n) ++shells[root(n)].vertices;
  for (const auto& triangle : mesh.triangles) {
    auto& shell = shells[root(triangle[0])].mesh;
    const auto first = static_cast<std::uint32_t>(shell.vertices_mm.size());
    for (const auto corner : triangle) shell.vertices_mm.push_back(mesh.vertices_mm[corner]);
    shell.triangles.push_back({first, first + 1, first + 2});
  }
  BettiNumbers betti{.components = 0, .handles = 0, .cavities = 0};
  for (const auto& [id, shell] : shells) {
    ++(signed_volume_mm3(shell.mesh) > 0.0 ? betti.components : betti.cavities);
    const int faces = static_cast<int>(shell.mesh.triangles.size());
    betti.handles += (2 - shell.vertices + faces / 2) / 2;  // E = 3 F / 2.
  }
  return betti;
}

TEST_P(PhantomTruth, MeshHasTheBettiNumbers) {
  for_each_target([](const TargetTruth& truth) { EXPECT_EQ(betti_of_mesh(*truth.surface), *truth.betti); });
}

TEST_P(PhantomTruth, MeshLiesOnTheSurfaceToWithinItsChordalError) {
  for_each_target([](const TargetTruth& truth) {
    const auto& mesh = *truth.surface;
    const double error_mm = truth.surface_chordal_error_mm + 1e-12;  // Rounding at coordinates near 50.
    EXPECT_LE(truth.surface_chordal_error_mm, 0.02);
    for (const auto& vertex : mesh.vertices_mm)
      ASSERT_LE(std::abs(truth.implicit->signed_distance_mm(vertex)), error_mm);
    for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
      const Point3 middle = (mesh.corner(t, 0) + mesh.corner(t, 1) + mesh.corner(t, 2)) / 3.0;
      ASSERT_LE(std::abs(truth.implicit->signed_distance_mm(middle)), error_mm);
    }
    // Bounds that are taken from the mesh allow for its error once more.
    const Box3 box = bounding_box(mesh);
    EXPECT_LE((box.min_mm - truth.implicit->bounds_mm.min_mm).cwiseAbs().maxCoeff(), 2.0 * error_mm);
    EXPECT_LE((box.max_mm - truth.implicit->bounds_mm.max_mm).cwiseAbs().maxCoeff(), 2.0 * error_mm);
  });
}

TEST_P(PhantomTruth, DistanceAndSignAgreeWithTheMesh) {
  // A second opinion that knows no boxes and no balls: brute force over the triangles.
  for_each_target([](const TargetTruth& truth) {
    Draw draw(11);
    const Box3 around = grown(truth.implicit->bounds_mm, 1.0);
    const auto triangles = static_cast<double>(truth.surface->triangles.size());
    const int points = static_cast<int>(std::clamp(4e5 / triangles, 40.0, 1000.0));
    const double error_mm = truth.surface_chordal_error_mm + truth.implicit->uncertainty_mm;
    int inside = 0;
    for (int n = 0; n < points; ++n) {
      Point3 p = draw.in_box(around);
      // Half of them near the surface.
      if (n % 2 == 0)
        p -= draw.between(0.7, 1.3) * truth.implicit->signed_distance_mm(p) * truth.implicit->gradient(p);
      const double d = truth.implicit->signed_distance_mm(p);
      // Two closed sets at Hausdorff distance e are seen from any point at distances that differ by at most
      // e.
      ASSERT_NEAR(std::abs(d), distance_to_mesh(*truth.surface, p), error_mm + 1e-10) << p.transpose();
      if (std::abs(d) <= error_mm + 1e-9) continue;
      ASSERT_NEAR(winding_number(*truth.surface, p), d < 0.0 ? 1.0 : 0.0, 1e-6) << p.transpose();
      inside += d < 0.0 ? 1 : 0;
    }
    EXPECT_GT(inside, 0);
  });
}

TEST_P(PhantomTruth, DistanceHasLipschitzConstantOne) {
  for_each_target([](const TargetTruth& truth) {
    Draw draw(12);
    const Box3 around = grown(truth.implicit->bounds_mm, 3.0);
    for (int n = 0; n < 2000; ++n) {
      const Point3 a = draw.in_box(around);
      const Point3 b =
          n % 2 == 0 ? draw.in_box(around) : Point3(a + draw.between(0.0, 0.5) * draw.direction());
      const double change = truth.implicit->signed_distance_mm(a) - truth.implicit->signed_distance_mm(b);
      ASSERT_LE(std::abs(change), (a - b).norm() + 2.0 * truth.implicit->uncertainty_mm + 1e-12);
    }
  });
}

TEST_P(PhantomTruth, GradientIsTheUnitDerivativeOfTheDistance) {
  for_each_target([](const TargetTruth& truth) {
    Draw draw(13);
    const Box3 around = grown(truth.implicit->bounds_mm, 3.0);
    const double step_mm = 1e-5;
    int smooth = 0;
    const int points = 500;
    for (int n = 0; n < points; ++n) {
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
    EXPECT_GT(smooth, points * 97 / 100);
  });
}

TEST_P(PhantomTruth, GradientOnTheSurfaceIsTheOutwardNormalOfTheMesh) {
  for_each_target([](const TargetTruth& truth) {
    const auto& mesh = *truth.surface;
    const bool exact = truth.surface_chordal_error_mm == 0.0;
    double area = 0.0;
    double agreement = 0.0;
    for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
      const Point3 middle = (mesh.corner(t, 0) + mesh.corner(t, 1) + mesh.corner(t, 2)) / 3.0;
      const Vector3 area_vector = area_vector_mm2(mesh, t);
      const Vector3 gradient = truth.implicit->gradient(middle);
      if (exact) {
        ASSERT_LT((gradient - area_vector.normalized()).norm(), 1e-9);
      }
      area += area_vector.norm();
      agreement += gradient.dot(area_vector);
    }
    // A chord of a circle of radius R with the error e is tilted against the ends' tangents by sqrt(2 e / R),
    // 0.28 at e = 0.02 and R = 0.5: its cosine is 0.96. Triangles at a rim may see the other face.
    EXPECT_GT(agreement, (exact ? 1.0 - 1e-12 : 0.95) * area);
  });
}

TEST_P(PhantomTruth, FlatnessBoundsTheDifferenceFromTheTangentPlane) {
  for_each_target([](const TargetTruth& truth) {
    Draw draw(14);
    const Box3 around = grown(truth.implicit->bounds_mm, 2.0);
    int flat = 0;
    int useful = 0;
    for (int n = 0; n < 800; ++n) {
      Point3 c = draw.in_box(around);
      // Most of them near the surface, as in partial volumes.
      if (n % 4 != 0)
        c -= draw.between(0.8, 1.2) * truth.implicit->signed_distance_mm(c) * truth.implicit->gradient(c);
      const double radius_mm = std::pow(10.0, draw.between(-3.0, 0.7));
      const double bound = truth.implicit->flatness_mm(c, radius_mm);
      ASSERT_GE(bound, 0.0);
      ASSERT_LE(bound, 2.0 * radius_mm);
      flat += bound == 0.0 ? 1 : 0;
      useful += bound < 0.5 * radius_mm ? 1 : 0;
      const double d = truth.implicit->signed_distance_mm(c);
      const Vector3 gradient = truth.implicit->gradient(c);
      for (int m = 0; m < 40; ++m) {
        const double length = m % 3 == 0 ? 1.0 : draw.between(0.0, 1.0);
        const Vector3 v = length * radius_mm * draw.direction();
        const double difference = truth.implicit->signed_distance_mm(c + v) - d - gradient.dot(v);
        ASSERT_LE(std::abs(difference), bound + 2.0 * truth.implicit->uncertainty_mm + 1e-12)
            << "at " << c.transpose() << " radius " << radius_mm << " towards " << v.transpose();
      }
    }
    EXPECT_GT(useful, 200) << "a bound that says nothing";
    if (truth.surface_chordal_error_mm == 0.0) {
      EXPECT_GT(flat, 200) << "faces are flat, and must be seen to be";
    }
  });
}

TEST_P(PhantomTruth, VolumeOfTheVoxelsIsTheClosedFormOnAnObliqueAnisotropicGrid) {
  for_each_target([](const TargetTruth& truth) {
    Draw draw(15);
    // About five hundred voxels, whatever the size.
    const double unit_mm = std::cbrt(truth.implicit->bounds_mm.size_mm().prod() / 500.0);
    const Grid grid =
        grid_around(truth.implicit->bounds_mm, unit_mm * Vector3(0.8, 0.9, 1.4), draw.rotation());
    for (const double tolerance : {0.02, 0.004}) {
      const auto fractions = partial_volume(*truth.implicit, grid, tolerance);
      double sum = 0.0;
      int cut = 0;
      for (const float fraction : fractions.values) {
        ASSERT_TRUE(fraction >= 0.0F && fraction <= 1.0F);
        sum += fraction;
        cut += fraction > 0.0F && fraction < 1.0F ? 1 : 0;
      }
      // Each cut voxel is within the tolerance (and float's 6e-8), so the sum is within it times their
      // number: it converges with the tolerance.
      const double promised_mm3 = (tolerance + 6e-8) * cut * grid.voxel_volume_mm3();
      EXPECT_NEAR(sum * grid.voxel_volume_mm3(), truth.volume_mm3->value,
                  promised_mm3 + truth.volume_mm3->uncertainty);
      EXPECT_GT(cut, 10);
    }
  });
}

/// Volume and area from the signed distance alone: sums over a grid of a step smeared over |d| < width, and
/// of its derivative, both smooth.
struct SmearedSums {
  double volume_mm3 = 0.0, area_mm2 = 0.0;
};
SmearedSums smeared_sums(const ImplicitSurface& surface, double width_mm, double spacing_mm) {
  const Grid grid =
      grid_around(grown(surface.bounds_mm, width_mm), Vector3::Constant(spacing_mm), Draw(16).rotation());
  // Blocks that lie wholly on one side of the layer are summed at once.
  ImplicitSurface around = surface;
  around.signed_distance_mm = [&](const Point3& p) {
    const double d = surface.signed_distance_mm(p);
    return d > 0.0 ? std::max(0.0, d - width_mm) : std::min(0.0, d + width_mm);
  };
  SmearedSums sums;
  const double pi = std::numbers::pi;
  for (int k = 0; k < grid.size[2]; ++k)
    visit_slice(
        around, grid, k,
        [&](const VoxelBlock& block, bool inside) {
          if (inside) sums.volume_mm3 += (block.i_end - block.i_begin) * (block.j_end - block.j_begin);
        },
        [&](int, int, const Point3& center_mm) {
          const double x = std::clamp(surface.signed_distance_mm(center_mm) / width_mm, -1.0, 1.0);
          sums.volume_mm3 += 0.5 - 0.5 * x - std::sin(pi * x) / (2.0 * pi);
          sums.area_mm2 += (1.0 + std::cos(pi * x)) / (2.0 * width_mm);
        });
  sums.volume_mm3 *= grid.voxel_volume_mm3();
  sums.area_mm2 *= grid.voxel_volume_mm3();
  return sums;
}

TEST_P(PhantomTruth, VolumeAndAreaFromTheSignedDistanceConvergeToTheClosedForm) {
  for_each_target([](const TargetTruth& truth) {
    const double volume = truth.volume_mm3->value;
    const double area = truth.area_mm2->value;
    // Curvature and edges put the layer's volume off by a term of second order in its width, and parts
    // thinner than twice the width miss some of it; a third of an eighth of the smallest size in the tests is
    // 0.15.
    const SmearedSums wide = smeared_sums(*truth.implicit, 0.8, 0.5);
    const SmearedSums narrow = smeared_sums(*truth.implicit, 0.4, 0.25);
    const double volume_error = std::abs(narrow.volume_mm3 - volume);
    const double area_error = std::abs(narrow.area_mm2 - area);
    // Volume: curvature and edges add a term of second order, corners and tips of the third, which takes from
    // it a few percent at the larger width; the grid's noise is below 2e-4 of the area.
    EXPECT_LE(volume_error, 0.27 * std::abs(wide.volume_mm3 - volume) + 2e-4 * area);
    // Area: first order at edges; the grid's noise is far below half a percent of the area.
    EXPECT_LE(area_error, 0.6 * std::abs(wide.area_mm2 - area) + 5e-3 * area);
    EXPECT_LE(volume_error, 0.02 * area);
    EXPECT_LE(area_error, 0.06 * area);
  });
}

/// Betti numbers of the voxels as closed cubes: parts by flood fill over 26 neighbours, cavities by flood
/// fill of the rest over 6, handles by the Euler characteristic vertices - edges + faces - cubes = parts -
/// handles + cavities.
BettiNumbers betti_of(const LabelMap& mask, std::uint16_t label) {
  const auto& n = mask.grid.size;
  const auto inside = [&](int i, int j, int k) {
    return mask.grid.contains(i, j, k) && mask.at(i, j, k) == label;
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
      scan_parameters(),
      {{"spacing_mm", std::vector<double>(3, GetParam().mask_spacing_mm)}, {"margin_mm", 1.0}}, "test");
  const Truth with_mask = truth_of(phantom, scan_grid(phantom, parameters));
  ASSERT_TRUE(with_mask.mask);
  const LabelMap& mask = *with_mask.mask;
  const Draw seeded(17);
  Draw draw = seeded;
  std::size_t labelled = 0;
  for (int k = 0; k < mask.grid.size[2]; ++k)
    for (int j = 0; j < mask.grid.size[1]; ++j)
      for (int i = 0; i < mask.grid.size[0]; ++i) {
        labelled += mask.at(i, j, k) != 0 ? 1 : 0;
        if (draw.between(0.0, 1.0) > 0.2) continue;  // A fifth of the voxels is enough.
        const Point3 center = mask.grid.to_world({double(i), double(j), double(k)});
        int expected = 0;  // Where targets share a face, the later one has it.
        for (const auto& target : phantom.targets)
          if (target.truth.implicit->signed_distance_mm(center) <= 0.0) expected = target.truth.label;
        ASSERT_EQ(mask.at(i, j, k), expected);
      }
  EXPECT_GT(labelled, 0u);
  for_each_target([&](const TargetTruth& truth) { EXPECT_EQ(betti_of(mask, truth.label), *truth.betti); });
}

/// Whether the surface at a point has an edge across the plane of `u` and `v`: normals found on small steps
/// away from it differ by more than ten degrees.
bool is_at_an_edge(const ImplicitSurface& surface, const Point3& point, const Vector3& u, const Vector3& v) {
  double least = 1.0;
  std::vector<Vector3> normals;
  for (int n = 0; n < 16; ++n) {
    const double angle = 2.0 * std::numbers::pi * (n + 0.3) / 16.0;
    normals.push_back(surface.gradient(point + 1e-4 * (std::cos(angle) * u + std::sin(angle) * v)));
    for (const auto& other : normals) least = std::min(least, other.dot(normals.back()));
  }
  return least < std::cos(10.0 * std::numbers::pi / 180.0);
}

void check_feature(const TargetTruth& truth, const Feature& feature) {
  const auto& region = feature.region;
  const ImplicitSurface& surface = *truth.implicit;
  EXPECT_LT((region.axes.transpose() * region.axes - Matrix3::Identity()).norm(), 1e-12);
  EXPECT_GT(region.axes.determinant(), 0.0);
  EXPECT_GT(region.half_extent_mm.minCoeff(), 0.0);
  EXPECT_GT(feature.nominal_mm, 0.0);
  const double rounding_mm = 1e-9;
  const auto distance_at = [&](double a, double b, double height_mm) {
    const Vector3 local = {a * region.half_extent_mm[0], b * region.half_extent_mm[1], height_mm};
    EXPECT_LE(std::abs(height_mm), region.half_extent_mm[2]);
    return surface.signed_distance_mm(region.to_world(local));
  };
  const double half_mm = 0.5 * feature.nominal_mm;
  const auto faces = [&](double a, double b, double between_sign) {
    EXPECT_NEAR(distance_at(a, b, half_mm), 0.0, rounding_mm);
    EXPECT_NEAR(distance_at(a, b, -half_mm), 0.0, rounding_mm);
    EXPECT_GT(between_sign * distance_at(a, b, 0.0), 0.0);
    EXPECT_LT(between_sign * distance_at(a, b, region.half_extent_mm[2]), 0.0);
  };
  const auto on_circle = [&](double radius_mm, double angle, double height_mm) {
    return region.to_world({radius_mm * std::cos(angle), radius_mm * std::sin(angle), height_mm});
  };
  for (const double a : {-1.0, -0.6, -0.1, 0.1, 0.6, 1.0})
    for (const double b : {-1.0, 0.0, 1.0}) switch (feature.kind) {
        case FeatureKind::plate: faces(a, b, -1.0); break;
        case FeatureKind::gap: faces(a, b, 1.0); break;
        case FeatureKind::step:
          EXPECT_NEAR(distance_at(a, b, a < 0.0 ? -half_mm : half_mm), 0.0, rounding_mm) << a;
          break;
        case FeatureKind::rod:
        case FeatureKind::hole: {
          const double sign = feature.kind == FeatureKind::rod ? -1.0 : 1.0;
          const double height_mm = a * region.half_extent_mm[2];
          EXPECT_NEAR(surface.signed_distance_mm(on_circle(half_mm, b, height_mm)), 0.0, rounding_mm);
          EXPECT_GT(sign * surface.signed_distance_mm(on_circle(0.99 * half_mm, b, height_mm)), 0.0);
          EXPECT_LT(sign * surface.signed_distance_mm(on_circle(1.01 * half_mm, b, height_mm)), 0.0);
          EXPECT_GT(std::min(region.half_extent_mm[0], region.half_extent_mm[1]), half_mm);
          break;
        }
        case FeatureKind::rim: {
          const double angle = 3.0 * a + b;
          const Point3 point = on_circle(feature.nominal_mm, angle, 0.0);
          EXPECT_NEAR(surface.signed_distance_mm(point), 0.0, rounding_mm);
          const Vector3 radial = (point - region.center_mm).normalized();
          EXPECT_TRUE(is_at_an_edge(surface, point, radial, region.axes.col(2)));
          EXPECT_GT(std::min(region.half_extent_mm[0], region.half_extent_mm[1]), feature.nominal_mm);
          break;
        }
        case FeatureKind::edge: {
          const Point3 point = region.to_world({0.0, 0.0, 0.99 * a * half_mm});
          EXPECT_NEAR(surface.signed_distance_mm(point), 0.0, rounding_mm);
          EXPECT_TRUE(is_at_an_edge(surface, point, region.axes.col(0), region.axes.col(1)));
          // It ends where it says: the surface is left behind.
          EXPECT_GT(
              surface.signed_distance_mm(region.to_world({0.0, 0.0, (a < 0.0 ? -1.01 : 1.01) * half_mm})),
              0.0);
          break;
        }
        case FeatureKind::sphere: break;
      }
  if (feature.kind != FeatureKind::sphere) return;
  for (int axis = 0; axis < 3; ++axis) {
    EXPECT_NEAR(surface.signed_distance_mm(region.center_mm + feature.nominal_mm * Vector3::Unit(axis)), 0.0,
                rounding_mm);
    EXPECT_GT(region.half_extent_mm[axis], feature.nominal_mm);
  }
}

TEST_P(PhantomTruth, FeaturesAreWhereTheySay) {
  for_each_target([](const TargetTruth& truth) {
    std::set<std::string> names;
    for (const Feature& feature : truth.features) {
      SCOPED_TRACE(feature.name);
      EXPECT_TRUE(names.insert(feature.name).second);
      check_feature(truth, feature);
    }
  });
}

TEST(PhantomTruthOf, AWedgeAndALadderNamesItsFeaturesByTheirSize) {
  const auto names = [](const std::string& id, const Parameters& parameters) {
    std::vector<std::string> result;
    const Phantom phantom = make_phantom(find_phantom(id, "test"), parameters, "test");
    for (const auto& feature : phantom.targets.at(0).truth.features) result.push_back(feature.name);
    return result;
  };
  EXPECT_THAT(names("plate_ladder", {}),
              testing::ElementsAre("plate_5", "plate_3", "plate_2", "plate_1.5", "plate_1", "plate_0.7",
                                   "plate_0.5", "plate_0.3", "plate_0.2", "plate_0.1"));
  EXPECT_THAT(names("step_wedge", {{"steps_mm", std::vector<double>{1.0, 0.5, 1.0}}}),
              testing::ElementsAre("step_1", "step_0.5", "step_1_b"));
}

TEST(PhantomTruthOf, ALadderAlongZIsThinAlongZ) {
  const Phantom phantom =
      make_phantom(find_phantom("plate_ladder", "test"), {{"axis", std::string("z")}}, "test");
  // Thickness direction: 5 + 3 + 2 + 1.5 + 1 + 0.7 + 0.5 + 0.3 + 0.2 + 0.1 = 14.3 and eleven gaps of 4
  // = 58.3; standing direction: base 4 + 16 = 20.
  EXPECT_LT((bounds_mm(phantom).size_mm() - Vector3(20.0, 16.0, 58.3)).norm(), 1e-12);
  for (const auto& feature : phantom.targets.at(0).truth.features)
    EXPECT_EQ(feature.region.axes.col(2), Vector3::UnitZ().eval());
}

TEST(PhantomTruthOf, AWholeLadderHasItsFeaturesDownToATenthOfAMillimetre) {
  for (const char* id : {"plate_ladder", "rod_ladder", "gap_ladder", "hole_ladder"}) {
    const Phantom phantom = make_phantom(find_phantom(id, "test"), {}, "test");
    const auto& truth = phantom.targets.at(0).truth;
    ASSERT_EQ(truth.features.size(), 10u) << id;
    EXPECT_EQ(truth.features.front().nominal_mm, 5.0);
    EXPECT_EQ(truth.features.back().nominal_mm, 0.1);
    for (const auto& feature : truth.features) check_feature(truth, feature);
  }
}

TEST(PhantomTruthOf, ALadderSpreadsItsCopiesEvenlyOverAVoxel) {
  const double voxel_mm = 0.6;
  for (const auto& [id, list] : {std::pair{"plate_ladder", "thickness_mm"},
                                 {"rod_ladder", "diameters_mm"},
                                 {"gap_ladder", "gaps_mm"},
                                 {"hole_ladder", "diameters_mm"}}) {
    SCOPED_TRACE(id);
    const Phantom phantom = make_phantom(
        find_phantom(id, "test"),
        {{list, std::vector<double>{2.0, 0.5}}, {"copies", 8.0}, {"voxel_mm", voxel_mm}}, "test");
    const auto& truth = phantom.targets.at(0).truth;
    ASSERT_EQ(truth.features.size(), 16u);
    double end_mm = -std::numeric_limits<double>::infinity();
    for (std::size_t n = 0; n < truth.features.size(); ++n) {
      const Feature& feature = truth.features[n];
      check_feature(truth, feature);
      EXPECT_EQ(feature.nominal_mm, n < 8 ? 2.0 : 0.5);
      const double begin_mm = feature.region.center_mm[0] - 0.5 * feature.nominal_mm;
      EXPECT_GT(begin_mm, end_mm + 1.9);  // The smallest free space, 3 mm, less what regions know nothing of.
      end_mm = begin_mm + feature.nominal_mm;
      // Eighths of a voxel after the first copy, and whole voxels.
      const double first_mm = truth.features[0].region.center_mm[0] - 0.5 * truth.features[0].nominal_mm;
      const double voxels = (begin_mm - first_mm) / voxel_mm - static_cast<double>(n % 8) / 8.0;
      EXPECT_NEAR(voxels, std::round(voxels), 1e-9) << feature.name;
    }
  }
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
