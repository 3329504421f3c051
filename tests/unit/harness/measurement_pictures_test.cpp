// SPDX-License-Identifier: GPL-3.0-or-later
#include "harness/measurement_pictures.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

namespace meshassay::harness {
namespace {

using testing::HasSubstr;
using testing::Not;

// Three runs with a bias of 1, 1.1 and 1.5 mm: their mean is 1.2.
Measurement limit_of_three_runs() {
  return {.metric = "repeatability.limit",
          .stage = "exported",
          .value = 0.74,
          .unit = "mm",
          .interval = Interval{0.43, 3.2},
          .witnesses = {{"runs", 3.0}, {"values", std::vector<double>{1.0, 1.1, 1.5}}}};
}

TEST(RepeatabilityPicture, ShowsEachRunFromTheMeanAndTheLimitApart) {
  const std::string svg = repeatability_picture_of({limit_of_three_runs()});
  EXPECT_THAT(svg, HasSubstr("bias of each run, from their mean, exported"));
  for (const char* text : {">-0.2 mm<", ">-0.1 mm<", ">0.3 mm<", ">0.74 mm  [0.43, 3.2]<"})
    EXPECT_THAT(svg, HasSubstr(text));
  EXPECT_THAT(svg, HasSubstr("two runs differ by"));
}

TEST(RepeatabilityPicture, HasAPanelForEachQuantityAndTarget) {
  auto volume = limit_of_three_runs();
  volume.metric = "repeatability.volume_limit";
  volume.unit = "mm3";
  auto second = limit_of_three_runs();
  second.target = "<second>";
  const std::string svg = repeatability_picture_of({volume, second, limit_of_three_runs()});
  EXPECT_THAT(svg, HasSubstr("volume of each run, from their mean, exported"));
  EXPECT_THAT(svg, HasSubstr("bias of each run, from their mean, exported, &lt;second&gt;"));
  EXPECT_THAT(svg, Not(HasSubstr("<second>")));
}

TEST(RepeatabilityPicture, IsEmptyWhereNothingWasRepeated) {
  auto undefined = limit_of_three_runs();
  undefined.value.reset();
  undefined.reason = "not_offered";
  auto without_runs = limit_of_three_runs();
  without_runs.witnesses.clear();
  EXPECT_EQ(repeatability_picture_of({}), "");
  EXPECT_EQ(repeatability_picture_of({undefined, without_runs}), "");
}

TEST(MeasurementPictures, HaveFilesOfTheirOwnAndAreEmptyWithoutMeasurements) {
  std::set<std::string> files;
  for (const auto& [file, make] : measurement_pictures()) {
    EXPECT_TRUE(files.insert(file).second) << file;
    EXPECT_EQ(make({}), "") << file;
  }
  EXPECT_FALSE(files.empty());
}

}  // namespace
}  // namespace meshassay::harness
