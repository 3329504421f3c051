// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/runs/system_record.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "metrics/registry.hpp"

namespace meshassay::metrics {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

SystemRecord complete_record() {
  return {.warnings = {"touches the border"},
          .steps = {{"segmentation", "threshold", {{"threshold_hu", 250.0}}},
                    {"reconstruction", "flying_edges", {{"level_hu", 250.0}}}}};
}

TEST(Clause5Completeness, AsksForBothStepsWithMethodAndParameters) {
  EXPECT_THAT(clause5_completeness(complete_record()).missing, IsEmpty());
  EXPECT_THAT(clause5_completeness({}).missing, ElementsAre("step segmentation", "step reconstruction"));
  auto record = complete_record();
  record.steps[0].method.clear();
  record.steps[1].parameters.clear();
  EXPECT_THAT(clause5_completeness(record).missing,
              ElementsAre("method of segmentation", "parameters of reconstruction"));
}

TEST(Clause5Completeness, AsksEveryStepOfAName) {
  auto record = complete_record();
  record.steps.push_back({"segmentation", "region_growing", {}});
  EXPECT_THAT(clause5_completeness(record).missing, ElementsAre("parameters of segmentation"));
}

TEST(SystemRecordFamily, CountsAndNamesWhatIsThere) {
  Trial trial;
  trial.submissions.emplace_back();
  trial.submissions.front().offers = {"record"};
  trial.submissions.front().record = complete_record();
  const auto rows = measure_all(trial, "record.*");
  ASSERT_EQ(rows.size(), 4u);
  EXPECT_EQ(rows[0].value, MeasuredValue(std::string("done")));
  EXPECT_EQ(rows[1].value, MeasuredValue(1.0));
  EXPECT_EQ(rows[2].value, MeasuredValue(2.0));
  EXPECT_EQ(rows[3].value, MeasuredValue(true));
}

TEST(SystemRecordFamily, APromisedRecordThatDidNotComeIsMissing) {
  Trial trial;
  trial.submissions.emplace_back();
  trial.submissions.front().offers = {"record"};
  for (const auto& row : measure_all(trial, "record.*")) EXPECT_EQ(row.reason, "missing") << row.metric;
}

}  // namespace
}  // namespace meshassay::metrics
