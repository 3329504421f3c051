// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text.hpp"

#include <gtest/gtest.h>

namespace meshassay {
namespace {

TEST(FormatNumber, IsTheShortestTextThatReadsBack) {
  EXPECT_EQ(format_number(0.1), "0.1");
  EXPECT_EQ(format_number(10.0), "10");
  EXPECT_EQ(format_number(-0.0), "0");
  for (const double value : {1.0 / 3.0, 1e-300, 123456789.123, -2.5e17}) {
    EXPECT_EQ(parse_number(format_number(value)), value);
  }
}

TEST(ParseNumber, RefusesWhatIsNotWhollyAFiniteNumber) {
  for (const char* text : {"", "1x", "nan", "inf", " 1", "1,5", "0x10", "1e999"}) {
    EXPECT_FALSE(parse_number(text).has_value()) << text;
  }
  EXPECT_EQ(parse_number("+2.5"), 2.5);
}

TEST(NearestName, FindsATypingErrorAndNothingFarAway) {
  const std::vector<std::string> known = {"mask", "surface", "record"};
  EXPECT_EQ(nearest_name("maks", known), "mask");
  EXPECT_EQ(nearest_name("surfaces", known), "surface");
  EXPECT_EQ(nearest_name("zzzzzz", known), "");
}

TEST(NearestName, CountsTwoSwappedLettersAsOneError) {
  const std::vector<std::string> known = {"run", "list"};
  EXPECT_EQ(nearest_name("rnu", known), "run");  // As two replaced letters it would be too far for three.
}

TEST(NearestName, DoesNotWorkOnNamesThatNobodyTyped) {
  const std::vector<std::string> known = {"run", std::string(1000000, 'x')};
  EXPECT_EQ(nearest_name(std::string(1000000, 'x'), known), "");
}

TEST(MatchesGlob, MatchesTheWholeText) {
  EXPECT_TRUE(matches_glob("sphere/radius_mm=5", "sphere/*"));
  EXPECT_TRUE(matches_glob("sphere/radius_mm=5/noise_hu=0", "sphere/*noise_hu=0"));
  EXPECT_FALSE(matches_glob("sphere/radius_mm=5", "sphere"));
}

}  // namespace
}  // namespace meshassay
