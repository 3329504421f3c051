// SPDX-License-Identifier: GPL-3.0-or-later
// What the certificate says does not depend on how a file happens to write a shape: on the order of triangles
// and corners, on place and turn, on the unit.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "metrics/meshes/printability.hpp"
#include "tests/unit/phantoms/mesh_phantom_sets.hpp"

namespace meshassay::phantoms {
namespace {

// Every predicate and verdict with its answer.
using Answers = std::map<std::string, std::optional<bool>>;

Answers answers_of(const TriangleMesh& mesh) {
  const auto certificate = metrics::certify(mesh);
  Answers answers;
  for (const auto& predicate : certificate.predicates) answers[std::string(predicate.name)] = predicate.holds;
  for (const auto& each : metrics::certificate_verdicts) answers[each.name] = certificate.*(each.verdict);
  return answers;
}

// What says nothing of orientation.
Answers unoriented(Answers answers) {
  for (const char* name : {"consistently_oriented", "outward", "bounds_solid", "strict"}) answers.erase(name);
  return answers;
}

// The larger ones would take minutes together.
std::vector<NamedMesh> small_meshes() {
  std::vector<NamedMesh> small;
  for (auto& each : meshes_under_test())
    if (each.make().mesh.triangles.size() <= 1500) small.push_back(std::move(each));
  return small;
}

class LawOfCertificates : public testing::TestWithParam<NamedMesh> {
 protected:
  TriangleMesh mesh = GetParam().make().mesh;
  Answers answers = answers_of(mesh);
  std::mt19937_64 random{42};
};

TEST_P(LawOfCertificates, OrderOfTrianglesAndFirstCornersChangesNothing) {
  std::shuffle(mesh.triangles.begin(), mesh.triangles.end(), random);
  for (auto& triangle : mesh.triangles)
    std::rotate(triangle.begin(), triangle.begin() + static_cast<std::ptrdiff_t>(random() % 3),
                triangle.end());
  EXPECT_EQ(answers_of(mesh), answers);
}

TEST_P(LawOfCertificates, TurningTrianglesOverChangesWhatIsOrientedOnly) {
  for (auto& triangle : mesh.triangles)
    if (random() % 2 == 0) std::swap(triangle[1], triangle[2]);
  EXPECT_EQ(unoriented(answers_of(mesh)), unoriented(answers));
}

// A turn by 90 degrees about each of two axes is exact, and so is a step where no digit is lost.
TEST_P(LawOfCertificates, ExactRigidMotionChangesNothing) {
  for (auto& p : mesh.vertices_mm) p = Point3(-p[2], p[0], -p[1]);
  EXPECT_EQ(answers_of(mesh), answers);
  const Vector3 step_mm(512.0, -256.0, 1024.0);
  const auto is_exact = [&](const Point3& p) { return ((p + step_mm) - step_mm) == p; };
  if (!std::all_of(mesh.vertices_mm.begin(), mesh.vertices_mm.end(), is_exact)) return;
  for (auto& p : mesh.vertices_mm) p += step_mm;
  EXPECT_EQ(answers_of(mesh), answers);
}

TEST_P(LawOfCertificates, ScalingByPowersOfTwoChangesNothing) {
  for (const double scale : {0x1p-30, 0x1p40}) {
    auto scaled = mesh;
    for (auto& p : scaled.vertices_mm) p *= scale;
    EXPECT_EQ(answers_of(scaled), answers) << scale;
  }
}

// Definitions 3.2, 3.7 and 3.9: whichever way they are answered, a closed polyhedron has no sheet.
TEST_P(LawOfCertificates, ClosedAndPolyhedronImplyNoSheet) {
  if (answers.at("closed") != true || answers.at("polyhedron") != true) return;
  EXPECT_EQ(answers.at("solid"), true);
}

INSTANTIATE_TEST_SUITE_P(, LawOfCertificates, testing::ValuesIn(small_meshes()),
                         [](const auto& each) { return each.param.name; });

TEST(LawsOfCertificates, LookAtMeshesOfEveryKind) {
  std::size_t printable = 0, open = 0, crossing = 0, moved = 0;
  for (const auto& each : small_meshes()) {
    const auto phantom = each.make();
    printable += phantom.expected.printable == true ? 1 : 0;
    open += phantom.expected.closed == false ? 1 : 0;
    crossing += phantom.expected.polyhedron == false ? 1 : 0;
    moved += std::all_of(phantom.mesh.vertices_mm.begin(), phantom.mesh.vertices_mm.end(),
                         [](const Point3& p) { return ((p.array() + 1024.0) - 1024.0 == p.array()).all(); });
  }
  EXPECT_GE(printable, 10u);
  EXPECT_GE(open, 10u);
  EXPECT_GE(crossing, 10u);
  EXPECT_GE(moved, 20u);
}

// The same of soups and voxels by lot: triples of triangles of a small lattice, so that many close something
// off, overlap or are there twice.
TEST(LawsOfCertificates, ClosedPolyhedraByLotHaveNoSheet) {
  std::mt19937_64 random(3);
  std::size_t closed_polyhedra = 0, others = 0;
  for (int trial = 0; trial < 300; ++trial) {
    // Faces of the 27 cubes of a lattice, each as two triangles, those between equal cubes left out: closed;
    // then, every other time, some triangles less or more.
    std::array<bool, 27> set{};
    for (auto& each : set) each = random() % 3 != 0;
    TriangleMesh mesh;
    for (int z = 0; z < 4; ++z)
      for (int y = 0; y < 4; ++y)
        for (int x = 0; x < 4; ++x) mesh.vertices_mm.emplace_back(x, y, z);
    const auto filled = [&](int x, int y, int z) {
      return x >= 0 && y >= 0 && z >= 0 && x < 3 && y < 3 && z < 3 &&
             set[x + std::size_t{3} * y + std::size_t{9} * z];
    };
    const auto vertex = [](const std::array<int, 3>& at) {
      return static_cast<std::uint32_t>(at[0] + 4 * at[1] + 16 * at[2]);
    };
    for (int z = -1; z < 3; ++z)
      for (int y = -1; y < 3; ++y)
        for (int x = -1; x < 3; ++x)
          for (std::size_t axis = 0; axis < 3; ++axis) {
            std::array<int, 3> next{x, y, z};
            ++next[axis];
            if (filled(x, y, z) == filled(next[0], next[1], next[2])) continue;
            std::array<std::array<int, 3>, 4> corners{next, next, next, next};
            const std::size_t u = (axis + 1) % 3, v = (axis + 2) % 3;
            ++corners[1][u], ++corners[2][u], ++corners[2][v], ++corners[3][v];
            mesh.triangles.push_back({vertex(corners[0]), vertex(corners[1]), vertex(corners[2])});
            mesh.triangles.push_back({vertex(corners[0]), vertex(corners[2]), vertex(corners[3])});
          }
    if (mesh.triangles.empty()) continue;
    if (trial % 2 == 1)
      for (int n = 0; n < 3; ++n) {
        const auto at = static_cast<std::size_t>(random() % mesh.triangles.size());
        if (random() % 2 == 0)
          mesh.triangles.push_back({mesh.triangles[at][0], mesh.triangles[at][2],
                                    static_cast<std::uint32_t>(random() % mesh.vertices_mm.size())});
        else if (mesh.triangles.size() > 1)
          mesh.triangles.erase(mesh.triangles.begin() + static_cast<std::ptrdiff_t>(at));
      }
    const auto answers = answers_of(mesh);
    if (answers.at("closed") == true && answers.at("polyhedron") == true && answers.at("regular") == true &&
        answers.at("non_degenerate") == true) {
      ++closed_polyhedra;
      EXPECT_EQ(answers.at("solid"), true) << trial;
    } else {
      others += answers.at("solid") == false ? 1 : 0;
    }
  }
  EXPECT_GE(closed_polyhedra, 100u);
  EXPECT_GE(others, 50u);  // Where the law says nothing, sheets do come up.
}

}  // namespace
}  // namespace meshassay::phantoms
