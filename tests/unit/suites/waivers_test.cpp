// SPDX-License-Identifier: GPL-3.0-or-later
#include "suites/waivers.hpp"

#include <gmock/gmock.h>

#include <array>

#include "tests/support/temporary_folder.hpp"
#include "tests/unit/suites/error_of.hpp"

namespace meshassay::suites {
namespace {

using testing::HasSubstr;

constexpr const char* one_waiver = R"([[waiver]]
case = "sphere/*"
metric = "deviation.*"
reason = "known, ticket 7"
approved_by = "A. Person"
)";

CaseResult case_with_all_verdicts(const std::string& id) {
  CaseResult result{.id = id};
  for (const Verdict verdict :
       {Verdict::pass, Verdict::fail, Verdict::inconclusive, Verdict::not_applicable, Verdict::error})
    result.checks.push_back({.metric = "deviation.rms", .verdict = verdict});
  return result;
}

TEST(Waivers, AreReadWithReasonAndApprover) {
  const test_support::TemporaryFolder files;
  const auto waivers = read_waivers(files.file("w.toml", one_waiver));
  ASSERT_EQ(waivers.size(), 1u);
  EXPECT_EQ(waivers[0], (AppliedWaiver{"sphere/*", "deviation.*", "known, ticket 7", "A. Person", 0}));
}

TEST(Waivers, NeedReasonAndApprover) {
  const test_support::TemporaryFolder files;
  for (const std::string key : {"case", "metric", "reason", "approved_by"}) {
    std::string text = one_waiver;
    text.insert(text.find(key + " ="), "#");
    EXPECT_THAT(error_of([&] { (void)read_waivers(files.file("w.toml", text)); }).what,
                HasSubstr("'" + key + "' is missing"));
  }
  EXPECT_EQ(error_of([&] {
              (void)read_waivers(files.file("w.toml", std::string(one_waiver) + "reson = \"\"\n"));
            }).mend,
            "did you mean 'reason'?");
  EXPECT_THROW((void)read_waivers(files.file("w.toml", "")), InvalidInput);
}

TEST(Waivers, MarkDecidedChecksAndLeaveTheRawVerdict) {
  std::array waivers = {AppliedWaiver{"sphere/*", "deviation.*", "known", "A. Person", 0}};
  std::array cases = {case_with_all_verdicts("sphere/radius_mm=5")};
  const auto before = cases[0];
  apply_waivers(waivers, cases);
  const auto& checks = cases[0].checks;
  for (std::size_t i = 0; i < checks.size(); ++i) EXPECT_EQ(checks[i].verdict, before.checks[i].verdict);
  for (const std::size_t i : {0u, 1u, 2u}) {  // pass, fail, inconclusive
    EXPECT_EQ(checks[i].expectation, Expectation::waived);
    EXPECT_EQ(checks[i].waiver, "known (approved by A. Person)");
  }
  for (const std::size_t i : {3u, 4u}) EXPECT_EQ(checks[i].expectation, Expectation::none);  // n/a, error
  EXPECT_EQ(waivers[0].used, 3);
}

TEST(Waivers, TouchNothingThatTheyDoNotName) {
  std::array waivers = {AppliedWaiver{"sphere/*", "size.*", "known", "A. Person", 0},
                        AppliedWaiver{"cube", "*", "known", "A. Person", 0}};
  std::array cases = {case_with_all_verdicts("sphere/radius_mm=5")};
  const auto before = cases[0];
  apply_waivers(waivers, cases);
  EXPECT_EQ(cases[0], before);
  EXPECT_EQ(waivers[0].used, 0);
}

TEST(Waivers, AreUsedInFileOrder) {
  std::array waivers = {AppliedWaiver{"*", "*", "first", "A", 0}, AppliedWaiver{"*", "*", "second", "B", 0}};
  std::array cases = {case_with_all_verdicts("a")};
  apply_waivers(waivers, cases);
  EXPECT_EQ(cases[0].checks[1].waiver, "first (approved by A)");
  EXPECT_EQ(waivers[1].used, 0);
}

}  // namespace
}  // namespace meshassay::suites
