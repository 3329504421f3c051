// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/system_record.hpp"

#include <gmock/gmock.h>

#include "core/errors.hpp"
#include "core/io/files.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/core/io/error_message.hpp"

namespace meshassay::io {
namespace {

using test_support::TemporaryFolder;
using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::message_of;

SystemRecord full_record() {
  return {.status = "refused",
          .reason = "gantry tilt, 10\xC2\xB0",
          .warnings = {"one", "two"},
          .steps = {{"segmentation",
                     "threshold",
                     {{"threshold_hu", 250.0}, {"range_hu", std::vector{-0.5, 1e300}}}},
                    {"export", "stl", {{"binary", true}, {"unit", "mm"}}}},
          .findings = {{"components", 117.0}, {"touches_border", true}}};
}

std::string refusal(const std::string& json) {
  const TemporaryFolder folder;
  const auto file = folder.file("record.json", json);
  return message_of<InvalidInput>([&] { (void)read_system_record(file); });
}

TEST(SystemRecord, WhatIsWrittenIsReadBackAndIsTheSameBytes) {
  const TemporaryFolder folder;
  const auto a = folder.path() / "a.json", b = folder.path() / "b.json";
  write_system_record(full_record(), a);
  write_system_record(full_record(), b);
  EXPECT_EQ(read_system_record(a), full_record());
  EXPECT_EQ(read_file(a), read_file(b));
  EXPECT_THAT(read_file(a), HasSubstr("\"schema\": \"meshassay/record/1\""));
  EXPECT_THAT(read_file(a), HasSubstr("\"threshold_hu\": 250"));
}

TEST(SystemRecord, UnknownKeysAreIgnoredAndMissingOnesHaveDefaults) {
  const TemporaryFolder folder;
  const auto file = folder.file(
      "r.json",
      R"({"schema": "meshassay/record/1", "vendor": {"a": [1, {}]}, "steps": [{"step": "x", "more": 1}]})");
  const SystemRecord record = read_system_record(file);
  EXPECT_EQ(record.status, "done");
  ASSERT_EQ(record.steps.size(), 1u);
  EXPECT_EQ(record.steps[0].step, "x");
}

TEST(SystemRecord, AWrongTypeIsRefusedWithItsPlace) {
  const std::string begin = R"({"schema": "meshassay/record/1", )";
  EXPECT_THAT(refusal(begin + R"("status": "fine"})"),
              AllOf(HasSubstr("record.json: status"), HasSubstr("\"fine\"")));
  EXPECT_THAT(refusal(begin + R"("warnings": "one"})"), HasSubstr("record.json: warnings"));
  EXPECT_THAT(refusal(begin + R"("warnings": ["one", 2]})"), HasSubstr("warnings[1]"));
  EXPECT_THAT(refusal(begin + R"("steps": [{"step": "a"}, {"method": "b"}]})"), HasSubstr("steps[1]"));
  EXPECT_THAT(refusal(begin + R"("steps": [{"step": "a", "parameters": {"t": null}}]})"),
              HasSubstr("steps[0].parameters.t"));
  EXPECT_THAT(refusal(begin + R"("findings": {"f": [1, "2"]}})"), HasSubstr("findings.f[1]"));
}

TEST(SystemRecord, BracketsInATextAreNoDepth) {
  const TemporaryFolder folder;
  const std::string brackets(100, '[');
  const auto record =
      read_system_record(folder.file("record.json", R"({"schema": "meshassay/record/1", "reason": "\\\")" +
                                                        brackets + R"(", "warnings": []})"));
  EXPECT_EQ(record.reason, "\\\"" + brackets);  // A backslash and a quote, each escaped.
}

TEST(SystemRecord, WhatIsNoRecordIsRefused) {
  EXPECT_THAT(refusal(""), HasSubstr("not JSON"));
  EXPECT_THAT(refusal(R"({"schema": "meshassay/record/1")"), HasSubstr("not JSON"));
  EXPECT_THAT(refusal("[]"), HasSubstr("an object"));
  EXPECT_THAT(refusal("{}"), HasSubstr("\"schema\""));
  EXPECT_THAT(refusal(R"({"schema": "meshassay/record/2"})"), HasSubstr("meshassay/record/1"));
  EXPECT_THAT(refusal(R"({"schema": "meshassay/record/1", "findings": {"f": 1e999}})"),
              HasSubstr("not JSON"));
  EXPECT_THAT(refusal(std::string(100000, '[')), HasSubstr("deep"));
  const TemporaryFolder folder;
  EXPECT_THROW((void)read_system_record(folder.path() / "none.json"), InvalidInput);
}

}  // namespace
}  // namespace meshassay::io
