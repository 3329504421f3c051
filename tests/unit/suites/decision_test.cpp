// SPDX-License-Identifier: GPL-3.0-or-later
#include "suites/decision.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "core/reason.hpp"

namespace meshassay::suites {
namespace {

using testing::HasSubstr;

Measurement measured(MeasuredValue value, std::optional<Interval> interval = std::nullopt) {
  return {.metric = "m", .value = std::move(value), .unit = "mm", .interval = interval};
}

Measurement undefined(const std::string& reason) { return {.metric = "m", .unit = "mm", .reason = reason}; }

struct Row {
  const char* what;
  double lo, value, hi;
  std::optional<double> min, max;
  Verdict verdict;
};

class DecisionTable : public testing::TestWithParam<Row> {};

// ISO 14253-1, by hand: the whole interval inside the limits passes, wholly outside fails, all else is open.
// The limits themselves belong to the inside.
TEST_P(DecisionTable, FollowsFromIntervalAndLimits) {
  const auto& row = GetParam();
  const auto decision =
      decide(measured(row.value, Interval{row.lo, row.hi}), {.min = row.min, .max = row.max});
  EXPECT_EQ(decision.verdict, row.verdict) << row.what << ": " << decision.reason;
}

constexpr auto none = std::nullopt;
INSTANTIATE_TEST_SUITE_P(
    Rows, DecisionTable,
    testing::Values(Row{"below max", 0.1, 0.2, 0.3, none, 1.0, Verdict::pass},
                    Row{"touches max from inside", 0.8, 0.9, 1.0, none, 1.0, Verdict::pass},
                    Row{"across max, value inside", 0.8, 0.9, 1.1, none, 1.0, Verdict::inconclusive},
                    Row{"across max, value outside", 0.9, 1.1, 1.2, none, 1.0, Verdict::inconclusive},
                    Row{"touches max from outside", 1.0, 1.1, 1.2, none, 1.0, Verdict::inconclusive},
                    Row{"above max", 1.01, 1.1, 1.2, none, 1.0, Verdict::fail},
                    Row{"above min", 0.95, 0.96, 0.97, 0.9, none, Verdict::pass},
                    Row{"touches min from inside", 0.9, 0.91, 0.92, 0.9, none, Verdict::pass},
                    Row{"across min", 0.89, 0.9, 0.91, 0.9, none, Verdict::inconclusive},
                    Row{"below min", 0.7, 0.8, 0.89, 0.9, none, Verdict::fail},
                    Row{"within both", -0.1, 0.0, 0.1, -0.2, 0.2, Verdict::pass},
                    Row{"below both", -0.5, -0.4, -0.3, -0.2, 0.2, Verdict::fail},
                    Row{"above both", 0.3, 0.4, 0.5, -0.2, 0.2, Verdict::fail},
                    Row{"wider than both", -0.5, 0.0, 0.5, -0.2, 0.2, Verdict::inconclusive},
                    Row{"a point on both limits", 2.0, 2.0, 2.0, 2.0, 2.0, Verdict::pass}));

TEST(Decision, TakesAMeasurementWithoutAnIntervalAsExact) {
  EXPECT_EQ(decide(measured(1.0), {.max = 1.0}).verdict, Verdict::pass);
  EXPECT_EQ(decide(measured(std::nextafter(1.0, 2.0)), {.max = 1.0}).verdict, Verdict::fail);
}

TEST(Decision, SaysWhyItIsInconclusive) {
  EXPECT_THAT(decide(measured(1.0, Interval{0.9, 1.1}), {.max = 1.0}).reason, HasSubstr("crosses the limit"));
}

TEST(Decision, FlagsARulerThatIsTooCoarseWithoutChangingTheVerdict) {
  // One limit of 0.3: a third is 0.1.
  EXPECT_EQ(decide(measured(0.05, Interval{0.0, 0.09}), {.max = 0.3}).reason, "");
  const auto coarse = decide(measured(0.05, Interval{0.0, 0.11}), {.max = 0.3});
  EXPECT_EQ(coarse.verdict, Verdict::pass);
  EXPECT_EQ(coarse.reason, "ruler_too_coarse");
  // A zone of 0.6: a third is 0.2.
  EXPECT_EQ(decide(measured(0.0, Interval{-0.09, 0.09}), {.min = -0.3, .max = 0.3}).reason, "");
  EXPECT_EQ(decide(measured(0.0, Interval{-0.11, 0.11}), {.min = -0.3, .max = 0.3}).reason,
            "ruler_too_coarse");
}

TEST(Decision, OfAnUndefinedMeasurementGoesByTheOwnerOfItsReason) {
  // By hand, from the contract: the submission's fault fails, the case's or ruler's is open, not offered does
  // not apply.
  const Limit limit{.max = 1.0};
  for (const auto* reason : {"missing", "unreadable", "test_empty", "not_closed", "not_oriented"})
    EXPECT_EQ(decide(undefined(reason), limit).verdict, Verdict::fail) << reason;
  for (const auto* reason : {"both_empty", "no_reference", "not_converged", "rank_deficient"})
    EXPECT_EQ(decide(undefined(reason), limit).verdict, Verdict::inconclusive) << reason;
  for (const auto* reason : {"not_offered", "unsupported"})
    EXPECT_EQ(decide(undefined(reason), limit).verdict, Verdict::not_applicable) << reason;
  EXPECT_THAT(decide(undefined("missing"), limit).reason, HasSubstr("undefined: missing"));
}

TEST(Decision, NeverPassesAnUndefinedMeasurement) {
  for (const auto& reason : reason_catalogue())
    EXPECT_NE(decide(undefined(std::string(reason.id)), {.max = 1.0}).verdict, Verdict::pass) << reason.id;
  EXPECT_EQ(decide(undefined(""), {.max = 1.0}).verdict, Verdict::error);
  EXPECT_EQ(decide(undefined("no such reason"), {.max = 1.0}).verdict, Verdict::error);
}

TEST(Decision, NeverPassesWhatIsNotFinite) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN(),
                   inf = std::numeric_limits<double>::infinity();
  const Limit limit{.min = -1.0, .max = 1.0};
  EXPECT_EQ(decide(measured(nan), limit).verdict, Verdict::error);
  EXPECT_EQ(decide(measured(inf), limit).verdict, Verdict::error);
  EXPECT_EQ(decide(measured(0.0, Interval{nan, 0.0}), limit).verdict, Verdict::error);
  EXPECT_EQ(decide(measured(0.0, Interval{0.0, inf}), limit).verdict, Verdict::error);
  EXPECT_EQ(decide(measured(0.0), {.max = nan}).verdict, Verdict::error);
  EXPECT_EQ(decide(measured(0.0), {.max = inf}).verdict, Verdict::error);
  const MeasuredValue numbers = std::vector<double>{nan};
  EXPECT_EQ(decide(measured(numbers), {.equals = numbers}).verdict, Verdict::error);
  EXPECT_EQ(decide(measured(0.0), {.equals = nan}).verdict, Verdict::error);
}

TEST(Decision, NeverPassesAnIntervalThatContradictsItsValue) {
  EXPECT_EQ(decide(measured(0.0, Interval{0.1, -0.1}), {.max = 1.0}).verdict, Verdict::error);
  EXPECT_EQ(decide(measured(5.0, Interval{0.0, 0.1}), {.max = 1.0}).verdict, Verdict::error);
}

TEST(Decision, NeverPassesALimitThatDecidesNothing) {
  EXPECT_EQ(decide(measured(0.0), {}).verdict, Verdict::error);
  EXPECT_EQ(decide(measured(0.0), {.min = 1.0, .max = -1.0}).verdict, Verdict::error);
  EXPECT_EQ(decide(measured(0.0), {.max = 1.0, .equals = 0.0}).verdict, Verdict::error);
}

TEST(Decision, ComparesTruthTextAndArraysByEquality) {
  EXPECT_EQ(decide(measured(true), {.equals = true}).verdict, Verdict::pass);
  EXPECT_EQ(decide(measured(false), {.equals = true}).verdict, Verdict::fail);
  EXPECT_EQ(decide(measured(std::string("refused")), {.equals = std::string("refused")}).verdict,
            Verdict::pass);
  EXPECT_EQ(decide(measured(std::string("done")), {.equals = std::string("refused")}).verdict, Verdict::fail);
  const MeasuredValue numbers = std::vector<double>{1.0, 2.0}, shorter = std::vector<double>{1.0};
  EXPECT_EQ(decide(measured(numbers), {.equals = numbers}).verdict, Verdict::pass);
  EXPECT_EQ(decide(measured(shorter), {.equals = numbers}).verdict, Verdict::fail);
}

TEST(Decision, NeverPassesAValueOfAnotherTypeThanTheLimit) {
  EXPECT_EQ(decide(measured(1.0), {.equals = true}).verdict, Verdict::error);
  EXPECT_EQ(decide(measured(true), {.max = 1.0}).verdict, Verdict::error);
  EXPECT_EQ(decide(measured(std::vector<double>{0.0}), {.max = 1.0}).verdict, Verdict::error);
}

TEST(Decision, OfAnEqualNumberNeedsAnIntervalThatIsAPoint) {
  EXPECT_EQ(decide(measured(0.0), {.equals = 0.0}).verdict, Verdict::pass);
  EXPECT_EQ(decide(measured(1.0), {.equals = 0.0}).verdict, Verdict::fail);
  EXPECT_EQ(decide(measured(0.0, Interval{-1.0, 1.0}), {.equals = 0.0}).verdict, Verdict::inconclusive);
}

TEST(ResolveLimit, TurnsEachUnitIntoThatOfTheMetric) {
  Grid grid;
  grid.spacing_mm = {0.4, 0.5, 2.0};  // in_plane is the larger of row and column spacing.
  const auto resolved = [&](double value, const std::string& unit) {
    return *resolve_limit({.max = Quantity{value, unit}, .as_written = "w"}, grid).max;
  };
  EXPECT_DOUBLE_EQ(resolved(0.3, "in_plane"), 0.15);
  EXPECT_DOUBLE_EQ(resolved(0.3, "slice"), 0.6);
  EXPECT_DOUBLE_EQ(resolved(3.0, "%"), 0.03);
  for (const auto* unit : {"mm", "mm2", "mm3", "1/mm2", "deg", "HU", "1"})
    EXPECT_EQ(resolved(0.3, unit), 0.3) << unit;
}

TEST(ResolveLimit, KeepsBothBoundsAndTheText) {
  const auto limit = resolve_limit(
      {.min = Quantity{-1.0, "slice"}, .max = Quantity{1.0, "mm"}, .as_written = "min -1 slice, max 1 mm"},
      Grid{});
  EXPECT_EQ(limit.min, -1.0);
  EXPECT_EQ(limit.max, 1.0);
  EXPECT_EQ(limit.equals, std::nullopt);
  EXPECT_EQ(limit.as_written, "min -1 slice, max 1 mm");
}

}  // namespace
}  // namespace meshassay::suites
