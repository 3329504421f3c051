// SPDX-License-Identifier: GPL-3.0-or-later
// Tasks other than CT to model: a mesh is given, or a mask, or only a mask is asked for.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <map>
#include <set>

#include "tests/acceptance/program.hpp"

using namespace acceptance;

namespace {

// Sound, overlapping, coplanar, nested and flat: good_cube, overlapping_cubes, coplanar_cubes, cube_in_cube,
// flat_cube.
constexpr const char* cubes = "*cube*";

Outcome grade_cubes(const Scratch& scratch, const std::string& system, const std::string& out) {
  return meshassay(
      {"run", "suites/printability.toml", "--filter", cubes, "--system", system, "--out", scratch / out});
}

// SHA-256 of what each case returned.
std::map<std::string, std::string> surfaces_of(const nlohmann::json& record) {
  std::map<std::string, std::string> sha256;
  for (const auto& each : record.at("cases"))
    for (const auto& artifact : each.at("artifacts"))
      if (artifact.at("role") == "surface:1") sha256[each.at("id")] = artifact.at("sha256");
  return sha256;
}

std::set<std::string> failed_metrics(const nlohmann::json& graded_case) {
  std::set<std::string> metrics;
  for (const auto& check : graded_case.at("checks"))
    if (check.at("verdict") == "fail") metrics.insert(check.at("metric").get<std::string>());
  return metrics;
}

}  // namespace

SCENARIO("Meshes are handed out, repaired and graded, whatever connects the system", "[tasks]") {
  const Scratch scratch;
  const auto outcome = grade_cubes(scratch, "suites/systems/reference.toml", "reference");
  INFO(outcome.err << outcome.out);
  REQUIRE(outcome.status == 0);
  const auto reference = read_json(scratch / "reference/run.json");
  REQUIRE(reference.at("cases").size() >= 7);
  REQUIRE(surfaces_of(reference).size() == reference.at("cases").size());
  WHEN("our own repair runs as an outsider") {
    const auto command = grade_cubes(scratch, "suites/systems/repair-command.toml", "command");
    INFO(command.err << command.out);
    CHECK(command.status == 0);
    CHECK(surfaces_of(read_json(scratch / "command/run.json")) == surfaces_of(reference));
    const auto task = read_json(scratch / "command/cases/good_cube/out/task.json");
    CHECK(task.at("kind") == "repair");
    CHECK(task.at("inputs").at(0).at("role") == "mesh");
    CHECK(task.at("min_thickness_mm") == 0.4);
    CHECK_FALSE(task.at("outputs").contains("mask"));
  }
  WHEN("the files were made by hand") {
    write_text(scratch / "by-hand.toml",
               "name = \"by-hand\"\nversion = \"7\"\nadapter = \"directory\"\ntasks = [\"repair\"]\n"
               "outputs = [\"surface\"]\n[directory]\npath = \"reference/cases/{case}/out\"\n");
    const auto by_hand = grade_cubes(scratch, scratch / "by-hand.toml", "graded");
    INFO(by_hand.err << by_hand.out);
    CHECK(by_hand.status == 0);
    CHECK(surfaces_of(read_json(scratch / "graded/run.json")) == surfaces_of(reference));
  }
  WHEN("a system does not take the task") {
    CHECK(grade_cubes(scratch, "suites/systems/model-command.toml", "other").status == 1);
    const auto record = read_json(scratch / "other/run.json");
    for (const auto& each : record.at("cases")) CHECK(each.at("status") == "unsupported");
  }
}

SCENARIO("A repair that changes nothing passes on what is sound and fails on each defect", "[tasks]") {
  const Scratch scratch;
  CHECK(grade_cubes(scratch, "suites/saboteurs/unrepaired.toml", "out").status == 1);
  std::size_t sound = 0;
  const auto record = read_json(scratch / "out/run.json");
  for (const auto& each : record.at("cases")) {
    const auto failed = failed_metrics(each);
    CAPTURE(each.at("id"), failed);
    CHECK(each.at("status") == "ok");
    if (each.at("id") == "good_cube") {
      ++sound;
      CHECK(failed.empty());
    } else {
      CHECK(failed.contains("printable_parts"));
      CHECK(failed.contains("repair.score"));
    }
  }
  CHECK(sound == 1);
}

SCENARIO("A mask can be asked for alone, and given", "[tasks]") {
  const Scratch scratch;
  const auto suite = [&](const std::string& task, const std::string& metric) {
    write_text(scratch / (task + ".toml"),
               "id = \"" + task +
                   "\"\nversion = \"1\"\nintended_use = \"tests\"\nseed = 1\n[[case]]\nphantom = "
                   "\"sphere\"\nradius_mm = 4\nscan = {spacing_mm = [0.5, 0.5, 0.5]}\ntask = \"" +
                   task + "\"\n[[case.check]]\nmetric = \"" + metric +
                   "\"\nmin = \"90 %\"\nrequirement = []\nrationale = \"half a voxel of 8 mm\"\n");
    return scratch / (task + ".toml");
  };
  GIVEN("a scan of which a mask is asked") {
    const auto outcome = meshassay({"run", suite("segment", "overlap.dice"), "--out", scratch / "segmented"});
    INFO(outcome.err << outcome.out);
    CHECK(outcome.status == 0);
    const auto record = read_json(scratch / "segmented/run.json");
    CHECK(record.at("cases").at(0).at("stages") == nlohmann::json{"segmented", "mask_edited"});
    CHECK_FALSE(std::filesystem::exists(scratch / "segmented/cases/sphere+radius_mm=4+spacing_mm=0.5x0.5x0.5/"
                                                  "out/surface.stl"));
  }
  GIVEN("a mask of which a surface is asked") {
    // The mask's labels as if they were Hounsfield units: a surface halfway between 0 and 1.
    write_text(scratch / "mesher.toml",
               "name = \"mesher\"\nversion = \"1\"\nadapter = \"command\"\ntasks = [\"surface\"]\n"
               "outputs = [\"surface\"]\n[command]\nrun = [\"{program}\", \"model\", \"{input}\", \"--out\", "
               "\"{out_dir}\", \"--set\", \"segmentation=threshold\", \"--set\", \"threshold_hu=0.5\"]\n");
    const auto outcome = meshassay({"run", suite("surface", "completeness@0.5mm"), "--system",
                                    scratch / "mesher.toml", "--out", scratch / "meshed"});
    INFO(outcome.err << outcome.out);
    CHECK(outcome.status == 0);
  }
}
