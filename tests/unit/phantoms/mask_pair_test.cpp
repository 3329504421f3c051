// SPDX-License-Identifier: GPL-3.0-or-later
// Pairs of masks: what is known of the shapes against the voxels, counted and compared here one by one.
#include "phantoms/mask_pair.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <set>

#include "core/errors.hpp"
#include "core/label_map.hpp"
#include "phantoms/mesh_phantom.hpp"
#include "phantoms/phantom.hpp"

namespace meshassay::phantoms {
namespace {

std::vector<Point3> centres_of(const LabelMap& mask) {
  std::vector<Point3> centres;
  for (int k = 0; k < mask.grid.size[2]; ++k)
    for (int j = 0; j < mask.grid.size[1]; ++j)
      for (int i = 0; i < mask.grid.size[0]; ++i)
        if (mask.at(i, j, k) != 0) centres.push_back(mask.grid.to_world(Vector3(i, j, k)));
  return centres;
}

double directed_hd_mm(const std::vector<Point3>& from, const std::vector<Point3>& to) {
  double largest_mm2 = 0.0;
  for (const auto& a : from) {
    double nearest_mm2 = std::numeric_limits<double>::infinity();
    for (const auto& b : to) nearest_mm2 = std::min(nearest_mm2, (a - b).squaredNorm());
    largest_mm2 = std::max(largest_mm2, nearest_mm2);
  }
  return std::sqrt(largest_mm2);
}

MaskPair make(const std::string& id, const Parameters& parameters = {}) {
  return make_mask_pair(find_mask_pair(id, "test"), parameters, "test");
}

// Of flat faces that are apart by whole voxels the voxels' centres are as far apart as the faces.
void expect_counted(const MaskPair& pair) {
  const auto reference = centres_of(*pair.reference), test = centres_of(*pair.test);
  std::set<std::array<double, 3>> in_reference;
  for (const auto& p : reference) in_reference.insert({p[0], p[1], p[2]});
  const auto common = std::count_if(test.begin(), test.end(), [&](const Point3& p) {
    return in_reference.contains({p[0], p[1], p[2]});
  });
  EXPECT_DOUBLE_EQ(*pair.known.dice,
                   2.0 * static_cast<double>(common) / static_cast<double>(reference.size() + test.size()));
  EXPECT_NEAR(*pair.known.hd_mm, std::max(directed_hd_mm(reference, test), directed_hd_mm(test, reference)),
              1e-12);
}

TEST(MaskPairs, OfFlatFacesAreAsFarApartAsTheirVoxels) {
  expect_counted(make("longer_bar"));
  expect_counted(make("longer_bar", {{"spacing_mm", std::vector<double>{0.7, 0.7, 5.0}}}));
  expect_counted(make("other_grid"));
}

TEST(MaskPairs, TheIslandIsSeenFromOneSideOnly) {
  for (const std::string in : {"test", "reference"}) {
    const auto pair = make("island", {{"in", in}});
    const auto& with = in == "test" ? pair.test : pair.reference;
    const auto& without = in == "test" ? pair.reference : pair.test;
    EXPECT_DOUBLE_EQ(directed_hd_mm(centres_of(*without), centres_of(*with)), 0.0);
    EXPECT_EQ(centres_of(*with).size(), 8000u + 216u);
    // From the last voxel of the island, at 39, to the last one of the cube, at 23.
    EXPECT_EQ(with->at(39, 12, 12), 1);
    EXPECT_EQ(with->at(40, 12, 12), 0);
    EXPECT_EQ(without->at(23, 12, 12), 1);
    EXPECT_EQ(without->at(24, 12, 12), 0);
    EXPECT_DOUBLE_EQ(*pair.known.hd_mm, 39.0 - 23.0);
  }
}

TEST(MaskPairs, OfBallsHaveTheVolumesOfBalls) {
  const auto pair = make("concentric_balls", {{"spacing_mm", std::vector<double>{0.5, 0.5, 2.0}}});
  const auto volume_mm3 = [](const LabelMap& mask) {
    return static_cast<double>(centres_of(mask).size()) * mask.grid.voxel_volume_mm3();
  };
  // The sum over slices at multiples of h = 2 mm falls short by h2/12 of the change of slope, 4 pi R: 0.25 %;
  // columns and rows add less. Half a voxel in plane too large or too small would be 3.8 %.
  for (const auto& [mask, radius_mm] : {std::pair{pair.reference, 20.0}, std::pair{pair.test, 21.0}}) {
    const double exact_mm3 = 4.0 / 3.0 * std::numbers::pi * std::pow(radius_mm, 3);
    EXPECT_NEAR(volume_mm3(*mask), exact_mm3, 0.01 * exact_mm3) << radius_mm;
  }
}

TEST(MaskPairs, AnEmptyMaskHasNoVoxelAndNoDistance) {
  for (const std::string which : {"both", "test", "reference"}) {
    const auto pair = make("empty", {{"which", which}});
    EXPECT_EQ(centres_of(*pair.reference).empty(), which != "test");
    EXPECT_EQ(centres_of(*pair.test).empty(), which != "reference");
    EXPECT_FALSE(pair.known.has_distance);
  }
}

TEST(MaskPairCatalogue, NamesEachOnceWithAQuestionAndNoneOfAnotherPhantom) {
  std::set<std::string> ids;
  for (const auto& phantom : phantom_catalogue()) ids.insert(phantom.id);
  for (const auto& phantom : mesh_phantom_catalogue()) ids.insert(phantom.id);
  for (const auto& pair : mask_pair_catalogue()) {
    EXPECT_TRUE(ids.insert(pair.id).second) << pair.id;
    EXPECT_EQ(pair.asks.back(), '?');
  }
  EXPECT_THROW((void)find_mask_pair("iland", "test"), InvalidInput);
}

}  // namespace
}  // namespace meshassay::phantoms
