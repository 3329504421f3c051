// SPDX-License-Identifier: GPL-3.0-or-later
// Programs that compare masks are systems too.
#include <catch2/catch.hpp>
#include <map>

#include "tests/acceptance/program.hpp"

using namespace acceptance;

namespace {

nlohmann::json grade(const Scratch& scratch, const std::string& system, int expected_status) {
  const auto outcome =
      meshassay({"run", "suites/evaluators.toml", "--system", system, "--out", scratch / "run"});
  INFO(outcome.err << outcome.out);
  REQUIRE(outcome.status == expected_status);
  return read_json(scratch / "run/run.json");
}

// "case-id metric" -> verdict
std::map<std::string, std::string> verdicts_of(const nlohmann::json& record) {
  std::map<std::string, std::string> verdicts;
  for (const auto& each : record.at("cases"))
    for (const auto& check : each.at("checks"))
      verdicts[each.at("id").get<std::string>() + " " + check.at("metric").get<std::string>()] =
          check.at("verdict");
  return verdicts;
}

}  // namespace

SCENARIO("Our own ruler passes as an evaluator", "[evaluators]") {
  const Scratch scratch;
  const auto verdicts = verdicts_of(grade(scratch, "suites/systems/evaluator-measure.toml", 0));
  CHECK(verdicts.size() == 37);
  for (const auto& [check, verdict] : verdicts) {
    INFO(check);
    CHECK(verdict == "pass");
  }
}

SCENARIO("An evaluator that ignores spacing is caught where voxels are not cubes of 1 mm, and only there",
         "[evaluators]") {
  const Scratch scratch;
  const auto verdicts = verdicts_of(grade(scratch, "suites/saboteurs/evaluator_without_spacing.toml", 1));
  CHECK(verdicts.at("longer_bar/spacing_mm=1x1x1 evaluation.hd") == "pass");
  for (const std::string spacing : {"0.5x0.5x2", "0.7x0.7x5"}) {
    CHECK(verdicts.at("longer_bar/spacing_mm=" + spacing + " evaluation.hd") == "fail");
    CHECK(verdicts.at("longer_bar/spacing_mm=" + spacing + " evaluation.dice") == "pass");
  }
  // 2 voxels of 0.45 mm are within the tolerance of 1 mm, 2 mm are not.
  CHECK(verdicts.at("nested_cubes/gap_mm=0.9 evaluation.nsd") == "fail");
  CHECK(verdicts.at("island/in=test evaluation.hd95") == "pass");
}

SCENARIO("An evaluator that compares by index is caught where grids differ, and only there", "[evaluators]") {
  const Scratch scratch;
  const auto verdicts = verdicts_of(grade(scratch, "suites/saboteurs/evaluator_by_index.toml", 1));
  for (const auto& [check, verdict] : verdicts) {
    INFO(check);
    const bool grids_differ =
        check.starts_with("other_grid") || check.starts_with("turned_") || check.starts_with("shifted_grid");
    CHECK(verdict == (grids_differ ? "fail" : "pass"));
  }
}

SCENARIO("An evaluator without a surface at the image's border is caught there, and only there",
         "[evaluators]") {
  const Scratch scratch;
  for (const auto& [check, verdict] :
       verdicts_of(grade(scratch, "suites/saboteurs/evaluator_without_border.toml", 1))) {
    INFO(check);
    CHECK(verdict == (check == "at_border evaluation.hd" ? "fail" : "pass"));
  }
}

SCENARIO("An evaluator of all that is marked is caught where a file holds two labels, and only there",
         "[evaluators]") {
  const Scratch scratch;
  for (const auto& [check, verdict] :
       verdicts_of(grade(scratch, "suites/saboteurs/evaluator_of_all_labels.toml", 1))) {
    INFO(check);
    CHECK(verdict == (check.starts_with("two_labels") ? "fail" : "pass"));
  }
}

SCENARIO("An evaluator of all voxels is caught by means and percentiles, not by largest distances",
         "[evaluators]") {
  const Scratch scratch;
  const auto verdicts = verdicts_of(grade(scratch, "suites/saboteurs/evaluator_of_all_voxels.toml", 1));
  for (const std::string check :
       {"longer_bar/spacing_mm=0.7x0.7x5 evaluation.masd", "small_shift evaluation.masd",
        "concentric_balls/spacing_mm=1x1x1 evaluation.masd", "island/in=test evaluation.hd95",
        "needle evaluation.hd95"}) {
    INFO(check);
    CHECK(verdicts.at(check) == "fail");
  }
  for (const std::string same_grid :
       {"longer_bar/spacing_mm=0.7x0.7x5", "island/in=test", "needle", "at_border"}) {
    INFO(same_grid);
    CHECK(verdicts.at(same_grid + " evaluation.hd") == "pass");
  }
}
