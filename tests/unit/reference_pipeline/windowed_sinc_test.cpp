// SPDX-License-Identifier: GPL-3.0-or-later
#include "reference_pipeline/windowed_sinc.hpp"

#include <gtest/gtest.h>

#include "reference_pipeline/flying_edges.hpp"
#include "tests/unit/reference_pipeline/surface_checks.hpp"
#include "tests/unit/reference_pipeline/synthetic_ct.hpp"

namespace meshassay::reference_pipeline {
namespace {

TriangleMesh ball_surface(double radius_mm, VertexPlacement placement = VertexPlacement::grey_values) {
  const auto ct = testing::ball(testing::centered_grid(Vector3(0.5, 0.5, 0.5), radius_mm + 1.0), radius_mm);
  LabelMap mask(ct.hu.grid);
  for (std::size_t v = 0; v < mask.values.size(); ++v) mask.values[v] = ct.hu.values[v] >= 0.0F ? 1 : 0;
  return extract_surface({mask, ct.hu, {{1, 0.0}}}, 1, placement);
}

double radius_mm(const TriangleMesh& mesh) { return testing::radius_of_volume_mm(signed_volume_mm3(mesh)); }

double roughness_mm(const TriangleMesh& mesh, double of_radius_mm) {
  double sum_mm2 = 0.0;
  for (const auto& vertex : mesh.vertices_mm) sum_mm2 += std::pow(vertex.norm() - of_radius_mm, 2);
  return std::sqrt(sum_mm2 / static_cast<double>(mesh.vertices_mm.size()));
}

constexpr WindowedSincOptions moderate{.iterations = 20, .pass_band = 0.1};
constexpr WindowedSincOptions excessive{.iterations = 60, .pass_band = 0.0001};

TEST(WindowedSinc, LeavesTheTrianglesAsTheyAre) {
  const auto mesh = ball_surface(4.0);
  const auto smoothed = smooth_windowed_sinc(mesh, moderate);
  EXPECT_EQ(smoothed.mesh.triangles, mesh.triangles);
  EXPECT_EQ(smoothed.mesh.vertices_mm.size(), mesh.vertices_mm.size());
  EXPECT_EQ(smoothed.pieces_kept_as_they_were, 0U);
  EXPECT_TRUE(testing::is_closed_two_manifold(smoothed.mesh));
}

TEST(WindowedSinc, AtModerateTakesTheStaircaseAwayAndKeepsTheBall) {
  for (const auto placement : {VertexPlacement::grey_values, VertexPlacement::middle}) {
    const auto mesh = ball_surface(10.0, placement);
    const auto smoothed = smooth_windowed_sinc(mesh, moderate).mesh;
    EXPECT_LT(roughness_mm(smoothed, 10.0), 0.5 * roughness_mm(mesh, 10.0));
    EXPECT_NEAR(radius_mm(smoothed), radius_mm(mesh), 0.01);
    EXPECT_NEAR(radius_mm(smoothed), 10.0, 0.01);
  }
}

TEST(WindowedSinc, AtExcessiveShrinksABallByMoreThanOnePercentOfItsVolume) {
  const auto mesh = ball_surface(10.0);
  EXPECT_LT(signed_volume_mm3(smooth_windowed_sinc(mesh, excessive).mesh), 0.99 * signed_volume_mm3(mesh));
}

TEST(WindowedSinc, GivesTheSameShapeWhereverTheSurfaceLies) {
  // VTK's own polynomial has a gain of about 0.999 for a constant: it would shift this surface by a
  // millimetre.
  const auto here = ball_surface(4.0);
  auto there = here;
  const Vector3 shift_mm(900.0, -500.0, 300.0);
  for (auto& vertex : there.vertices_mm) vertex += shift_mm;
  const auto smoothed_here = smooth_windowed_sinc(here, moderate).mesh;
  const auto smoothed_there = smooth_windowed_sinc(there, moderate).mesh;
  for (std::size_t v = 0; v < here.vertices_mm.size(); ++v)
    ASSERT_LT((smoothed_there.vertices_mm[v] - smoothed_here.vertices_mm[v] - shift_mm).norm(), 1e-9);
}

TEST(WindowedSinc, ScalesWithTheSurface) {
  const auto mesh = ball_surface(4.0);
  auto larger = mesh;
  for (auto& vertex : larger.vertices_mm) vertex *= 3.0;
  const auto smoothed = smooth_windowed_sinc(mesh, moderate).mesh;
  const auto smoothed_larger = smooth_windowed_sinc(larger, moderate).mesh;
  for (std::size_t v = 0; v < mesh.vertices_mm.size(); ++v)
    ASSERT_LT((smoothed_larger.vertices_mm[v] - 3.0 * smoothed.vertices_mm[v]).norm(), 1e-9);
}

TEST(WindowedSinc, LeavesAPieceThatWouldCollapseAsItWas) {
  // The octahedron of one voxel has no low frequencies: each vertex's neighbours average to its centre.
  LabelMap mask(testing::centered_grid(Vector3(1.0, 1.0, 1.0), 2.0));
  mask.at(2, 2, 2) = 1;
  Image<float> hu(mask.grid);
  const auto mesh = extract_surface({mask, hu, {{1, 0.5}}}, 1, VertexPlacement::middle);
  const auto smoothed = smooth_windowed_sinc(mesh, excessive);
  EXPECT_EQ(smoothed.pieces_kept_as_they_were, 1U);
  for (std::size_t v = 0; v < mesh.vertices_mm.size(); ++v)
    EXPECT_EQ(smoothed.mesh.vertices_mm[v], mesh.vertices_mm[v]);
}

}  // namespace
}  // namespace meshassay::reference_pipeline
