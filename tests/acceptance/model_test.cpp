// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "tests/acceptance/program.hpp"

using namespace acceptance;

SCENARIO("A real CT becomes a closed STL", "[model]") {
  const auto knee = shared_data() / "ct_knee/dicom/image";
  if (!std::filesystem::exists(knee)) {
    WARN("skipped: no CT at " << knee.string());
    return;
  }
  const Scratch scratch;
  WHEN("the knee is modelled at 250 HU") {
    const auto outcome =
        meshassay({"model", knee.string(), "-o", scratch / "out", "--set", "threshold_hu=250"});
    INFO(outcome.err);
    REQUIRE(outcome.status == 0);
    THEN("the record counts what that CT holds") {
      const auto record = read_json(scratch / "out/record.json");
      const auto& findings = record.at("findings");
      // Counted in the CT by hand with other tools: 26-connected bone, 6-connected background, voxels >= 250
      // HU.
      CHECK(findings.at("components") == 117);
      CHECK(findings.at("cavities") == 31);
      CHECK(findings.at("touches_border") == true);
      CHECK(findings.at("voxels_exactly_at_threshold") == 553);
      for (const auto& step : record.at("steps")) CHECK_FALSE(step.at("method").get<std::string>().empty());
    }
    THEN("the surface is closed, two-manifold and outward") {
      const auto inspected =
          meshassay({"inspect", scratch / "out/surface.stl", "--require", "two_manifold", "--json"});
      INFO(inspected.out);
      CHECK(inspected.status == 0);
      const auto certificate = nlohmann::json::parse(inspected.out);
      CHECK(certificate.at("predicates").at("closed").at("holds") == true);
      CHECK(certificate.at("two_manifold") == true);
      CHECK(certificate.at("predicates").at("consistently_oriented").at("holds") == true);
      CHECK(certificate.at("predicates").at("outward").at("holds") == true);
    }
    THEN("the same CT as NIfTI gives the same mask in the same place") {
      const auto nifti = shared_data() / "ct_knee/nifti/CT_image.nii.gz";
      REQUIRE(
          meshassay({"model", nifti.string(), "-o", scratch / "nifti", "--set", "threshold_hu=250"}).status ==
          0);
      const auto measured = meshassay({"measure", scratch / "out/mask.nrrd", scratch / "nifti/mask.nrrd",
                                       "--metrics", "overlap.dice", "--json"});
      INFO(measured.err);
      REQUIRE(measured.status == 0);
      // NIfTI keeps an origin as float32: at 300 mm that is 3e-5 mm, against voxels of 1 mm.
      CHECK(nlohmann::json::parse(measured.out).at("measurements").at(0).at("value").get<double>() > 0.9999);
    }
  }
  WHEN("only the largest island is kept") {
    const auto outcome = meshassay({"model", knee.string(), "-o", scratch / "largest", "--set",
                                    "threshold_hu=250", "--set", "islands=largest"});
    INFO(outcome.err);
    REQUIRE(outcome.status == 0);
    THEN("one component is left and the record says what was there") {
      const auto record = read_json(scratch / "largest/record.json");
      CHECK(record.at("findings").at("components") == 117);
      const auto measured =
          meshassay({"measure", scratch / "largest/mask.nrrd", scratch / "largest/mask.nrrd", "--metrics",
                     "topology.components", "--json"});
      CHECK(nlohmann::json::parse(measured.out).at("measurements").at(0).at("value") == 1);
    }
  }
  WHEN("no voxel reaches the threshold, in a folder that holds an earlier model") {
    REQUIRE(meshassay({"model", knee.string(), "-o", scratch / "none", "--set", "threshold_hu=250"}).status ==
            0);
    const auto outcome =
        meshassay({"model", knee.string(), "-o", scratch / "none", "--set", "threshold_hu=30000"});
    THEN("it refuses, says why in the record, and leaves no surface beside it") {
      CHECK(outcome.status == 1);
      const auto record = read_json(scratch / "none/record.json");
      CHECK(record.at("status") == "refused");
      CHECK_FALSE(record.at("reason").get<std::string>().empty());
      CHECK_FALSE(std::filesystem::exists(scratch / "none/surface.stl"));
    }
  }
}

SCENARIO("A derived, oblique, anisotropic series is read with a warning", "[model]") {
  const auto oblique = shared_data() / "ct_oblique_anisotropic";
  if (!std::filesystem::exists(oblique)) {
    WARN("skipped: no CT at " << oblique.string());
    return;
  }
  const Scratch scratch;
  const auto outcome = meshassay({"model", oblique.string(), "-o", scratch / "out", "--json"});
  INFO(outcome.err);
  CHECK((outcome.status == 0 ||
         outcome.status == 1));  // three slices of a test pattern: what counts is that it is read
  CHECK(outcome.err.find("DERIVED") != std::string::npos);
}
