// SPDX-License-Identifier: GPL-3.0-or-later
// The suite of series that must not be read as if nothing were wrong.
#include <catch2/catch.hpp>
#include <set>

#include "tests/acceptance/program.hpp"

using namespace acceptance;

namespace {

nlohmann::json grade(const Scratch& scratch, const std::string& system, const std::string& filter,
                     int expected_status) {
  const auto outcome = meshassay(
      {"run", "suites/negative.toml", "--filter", filter, "--system", system, "--out", scratch / "run"});
  INFO(system << "\n" << outcome.err << outcome.out);
  REQUIRE(outcome.status == expected_status);
  return read_json(scratch / "run/run.json");
}

/// The defects of the cases in which a check of this metric has this verdict.
std::set<std::string> defects_with(const nlohmann::json& record, const std::string& metric,
                                   const std::string& verdict) {
  std::set<std::string> defects;
  for (const auto& each : record.at("cases"))
    for (const auto& check : each.at("checks"))
      if (check.at("metric") == metric && check.at("verdict") == verdict) {
        const std::string id = each.at("id").get<std::string>();
        defects.insert(id.substr(id.rfind('=') + 1));
      }
  return defects;
}

// As docs/phantoms/scan.md says how a careful reader answers.
const std::set<std::string> refused = {"missing_slice",
                                       "uneven_gaps",
                                       "gantry_tilt_plus",
                                       "gantry_tilt_minus",
                                       "duplicate_slice",
                                       "localizer",
                                       "secondary_capture",
                                       "mip",
                                       "minip",
                                       "mr",
                                       "two_series",
                                       "truncated",
                                       "frame_of_reference"};
const std::set<std::string> warned = {"two_thicknesses", "jpegls_lossy"};
const std::set<std::string> right = {"shuffled_names", "rescale_by_file", "feet_first", "no_preamble", "rle",
                                     "jpeg_lossless"};

std::set<std::string> both(std::set<std::string> some, const std::set<std::string>& others) {
  some.insert(others.begin(), others.end());
  return some;
}

}  // namespace

SCENARIO("A careful reader gives the right answer to every series", "[negative]") {
  const Scratch scratch;
  const auto record = grade(scratch, "suites/systems/reference.toml", "*", 0);
  CHECK(record.at("cases").size() == refused.size() + warned.size() + right.size());
  CHECK(defects_with(record, "record.status", "pass") == both(refused, right));
  CHECK(defects_with(record, "record.warnings", "pass") == warned);
  CHECK(defects_with(record, "deviation.max_test_to_truth", "pass") == right);
}

SCENARIO("A system that accepts everything is caught by every series that it should not have accepted",
         "[negative]") {
  const Scratch scratch;
  // What it made of them is not looked at, which would take long: the record is enough.
  std::string system = read_text(source_dir() / "suites/saboteurs/careless_reader.toml");
  const std::string outputs = R"("mask", "surface", "record", "stages")";
  REQUIRE(system.find(outputs) != std::string::npos);
  write_text(scratch.path() / "system.toml",
             system.replace(system.find(outputs), outputs.size(), R"("record")"));
  const auto record = grade(scratch, scratch / "system.toml", "sphere*", 1);
  CHECK(defects_with(record, "record.status", "fail") == refused);
  CHECK(defects_with(record, "record.warnings", "fail") == warned);
}

SCENARIO("A system that takes the order of the names for that of the slices is caught by its surface",
         "[negative]") {
  const Scratch scratch;
  const auto record =
      grade(scratch, "suites/saboteurs/careless_reader.toml", "step_wedge*=shuffled_names", 1);
  CHECK(checks_with(record, "fail") == std::vector<std::string>{"deviation.max_test_to_truth"});
  CHECK(checks_with(record, "pass") == std::vector<std::string>{"record.status"});
}
