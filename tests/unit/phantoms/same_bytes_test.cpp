// SPDX-License-Identifier: GPL-3.0-or-later
// Same parameters and seed, same bytes: for any number of threads, and whatever was made before.
#include <gtest/gtest.h>
#include <oneapi/tbb/global_control.h>

#include <algorithm>
#include <map>

#include "core/ct_volume.hpp"
#include "core/label_map.hpp"
#include "phantoms/scan/scan.hpp"
#include "tests/unit/phantoms/test_phantoms.hpp"

namespace meshassay::phantoms {
namespace {

struct Made {
  std::vector<float> hu;
  std::vector<std::uint16_t> mask;
  std::vector<Point3> vertices_mm;
  std::vector<Triangle> triangles;
  std::vector<double> numbers;
  friend bool operator==(const Made&, const Made&) = default;
};

Made make(const NamedPhantom& named) {
  const Phantom phantom = named.make(0.1);
  const CtVolume ct = scan(
      phantom, {.parameters = resolve_parameters(scan_parameters(),
                                                 {{"spacing_mm", std::vector<double>{2.0, 2.0, 3.0}},
                                                  {"rotation_deg", std::vector<double>{10.0, 20.0, 30.0}},
                                                  {"noise_hu", 20.0},
                                                  {"noise_spectrum", std::string("ramp")},
                                                  {"partial_volume_tolerance", 0.02},
                                                  {"margin_mm", 1.0}},
                                                 "test"),
                .seed = 7});
  Made made;
  std::transform(ct.hu.values.begin(), ct.hu.values.end(), std::back_inserter(made.hu),
                 [](auto value) { return static_cast<float>(value); });
  const Truth truth = truth_of(phantom, ct.hu.grid);
  made.mask = truth.mask->values;
  for (const auto& target : truth.targets) {
    const auto& surface = *target.surface;
    made.vertices_mm.insert(made.vertices_mm.end(), surface.vertices_mm.begin(), surface.vertices_mm.end());
    made.triangles.insert(made.triangles.end(), surface.triangles.begin(), surface.triangles.end());
    made.numbers.insert(made.numbers.end(), {target.volume_mm3->value, target.volume_mm3->uncertainty,
                                             target.area_mm2->value, target.area_mm2->uncertainty});
  }
  return made;
}

std::map<std::string, Made> make_all(const std::vector<NamedPhantom>& list, std::size_t threads) {
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
  std::map<std::string, Made> all;
  for (const auto& each : list) all.emplace(each.name, make(each));
  return all;
}

TEST(SameBytes, OfEachPhantomAndScanWithOneThreadAndWithTwoInTheOtherOrder) {
  std::vector<NamedPhantom> list = phantoms_under_test();
  const auto one = make_all(list, 1);
  std::reverse(list.begin(), list.end());
  const auto two = make_all(list, 2);
  ASSERT_EQ(one.size(), list.size());
  std::size_t with_labels = 0;
  for (const auto& [name, made] : one) {
    EXPECT_TRUE(made == two.at(name)) << name;
    with_labels += *std::max_element(made.mask.begin(), made.mask.end()) > 0 ? 1 : 0;
  }
  EXPECT_GE(with_labels + 1, one.size());  // The smallest sphere lies between voxels of this size.
}

}  // namespace
}  // namespace meshassay::phantoms
