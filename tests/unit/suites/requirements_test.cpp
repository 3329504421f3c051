// SPDX-License-Identifier: GPL-3.0-or-later
#include "suites/requirements.hpp"

#include <gmock/gmock.h>

#include <array>

#include "tests/support/temporary_folder.hpp"
#include "tests/unit/suites/error_of.hpp"

namespace meshassay::suites {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* one_row = R"(
[[requirement]]
id = "x:1"
list = "shall"
item = "should"
how = "T"
summary = "s"
harness = "h"
)";

CheckResult check(Verdict verdict, Expectation expectation = Expectation::none) {
  return {.metric = "m", .verdict = verdict, .expectation = expectation, .requirements = {"x:1"}};
}

CaseResult case_with(std::vector<CheckResult> checks) { return {.id = "a", .checks = std::move(checks)}; }

RequirementResult rolled_up(const std::vector<CheckResult>& checks, const std::string& item = "shall") {
  const std::array requirements = {Requirement{.id = "x:1", .item = item}};
  const std::array cases = {case_with(checks)};
  return roll_up(requirements, cases).front();
}

std::vector<Requirement> read(const test_support::TemporaryFolder& files, const std::string& text) {
  return read_requirements(std::array{files.file("r.toml", text)});
}

TEST(Requirements, AreReadInOrderWithEveryField) {
  const test_support::TemporaryFolder files;
  const auto rows = read(files, std::string(one_row) +
                                    "[[requirement]]\nid = \"a:0\"\nitem = \"info\"\nhow = \"D\"\n"
                                    "summary = \"s2\"\nharness = \"h2\"\nnot_covered = \"why\"\n");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].id, "x:1");
  EXPECT_EQ(rows[0].list, "shall");
  EXPECT_EQ(rows[0].item, "should");
  EXPECT_EQ(rows[1].id, "a:0");
  EXPECT_EQ(rows[1].list, "");
  EXPECT_EQ(rows[1].how, "D");
  EXPECT_EQ(rows[1].summary, "s2");
  EXPECT_EQ(rows[1].harness, "h2");
  EXPECT_EQ(rows[1].not_covered, "why");
}

TEST(Requirements, OfTwoFilesMustDiffer) {
  const test_support::TemporaryFolder files;
  const std::array paths = {files.file("r1.toml", one_row), files.file("r2.toml", one_row)};
  const auto error = error_of([&] { (void)read_requirements(paths); });
  EXPECT_THAT(error.where, HasSubstr("r2.toml:2"));
  EXPECT_EQ(error.got, "x:1");
}

TEST(Requirements, RefuseFaultyRows) {
  const test_support::TemporaryFolder files;
  const auto refused = [&](const std::string& from, const std::string& to) {
    std::string text = one_row;
    text.replace(text.find(from), from.size(), to);
    return error_of([&] { (void)read(files, text); });
  };
  EXPECT_EQ(refused("summary", "sumary").mend, "did you mean 'summary'?");
  EXPECT_EQ(refused("\"should\"", "\"shuld\"").mend, "did you mean 'should'?");
  EXPECT_THAT(refused("list = \"shall\"\nitem = \"should\"\n", "").what, HasSubstr("'item' is missing"));
  EXPECT_THAT(refused("\"x:1\"", "\"\"").what, HasSubstr("'id' is empty"));
  EXPECT_THAT(refused("harness = \"h\"\n", "").what, HasSubstr("'harness' is missing"));
}

TEST(RollUp, IsAsGoodAsTheWorstDecidedCheck) {
  using enum Verdict;
  EXPECT_EQ(rolled_up({check(pass), check(pass)}).status, "verified");
  EXPECT_EQ(rolled_up({check(pass), check(not_applicable)}).status, "verified");
  EXPECT_EQ(rolled_up({check(pass), check(inconclusive)}).status, "inconclusive");
  EXPECT_EQ(rolled_up({check(pass), check(error)}).status, "inconclusive");
  EXPECT_EQ(rolled_up({check(inconclusive), check(fail), check(pass)}).status, "failed");
  EXPECT_EQ(rolled_up({check(not_applicable)}).status, "not_applicable");
  EXPECT_EQ(rolled_up({}).status, "not_covered");
}

TEST(RollUp, OfAWaivedFailureStaysFailedAndSaysSo) {
  const auto result = rolled_up({check(Verdict::pass), check(Verdict::fail, Expectation::waived)});
  EXPECT_EQ(result.status, "failed");
  EXPECT_THAT(result.note, HasSubstr("waive"));
}

TEST(RollUp, NeverVerifiesATextThatIsNotHeld) {
  EXPECT_EQ(rolled_up({}, "title_only").status, "title_only");
  const auto passed = rolled_up({check(Verdict::pass)}, "title_only");
  EXPECT_EQ(passed.status, "title_only");
  EXPECT_THAT(passed.note, HasSubstr("1 check passed"));
  EXPECT_EQ(rolled_up({check(Verdict::fail)}, "title_only").status, "failed");
}

