// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "tests/acceptance/program.hpp"

using namespace acceptance;

namespace {

constexpr const char* filter = "*/spacing_mm=0.5x0.5x2";

nlohmann::json measurements_of(const nlohmann::json& record) {
  auto all = nlohmann::json::array();
  for (const auto& each : record.at("cases"))
    all.push_back({each.at("id"), each.at("measurements"), each.at("checks")});
  return all;
}

}  // namespace

SCENARIO("Our own model command, run as an outsider, measures as the reference does", "[outsiders]") {
  const Scratch scratch;
  const auto run = [&](const std::string& system) {
    const auto outcome = meshassay({"run", "suites/quick.toml", "--filter", filter, "--system",
                                    "suites/systems/" + system + ".toml", "--out", scratch / system});
    INFO(outcome.err << outcome.out);
    REQUIRE(outcome.status == 0);
    return read_json(scratch / (system + "/run.json"));
  };
  const auto reference = run("reference"), outsider = run("model-command");
  REQUIRE(reference.at("cases").size() == 3);
  CHECK(outsider.at("system").at("adapter") == "command");
  CHECK(measurements_of(outsider).dump() == measurements_of(reference).dump());
}

SCENARIO("A tool that we did not write is graded on what it offers", "[outsiders]") {
  if (std::system("command -v plastimatch >/dev/null") != 0) {
    WARN("skipped: plastimatch is not installed (scripts/install_dependencies.sh --with-tests)");
    return;
  }
  const Scratch scratch;
  const auto outcome = meshassay({"run", "suites/quick.toml", "--filter", filter, "--system",
                                  "suites/systems/plastimatch.toml", "--out", scratch / "run"});
  INFO(outcome.err << outcome.out);
  const auto record = read_json(scratch / "run/run.json");
  CHECK(outcome.status == 0);
  CHECK_THAT(record.at("system").at("version").get<std::string>(), Catch::Contains("1.9"));
  for (const auto& each : record.at("cases")) {
    CHECK(each.at("status") == "ok");
    for (const auto& check : each.at("checks")) {
      const auto metric = check.at("metric").get<std::string>();
      const bool of_mask = metric.starts_with("overlap.") || metric.starts_with("boundary.") ||
                           metric == "topology.components_error";
      INFO(check.at("metric"));
      CHECK(check.at("verdict") == (of_mask ? "pass" : "not_applicable"));
    }
  }
}

SCENARIO("Files of a program with only a GUI are graded from a folder", "[outsiders]") {
  const Scratch scratch;
  REQUIRE(
      meshassay({"run", "suites/quick.toml", "--filter", filter, "--out", scratch / "reference"}).status ==
      0);
  // A person opened each scan and put the results into a folder a case.
  for (const auto& entry : std::filesystem::directory_iterator(scratch / "reference/cases")) {
    const auto folder = scratch.path() / "returned" / entry.path().filename();
    std::filesystem::create_directories(folder);
    for (const char* name : {"mask.nrrd", "surface.stl"})
      std::filesystem::copy(entry.path() / "out" / name, folder / name);
  }
  write_text(scratch / "by-hand.toml",
             "name = \"by-hand\"\nversion = \"7\"\nadapter = \"directory\"\noutputs = [\"mask\", "
             "\"surface\"]\n[directory]\npath = \"returned/{case}\"\n");
  const auto grade = [&](const std::string& out) {
    return meshassay({"run", "suites/quick.toml", "--filter", filter, "--system", scratch / "by-hand.toml",
                      "--out", scratch / out});
  };
  WHEN("all files are there") {
    const auto outcome = grade("graded");
    INFO(outcome.err << outcome.out);
    THEN("it passes; what was not promised is not applicable") {
      CHECK(outcome.status == 0);
      CHECK(checks_with(read_json(scratch / "graded/run.json"), "not_applicable") ==
            std::vector<std::string>{"record.clause5_complete", "smoothing.volume_change"});
    }
  }
  WHEN("one folder is missing") {
    std::filesystem::remove_all(std::filesystem::directory_iterator(scratch / "returned")->path());
    const auto outcome = grade("graded");
    THEN("that case fails and says which folder was expected") {
      CHECK(outcome.status == 1);
      CHECK_THAT(read_text(scratch / "graded/run.json"), Catch::Contains("returned"));
    }
  }
}

SCENARIO("The smoke case tells a good adapter from a wrong frame", "[outsiders]") {
  const Scratch scratch;
  CHECK(meshassay({"run", "--smoke", "--out", scratch / "good"}).status == 0);
  CHECK(meshassay(
            {"run", "--smoke", "--system", "suites/systems/model-command.toml", "--out", scratch / "command"})
            .status == 0);
  CHECK(meshassay(
            {"run", "--smoke", "--system", "suites/saboteurs/centimetres.toml", "--out", scratch / "unit"})
            .status == 1);
  CHECK(meshassay(
            {"run", "--smoke", "--system", "suites/saboteurs/mirrored_x.toml", "--out", scratch / "frame"})
            .status == 1);
}
