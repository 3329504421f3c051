// SPDX-License-Identifier: GPL-3.0-or-later
#include "reference_pipeline/mask_editing.hpp"

#include <gtest/gtest.h>

namespace meshassay::reference_pipeline {
namespace {

Grid grid_of(int i, int j, int k) {
  Grid grid;
  grid.size = {i, j, k};
  return grid;
}

void fill_box(LabelMap& mask, const std::array<int, 3>& from, const std::array<int, 3>& to,
              std::uint16_t label) {
  for (int k = from[2]; k <= to[2]; ++k)
    for (int j = from[1]; j <= to[1]; ++j)
      for (int i = from[0]; i <= to[0]; ++i) mask.at(i, j, k) = label;
}

// A box of 5^3 with a cavity of 1 voxel, an island of 2 x 1 x 1, and one voxel that touches the box by a
// corner.
LabelMap box_with_cavity_and_island() {
  LabelMap mask(grid_of(12, 9, 9));
  fill_box(mask, {1, 1, 1}, {5, 5, 5}, 1);
  mask.at(3, 3, 3) = 0;
  fill_box(mask, {9, 4, 4}, {10, 4, 4}, 1);
  mask.at(6, 6, 6) = 1;
  return mask;
}

TEST(TakeInventory, CountsComponentsByCornersAndCavitiesByFaces) {
  const auto inventory = take_inventory(box_with_cavity_and_island(), 1);
  EXPECT_EQ(inventory.voxels, 124U + 2U + 1U);
  EXPECT_EQ(inventory.components, 2U);  // The voxel at the corner belongs to the box.
  EXPECT_EQ(inventory.cavities, 1U);
  EXPECT_EQ(inventory.voxels_at_border, 0U);
}

TEST(TakeInventory, SeesACavityThatOnlyADiagonalWouldOpen) {
  LabelMap mask = box_with_cavity_and_island();
  mask.at(1, 1, 3) = 0;  // Out of the edge of the box; the cavity at (3, 3, 3) stays closed.
  mask.at(2, 2, 3) = 0;  // Touches both the notch and the cavity by an edge alone.
  EXPECT_EQ(take_inventory(mask, 1).cavities, 2U);
}

TEST(TakeInventory, CountsEachVoxelAtTheBorderOnce) {
  // All of 3 x 4 x 5 but the 1 x 2 x 3 within.
  LabelMap mask(grid_of(3, 4, 5));
  fill_box(mask, {0, 0, 0}, {2, 3, 4}, 7);
  EXPECT_EQ(take_inventory(mask, 7).voxels_at_border, 60U - 6U);
  LabelMap flat(grid_of(1, 1, 6));
  fill_box(flat, {0, 0, 0}, {0, 0, 5}, 7);
  EXPECT_EQ(take_inventory(flat, 7).voxels_at_border, 6U);
}

TEST(TakeInventory, DoesNotCallABayAtTheBorderACavity) {
  LabelMap mask(grid_of(5, 5, 5));
  fill_box(mask, {0, 0, 0}, {4, 4, 4}, 1);
  mask.at(2, 2, 4) = 0;
  EXPECT_EQ(take_inventory(mask, 1).cavities, 0U);
  mask.at(2, 2, 2) = 0;
  EXPECT_EQ(take_inventory(mask, 1).cavities, 1U);
}

TEST(EditMask, KeepsAllByDefault) {
  LabelMap mask = box_with_cavity_and_island();
  const auto before = mask.values;
  const auto edits = edit_mask(mask, 1, {});
  EXPECT_EQ(mask.values, before);
  EXPECT_EQ(edits.removed_voxels + edits.filled_voxels, 0U);
}

TEST(EditMask, KeepsTheLargestComponent) {
  LabelMap mask = box_with_cavity_and_island();
  const auto edits = edit_mask(mask, 1, {.islands = Islands::largest});
  EXPECT_EQ(edits.removed_components, 1U);
  EXPECT_EQ(edits.removed_voxels, 2U);
  EXPECT_EQ(mask.at(9, 4, 4), 0);
  EXPECT_EQ(mask.at(6, 6, 6), 1);
}

TEST(EditMask, OfEqualComponentsKeepsTheFirstInMemory) {
  LabelMap mask(grid_of(5, 1, 5));
  mask.at(4, 0, 0) = 1;
  mask.at(0, 0, 4) = 1;
  edit_mask(mask, 1, {.islands = Islands::largest});
  EXPECT_EQ(mask.at(4, 0, 0), 1);
  EXPECT_EQ(mask.at(0, 0, 4), 0);
}

TEST(EditMask, RemovesIslandsBelowAVolumeInMm3) {
  LabelMap mask = box_with_cavity_and_island();
  mask.grid.spacing_mm = Vector3(0.5, 0.5, 2.0);  // The island holds 2 * 0.5 mm3 = 1 mm3.
  LabelMap same = mask;
  EXPECT_EQ(edit_mask(same, 1, {.islands = Islands::min_volume, .min_island_mm3 = 1.0}).removed_components,
            0U);
  EXPECT_EQ(edit_mask(mask, 1, {.islands = Islands::min_volume, .min_island_mm3 = 1.01}).removed_components,
            1U);
}

TEST(EditMask, FillsCavitiesAfterIslandsAreGone) {
  // An island within a cavity: with islands gone, the cavity is filled whole.
  LabelMap mask(grid_of(9, 9, 9));
  fill_box(mask, {1, 1, 1}, {7, 7, 7}, 1);
  fill_box(mask, {3, 3, 3}, {5, 5, 5}, 0);
  mask.at(4, 4, 4) = 1;
  const auto edits = edit_mask(mask, 1, {.islands = Islands::largest, .cavities = Cavities::fill});
  EXPECT_EQ(edits.removed_voxels, 1U);
  EXPECT_EQ(edits.filled_cavities, 1U);
  EXPECT_EQ(edits.filled_voxels, 27U);
  EXPECT_EQ(take_inventory(mask, 1).voxels, 343U);
}

TEST(EditMask, LeavesOtherLabelsInACavityAlone) {
  LabelMap mask(grid_of(7, 7, 7));
  fill_box(mask, {1, 1, 1}, {5, 5, 5}, 1);
  fill_box(mask, {2, 2, 2}, {4, 4, 4}, 0);
  mask.at(3, 3, 3) = 2;
  edit_mask(mask, 1, {.cavities = Cavities::fill});
  EXPECT_EQ(mask.at(3, 3, 3), 2);
  EXPECT_EQ(take_inventory(mask, 1).voxels, 124U);
}

}  // namespace
}  // namespace meshassay::reference_pipeline
