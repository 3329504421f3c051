// SPDX-License-Identifier: GPL-3.0-or-later
#include "reports/run_json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/errors.hpp"
#include "core/io/files.hpp"
#include "tests/unit/reports/sample_records.hpp"

namespace meshassay::reports {
namespace {

using testing::HasSubstr;

/// The full record with one edit of its JSON.
template <typename Edit>
std::string edited(Edit edit) {
  auto json = nlohmann::ordered_json::parse(to_json(samples::full_record()));
  edit(json);
  return json.dump();
}

std::string refusal_of(const std::string& json) {
  try {
    (void)run_record_from_json(json, "out/run.json");
  } catch (const InvalidInput& error) {
    return error.what();
  }
  return "";
}

TEST(RunJson, OfAFullRecordReadsBackAsTheSameRecord) {
  const RunRecord record = samples::full_record();
  EXPECT_EQ(run_record_from_json(to_json(record), "test"), record);
}

TEST(RunJson, OfAnEmptyRecordReadsBackAsTheSameRecord) {
  EXPECT_EQ(run_record_from_json(to_json(RunRecord{}), "test"), RunRecord{});
}

TEST(RunJson, OfRandomRecordsReadsBackAsTheSameRecord) {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    const RunRecord record = samples::random_record(seed);
    const std::string json = to_json(record);
    ASSERT_EQ(run_record_from_json(json, "test"), record) << "seed " << seed;
    ASSERT_EQ(to_json(run_record_from_json(json, "test")), json) << "seed " << seed;
    for (const auto& result : record.cases) {
      const std::string line = case_to_json_line(result);
      ASSERT_EQ(line.find('\n'), std::string::npos) << "seed " << seed;
      ASSERT_EQ(case_from_json_line(line, "journal.jsonl:2"), result) << "seed " << seed;
    }
  }
}

TEST(RunJson, KeepsAWholeNumberADouble) {
  RunRecord record;
  record.cases.push_back({.measurements = {{.metric = "a", .value = 5.0, .unit = "1"}}});
  EXPECT_THAT(to_json(record), HasSubstr("\"value\": 5.0"));
  const RunRecord back = run_record_from_json(to_json(record), "test");
  EXPECT_TRUE(std::holds_alternative<double>(*back.cases[0].measurements[0].value));
  // A file that another program wrote may say 5: that is the same number.
  const auto json = edited([](auto& j) { j["cases"][0]["measurements"][0]["value"] = 5; });
  EXPECT_EQ(run_record_from_json(json, "test").cases[0].measurements[0].value, MeasuredValue(5.0));
}

TEST(RunJson, WritesWhatIsUndefinedAsNullWithItsReason) {
  const auto json = nlohmann::json::parse(to_json(samples::full_record()));
  const auto& thickness = json["cases"][0]["measurements"][3];
  EXPECT_TRUE(thickness["value"].is_null());
  EXPECT_EQ(thickness["reason"], "feature_missing");
}

TEST(RunJson, HasTheKeysOfTheDesignInTheirOrder) {
  std::vector<std::string> keys;
  const auto json = nlohmann::ordered_json::parse(to_json(samples::full_record()));
  for (const auto& item : json.items()) keys.push_back(item.key());
  EXPECT_EQ(keys, (std::vector<std::string>{"schema", "tool", "system", "suites", "seed", "operator",
                                            "waivers", "cases", "requirements", "known_anomalies", "summary",
                                            "environment", "timing"}));
}

TEST(RunJson, NeverHoldsANumberThatIsNotFinite) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double inf = std::numeric_limits<double>::infinity();
  std::vector<RunRecord> records(8, samples::full_record());
  records[0].cases[0].measurements[0].value = nan;
  records[1].cases[0].measurements[0].value = std::vector<double>{1.0, inf};
  records[2].cases[0].measurements[0].interval = Interval{-inf, 0.0};
  records[3].cases[0].measurements[0].sources[0].half_width = nan;
  records[4].cases[0].measurements[0].witnesses[1].second = inf;
  records[5].cases[0].checks[0].limit.max = inf;
  records[6].cases[0].scan_parameters["noise_hu"] = nan;
  records[7].timing_s["total"] = nan;
  for (std::size_t i = 0; i < records.size(); ++i)
    EXPECT_THROW((void)to_json(records[i]), std::logic_error) << i;
}

TEST(RunJson, IsNotWrittenForAMeasurementWithNeitherValueNorReason) {
  RunRecord record = samples::full_record();
  record.cases[0].measurements[3].reason.clear();
  EXPECT_THROW((void)to_json(record), std::logic_error);
}

TEST(RunJson, WritesTextThatIsNotUtf8WithReplacementCharacters) {
  RunRecord record = samples::full_record();
  record.cases[1].status_detail = "said \xFF\xC3(";
  const RunRecord back = run_record_from_json(to_json(record), "test");
  EXPECT_EQ(back.cases[1].status_detail, "said \xEF\xBF\xBD\xEF\xBF\xBD(");
}

