// SPDX-License-Identifier: GPL-3.0-or-later
#include "reports/presentation.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "tests/unit/reports/sample_records.hpp"

namespace meshassay::reports {
namespace {

TEST(OutcomeOf, SaysWhatAWaiverMakesOfAVerdict) {
  const auto outcome = [](Verdict verdict, Expectation expectation) {
    return outcome_of({.verdict = verdict, .expectation = expectation});
  };
  EXPECT_EQ(outcome(Verdict::pass, Expectation::none), Outcome::pass);
  EXPECT_EQ(outcome(Verdict::pass, Expectation::waived), Outcome::unexpected_pass);
  EXPECT_EQ(outcome(Verdict::fail, Expectation::waived), Outcome::waived);
  EXPECT_EQ(outcome(Verdict::inconclusive, Expectation::waived), Outcome::waived);
  EXPECT_EQ(outcome(Verdict::error, Expectation::waived), Outcome::error);
  EXPECT_EQ(outcome(Verdict::not_applicable, Expectation::waived), Outcome::not_applicable);
}

TEST(CountOutcomes, OfTheSampleIsOneOfEach) {
  const auto record = samples::full_record();
  OutcomeCounts counts;
  for (const auto& result : record.cases)
    for (const auto& check : result.checks) ++counts.of(outcome_of(check));
  for (const Outcome outcome : all_outcomes) EXPECT_EQ(counts.of(outcome), 1) << words_of(outcome).text;
}

TEST(VerdictOf, IsThatOfTheSummary) {
  EXPECT_TRUE(verdict_of(samples::passing_record()).passed);
  EXPECT_FALSE(verdict_of(samples::full_record()).passed);
  EXPECT_EQ(verdict_of(samples::full_record()).why, "4 checks count against the run");
}

TEST(VerdictOf, IsNeverPassedWhereTheChecksOfTheRecordContradictTheSummary) {
  RunRecord failing = samples::full_record();
  failing.summary.passed = true;
  EXPECT_FALSE(verdict_of(failing).passed);
  RunRecord empty;
  empty.summary.passed = true;
  EXPECT_FALSE(verdict_of(empty).passed);
  RunRecord undecided = samples::passing_record();
  undecided.cases[0].checks[0].verdict = Verdict::not_applicable;
  EXPECT_FALSE(verdict_of(undecided).passed);
}

TEST(NumberText, IsShortForPeople) {
  EXPECT_EQ(number_text(0.0123456), "0.01235");
  EXPECT_EQ(number_text(4188.79), "4189");
  EXPECT_EQ(number_text(41887.9), "41888");
  EXPECT_EQ(number_text(123456.0), "123456");
  EXPECT_EQ(number_text(-0.0), "0");
}

TEST(NumberText, NeverReadsTheSameAsADifferentNumberThatItIsComparedWith) {
  const std::vector<double> limit = {0.3};
  EXPECT_EQ(number_text(0.30001, limit), "0.30001");
  EXPECT_EQ(number_text(0.3, limit), "0.3");
  EXPECT_EQ(number_text(0.31239, limit), "0.3124");
}

TEST(IntervalText, StandsInBrackets) {
  Measurement measurement{.interval = Interval{0.1, 0.25}};
  EXPECT_EQ(interval_text(measurement), "[0.1, 0.25]");
  EXPECT_EQ(interval_text(Measurement{}), "");
}

TEST(LimitText, SaysWhatWasWrittenAndWhatItMeans) {
  EXPECT_EQ(limit_text({.max = 0.15, .as_written = "max 0.3 in_plane"}, "mm"),
            "max 0.3 in_plane (≤ 0.15 mm)");
  EXPECT_EQ(limit_text({.min = -0.02, .max = 0.02, .as_written = "min -2 %, max 2 %"}, "1"),
            "min -2 %, max 2 % (± 0.02)");
  EXPECT_EQ(limit_text({.equals = MeasuredValue(true), .as_written = "equals true"}, "1"), "equals true");
}

TEST(LimitSigns, AreInTheUnitOfTheMetric) {
  EXPECT_EQ(limit_signs({.min = 0.25, .as_written = "min 0.5 in_plane"}, "mm"), "≥ 0.25 mm");
  EXPECT_EQ(limit_signs({.min = 0.98, .max = 1.02}, "1"), "≥ 0.98 and ≤ 1.02");
  EXPECT_EQ(limit_signs({.min = -0.05, .max = 0.05}, "mm"), "± 0.05 mm");
  EXPECT_EQ(limit_signs({.min = 0.0, .max = 0.0}, "1"), "≥ 0 and ≤ 0");
  EXPECT_EQ(limit_signs({.equals = MeasuredValue(1.0)}, "1"), "= 1");
  EXPECT_EQ(limit_signs({}, "mm"), "");
}

TEST(LimitText, IsNotSaidTwice) {
  EXPECT_EQ(limit_text({.max = 0.3, .as_written = "max 0.3 mm"}, "mm"), "max 0.3 mm");
  EXPECT_EQ(limit_text({.min = 0.9, .as_written = "min 0.9"}, "1"), "min 0.9");
  EXPECT_EQ(limit_text({.min = -0.1, .max = 0.1, .as_written = "min -0.1 mm, max 0.1 mm"}, "mm"),
            "min -0.1 mm, max 0.1 mm");
}

TEST(NeedsAttention, IsACaseThatCountsAgainstTheRun) {
  CaseResult result;
  EXPECT_FALSE(needs_attention(result));
  result.status = CaseStatus::crashed;
  EXPECT_TRUE(needs_attention(result));
  result.checks = {{.verdict = Verdict::inconclusive}};
  EXPECT_TRUE(needs_attention(result));
}

TEST(WhyText, SaysWhatTheDecisionSaidOrElseWhatTheVerdictMeans) {
  auto result = samples::full_record().cases[0];
  const auto why = [&result](std::size_t i) {
    return why_text(result.checks[i], find_measurement(result, result.checks[i]));
  };
  EXPECT_EQ(why(0), "");
  EXPECT_EQ(why(1), "The whole interval lies outside the limit");
  EXPECT_EQ(why(2), "the interval [-0.026, -0.016] crosses the limit; ruler_too_coarse");
  result.checks[2].reason.clear();
  EXPECT_EQ(why(2), "The interval crosses the limit: the measurement cannot decide");
  result.checks[2].verdict = Verdict::error;
  result.checks[2].reason = "it threw";
  EXPECT_EQ(why(2), "it threw");
}

TEST(MeasuredText, OfWhatIsUndefinedIsTheReason) {
  const auto record = samples::full_record();
  const auto& result = record.cases[0];
  EXPECT_EQ(measured_text(find_measurement(result, result.checks[3]), {}),
            "undefined: feature_missing (plate_0.3)");
  EXPECT_EQ(measured_text(nullptr, {}), "not measured");
}

}  // namespace
}  // namespace meshassay::reports
