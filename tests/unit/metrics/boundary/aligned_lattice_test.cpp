// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/boundary/aligned_lattice.hpp"

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "metrics/boundary/boundary_distance.hpp"
#include "tests/unit/metrics/boundary/brute_force.hpp"
#include "tests/unit/metrics/boundary/label_masks.hpp"
#include "tests/unit/metrics/masks.hpp"

namespace meshassay::metrics {
namespace {

BoundaryCells cells_of(const LabelMap& mask) { return {mask, 1, label_extents(mask).at(1)}; }

// Visits the vertices as they are asked for, with their places in the local frame.
template <typename Visit>
void for_each_vertex(const BoundaryCells& cells, Visit visit) {
  for (const BoundaryBlock& block : cells.blocks())
    for (int axis = 0; axis < 3; ++axis)
      for_each_bit(block.crossed(axis), [&](int bit) {
        const auto point = point_of_bit(bit);
        Vector3 place(4 * block.position[0] + point[0], 4 * block.position[1] + point[1],
                      4 * block.position[2] + point[2]);
        place[axis] += 0.5;
        visit(block, axis, bit, place.cwiseProduct(cells.spacing_mm()).eval());
      });
}

TEST(AlignedLattice, FindsTheNearestTriangleThatBruteForceFindsWhateverTheShift) {
  // Shifts by nothing, by whole and half cells, just beside them, by any fraction, backwards, and so far that
  // part of the vertices or all of them have nothing near. Sparse noise leaves gaps of several cells, dense
  // noise goes through all cases. A mask that leaves out a cell, or an offset that is one off, fails here.
  const std::array<Vector3, 8> shifts = {Vector3(0, 0, 0),          Vector3(1, -2, 3),
                                         Vector3(0.5, -0.5, 1.5),   Vector3(0.5 - 1e-12, 1e-12, 1 - 1e-12),
                                         Vector3(0.3, -1.7, 0.123), Vector3(-3.9, 4.6, -0.001),
                                         Vector3(9.2, 0.4, -7.1),   Vector3(500, 0, 0)};
  std::uint64_t seed = 300;
  std::size_t found = 0, too_far = 0;
  for (const Vector3& spacing : {Vector3(1, 1, 1), Vector3(0.7, 0.4, 2.5)})
    for (const double share : {0.004, 0.3})
      for (const Vector3& shift : shifts) {
        const auto measured = cells_of(random_voxels(grid_of({9, 11, 10}, spacing), share, ++seed));
        const auto other = cells_of(random_voxels(grid_of({13, 9, 12}, spacing), share, ++seed));
        const Vector3 shift_mm = shift.cwiseProduct(spacing);
        const BoundarySearch search(other);
        const AlignedLattice lattice(search, shift_mm);
        double farthest_mm = 1e300;  // Of the vertices that see least far.
        for (int axis = 0; axis < 3; ++axis)
          for (int bit = 0; bit < 64; ++bit)
            farthest_mm = std::min(farthest_mm, lattice.farthest_mm(axis, bit));
        EXPECT_GE(farthest_mm, 4.0 * spacing.minCoeff() * (1.0 - 1e-8));
        AlignedNeighbourhood about(lattice);
        const auto mesh = other.local_mesh();
        BoundaryTriangle hint;
        int turn = 0;
        for_each_vertex(measured, [&](const BoundaryBlock& block, int axis, int bit, const Point3& local) {
          if (share > 0.1 && ++turn % 7 != 0) return;  // Brute force takes its time.
          about.move_to(block.position);
          const auto nearest = about.nearest(axis, bit, hint);
          const double expected = brute_force_mm(local + shift_mm, mesh);
          if (!nearest) {
            ++too_far;
            ASSERT_GE(expected, farthest_mm - 1e-9) << "seed " << seed;
            return;
          }
          ++found;
          ASSERT_NEAR(std::sqrt(nearest->squared_mm2), expected, 1e-9) << "seed " << seed;
          // The triangle is that far, and the foot is on it.
          const Point3 point = local + shift_mm;
          ASSERT_NEAR(std::sqrt(search.squared_distance_mm2(point, nearest->triangle)), expected, 1e-9);
          ASSERT_NEAR(nearest->to_foot_mm.norm(), expected, 1e-9);
          ASSERT_NEAR(std::sqrt(search.squared_distance_mm2(point + nearest->to_foot_mm, nearest->triangle)),
                      0.0, 1e-9);
          if (turn % 3 != 0) hint = nearest->triangle;  // Any hint will do, near or far.
        });
      }
  EXPECT_GT(found, 1000u);
  EXPECT_GT(too_far, 100u);
}

TEST(AlignedLattice, KeepsAHintThatIsAsNear) {
  // Two slabs a voxel apart in parallel: every vertex in the middle of the face has several triangles that
  // are equally near, as they share its foot.
  LabelMap mask(grid_of({12, 12, 4}));
  for (int j = 0; j < 12; ++j)
    for (int i = 0; i < 12; ++i) mask.at(i, j, 1) = 1;
  const auto cells = cells_of(mask);
  const BoundarySearch search(cells);
  const AlignedLattice lattice(search, Vector3(0, 0, 1));
  AlignedNeighbourhood about(lattice);
  std::size_t kept = 0;
  for_each_vertex(cells, [&](const BoundaryBlock& block, int axis, int bit, const Point3& local) {
    about.move_to(block.position);
    const auto found = about.nearest(axis, bit);
    ASSERT_TRUE(found);
    // All triangles of its cell that are as near.
    for (std::uint8_t number = 0; number < 2; ++number) {
      BoundaryTriangle hint = found->triangle;
      hint.number = number;
      const unsigned which = cells.blocks()[hint.block].case_of(hint.cell);
      if (number >= search.geometry().triangles(which).size()) continue;
      const double squared = search.squared_distance_mm2(local + Vector3(0, 0, 1), hint);
      if (squared > found->squared_mm2 * (1.0 + 1e-14)) continue;
      ASSERT_EQ(about.nearest(axis, bit, hint)->triangle, hint);
      ++kept;
    }
  });
  EXPECT_GT(kept, 100u);
}

// Balls with more vertices than it takes for what repeats to be looked up, a few voxels apart: some vertices
// are too far for it, and most are not.
LabelMap ball(int side, double radius, const Vector3& shift) {
  LabelMap mask(grid_of({side, side, side}, {0.4, 0.4, 0.4}));
  const Vector3 middle = Vector3::Constant(0.5 * (side - 1)) + shift;
  for (int k = 0; k < side; ++k)
    for (int j = 0; j < side; ++j)
      for (int i = 0; i < side; ++i) mask.at(i, j, k) = (Vector3(i, j, k) - middle).norm() <= radius ? 1 : 0;
  return mask;
}

TEST(AlignedLattice, ChangesNothingInAComparisonAndNothingDependsOnThreads) {
  const auto measured = ball(96, 42.0, {1.3, 1.3, 1.3}), reference = ball(96, 40.0, {0, 0, 0});
  ASSERT_GT(cells_of(reference).vertices(), 20'000u);
  // The same but for a spacing that differs by far less than a measurement tells: it is searched in general.
  auto other = reference;
  other.grid.spacing_mm *= 1.0 + 1e-13;
  const auto in_general = boundary_distance(measured, other);
  std::array<BoundaryDistance, 2> results;
  for (std::size_t n = 0; n < 2; ++n) {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, n == 0 ? 1 : 4);
    results[n] = boundary_distance(measured, reference);
  }
  EXPECT_NEAR(results[0].hausdorff_mm().value, in_general.hausdorff_mm().value, 1e-9);
  // Triangles that are as near may differ, and with them where elements are halved.
  EXPECT_NEAR(results[0].percentile_mm().value, in_general.percentile_mm().value, 1e-4);
  EXPECT_NEAR(results[0].pooled_mean_mm().value, in_general.pooled_mean_mm().value, 1e-4);
  // Both hold the same exact mean.
  EXPECT_LE(results[0].pooled_mean_mm().ruler.lo, in_general.pooled_mean_mm().ruler.hi);
  EXPECT_GE(results[0].pooled_mean_mm().ruler.hi, in_general.pooled_mean_mm().ruler.lo);
  for (const auto value : {&BoundaryDistance::hausdorff_mm, &BoundaryDistance::percentile_mm,
                           &BoundaryDistance::pooled_mean_mm, &BoundaryDistance::mean_of_means_mm}) {
    EXPECT_EQ((results[0].*value)().value, (results[1].*value)().value);
    EXPECT_EQ((results[0].*value)().ruler.lo, (results[1].*value)().ruler.lo);
    EXPECT_EQ((results[0].*value)().ruler.hi, (results[1].*value)().ruler.hi);
  }
}

}  // namespace
}  // namespace meshassay::metrics
