// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run_record.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace meshassay {
namespace {

using testing::HasSubstr;

TEST(EndedBadlyUnseen, IsACrashThatNoCheckSpeaksFor) {
  CaseResult result{.status = CaseStatus::crashed};
  EXPECT_TRUE(ended_badly_unseen(result));
  result.checks = {{.verdict = Verdict::pass}, {.verdict = Verdict::not_applicable}};
  EXPECT_TRUE(ended_badly_unseen(result));
  for (const Verdict verdict : {Verdict::fail, Verdict::inconclusive, Verdict::error}) {
    result.checks[0].verdict = verdict;
    EXPECT_FALSE(ended_badly_unseen(result));
  }
}

TEST(EndedBadlyUnseen, IsARefusalThatWasNotExpectedAndTheOtherWayRound) {
  EXPECT_TRUE(ended_badly_unseen({.expect = "refused", .status = CaseStatus::ok}));
  EXPECT_FALSE(ended_badly_unseen({.expect = "refused", .status = CaseStatus::refused}));
  EXPECT_TRUE(ended_badly_unseen({.expect = "done", .status = CaseStatus::refused}));
  EXPECT_FALSE(ended_badly_unseen({.expect = "warned", .status = CaseStatus::ok}));
}

TEST(EndedBadlyUnseen, IsNotWhatTheSystemDoesNotOffer) {
  EXPECT_FALSE(ended_badly_unseen({.expect = "done", .status = CaseStatus::unsupported}));
}

TEST(StandardsNotHeld, AreNamed) {
  std::string all;
  for (const auto standard : standards_not_held()) all += std::string(standard) + "\n";
  EXPECT_THAT(all, HasSubstr("ISO/IEC 16466:2025"));
  EXPECT_THAT(all, HasSubstr("ISO/IEC 3532-2:2024"));
  EXPECT_THAT(all, HasSubstr("ISO/ASTM TR 52916:2022"));
}

}  // namespace
}  // namespace meshassay
