// SPDX-License-Identifier: GPL-3.0-or-later
#include "reports/case_groups.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace meshassay::reports {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<CaseGroup> groups_of(const std::vector<std::string>& ids) { return group_cases(ids); }

TEST(GroupCases, SaysOnceWhatTheCasesOfAPhantomShare) {
  const auto groups =
      groups_of({"sphere/r=1/noise=20", "sphere/r=2/noise=20", "plate/r=1", "plate/r=1/noise=5"});
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[0].shared, "sphere/noise=20");
  EXPECT_THAT(groups[0].rest, ElementsAre("r=1", "r=2"));
  EXPECT_EQ(groups[1].shared, "plate/r=1");
  EXPECT_THAT(groups[1].rest, ElementsAre("", "noise=5"));
}

TEST(GroupCases, KeepsTheOrderOfTheSuite) {
  const auto groups = groups_of({"sphere/r=1", "plate/t=1", "sphere/r=2"});
  ASSERT_EQ(groups.size(), 3u);
  EXPECT_EQ(groups[2].shared, "sphere/r=2");
}

TEST(GroupCases, TakesAnyText) {
  EXPECT_THAT(groups_of({}), IsEmpty());
  const auto groups = groups_of({"", "", "//", "x"});
  std::size_t cases = 0;
  for (const auto& group : groups) cases += group.rest.size();
  EXPECT_EQ(cases, 4u);
}

}  // namespace
}  // namespace meshassay::reports