TEST(RollUp, NamesItsChecksInTheOrderOfTheRunOnceEach) {
  const std::array requirements = {Requirement{.id = "x:1"}, Requirement{.id = "x:2"}};
  auto other = check(Verdict::pass);
  other.metric = "n";
  auto second_target = check(Verdict::pass);
  second_target.target = "other";
  const std::array cases = {CaseResult{.id = "b", .checks = {other, check(Verdict::pass), second_target}},
                            CaseResult{.id = "a", .checks = {check(Verdict::pass)}}};
  const auto results = roll_up(requirements, cases);
  EXPECT_THAT(results[0].checks, ElementsAre("b/n", "b/m", "a/m"));
  EXPECT_THAT(results[1].checks, IsEmpty());
  EXPECT_EQ(results[1].id, "x:2");
}

TEST(RollUp, TellsWhyNothingCoversARequirement) {
  const std::array requirements = {Requirement{.id = "x:1", .item = "info", .not_covered = "no phantom yet"}};
  EXPECT_EQ(roll_up(requirements, {}).front().note, "no phantom yet");
}

RunSummary summary_of(std::vector<CheckResult> checks, CaseStatus status = CaseStatus::ok,
                      const std::string& expect = "done") {
  const std::array cases = {
      CaseResult{.id = "a", .expect = expect, .status = status, .checks = std::move(checks)}};
  return summarise(cases);
}

TEST(Summary, PassesOnlyWithADecidedCheckAndNothingAgainst) {
  using enum Verdict;
  EXPECT_TRUE(summary_of({check(pass)}).passed);
  EXPECT_TRUE(summary_of({check(pass), check(not_applicable)}).passed);
  EXPECT_TRUE(summary_of({check(pass), check(fail, Expectation::waived)}).passed);
  for (const Verdict verdict : {fail, inconclusive, error}) {
    EXPECT_FALSE(summary_of({check(pass), check(verdict)}).passed) << to_string(verdict);
  }
}

TEST(Summary, OfNothingDecidedDoesNotPass) {
  EXPECT_FALSE(summarise({}).passed);
  EXPECT_FALSE(summary_of({}).passed);
  EXPECT_FALSE(summary_of({check(Verdict::not_applicable)}).passed);
  EXPECT_FALSE(summary_of({check(Verdict::fail, Expectation::waived)}).passed);
  EXPECT_THAT(summary_of({}).why, HasSubstr("nothing is shown"));
}

TEST(Summary, OfAnUnexpectedPassDoesNotPass) {
  const auto summary = summary_of({check(Verdict::pass), check(Verdict::pass, Expectation::waived)});
  EXPECT_FALSE(summary.passed);
  EXPECT_EQ(summary.unexpected_pass, 1);
  EXPECT_THAT(summary.why, HasSubstr("1 passed although waived"));
}

TEST(Summary, OfAWaivedErrorDoesNotPass) {
  EXPECT_FALSE(summary_of({check(Verdict::pass), check(Verdict::error, Expectation::waived)}).passed);
}

TEST(Summary, OfACaseThatEndedBadlyUnseenDoesNotPass) {
  const std::vector<CheckResult> unseen = {check(Verdict::pass), check(Verdict::not_applicable)};
  for (const auto status :
       {CaseStatus::crashed, CaseStatus::timed_out, CaseStatus::bad_output, CaseStatus::refused})
    EXPECT_FALSE(summary_of(unseen, status).passed) << to_string(status);
  EXPECT_FALSE(summary_of(unseen, CaseStatus::ok, "refused").passed);
  EXPECT_TRUE(summary_of(unseen, CaseStatus::refused, "refused").passed);
  EXPECT_TRUE(summary_of(unseen, CaseStatus::unsupported).passed);
  // Seen, and waived by somebody.
  EXPECT_TRUE(
      summary_of({check(Verdict::pass), check(Verdict::fail, Expectation::waived)}, CaseStatus::crashed)
          .passed);
}

TEST(Summary, CountsEachCheckOnce) {
  using enum Verdict;
  const auto waived = Expectation::waived;
  const auto summary =
      summary_of({check(pass), check(pass, waived), check(fail), check(fail, waived), check(inconclusive),
                  check(inconclusive, waived), check(not_applicable), check(error)});
  EXPECT_EQ(summary.cases, 1);
  EXPECT_EQ(summary.checks, 8);
  EXPECT_EQ(summary.pass, 1);
  EXPECT_EQ(summary.unexpected_pass, 1);
  EXPECT_EQ(summary.fail, 1);
  EXPECT_EQ(summary.waived, 2);
  EXPECT_EQ(summary.inconclusive, 1);
  EXPECT_EQ(summary.not_applicable, 1);
  EXPECT_EQ(summary.error, 1);
  EXPECT_EQ(summary.why,
            "of 8 checks in 1 case: 1 failed, 1 inconclusive, 1 ended in an error, 1 passed although waived");
}

}  // namespace
}  // namespace meshassay::suites
