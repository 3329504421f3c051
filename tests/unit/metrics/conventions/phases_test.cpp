// SPDX-License-Identifier: GPL-3.0-or-later
// Which ruler is nearest to the truth, wherever an object happens to lie in the grid.
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "core/label_map.hpp"
#include "metrics/boundary/boundary_distance.hpp"
#include "metrics/conventions/convention.hpp"
#include "tests/unit/metrics/voxel_balls.hpp"

namespace meshassay::metrics::conventions {
namespace {

class GridPhases : public testing::TestWithParam<Vector3> {};
INSTANTIATE_TEST_SUITE_P(Spacings, GridPhases,
                         testing::Values(Vector3(1, 1, 1), Vector3(0.5, 0.5, 2), Vector3(0.7, 0.7, 5)));

// Concentric spheres of 20 and 21 mm: the truth is 1 mm. The error of a ruler is the mean over 20 places of
// the centre between voxel centres of |MASD - 1 mm|.
TEST_P(GridPhases, TheMeanErrorOfBoundaryMasdIsBelowThatOfEveryConvention) {
  test::Random random(20);
  std::map<std::string, double> errors_mm;
  constexpr int phases = 20;
  for (int n = 0; n < phases; ++n) {
    const Vector3 phase(random.uniform(-0.5, 0.5), random.uniform(-0.5, 0.5), random.uniform(-0.5, 0.5));
    const auto [measured, reference] = balls_of_21_and_20(GetParam(), phase);
    for (const Convention& convention : convention_catalogue()) {
      for (const auto& row : measure_by(convention, measured, reference)) {
        const double error_mm = std::abs(row.masd_mm.value.value() - 1.0);
        errors_mm[convention.name + " " + row.variant] += error_mm / phases;
        if (convention.name == "surface") {
          EXPECT_LE(row.masd_mm.interval->lo, 1.0);
          EXPECT_GE(row.masd_mm.interval->hi, 1.0);
        }
      }
    }
  }
  ASSERT_EQ(errors_mm.size(), 11u);  // Nine, of which plastimatch and MedPy have two rows.
  const double ours_mm = errors_mm.at("surface ");
  for (const auto& [name, error_mm] : errors_mm) {
    if (name == "surface ") continue;
    EXPECT_LT(ours_mm, error_mm) << name;
  }
}

}  // namespace
}  // namespace meshassay::metrics::conventions
