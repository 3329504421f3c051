// SPDX-License-Identifier: GPL-3.0-or-later
#include "reports/columns.hpp"

#include <gtest/gtest.h>

namespace meshassay::reports {
namespace {

TEST(Columns, CountCharactersNotBytes) {
  EXPECT_EQ(columns("± 1 mm³"), 7u);
  EXPECT_EQ(padded("✓", 3), "✓  ");
}

TEST(Shortened, EndsWithAnEllipsisWhereSomethingIsCutOff) {
  EXPECT_EQ(shortened("moderate", 8), "moderate");
  EXPECT_EQ(shortened("excessive", 8), "excessi…");
  EXPECT_EQ(shortened("±±±±", 3), "±±…");
}

TEST(Wrapped, BreaksAfterSpacesAndSlashes) {
  const std::string word(60, 'a');
  EXPECT_EQ(wrapped(word + " " + word, 2), word + "\n  " + word);
  EXPECT_EQ(wrapped(word + "/" + word, 4), word + "/\n    " + word);
  EXPECT_EQ(wrapped("short enough", 2), "short enough");
}

TEST(Wrapped, LeavesAWordThatIsLongerThanALine) {
  const std::string word(150, 'a');
  EXPECT_EQ(wrapped(word, 2), word);
  EXPECT_EQ(wrapped("", 2), "");
}

}  // namespace
}  // namespace meshassay::reports
