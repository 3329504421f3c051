// SPDX-License-Identifier: GPL-3.0-or-later
// A second opinion on run.json: valijson, which knows the published schema and nothing of our reader.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "reports/run_json.hpp"
#include "tests/unit/reports/sample_records.hpp"

namespace meshassay::reports {
namespace {

using nlohmann::json;

/// Empty where the document is valid, else the first complaint.
std::string complaint(const json& document) {
  const json text = json::parse(run_schema());
  valijson::Schema schema;
  valijson::SchemaParser().populateSchema(valijson::adapters::NlohmannJsonAdapter(text), schema);
  valijson::ValidationResults results;
  valijson::Validator validator(valijson::Validator::kStrongTypes);
  if (validator.validate(schema, valijson::adapters::NlohmannJsonAdapter(document), &results)) return "";
  valijson::ValidationResults::Error error;
  if (!results.popError(error)) return "invalid";
  std::string place;
  for (const auto& part : error.context) place += part;
  return place + ": " + error.description;
}

json full() { return json::parse(to_json(samples::full_record())); }

TEST(RunSchema, HoldsForWhatIsWritten) {
  EXPECT_EQ(complaint(full()), "");
  EXPECT_EQ(complaint(json::parse(to_json(samples::passing_record()))), "");
  for (const auto& run : samples::smoothing_study()) EXPECT_EQ(complaint(json::parse(to_json(run))), "");
}

TEST(RunSchema, HoldsForKeysOfALaterMinorVersion) {
  json document = full();
  document["schema"] = "meshassay/run/1.2";
  document["later"] = 1;
  document["cases"][0]["later"] = 1;
  EXPECT_EQ(complaint(document), "");
}

struct Mutation {
  const char* name;
  void (*apply)(json&);
};

class RunSchemaRefuses : public testing::TestWithParam<Mutation> {};

TEST_P(RunSchemaRefuses, ADocumentThatWasChanged) {
  json document = full();
  GetParam().apply(document);
  EXPECT_NE(complaint(document), "");
}

json& measurement(json& j) { return j["cases"][0]["measurements"][0]; }
json& check(json& j) { return j["cases"][0]["checks"][0]; }

INSTANTIATE_TEST_SUITE_P(
    All, RunSchemaRefuses,
    testing::Values(
        Mutation{"NoSchema", [](json& j) { j.erase("schema"); }},
        Mutation{"OtherMajorVersion", [](json& j) { j["schema"] = "meshassay/run/2"; }},
        Mutation{"NoCases", [](json& j) { j.erase("cases"); }},
        Mutation{"NoEnvironment", [](json& j) { j.erase("environment"); }},
        Mutation{"NoTiming", [](json& j) { j.erase("timing"); }},
        Mutation{"NoSeed", [](json& j) { j.erase("seed"); }},
        Mutation{"FractionalSeed", [](json& j) { j["seed"] = 0.5; }},
        Mutation{"ToolWithoutCommit", [](json& j) { j["tool"].erase("commit"); }},
        Mutation{"UnknownAdapter", [](json& j) { j["system"]["adapter"] = "telepathy"; }},
        Mutation{"ShortSuiteHash", [](json& j) { j["suites"][0]["sha256"] = "abc"; }},
        Mutation{"ArtifactWithoutHash", [](json& j) { j["cases"][0]["artifacts"][0]["sha256"] = ""; }},
        Mutation{"UpperCaseHash",
                 [](json& j) { j["cases"][0]["artifacts"][0]["sha256"] = std::string(64, 'A'); }},
        Mutation{"DerivedRunWithoutAPlan", [](json& j) { j["cases"][0]["derived_runs"][0].erase("plan"); }},
        Mutation{"UnknownDerivedRunStatus",
                 [](json& j) { j["cases"][0]["derived_runs"][1]["status"] = "skipped"; }},
        Mutation{"NegativeBytes", [](json& j) { j["cases"][0]["artifacts"][0]["bytes"] = -1; }},
        Mutation{"UnknownVerdict", [](json& j) { check(j)["verdict"] = "passed"; }},
        Mutation{"UnknownExpectation", [](json& j) { check(j)["expectation"] = "xfail"; }},
        Mutation{"UnknownCaseStatus", [](json& j) { j["cases"][0]["status"] = "fine"; }},
        Mutation{"UnknownRequirementStatus", [](json& j) { j["requirements"][0]["status"] = "pass"; }},
        Mutation{"UnknownIntervalKind", [](json& j) { measurement(j)["interval_kind"] = "sigma"; }},
        Mutation{"UnknownRecordStatus", [](json& j) { j["cases"][0]["record"]["status"] = "ok"; }},
        Mutation{"NanAsText",
                 [](json& j) {
                   measurement(j)["interval"] = {"NaN", 1.0};
                 }},
        Mutation{"IntervalOfOne", [](json& j) { measurement(j)["interval"] = {1.0}; }},
        Mutation{"IntervalOfThree",
                 [](json& j) {
                   measurement(j)["interval"] = {1.0, 2.0, 3.0};
                 }},
        Mutation{"NullWithoutReason", [](json& j) { measurement(j)["value"] = nullptr; }},
        Mutation{"ReasonBesideAValue", [](json& j) { measurement(j)["reason"] = "missing"; }},
        Mutation{"NoUnit", [](json& j) { measurement(j).erase("unit"); }},
        Mutation{"EmptyUnit", [](json& j) { measurement(j)["unit"] = ""; }},
        Mutation{"ObjectAsValue", [](json& j) { measurement(j)["value"] = json::object(); }},
        Mutation{"TextsInAValue", [](json& j) { measurement(j)["value"] = {"a"}; }},
        Mutation{"NegativeHalfWidth", [](json& j) { measurement(j)["sources"][0]["half_width"] = -1.0; }},
        Mutation{"EmptyLimit",
                 [](json& j) {
                   check(j)["limit"] = {{"as_written", "max"}};
                 }},
        Mutation{"MisspeltBound", [](json& j) { check(j)["limit"]["maks"] = 1.0; }},
        Mutation{"TextAsBound", [](json& j) { check(j)["limit"]["max"] = "0.3"; }},
        Mutation{"NestedParameter",
                 [](json& j) {
                   j["cases"][0]["scan"]["spacing_mm"] = {{"x", 1}};
                 }},
        Mutation{"NegativeCount", [](json& j) { j["summary"]["fail"] = -1; }},
        Mutation{"PassedAsText", [](json& j) { j["summary"]["passed"] = "true"; }}),
    [](const auto& mutated) { return std::string(mutated.param.name); });

}  // namespace
}  // namespace meshassay::reports
