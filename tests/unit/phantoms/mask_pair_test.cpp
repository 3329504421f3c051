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

std::vector<Point3> centres_of(const LabelMap& mask, std::uint16_t label = 1) {
  std::vector<Point3> centres;
  for (int k = 0; k < mask.grid.size[2]; ++k)
    for (int j = 0; j < mask.grid.size[1]; ++j)
      for (int i = 0; i < mask.grid.size[0]; ++i)
        if (mask.at(i, j, k) == label) centres.push_back(mask.grid.to_world(Vector3(i, j, k)));
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
  const auto reference = centres_of(*pair.reference, pair.label), test = centres_of(*pair.test, pair.label);
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
  expect_counted(make("turned_axes"));
  expect_counted(make("at_border"));
  expect_counted(make("needle"));
  for (const char* label : {"1", "2"}) expect_counted(make("two_labels", {{"label", std::string(label)}}));
}

// A box, sampled on each face at the middles of patches of equal area.
struct SampledBox {
  Point3 low_mm, high_mm;
  [[nodiscard]] double area_mm2() const {
    const Vector3 side_mm = high_mm - low_mm;
    return 2.0 * (side_mm[0] * side_mm[1] + side_mm[1] * side_mm[2] + side_mm[2] * side_mm[0]);
  }
  // From a point to the box's boundary.
  [[nodiscard]] double distance_mm(const Point3& p) const {
    const Vector3 outside_mm = (low_mm - p).cwiseMax(p - high_mm);
    return outside_mm.maxCoeff() > 0.0 ? outside_mm.cwiseMax(0.0).norm() : -outside_mm.maxCoeff();
  }
  // Integral over this box's boundary of a function of the distance to the other's.
  template <typename Function>
  [[nodiscard]] double integrate(const SampledBox& other, Function function) const {
    constexpr int patches = 300;
    const Vector3 side_mm = high_mm - low_mm;
    double sum = 0.0;
    for (int axis = 0; axis < 3; ++axis) {
      const int u = (axis + 1) % 3, v = (axis + 2) % 3;
      const double patch_mm2 = side_mm[u] * side_mm[v] / (patches * patches);
      for (const double end_mm : {low_mm[axis], high_mm[axis]})
        for (int i = 0; i < patches; ++i)
          for (int j = 0; j < patches; ++j) {
            Point3 p;
            p[axis] = end_mm;
            p[u] = low_mm[u] + (i + 0.5) / patches * side_mm[u];
            p[v] = low_mm[v] + (j + 0.5) / patches * side_mm[v];
            sum += function(other.distance_mm(p)) * patch_mm2;
          }
    }
    return sum;
  }
};

// The box that a mask's voxels fill.
SampledBox box_of(const LabelMap& mask, std::uint16_t label = 1) {
  const auto centres = centres_of(mask, label);
  SampledBox box{centres.front(), centres.front()};
  for (const auto& p : centres) {
    box.low_mm = box.low_mm.cwiseMin(p);
    box.high_mm = box.high_mm.cwiseMax(p);
  }
  box.low_mm -= 0.5 * mask.grid.spacing_mm;
  box.high_mm += 0.5 * mask.grid.spacing_mm;
  return box;
}

// A distance changes by less than a patch's diagonal over it; of 300 x 300 patches the middles' mean is right
// to far less than 1e-4 of the side.
TEST(MaskPairs, OfBoxesHaveTheMeanDistanceThatIsFoundBySamplingTheBoxes) {
  const auto distance = [](double d_mm) { return d_mm; };
  for (const auto& pair :
       {make("longer_bar"), make("longer_bar", {{"spacing_mm", std::vector<double>{0.7, 0.7, 5.0}}}),
        make("longer_bar", {{"spacing_mm", std::vector<double>{2.0, 0.5, 1.0}}}), make("shifted_grid"),
        make("at_border"), make("two_labels"), make("two_labels", {{"label", std::string("2")}})}) {
    const auto reference = box_of(*pair.reference, pair.label), test = box_of(*pair.test, pair.label);
    EXPECT_NEAR(*pair.known.masd_mm,
                0.5 * (reference.integrate(test, distance) / reference.area_mm2() +
                       test.integrate(reference, distance) / test.area_mm2()),
                1e-3)
        << pair.id;
  }
}

// The strip's edge runs through patches: of a face 300 patches wide at most 4 x 2 x 300 of 90000 may count
// for the wrong side, 0.027; they even out to a tenth of that.
TEST(MaskPairs, NestedCubesHaveTheShareWithinTheToleranceThatIsFoundBySampling) {
  for (const double gap_mm : {0.8, 0.9, 0.99, 1.01, 1.1}) {
    const auto pair = make("nested_cubes", {{"gap_mm", gap_mm}});
    const auto reference = box_of(*pair.reference), test = box_of(*pair.test);
    EXPECT_NEAR((test.low_mm - reference.low_mm).cwiseAbs().maxCoeff(), gap_mm, 1e-12);
    const auto within = [](double d_mm) { return d_mm <= KnownComparison::nsd_tolerance_mm ? 1.0 : 0.0; };
    const double area_mm2 = reference.integrate(test, within) + test.integrate(reference, within);
    EXPECT_NEAR(*pair.known.nsd, area_mm2 / (reference.area_mm2() + test.area_mm2()), 0.003) << gap_mm;
  }
}

// On a sphere in bands of equal area the middles of 1000 bands give the mean of |s - R|.
TEST(MaskPairs, TheSmallShiftHasTheMeanDistanceOfBandsOfEqualArea) {
  const auto pair = make("small_shift");
  double sum_mm = 0.0;
  for (int band = 0; band < 1000; ++band) {
    const double cosine = -1.0 + (band + 0.5) * 0.002;
    sum_mm += std::abs(std::sqrt(400.0 + 0.81 - 2.0 * 20.0 * 0.9 * cosine) - 20.0);
  }
  EXPECT_NEAR(*pair.known.masd_mm, sum_mm / 1000.0, 1e-4);
}

// The corners of one square against the faces of the other, and the voxels of both as points.
TEST(MaskPairs, TheTurnedPrismIsTheSamePrismTurned) {
  const auto pair = make("turned_prism");
  const auto reference = centres_of(*pair.reference), test = centres_of(*pair.test);
  EXPECT_EQ(reference.size(), 40u * 40u * 20u);
  EXPECT_EQ(test.size(), reference.size());
  const auto inside = std::count_if(test.begin(), test.end(), [](const Point3& p) {
    return std::max(std::abs(p[0]), std::abs(p[1])) < 10.0;
  });
  // A row of 40 voxels along each face may be counted for the wrong side by half: 4 x 20 of 1600 at most;
  // signs even out to a tenth.
  EXPECT_NEAR(*pair.known.dice, static_cast<double>(inside) / static_cast<double>(reference.size()), 0.01);
  double farthest_mm = 0.0;
  for (const auto& p : test) farthest_mm = std::max(farthest_mm, p.cwiseAbs().maxCoeff());
  // The last centre lies half a voxel's diagonal, 0.354 mm, within the edge.
  EXPECT_NEAR(farthest_mm - 10.0, *pair.known.hd_mm - 0.5 * std::numbers::sqrt2 * 0.5, 1e-9);
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
