// SPDX-License-Identifier: GPL-3.0-or-later
// The suite of what the acquisition protocol allows, and what each of its checks is there to catch.
#include <catch2/catch.hpp>

#include "tests/acceptance/program.hpp"

using namespace acceptance;

namespace {

nlohmann::json grade(const Scratch& scratch, const std::string& system, const std::string& filter,
                     int expected_status) {
  const auto outcome = meshassay(
      {"run", "suites/protocol.toml", "--filter", filter, "--system", system, "--out", scratch / "run"});
  INFO(system << "\n" << outcome.err << outcome.out);
  REQUIRE(outcome.status == expected_status);
  return read_json(scratch / "run/run.json");
}

struct Fault {
  std::string settings;  // Of the reference pipeline.
  std::string filter;
  std::vector<std::string> must_fail;
};

// Each is a choice that people make.
const std::vector<Fault> faults = {
    // Vertices midway between voxels: steps of a whole slice, an amplitude of 0.5 slice.
    {R"(extraction = "flying_edges_mask", smoothing = "none")", "staircase_ramps/*", {"staircase.amplitude"}},
    // Smoothed until it looks nice.
    {R"(smoothing = "excessive")", "calvarial_defect/*", {"smoothing.edge_retreat"}},
    // A threshold of 700 HU between air of -1000 HU and 1000 HU is 0.85 of the contrast: a blur of s moves a
    // face by 1.04 s, and of a plate of 1.5 voxels in its worst place no voxel holds more than three
    // quarters.
    {"threshold_hu = [700]", "*kernel=standard", {"size.sphere_radius_error"}},
    {"threshold_hu = [700]", "plate_ladder/*", {"detect.smallest_plate"}},
    // 0.95 of the contrast: of a rod of two voxels on a corner of four each holds pi / 4.
    {"threshold_hu = [900]", "rod_ladder/*", {"detect.smallest_rod"}},
    // The same for air.
    {"threshold_hu = [-700]", "gap_ladder/*", {"detect.smallest_gap"}},
    {"threshold_hu = [-700]", "hole_ladder/*", {"detect.smallest_hole"}},
};

}  // namespace

SCENARIO("The reference follows the protocol", "[protocol]") {
  const Scratch scratch;
  const auto record = grade(scratch, "suites/systems/reference.toml", "*", 0);
  CHECK(record.at("cases").size() == 15);
  for (const char* verdict : {"fail", "inconclusive", "error", "not_applicable"})
    CHECK(checks_with(record, verdict).empty());
}

SCENARIO("Each limit of the protocol catches what it is there for", "[protocol]") {
  for (const auto& fault : faults) {
    const Scratch scratch;
    write_text(scratch / "fault.toml",
               "name = \"fault\"\nadapter = \"reference\"\noutputs = [\"mask\", \"surface\", \"record\", "
               "\"stages\"]\n[reference]\nset = { " +
                   fault.settings + " }\n");
    const auto failed = checks_with(grade(scratch, scratch / "fault.toml", fault.filter, 1), "fail");
    INFO(fault.settings);
    CHECK(failed == fault.must_fail);
  }
  const Scratch scratch;
  const auto in_centimetres =
      grade(scratch, "suites/saboteurs/centimetres.toml", "step_wedge/*0.5x0.5x0.9", 1);
  CHECK(checks_with(in_centimetres, "fail") == std::vector<std::string>{"size.step_height_error"});
}