TEST(RunJson, IsReadWithKeysThatThisVersionDoesNotKnow) {
  const auto json = edited([](auto& j) {
    j["schema"] = "meshassay/run/1.7";
    j["new"] = {1, 2};
    j["cases"][0]["new"] = true;
    j["cases"][0]["measurements"][0]["new"] = nullptr;
  });
  EXPECT_EQ(run_record_from_json(json, "test"), samples::full_record());
}

TEST(RunJson, IsRefusedWithFilePlaceExpectedAndGot) {
  const std::string message =
      refusal_of(edited([](auto& j) { j["cases"][1]["checks"][0]["verdict"] = "maybe"; }));
  EXPECT_THAT(message, HasSubstr("where: out/run.json: /cases/1/checks/0/verdict\n"));
  EXPECT_THAT(message, HasSubstr("expected: one of pass, fail, inconclusive, not_applicable, error\n"));
  EXPECT_THAT(message, HasSubstr("got: \"maybe\"\n"));
  EXPECT_THAT(message, HasSubstr("mend: "));
}

TEST(RunJson, IsRefusedWhereATypeIsWrong) {
  const auto names_place = [](const std::string& pointer, auto edit) {
    EXPECT_THAT(refusal_of(edited(edit)), HasSubstr("out/run.json: " + pointer + "\n")) << pointer;
  };
  names_place("/", [](auto& j) { j = nlohmann::ordered_json::array(); });
  names_place("/", [](auto& j) { j.erase("summary"); });
  names_place("/schema", [](auto& j) { j["schema"] = "meshassay/run/2"; });
  names_place("/schema", [](auto& j) { j["schema"] = "meshassay/task/1"; });
  names_place("/schema", [](auto& j) { j["schema"] = 1; });
  names_place("/seed", [](auto& j) { j["seed"] = -1; });
  names_place("/seed", [](auto& j) { j["seed"] = 1.5; });
  names_place("/cases", [](auto& j) { j["cases"] = nlohmann::ordered_json::object(); });
  names_place("/cases/0/measurements/0/value",
              [](auto& j) { j["cases"][0]["measurements"][0]["value"] = nlohmann::ordered_json::object(); });
  names_place("/cases/0/measurements/4/value/1",
              [](auto& j) { j["cases"][0]["measurements"][4]["value"][1] = "10"; });
  names_place("/cases/0/measurements/3/reason",
              [](auto& j) { j["cases"][0]["measurements"][3]["reason"] = ""; });
  names_place("/cases/0/measurements/0/interval", [](auto& j) {
    j["cases"][0]["measurements"][0]["interval"] = {2.0, 1.0};
  });
  names_place("/cases/0/measurements/0/interval",
              [](auto& j) { j["cases"][0]["measurements"][0]["interval"] = {1.0}; });
  names_place("/cases/0/scan/a~1b", [](auto& j) { j["cases"][0]["scan"]["a/b"] = nullptr; });
  names_place("/cases/0/artifacts/0/bytes", [](auto& j) { j["cases"][0]["artifacts"][0]["bytes"] = "1"; });
  names_place("/summary/cases", [](auto& j) { j["summary"]["cases"] = 4294967296ull; });
  names_place("/summary/passed", [](auto& j) { j["summary"]["passed"] = "true"; });
}

TEST(RunJson, IsRefusedWhereItIsNotJson) {
  const std::string whole = to_json(samples::full_record());
  for (const std::string& text :
       {std::string(), whole.substr(0, whole.size() / 2), std::string("{\"schema\": NaN}"),
        std::string(100000, '['), std::string("{\"seed\": 1e999}"), std::string("\xFF\xFE")})
    EXPECT_THAT(refusal_of(text), HasSubstr("where: out/run.json")) << text.substr(0, 40);
}

TEST(RunJson, IsRefusedWhereItIsNestedTooDeepToBeWalked) {
  // An excerpt of the value stands in the refusal of its type: a recursion a million calls deep.
  const std::string deep = std::string(1000000, '[') + std::string(1000000, ']');
  EXPECT_THAT(refusal_of("{\"schema\": " + deep + "}"), HasSubstr("nested more than 16 deep"));
}

TEST(RunJson, IsFoundInTheFolderThatHoldsIt) {
  const auto folder = std::filesystem::temp_directory_path() / "meshassay_run_json_test";
  io::write_file(folder / "run.json", to_json(samples::full_record()));
  EXPECT_EQ(read_run_record(folder), samples::full_record());
  EXPECT_EQ(read_run_record(folder / "run.json"), samples::full_record());
  std::filesystem::remove_all(folder);
  EXPECT_THROW((void)read_run_record(folder / "run.json"), InvalidInput);
}

TEST(MeasurementsJson, IsAnArrayOfTheMeasurementsOfTheRecord) {
  const auto record = samples::full_record();
  const auto array = nlohmann::json::parse(measurements_to_json(record.cases[0].measurements));
  EXPECT_EQ(array, nlohmann::json::parse(to_json(record))["cases"][0]["measurements"]);
  EXPECT_EQ(measurements_to_json({}), "[]");
}

}  // namespace
}  // namespace meshassay::reports
