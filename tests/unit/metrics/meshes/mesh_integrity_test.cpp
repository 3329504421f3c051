// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/meshes/mesh_integrity.hpp"

#include <gtest/gtest.h>

#include "core/bridge_open3d/second_opinion.hpp"
#include "core/edge_table.hpp"
#include "core/errors.hpp"
#include "metrics/meshes/mesh_components.hpp"
#include "metrics/registry.hpp"
#include "tests/unit/metrics/meshes.hpp"

namespace meshassay::metrics {
namespace {

// All metrics of one surface, by id.
std::map<std::string, Measurement> measured_mesh(const TriangleMesh& mesh) {
  Trial trial;
  trial.truth.targets.push_back({.label = 1});
  trial.submissions.emplace_back();
  trial.submissions.front().offers = {"surface"};
  trial.submissions.front().stages.push_back({.name = "exported", .surfaces = {{1, mesh}}});
  std::map<std::string, Measurement> result;
  for (const auto& row : measure_all(trial, "mesh.*")) result[row.metric] = row;
  return result;
}

bool holds(const std::map<std::string, Measurement>& rows, const std::string& id) {
  return std::get<bool>(rows.at(id).value.value());
}

double count(const std::map<std::string, Measurement>& rows, const std::string& id) {
  return std::get<double>(rows.at(id).value.value());
}

// Neither opinion may differ from ours on any mesh of these tests.
void expect_agreement(const TriangleMesh& mesh) {
  for (const auto& [id, row] : measured_mesh(mesh)) EXPECT_NE(row.reason, "second_opinion_differs") << id;
}

TEST(MeshIntegrity, OfACubeIsPerfect) {
  const auto rows = measured_mesh(cube_mesh(0, 1));
  for (const auto* id : {"mesh.closed", "mesh.two_manifold", "mesh.consistently_oriented", "mesh.outward"})
    EXPECT_TRUE(holds(rows, id)) << id;
  EXPECT_EQ(count(rows, "mesh.triangles"), 12);
  EXPECT_EQ(count(rows, "mesh.vertices"), 8);
  EXPECT_EQ(count(rows, "mesh.components"), 1);
  EXPECT_EQ(count(rows, "mesh.euler"), 2);
  EXPECT_EQ(count(rows, "mesh.genus"), 0);
  for (const auto* id :
       {"mesh.boundary_edges", "mesh.boundary_loops", "mesh.boundary_length", "mesh.non_manifold_edges",
        "mesh.non_manifold_vertices", "mesh.duplicates", "mesh.degenerate"})
    EXPECT_EQ(count(rows, id), 0) << id;
}

TEST(MeshIntegrity, DoesNotDependOnWhetherTheFileSharesVertices) {
  const auto cube = cube_mesh(0, 1);
  TriangleMesh soup;
  for (std::size_t t = 0; t < cube.triangles.size(); ++t) {
    for (int c = 0; c < 3; ++c) soup.vertices_mm.push_back(cube.corner(t, c));
    const auto n = static_cast<std::uint32_t>(3 * t);
    soup.triangles.push_back({n, n + 1, n + 2});
  }
  EXPECT_TRUE(holds(measured_mesh(soup), "mesh.two_manifold"));
  EXPECT_EQ(count(measured_mesh(soup), "mesh.vertices"), 8);
}

TEST(MeshIntegrity, OfACubeWithoutItsLidHasOneLoopOfFourEdges) {
  auto mesh = cube_mesh(0, 2);
  mesh.triangles.erase(mesh.triangles.begin() + 2, mesh.triangles.begin() + 4);
  const auto rows = measured_mesh(mesh);
  EXPECT_FALSE(holds(rows, "mesh.closed"));
  EXPECT_FALSE(holds(rows, "mesh.two_manifold"));
  EXPECT_TRUE(holds(rows, "mesh.consistently_oriented"));
  EXPECT_EQ(rows.at("mesh.outward").reason, "not_closed");
  EXPECT_EQ(rows.at("mesh.genus").reason, "not_closed");
  EXPECT_EQ(count(rows, "mesh.boundary_edges"), 4);
  EXPECT_EQ(count(rows, "mesh.boundary_loops"), 1);
  EXPECT_EQ(count(rows, "mesh.boundary_length"), 8);
  EXPECT_EQ(count(rows, "mesh.non_manifold_vertices"), 0);  // Open fans are not at fault.
  EXPECT_EQ(rows.at("mesh.closed").witnesses.size(), 4u);
}

TEST(MeshIntegrity, TwoHolesThatMeetAtACornerAreTwoLoops) {
  auto mesh = cube_mesh(0, 1);
  // One triangle of the bottom and one of the top's opposite side, both at vertex 3: {0,2,3} and {1,3,7}.
  std::erase(mesh.triangles, (Triangle{0, 2, 3}));
  std::erase(mesh.triangles, (Triangle{1, 3, 7}));
  const auto rows = measured_mesh(mesh);
  EXPECT_EQ(count(rows, "mesh.boundary_edges"), 6);
  EXPECT_EQ(count(rows, "mesh.boundary_loops"), 2);
  EXPECT_EQ(count(rows, "mesh.non_manifold_vertices"), 1);
  expect_agreement(mesh);
}

TEST(MeshIntegrity, ABowTieVertexIsNotManifoldThoughEveryEdgeIs) {
  // Two cubes that share the corner (1, 1, 1).
  const auto mesh = together(cube_mesh(0, 1), cube_mesh(1, 1));
  const auto rows = measured_mesh(mesh);
  EXPECT_TRUE(holds(rows, "mesh.closed"));
  EXPECT_FALSE(holds(rows, "mesh.two_manifold"));
  EXPECT_TRUE(holds(rows, "mesh.outward"));
  EXPECT_EQ(count(rows, "mesh.non_manifold_vertices"), 1);
  EXPECT_EQ(count(rows, "mesh.non_manifold_edges"), 0);
  EXPECT_EQ(count(rows, "mesh.components"), 2);
  EXPECT_EQ(count(rows, "mesh.vertices"), 15);
  EXPECT_EQ(rows.at("mesh.genus").reason, "not_manifold");
  EXPECT_EQ(rows.at("mesh.non_manifold_vertices").witnesses[0].second,
            MeasuredValue(std::vector<double>{1, 1, 1}));
}

TEST(MeshIntegrity, AnEdgeWithFourTrianglesIsClosedAndNotManifold) {
  // Two cubes that share the edge from (1, 1, 0) to (1, 1, 1).
  const auto mesh = together(cube_mesh(0, 1), box_mesh({1, 1, 0}, {1, 1, 1}));
  const auto rows = measured_mesh(mesh);
  EXPECT_TRUE(holds(rows, "mesh.closed"));
  EXPECT_TRUE(holds(rows, "mesh.consistently_oriented"));
  EXPECT_FALSE(holds(rows, "mesh.two_manifold"));
  EXPECT_EQ(count(rows, "mesh.non_manifold_edges"), 1);
  EXPECT_EQ(count(rows, "mesh.non_manifold_vertices"), 2);  // Its ends.
  EXPECT_EQ(count(rows, "mesh.components"), 1);             // Over that edge.
  expect_agreement(mesh);
}

TEST(MeshIntegrity, AFinIsNotClosed) {
  auto mesh = cube_mesh(0, 1);
  mesh.vertices_mm.emplace_back(0.5, -1, -1);
  mesh.triangles.push_back({0, 1, 8});  // On the edge from 0 to 1, which has three triangles then.
  const auto rows = measured_mesh(mesh);
  EXPECT_FALSE(holds(rows, "mesh.closed"));
  EXPECT_EQ(count(rows, "mesh.non_manifold_edges"), 1);
  EXPECT_EQ(count(rows, "mesh.boundary_edges"), 2);
  EXPECT_EQ(count(rows, "mesh.boundary_loops"), 0);  // An open arc.
  EXPECT_EQ(count(rows, "mesh.boundary_arcs"), 1);
  expect_agreement(mesh);
}

TEST(MeshIntegrity, AFlippedTriangleIsFound) {
  auto mesh = cube_mesh(0, 1);
  std::swap(mesh.triangles[5][0], mesh.triangles[5][1]);
  const auto rows = measured_mesh(mesh);
  EXPECT_TRUE(holds(rows, "mesh.two_manifold"));
  EXPECT_FALSE(holds(rows, "mesh.consistently_oriented"));
  EXPECT_EQ(rows.at("mesh.consistently_oriented").witnesses.size(), 3u);
  EXPECT_EQ(rows.at("mesh.outward").reason, "not_oriented");
  EXPECT_EQ(rows.at("mesh.genus").reason, "not_oriented");
}

TEST(MeshIntegrity, ATriangleThatIsThereTwiceIsADuplicateWhateverItsOrder) {
  auto mesh = cube_mesh(0, 1);
  mesh.triangles.push_back({3, 0, 2});
  mesh.triangles.push_back({2, 3, 0});
  mesh.triangles.push_back({3, 2, 0});
  const auto rows = measured_mesh(mesh);
  EXPECT_EQ(count(rows, "mesh.duplicates"), 3);
  EXPECT_TRUE(holds(rows, "mesh.closed"));  // The one that is kept closes it.
  EXPECT_FALSE(holds(rows, "mesh.two_manifold"));
  expect_agreement(mesh);
}

TEST(MeshIntegrity, TwoFacesOfOneTriangleAreNoTwoManifold) {
  // Every edge has two triangles and every star is connected, so Open3D takes it; it bounds nothing.
  TriangleMesh mesh;
  mesh.vertices_mm = {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}};
  mesh.triangles = {{0, 1, 2}, {0, 2, 1}};
  const auto rows = measured_mesh(mesh);
  EXPECT_FALSE(holds(rows, "mesh.closed"));  // One triangle, as a layer.
  EXPECT_EQ(count(rows, "mesh.boundary_edges"), 3);
  EXPECT_FALSE(holds(rows, "mesh.two_manifold"));
  EXPECT_EQ(rows.at("mesh.outward").reason, "not_closed");
  expect_agreement(mesh);
}

TEST(MeshIntegrity, DegenerateTrianglesAreCountedAndCollapsedOnesLeftOut) {
  auto mesh = cube_mesh(0, 1);
  mesh.triangles.push_back({0, 0, 1});
  auto rows = measured_mesh(mesh);
  EXPECT_EQ(count(rows, "mesh.degenerate"), 1);
  EXPECT_EQ(count(rows, "mesh.triangles"), 13);
  EXPECT_TRUE(holds(rows, "mesh.two_manifold"));  // An STL writer's collapsed sliver opens nothing.
  // Three corners on a line, exactly, in coordinates that are not exact in binary.
  mesh.vertices_mm.insert(mesh.vertices_mm.end(), {{0.1, 0.1, 0.1}, {0.2, 0.2, 0.2}, {0.4, 0.4, 0.4}});
  mesh.triangles.push_back({8, 9, 10});
  rows = measured_mesh(mesh);
  EXPECT_EQ(count(rows, "mesh.degenerate"), 2);
  // Off the line by the smallest step that there is.
  mesh.vertices_mm[10][2] = std::nextafter(0.4, 1.0);
  EXPECT_EQ(count(measured_mesh(mesh), "mesh.degenerate"), 1);
}

TEST(MeshIntegrity, OfCollapsedTrianglesOnlyIsNothing) {
  TriangleMesh mesh;
  mesh.vertices_mm = {{0, 0, 0}, {1, 0, 0}};
  mesh.triangles = {{0, 0, 1}, {1, 1, 1}};
  const auto rows = measured_mesh(mesh);
  EXPECT_FALSE(holds(rows, "mesh.closed"));
  EXPECT_FALSE(holds(rows, "mesh.two_manifold"));
  EXPECT_EQ(count(rows, "mesh.components"), 0);
}

TEST(MeshIntegrity, InsideOutIsNotOutward) {
  EXPECT_TRUE(holds(measured_mesh(tetrahedron_mesh({5, 5, 5})), "mesh.outward"));
  EXPECT_FALSE(holds(measured_mesh(inverted(tetrahedron_mesh({5, 5, 5}))), "mesh.outward"));
  EXPECT_TRUE(holds(measured_mesh(inverted(cube_mesh(0, 1))), "mesh.consistently_oriented"));
}

TEST(MeshIntegrity, ACavityIsInwardAndAPartInItOutward) {
  const auto hollow = together(cube_mesh(0, 10), inverted(cube_mesh(2, 6)));
  EXPECT_TRUE(holds(measured_mesh(hollow), "mesh.outward"));
  EXPECT_EQ(count(measured_mesh(hollow), "mesh.genus"), 0);
  EXPECT_EQ(count(measured_mesh(hollow), "mesh.euler"), 4);
  EXPECT_FALSE(holds(measured_mesh(together(cube_mesh(0, 10), cube_mesh(2, 6))), "mesh.outward"));
  EXPECT_TRUE(holds(measured_mesh(together(hollow, cube_mesh(4, 1))), "mesh.outward"));
  EXPECT_FALSE(holds(measured_mesh(together(hollow, inverted(cube_mesh(4, 1)))), "mesh.outward"));
  // Side by side, both are outermost, though one's box may hold the other's.
  EXPECT_TRUE(holds(measured_mesh(together(cube_mesh(0, 1), cube_mesh(3, 1))), "mesh.outward"));
  EXPECT_FALSE(holds(measured_mesh(together(cube_mesh(0, 1), inverted(cube_mesh(3, 1)))), "mesh.outward"));
}

TEST(MeshIntegrity, ANestedBoxIsNotEnoughToLieInside) {
  // A small cube in the hole of a torus: inside its box, outside the torus, and so rightly outward.
  EXPECT_TRUE(holds(measured_mesh(together(torus_mesh(16, 8), box_mesh({-0.5, -0.5, -0.5}, {1, 1, 1}))),
                    "mesh.outward"));
  // One in its tube would have to be inward.
  const auto in_tube = box_mesh({2.9, -0.1, -0.1}, {0.2, 0.2, 0.2});
  EXPECT_FALSE(holds(measured_mesh(together(torus_mesh(16, 8), in_tube)), "mesh.outward"));
  EXPECT_TRUE(holds(measured_mesh(together(torus_mesh(16, 8), inverted(in_tube))), "mesh.outward"));
}

TEST(MeshIntegrity, AStripThatIsTurnedOverOnceCannotBeOriented) {
  // Four quads round; after one round the two rims are swapped (once) or not.
  const auto strip = [](bool swapped) {
    TriangleMesh mesh;
    for (int i = 0; i < 4; ++i)
      for (const double z : {0.0, 1.0}) mesh.vertices_mm.emplace_back(i == 1 || i == 2, i >= 2, z + 0.1 * i);
    for (std::uint32_t i = 0; i < 4; ++i) {
      const std::uint32_t a = 2 * i, b = 2 * i + 1;
      std::uint32_t c = 2 * ((i + 1) % 4), d = c + 1;
      if (i == 3 && swapped) std::swap(c, d);
      mesh.triangles.push_back({a, c, d});
      mesh.triangles.push_back({a, d, b});
    }
    return mesh;
  };
  EXPECT_TRUE(holds(measured_mesh(strip(false)), "mesh.orientable"));
  EXPECT_FALSE(holds(measured_mesh(strip(true)), "mesh.orientable"));
  // Two rims, or one of twice the length.
  EXPECT_EQ(count(measured_mesh(strip(false)), "mesh.boundary_loops"), 2);
  EXPECT_EQ(count(measured_mesh(strip(true)), "mesh.boundary_loops"), 1);
}

TEST(MeshIntegrity, OfATorusHasGenusOne) {
  const auto rows = measured_mesh(torus_mesh(7, 5));
  EXPECT_EQ(count(rows, "mesh.euler"), 0);
  EXPECT_EQ(count(rows, "mesh.genus"), 1);
  EXPECT_TRUE(holds(rows, "mesh.outward"));
  EXPECT_EQ(count(measured_mesh(together(torus_mesh(7, 5), cube_mesh(10, 1))), "mesh.genus"), 1);
}

std::vector<MeasuredValue> witnesses(const Measurement& row, const std::string& name) {
  std::vector<MeasuredValue> values;
  for (const auto& [key, value] : row.witnesses)
    if (key == name) values.push_back(value);
  return values;
}

using Values = std::vector<MeasuredValue>;

// Two cubes that share a corner: not manifold together, and each of genus 0. Seen apart they have 16 corners,
// together 15: the whole has one less of the Euler characteristic than its parts have together.
TEST(MeshComponents, AreEachLookedAtByThemselves) {
  const auto rows = measured_mesh(together(cube_mesh(0, 1), cube_mesh(1, 1)));
  EXPECT_EQ(count(rows, "mesh.euler"), 3);
  EXPECT_EQ(witnesses(rows.at("mesh.euler"), "component_euler"), (Values{2.0, 2.0}));
  EXPECT_EQ(rows.at("mesh.genus").reason, "not_manifold");
  EXPECT_EQ(witnesses(rows.at("mesh.genus"), "component_genus"), (Values{0.0, 0.0}));
  EXPECT_EQ(witnesses(rows.at("mesh.components"), "component_triangles"), (Values{12.0, 12.0}));
  EXPECT_EQ(witnesses(rows.at("mesh.orientable"), "component_orientable"), (Values{true, true}));
  EXPECT_EQ(witnesses(rows.at("mesh.consistently_oriented"), "component_consistently_oriented"),
            (Values{true, true}));
}

TEST(MeshComponents, TellWhichOfThemIsOpenOrTurnedInwards) {
  auto inner = cube_mesh(1, 1);
  for (auto& triangle : inner.triangles) std::swap(triangle[1], triangle[2]);
  const auto cavity = measured_mesh(together(cube_mesh(0, 3), inner));
  EXPECT_TRUE(holds(cavity, "mesh.outward"));
  EXPECT_EQ(witnesses(cavity.at("mesh.outward"), "component_volume_mm3"), (Values{27.0, -1.0}));
  // Without two triangles the first is the smaller one; the largest comes first.
  auto open = cube_mesh(0, 1);
  open.triangles.resize(10);
  const auto rows = measured_mesh(together(open, cube_mesh(5, 1)));
  EXPECT_EQ(witnesses(rows.at("mesh.components"), "component_triangles"), (Values{12.0, 10.0}));
  EXPECT_EQ(witnesses(rows.at("mesh.genus"), "component_genus"), (Values{0.0, std::string("not_closed")}));
  EXPECT_EQ(witnesses(rows.at("mesh.euler"), "component_euler"), (Values{2.0, 1.0}));
}

TEST(MeshComponents, AreTheTenLargestAndNoneWhereThereIsOneOnly) {
  TriangleMesh many;
  for (int n = 0; n < 12; ++n) many = together(many, cube_mesh(3 * n, 1));
  const auto rows = measured_mesh(many);
  EXPECT_EQ(count(rows, "mesh.components"), 12);
  EXPECT_EQ(witnesses(rows.at("mesh.euler"), "component_euler").size(), 10u);
  EXPECT_TRUE(measured_mesh(cube_mesh(0, 1)).at("mesh.euler").witnesses.empty());
  EXPECT_TRUE(largest_components({}, 10).empty());
}

TEST(MeshIntegrity, OfNothingIsUndefined) {
  const auto rows = measured_mesh(TriangleMesh{});
  for (const auto& metric : mesh_integrity_family().metrics)
    EXPECT_EQ(rows.at(metric.id).reason, "test_empty") << metric.id;
}

TEST(MeshIntegrity, RefusesCornersThatCannotBe) {
  auto mesh = cube_mesh(0, 1);
  mesh.triangles[3][1] = 8;
  EXPECT_THROW(static_cast<void>(mesh_integrity(mesh)), InvalidInput);
  mesh = cube_mesh(0, 1);
  mesh.vertices_mm[2][0] = std::nan("");
  EXPECT_THROW(static_cast<void>(mesh_integrity(mesh)), InvalidInput);
}

// Ours against Open3D on random small meshes, which have every defect there is.
class MeshIntegrityOnRandomMeshes : public ::testing::TestWithParam<unsigned> {};

TEST_P(MeshIntegrityOnRandomMeshes, AgreesWithOpen3D) {
  std::uint32_t state = GetParam();
  const auto next = [&](std::uint32_t below) {
    state = state * 1664525u + 1013904223u;
    return static_cast<std::uint32_t>((static_cast<std::uint64_t>(state) * below) >> 32);
  };
  // A torus with a few triangles replaced by ones between random corners.
  auto mesh = torus_mesh(4, 4);
  for (std::uint32_t n = next(4); n > 0; --n) mesh.triangles[next(32)] = {next(16), next(16), next(16)};
  expect_agreement(mesh);
  const auto ours = mesh_integrity(mesh);
  const auto theirs = bridge_open3d::second_opinion(welded_without_collapsed(mesh));
  EXPECT_EQ(ours.edges_have_two, theirs.every_edge_has_two_triangles);
  EXPECT_EQ(ours.two_manifold, theirs.every_edge_has_two_triangles && theirs.every_vertex_star_is_connected &&
                                   ours.duplicates.count == 0);
}

INSTANTIATE_TEST_SUITE_P(Seeds, MeshIntegrityOnRandomMeshes, ::testing::Range(0u, 64u));

}  // namespace
}  // namespace meshassay::metrics
