// SPDX-License-Identifier: GPL-3.0-or-later
// Every mesh phantom: its row against an independent count here, against the certificate, and as a file.
#include "phantoms/mesh_phantom.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "core/errors.hpp"
#include "core/io/stl.hpp"
#include "metrics/meshes/printability.hpp"
#include "phantoms/meshes/lattice_triangles.hpp"
#include "phantoms/phantom.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/phantoms/mesh_phantom_sets.hpp"

namespace meshassay::phantoms {
namespace {

using testing::HasSubstr;

class EveryMeshPhantom : public testing::TestWithParam<NamedMesh> {
 protected:
  MeshPhantom phantom = GetParam().make();
};

using Edge = std::pair<std::uint32_t, std::uint32_t>;

/// The file's combinatorics, counted here from nothing but the triangles.
struct Count {
  ExpectedCounts counts;
  bool regular = true, layer = true, closed = true, consistently_oriented = true;
};

// 113 bits: differences of float32 numbers of these meshes take at most 47, products 94.
__extension__ typedef __float128 Quad;

bool on_one_line(const Point3& a, const Point3& b, const Point3& c) {
  const auto minor = [&](int i, int j) {
    const auto d = [](double p, double q) { return static_cast<Quad>(p) - static_cast<Quad>(q); };
    return d(b[i], a[i]) * d(c[j], a[j]) - d(b[j], a[j]) * d(c[i], a[i]);
  };
  return minor(0, 1) == 0 && minor(1, 2) == 0 && minor(2, 0) == 0;
}

Count count_of(const TriangleMesh& mesh) {
  Count result;
  std::size_t irregular = 0, degenerate = 0, duplicates = 0;
  std::set<std::set<std::uint32_t>> seen;
  std::map<Edge, std::vector<std::size_t>> in_layer;  // Of regular triangles.
  std::map<Edge, int> balance;
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
    const auto& triangle = mesh.triangles[t];
    const std::set<std::uint32_t> corners(triangle.begin(), triangle.end());
    if (on_one_line(mesh.corner(t, 0), mesh.corner(t, 1), mesh.corner(t, 2))) ++degenerate;
    if (corners.size() < 3) {
      ++irregular;
      continue;
    }
    const bool is_new = seen.insert(corners).second;
    if (!is_new) ++duplicates;
    for (std::size_t i = 0; i < 3; ++i) {
      const std::uint32_t a = triangle[i], b = triangle[(i + 1) % 3];
      if (is_new) in_layer[std::minmax(a, b)].push_back(t);
      balance[std::minmax(a, b)] += a < b ? 1 : -1;
    }
  }
  result.regular = irregular == 0;
  result.layer = duplicates == 0;
  for (const auto& [edge, uses] : in_layer) result.closed = result.closed && uses.size() % 2 == 0;
  for (const auto& [edge, sum] : balance)
    result.consistently_oriented = result.consistently_oriented && std::abs(sum) <= 1;

