// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/parameters.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/errors.hpp"

namespace meshassay {
namespace {

using testing::HasSubstr;

const std::vector<ParameterDefinition> definitions = {
    {.name = "radius_mm", .default_value = 10.0, .description = "radius", .min = 0.1, .max = 100.0},
    {.name = "method",
     .default_value = std::string("grey"),
     .description = "method",
     .choices = {"grey", "mask"}},
    {.name = "spacing_mm",
     .default_value = std::vector<double>{1, 1, 1},
     .description = "spacing",
     .min = 0.01,
     .length = 3},
    {.name = "quantise", .default_value = true, .description = "integers"},
};

std::string message_of(const Parameters& given) {
  try {
    (void)resolve_parameters(definitions, given, "suite.toml:3");
  } catch (const InvalidInput& error) {
    return error.what();
  }
  return "";
}

TEST(ResolveParameters, FillsInTheDefaults) {
  const auto resolved = resolve_parameters(definitions, {{"radius_mm", 5.0}}, "here");
  EXPECT_EQ(number(resolved, "radius_mm"), 5.0);
  EXPECT_EQ(text(resolved, "method"), "grey");
  EXPECT_EQ(numbers(resolved, "spacing_mm").size(), 3u);
  EXPECT_TRUE(boolean(resolved, "quantise"));
}

TEST(ResolveParameters, TakesANumberForAnArrayOfOne) {
  const std::vector<ParameterDefinition> any_length = {
      {.name = "threshold_hu", .default_value = std::vector<double>{}, .description = "thresholds"}};
  EXPECT_EQ(numbers(resolve_parameters(any_length, {{"threshold_hu", 250.0}}, "here"), "threshold_hu"),
            std::vector<double>{250.0});
  EXPECT_THAT(message_of({{"spacing_mm", 1.0}}), HasSubstr("an array of 3 numbers"));
}

TEST(ResolveParameters, NamesPlaceExpectedGotAndMendOfEveryFault) {
  EXPECT_THAT(message_of({{"radus_mm", 5.0}}), HasSubstr("did you mean 'radius_mm'"));
  EXPECT_THAT(message_of({{"radus_mm", 5.0}}), HasSubstr("suite.toml:3"));
  EXPECT_THAT(message_of({{"radius_mm", -1.0}}), HasSubstr("between 0.1 and 100"));
  EXPECT_THAT(message_of({{"radius_mm", true}}), HasSubstr("a number"));
  EXPECT_THAT(message_of({{"method", std::string("gray")}}), HasSubstr("one of grey, mask"));
  EXPECT_THAT(message_of({{"spacing_mm", std::vector<double>{1, 1}}}), HasSubstr("an array of 3 numbers"));
  EXPECT_THAT(message_of({{"spacing_mm", std::vector<double>{1, 0, 1}}}), HasSubstr("at least 0.01"));
}

TEST(ParseAssignment, ReadsTheTypeThatTheDefinitionHas) {
  EXPECT_EQ(std::get<double>(parse_assignment(definitions, "radius_mm=7.5", "--set").second), 7.5);
  EXPECT_EQ(std::get<bool>(parse_assignment(definitions, "quantise=false", "--set").second), false);
  EXPECT_EQ(
      std::get<std::vector<double>>(parse_assignment(definitions, "spacing_mm=0.5,0.5,2", "--set").second),
      (std::vector<double>{0.5, 0.5, 2.0}));
  for (const char* bad :
       {"radius_mm", "=5", "radius_mm=five", "quantise=maybe", "spacing_mm=1,,2", "nothing=1"})
    EXPECT_THROW((void)parse_assignment(definitions, bad, "--set"), InvalidInput) << bad;
}

TEST(FormatParameter, ReadsBackThroughAnAssignment) {
  const ParameterValue spacing = std::vector<double>{0.5, 0.5, 2.0};
  EXPECT_EQ(format_parameter(spacing), "0.5x0.5x2");
  EXPECT_EQ(parse_assignment(definitions, "spacing_mm=" + format_parameter(spacing), "--set").second,
            spacing);
}

}  // namespace
}  // namespace meshassay
