// SPDX-License-Identifier: GPL-3.0-or-later
// A system that is run several times on the same scan.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>

#include "tests/acceptance/program.hpp"

using namespace acceptance;

namespace {

Outcome grade(const std::string& saboteur, const std::string& out_dir,
              const std::vector<std::string>& more = {}) {
  std::vector<std::string> words = {"run",      "suites/repeatability.toml",
                                    "--system", "suites/saboteurs/" + saboteur + ".toml",
                                    "--out",    out_dir};
  words.insert(words.end(), more.begin(), more.end());
  return meshassay(words);
}

nlohmann::json value(const nlohmann::json& record, const std::string& metric) {
  return measurement(record.at("cases").at(0), metric).at("value");
}

}  // namespace

SCENARIO("A system that gives the same each time passes, with any number of threads", "[repeatability]") {
  const Scratch scratch;
  const auto one = grade("clean", scratch / "one", {"--threads", "1", "--jobs", "1"});
  INFO(one.err << one.out);
  REQUIRE(one.status == 0);
  const auto record = comparable_record(scratch / "one");
  CHECK(value(record, "repeatability.identical") == true);
  CHECK(value(record, "repeatability.hd") == 0.0);
  REQUIRE(grade("clean", scratch / "two", {"--threads", "2", "--jobs", "2"}).status == 0);
  CHECK(comparable_record(scratch / "two").dump() == record.dump());

  THEN("resuming takes it from the journal, and refuses another number of runs") {
    REQUIRE(grade("clean", scratch / "one", {"--resume", "--threads", "1", "--jobs", "1"}).status == 0);
    CHECK(comparable_record(scratch / "one").dump() == record.dump());
    const auto other = grade("clean", scratch / "one", {"--resume", "--repeat", "2"});
    CHECK(other.status == 2);
    CHECK_THAT(other.err, Catch::Contains("repeat changed"));
  }
}

SCENARIO("A system that gives something else each time is caught, and its worst run is judged",
         "[repeatability]") {
  const Scratch scratch;
  const auto outcome = grade("drifting", scratch / "out");
  INFO(outcome.err << outcome.out);
  REQUIRE(outcome.status == 1);
  const auto record = read_json(scratch / "out/run.json");
  CHECK(value(record, "repeatability.identical") == false);
  // The third run is two half voxels off along each axis; a ball that is moved has the shift as its Hausdorff
  // distance, and the surface is a ball to a tenth of a voxel.
  CHECK(std::abs(value(record, "repeatability.hd").get<double>() - std::sqrt(3.0)) < 0.1);
  const auto failed = checks_with(record, "fail");
  CAPTURE(failed);
  for (const auto* metric : {"repeatability.hd", "repeatability.limit", "deviation.rms"})
    CHECK(std::find(failed.begin(), failed.end(), metric) != failed.end());
  // The masks are left alone.
  CHECK(checks_with(record, "pass") == std::vector<std::string>{"repeatability.dice"});
  // A ball that is moved by d is off by d / sqrt(3) and a little more, as root mean square: 0, 0.5 and 1 mm.
  // Only the third run is over the limit of 0.7; the files of the others are kept.
  CHECK(value(record, "deviation.rms").get<double>() > 0.9);
  const auto folder = std::filesystem::directory_iterator(scratch.path() / "out/cases")->path();
  CHECK(std::filesystem::exists(folder / "out/surface.stl"));
  CHECK(std::filesystem::exists(folder / "out-1/surface.stl"));
  CHECK(std::filesystem::exists(folder / "out-2/surface.stl"));
  CHECK_FALSE(std::filesystem::exists(folder / "out-3"));
  CHECK_THAT(read_text(folder / "repeatability.svg"), Catch::Contains("bias of each run"));
}

SCENARIO("One run says nothing of repeatability", "[repeatability]") {
  const Scratch scratch;
  const auto outcome = grade("drifting", scratch / "out", {"--repeat", "1"});
  INFO(outcome.err << outcome.out);
  CHECK(outcome.status == 0);  // The first run is right.
  const auto undecided = checks_with(read_json(scratch / "out/run.json"), "not_applicable");
  CHECK(undecided ==
        std::vector<std::string>{"repeatability.dice", "repeatability.hd", "repeatability.limit"});
  CHECK_FALSE(std::filesystem::exists(
      std::filesystem::directory_iterator(scratch.path() / "out/cases")->path() / "repeatability.svg"));
}
