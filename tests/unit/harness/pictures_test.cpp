// SPDX-License-Identifier: GPL-3.0-or-later
#include "harness/pictures.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/harness/cube.hpp"

namespace meshassay::harness {
namespace {

using testing::HasSubstr;
using testing::Not;

// A cube from 0 to 1 mm against one from 0.1 to 1.1 mm.
Trial two_cubes() {
  Trial trial{.case_id = "cubes"};
  trial.truth.targets.push_back({.surface = unit_cube({0, 0, 0})});
  Submission submission{.offers = {"surface"}};
  submission.stages.push_back({.name = "exported", .surfaces = {{1, unit_cube({0.1, 0.1, 0.1})}}});
  trial.submissions.push_back(std::move(submission));
  return trial;
}

Measurement largest_deviation(MeasuredValue place_mm) {
  return {.metric = "deviation.max_test_to_truth",
          .value = 0.17,
          .unit = "mm",
          .witnesses = {{"place_mm", std::move(place_mm)}}};
}

TEST(PictureOf, GoesThroughTheMiddleOfTheTruthWithoutADeviation) {
  const std::string svg = picture_of(two_cubes(), {}, {.title = "cubes"});
  EXPECT_THAT(svg, HasSubstr("axial, z = 0.5 mm"));
  EXPECT_THAT(svg, HasSubstr("axial-reference"));
  EXPECT_THAT(svg, HasSubstr("axial-measured"));
  EXPECT_THAT(svg, Not(HasSubstr("detail-")));
}

TEST(PictureOf, GoesJustInsideTheLargestDeviation) {
  const auto place = std::vector<double>{1.1, 1.1, 1.1};
  const std::string svg = picture_of(two_cubes(), {largest_deviation(place)}, {.title = "cubes"});
  // The detail's half side is 15 % of the cube's diagonal, 0.26 mm; a tenth of it along the diagonal is 0.015
  // mm on each axis: 1.085, which is shown as 1.08 or 1.09.
  EXPECT_THAT(svg, testing::AnyOf(HasSubstr("axial, z = 1.08 mm"), HasSubstr("axial, z = 1.09 mm")));
  EXPECT_THAT(svg, HasSubstr("detail-axial-measured"));
}

TEST(PictureOf, IgnoresAPlaceThatIsNone) {
  for (const MeasuredValue& odd : {MeasuredValue(std::vector<double>{1.0}), MeasuredValue(2.0)})
    EXPECT_THAT(picture_of(two_cubes(), {largest_deviation(odd)}, {.title = "cubes"}),
                HasSubstr("axial, z = 0.5 mm"));
}

TEST(PictureOf, DrawsTheBoundaryOfAMaskWhereThereIsNoSurface) {
  Trial trial{.case_id = "mask"};
  trial.truth.targets.emplace_back();
  trial.truth.mask = shared(cube_mask());
  Submission submission{.offers = {"mask"}};
  submission.stages.push_back({.name = "segmented", .mask = shared(cube_mask())});
  trial.submissions.push_back(std::move(submission));
  const std::string svg = picture_of(trial, {}, {.title = "masks"});
  EXPECT_THAT(svg, HasSubstr("truth (boundary of the mask)"));
  EXPECT_THAT(svg, HasSubstr("measured (boundary of the mask)"));
  EXPECT_THAT(svg, HasSubstr("axial-measured"));
}

TEST(PictureOf, ShowsTheTruthAloneWhereNothingCameBack) {
  auto trial = two_cubes();
  trial.submissions.front().stages.clear();
  const std::string svg = picture_of(trial, {}, {.title = "nothing"});
  EXPECT_THAT(svg, HasSubstr("axial-reference"));
  EXPECT_THAT(svg, Not(HasSubstr("axial-measured")));
}

}  // namespace
}  // namespace meshassay::harness