  // Components over edges by repeated joining; loops = edges - vertices + pieces of the border's graph.
  std::vector<std::size_t> group(mesh.triangles.size());
  std::iota(group.begin(), group.end(), std::size_t{0});
  const auto root = [&](std::size_t t) {
    while (group[t] != t) t = group[t] = group[group[t]];
    return t;
  };
  std::map<std::uint32_t, std::uint32_t> border_group;
  const auto border_root = [&](std::uint32_t v) {
    while (border_group.at(v) != v) v = border_group.at(v);
    return v;
  };
  std::size_t border_edges = 0;
  for (const auto& [edge, triangles] : in_layer) {
    for (const auto t : triangles) group[root(t)] = root(triangles.front());
    if (triangles.size() != 1) continue;
    ++border_edges;
    border_group.try_emplace(edge.first, edge.first);
    border_group.try_emplace(edge.second, edge.second);
    border_group[border_root(edge.first)] = border_root(edge.second);
  }
  std::set<std::size_t> components;
  for (const auto& [edge, triangles] : in_layer) components.insert(root(triangles.front()));
  std::size_t pieces = 0;
  for (const auto& [vertex, parent] : border_group) pieces += vertex == parent ? 1 : 0;
  result.counts = {.irregular = irregular,
                   .degenerate = degenerate,
                   .duplicates = duplicates,
                   .components = components.size(),
                   .boundary_edges = border_edges,
                   .boundary_loops = border_edges + pieces - border_group.size()};
  return result;
}

template <typename T>
void expect_same(const std::optional<T>& derived, const T& counted, const char* what) {
  if (derived) {
    EXPECT_EQ(*derived, counted) << what;
  }
}

TEST_P(EveryMeshPhantom, HasFloat32CoordinatesAndComesBackFromAnStlFile) {
  for (const auto& vertex : phantom.mesh.vertices_mm)
    EXPECT_EQ(vertex, vertex.cast<float>().cast<double>()) << vertex.transpose();
  const test_support::TemporaryFolder folder;
  io::write_stl(phantom.mesh, folder.path() / "surface.stl");
  const auto read = io::read_stl(folder.path() / "surface.stl");
  EXPECT_EQ(read.triangles, phantom.mesh.triangles);
  EXPECT_EQ(read.vertices_mm, phantom.mesh.vertices_mm);
}

TEST_P(EveryMeshPhantom, HasTheCountsThatItsRowSays) {
  const auto counted = count_of(phantom.mesh);
  const auto& derived = phantom.counts;
  expect_same(derived.irregular, *counted.counts.irregular, "irregular");
  expect_same(derived.degenerate, *counted.counts.degenerate, "degenerate");
  expect_same(derived.duplicates, *counted.counts.duplicates, "duplicates");
  expect_same(derived.components, *counted.counts.components, "components");
  expect_same(derived.boundary_edges, *counted.counts.boundary_edges, "boundary edges");
  expect_same(derived.boundary_loops, *counted.counts.boundary_loops, "boundary loops");
  const auto& row = phantom.expected;
  expect_same(row.regular, counted.regular, "regular");
  expect_same(row.layer, counted.layer, "layer");
  expect_same(row.closed, counted.closed, "closed");
  expect_same(row.consistently_oriented, counted.consistently_oriented, "consistently oriented");
  expect_same(row.non_degenerate, *counted.counts.degenerate == 0, "non-degenerate");
}

TEST_P(EveryMeshPhantom, HasARowThatFollowsTheDefinitions) {
  const auto& row = phantom.expected;
  const auto all = [](std::initializer_list<std::optional<bool>> parts) {
    return std::all_of(parts.begin(), parts.end(), [](const auto& each) { return each.value_or(false); });
  };
  // Definition 3.11, and the three verdicts that are made of it.
  EXPECT_EQ(row.printable_parts,
            all({row.regular, row.non_degenerate, row.closed, row.polyhedron, row.outer_hull, row.solid}));
  EXPECT_EQ(row.printable, all({row.printable_parts, row.manifold_connected}));
  if (all({row.strict})) {
    EXPECT_TRUE(all({row.printable, row.layer, row.consistently_oriented}));
  }
  if (all({row.bounds_solid})) {
    EXPECT_TRUE(all(
        {row.regular, row.layer, row.non_degenerate, row.closed, row.polyhedron, row.consistently_oriented}));
  }
  // A closed polyhedron has no sheet; sheets and wires make a score of 4.
  if (all({row.closed, row.polyhedron, row.regular})) {
    EXPECT_EQ(row.solid, true);
  }
  EXPECT_EQ(phantom.repair.sheets, !*row.solid);
  EXPECT_EQ(phantom.repair.score, phantom.repair.sheets || phantom.repair.wires ? 4 : 5);
  if (row.manifold_connected && phantom.repair.score == 5) {
    EXPECT_EQ(*row.manifold_connected, phantom.repair.parts == 1);
  }
}

TEST_P(EveryMeshPhantom, IsCertifiedAsItsRowSays) {
  const auto certificate = metrics::certify(phantom.mesh);
  std::size_t compared = 0;
  for (const auto& [name, holds] : expectation_names()) {
    const auto& expected = phantom.expected.*holds;
    if (!expected) continue;
    std::optional<bool> certified;
    for (const auto& predicate : certificate.predicates)
      if (predicate.name == name) certified = predicate.holds;
    for (const auto& verdict : metrics::certificate_verdicts)
      if (verdict.name == std::string(name)) certified = certificate.*(verdict.verdict);
    ++compared;
    EXPECT_EQ(certified, expected) << name;
  }
  EXPECT_GE(compared, 12u);  // Of 14; soups have no hull and no parts that would be derived.
}

// The row's volume against the divergence theorem, where the mesh itself bounds the hull.
TEST(MeshPhantoms, EncloseTheVolumesThatTheirRowsSay) {
  std::size_t compared = 0;
  for (const auto& named : meshes_under_test()) {
    const auto phantom = named.make();
    const auto& volume = phantom.repair.volume_mm3;
    if (!volume || phantom.expected.bounds_solid != true || phantom.expected.outer_hull != true) continue;
    ++compared;
    EXPECT_NEAR(signed_volume_mm3(phantom.mesh), volume->value, volume->uncertainty + 1e-9 * volume->value)
        << named.name;
  }
  EXPECT_GE(compared, 8u);
}

INSTANTIATE_TEST_SUITE_P(, EveryMeshPhantom, testing::ValuesIn(meshes_under_test()),
                         [](const auto& each) { return each.param.name; });

TEST(MeshPhantomCatalogue, NamesEachOnceWithAQuestionAndNoneOfAScannedPhantom) {
  std::set<std::string> ids;
  for (const auto& phantom : phantom_catalogue()) ids.insert(phantom.id);
  for (const auto& definition : mesh_phantom_catalogue()) {
    EXPECT_TRUE(ids.insert(definition.id).second) << definition.id;
    EXPECT_EQ(definition.asks.back(), '?');
    for (const auto& parameter : definition.parameters) EXPECT_FALSE(parameter.description.empty());
  }
  EXPECT_EQ(find_mesh_phantom("sphere"), nullptr);
}

TEST(MeshPhantomCatalogue, RefusesWhatCannotBeMadeAndSaysWhere) {
  const auto refusal = [](const char* id, const Parameters& parameters) -> std::string {
    try {
      (void)make_mesh_phantom(*find_mesh_phantom(id), parameters, "case 3");
    } catch (const InvalidInput& error) {
      return error.what();
    }
    return "not refused";
  };
  EXPECT_THAT(refusal("klein_bottle", {{"around", 25.0}}), HasSubstr("even number"));
  EXPECT_THAT(refusal("klein_bottle", {{"around", 25.0}}), HasSubstr("case 3"));
  EXPECT_THAT(refusal("overlapping_cubes", {{"offset_mm", 1e7}, {"edge_mm", 1.0}}),
              HasSubstr("no longer two"));
  EXPECT_THAT(refusal("boxes", {{"cuont", 3.0}}), HasSubstr("did you mean 'count'"));
}

// Figure 5 of the paper has 11 handles; ours with borders of six edges has 2 x 6 - 1.
TEST(SpherePatches, CrossAtTwiceTheirBorderEdges) {
  const auto phantom = make_mesh_phantom(*find_mesh_phantom("sphere_patches"), {}, "test");
  EXPECT_EQ(phantom.repair.handles, 11);
  EXPECT_THAT(metrics::certify(phantom.mesh).predicate("polyhedron").note,
              HasSubstr("12 intersecting pairs"));
}

// Cut at all edges of four triangles, the dent's floor falls off; the ring has 112 triangles in all.
TEST(VoxelDent, HasAFloorOfTwoTrianglesBehindEdgesOfFour) {
  const auto mesh = make_mesh_phantom(*find_mesh_phantom("voxel_dent"), {}, "test").mesh;
  EXPECT_EQ(mesh.triangles.size(), 112u);
  std::map<Edge, std::size_t> uses;
  for (const auto& triangle : mesh.triangles)
    for (std::size_t i = 0; i < 3; ++i) ++uses[std::minmax(triangle[i], triangle[(i + 1) % 3])];
  std::size_t of_four = 0;
  for (const auto& [edge, count] : uses) {
    EXPECT_TRUE(count == 2 || count == 4);
    of_four += count == 4 ? 1 : 0;
  }
  EXPECT_EQ(of_four, 4u);
}

TEST(LatticeTriangles, MeetInAPointAnEdgeAPlaneOrNot) {
  const LatticeTriangle flat = {LatticePoint{0, 0, 0}, {10, 0, 0}, {0, 10, 0}};
  EXPECT_TRUE(meet(flat, {LatticePoint{2, 2, -1}, {2, 2, 1}, {20, 20, 5}}));   // pierces
  EXPECT_TRUE(meet(flat, {LatticePoint{2, 2, 0}, {2, 2, 5}, {3, 2, 5}}));      // a corner on it
  EXPECT_TRUE(meet(flat, {LatticePoint{5, 5, -1}, {5, 5, 1}, {9, 9, 0}}));     // an edge on its edge
  EXPECT_TRUE(meet(flat, {LatticePoint{1, 1, 0}, {2, 1, 0}, {1, 2, 0}}));      // coplanar, within
  EXPECT_TRUE(meet(flat, {LatticePoint{-1, 1, 0}, {11, 1, 0}, {5, -9, 0}}));   // coplanar, across
  EXPECT_FALSE(meet(flat, {LatticePoint{6, 6, 0}, {9, 6, 0}, {6, 9, 0}}));     // coplanar, beside
  EXPECT_FALSE(meet(flat, {LatticePoint{2, 2, 1}, {3, 2, 1}, {2, 3, 1}}));     // parallel
  EXPECT_FALSE(meet(flat, {LatticePoint{6, 6, -1}, {6, 6, 1}, {20, 20, 5}}));  // passes by
  EXPECT_TRUE(collinear({LatticePoint{0, 0, 0}, {1, 2, 3}, {2, 4, 6}}));
  EXPECT_FALSE(collinear(flat));
}

}  // namespace
}  // namespace meshassay::phantoms
