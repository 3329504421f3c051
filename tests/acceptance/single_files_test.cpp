// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "tests/acceptance/program.hpp"

using namespace acceptance;

namespace {

double value_of(const nlohmann::json& document, const std::string& metric) {
  for (const auto& measurement : document.at("measurements"))
    if (measurement.at("metric") == metric) return measurement.at("value").get<double>();
  throw std::runtime_error("no measurement of " + metric);
}

}  // namespace

SCENARIO("A phantom is written with its truth, and its files agree with it", "[single_files]") {
  const Scratch scratch;
  REQUIRE(meshassay({"phantom", "sphere", "-o", scratch / "ball", "--set", "radius_mm=8", "--set",
                     "spacing_mm=0.5,0.5,1"})
              .status == 0);
  const auto truth = read_json(scratch / "ball/truth.json");
  CHECK(truth.at("schema") == "meshassay/truth/1");
  // 4/3 pi 8^3
  CHECK(truth.at("targets").at(0).at("volume_mm3").at("value").get<double>() ==
        Approx(2144.660584850632).epsilon(1e-12));

  THEN("inspect finds the surface bounding a solid of that volume") {
    const auto outcome = meshassay({"inspect", scratch / "ball/surface.stl", "--json"});
    INFO(outcome.err);
    CHECK(outcome.status == 0);
    const auto document = nlohmann::json::parse(outcome.out);
    CHECK(document.at("schema") == "meshassay/inspect/1");
    CHECK(document.at("bounds_solid") == true);
    // The facets stay within 0.002 mm of the sphere: volume within 0.002 * area = 1.6 mm3.
    CHECK(value_of(document, "size.volume") == Approx(2144.66).margin(1.7));
  }
  THEN("the pipeline's model of the CT is measured against the truth, mask and surface") {
    REQUIRE(meshassay({"model", scratch / "ball/ct", "-o", scratch / "model", "--method", "half_maximum"})
                .status == 0);
    const auto masks =
        meshassay({"measure", scratch / "ball/mask.nrrd", scratch / "model/mask.nrrd", "--json"});
    INFO(masks.err);
    REQUIRE(masks.status == 0);
    CHECK(value_of(nlohmann::json::parse(masks.out), "overlap.dice") > 0.98);
    const auto surfaces =
        meshassay({"measure", scratch / "ball/surface.stl", scratch / "model/surface.stl", "--json"});
    REQUIRE(surfaces.status == 0);
    const auto document = nlohmann::json::parse(surfaces.out);
    CHECK(document.at("schema") == "meshassay/measure/1");
    CHECK(std::abs(value_of(document, "deviation.bias")) < 0.05);
    CHECK(value_of(document, "deviation.hausdorff") < 0.5);
  }
  THEN("a surface is measured against a mask as against the mask's boundary") {
    const auto outcome =
        meshassay({"measure", scratch / "ball/mask.nrrd", scratch / "ball/surface.stl", "--json"});
    INFO(outcome.err);
    REQUIRE(outcome.status == 0);
    const auto document = nlohmann::json::parse(outcome.out);
    // A boundary half way between voxel centres is off by at most half a voxel's diagonal, 0.61 mm, and not
    // by more than a slice on average.
    CHECK(value_of(document, "deviation.hausdorff") < 0.62);
    CHECK(std::abs(value_of(document, "deviation.bias")) < 0.1);
    CHECK(value_of(document, "deviation.hausdorff") >
          0.05);  // it is the mask's boundary, not the surface itself
    // The truth is the same: no deviation lies within every interval, and the text says the same.
    for (const auto& measurement : document.at("measurements")) {
      if (!measurement.at("metric").get<std::string>().starts_with("deviation.")) continue;
      CHECK(measurement.at("interval").at(0).get<double>() <= 0.0);
      CHECK(measurement.at("interval").at(1).get<double>() >= 0.0);
    }
  }
  THEN("a person reads how many parts were measured, and that the border may have cut them") {
    const auto whole = meshassay({"measure", scratch / "ball/mask.nrrd", scratch / "ball/mask.nrrd"});
    REQUIRE(whole.status == 0);
    CHECK_THAT(whole.out,
               Catch::Contains("1 in TEST, 1 in REFERENCE") && !Catch::Contains("touches the border"));
    // Two voxels of one label at the ends of a row: two parts, both at the border.
    write_text(
        scratch / "cut.nrrd",
        "NRRD0004\ntype: uint8\ndimension: 3\nspace: left-posterior-superior\nsizes: 4 1 1\n"
        "space directions: (1,0,0) (0,1,0) (0,0,1)\nspace origin: (0,0,0)\nencoding: ascii\n\n1 0 0 1\n");
    const auto cut = meshassay({"measure", scratch / "ball/mask.nrrd", scratch / "cut.nrrd"});
    INFO(cut.err);
    REQUIRE(cut.status == 0);
    CHECK_THAT(cut.out, Catch::Contains("2 in TEST, 1 in REFERENCE") &&
                            Catch::Contains("TEST touches the border of its grid") &&
                            !Catch::Contains("REFERENCE touches the border"));
    const auto surface = meshassay(
        {"measure", scratch / "ball/surface.stl", scratch / "cut.nrrd", "--metrics", "deviation.*"});
    REQUIRE(surface.status == 0);
    CHECK_THAT(surface.out, Catch::Contains("TEST touches the border of its grid"));
  }
  THEN("a surface against itself deviates by nothing") {
    const auto outcome =
        meshassay({"measure", scratch / "ball/surface.stl", scratch / "ball/surface.stl", "--json"});
    REQUIRE(outcome.status == 0);
    CHECK(value_of(nlohmann::json::parse(outcome.out), "deviation.hausdorff") == Approx(0.0).margin(0.002));
  }
  THEN(
      "sections of it can be looked at: of the phantom, of a comparison, of one mesh, of a model in its CT") {
    CHECK(read_text(scratch / "ball/sections.svg").find("data:image/png;base64,") != std::string::npos);
    const auto draws = [&](std::vector<std::string> words) {
      words.insert(words.end(), {"--picture", scratch / "picture.svg"});
      const auto outcome = meshassay(words);
      INFO(outcome.err);
      REQUIRE(outcome.status == 0);
      const auto svg = read_text(scratch / "picture.svg");
      CHECK(svg.find("axial-measured") != std::string::npos);
      CHECK(svg.ends_with("</svg>\n"));
    };
    draws({"measure", scratch / "ball/surface.stl", scratch / "ball/surface.stl"});
    draws({"measure", scratch / "ball/mask.nrrd", scratch / "ball/mask.nrrd"});
    draws({"inspect", scratch / "ball/surface.stl"});
    draws({"model", scratch / "ball/ct", "-o", scratch / "drawn"});
  }
  THEN("a file named without --json is shown to a person") {
    const auto outcome = meshassay({"inspect", scratch / "ball/surface.stl"});
    CHECK(outcome.status == 0);
    CHECK(outcome.out.find("bounds_solid") != std::string::npos);
  }
}

SCENARIO("A phantom is scanned as a file says", "[single_files]") {
  const Scratch scratch;
  write_text(scratch / "scan.toml", "spacing_mm = [1, 1, 2]\nnoise_hu = 5\n");
  const auto outcome = meshassay({"phantom", "sphere", "-o", scratch / "ball", "--scan",
                                  scratch / "scan.toml", "--set", "noise_hu=7", "--json"});
  INFO(outcome.err);
  REQUIRE(outcome.status == 0);
  const auto scan = nlohmann::json::parse(outcome.out).at("scan");
  CHECK(scan.at("spacing_mm") == nlohmann::json({1.0, 1.0, 2.0}));
  CHECK(scan.at("parameters").at("noise_hu") == 7.0);  // the command line goes before the file
  write_text(scratch / "wrong.toml", "spacing_m = [1, 1, 2]\n");
  const auto refused =
      meshassay({"phantom", "sphere", "-o", scratch / "other", "--scan", scratch / "wrong.toml"});
  CHECK(refused.status == 2);
  CHECK_THAT(refused.err, Catch::Contains("wrong.toml") && Catch::Contains("spacing_mm"));
}

SCENARIO("A closed mesh of one's own is a phantom, after its certificate", "[single_files]") {
  const Scratch scratch;
  REQUIRE(meshassay({"phantom", "cube", "-o", scratch / "cube", "--set", "edge_mm=6", "--set",
                     "spacing_mm=1,1,1", "--format", "nrrd"})
              .status == 0);
  const auto outcome = meshassay(
      {"phantom", "--from-stl", scratch / "cube/surface.stl", "-o", scratch / "copy", "--set", "hu=700",
       "--set", "partial_volume_tolerance=0.01", "--set", "spacing_mm=1,1,1", "--format", "nrrd", "--json"});
  INFO(outcome.err);
  REQUIRE(outcome.status == 0);
  const auto target = nlohmann::json::parse(outcome.out).at("targets").at(0);
  CHECK(target.at("volume_mm3").at("value").get<double>() == Approx(216.0));  // 6 x 6 x 6
  CHECK(target.at("betti") == nlohmann::json({{"components", 1}, {"handles", 0}, {"cavities", 0}}));
  CHECK(target.at("hu") == 700.0);

  write_text(scratch / "open.stl",
             "solid t\nfacet normal 0 0 1\nouter loop\nvertex 0 0 0\nvertex 1 0 0\nvertex 0 1 "
             "0\nendloop\nendfacet\nendsolid t\n");
  const auto refused = meshassay({"phantom", "--from-stl", scratch / "open.stl", "-o", scratch / "open"});
  CHECK(refused.status == 2);
  CHECK_THAT(refused.err, Catch::Contains("open.stl") && Catch::Contains("not closed"));
  CHECK(!std::filesystem::exists(scratch / "open"));
  CHECK(meshassay({"phantom", "-o", scratch / "none"}).status == 2);
}

SCENARIO("A broken mesh is not certified", "[single_files]") {
  const Scratch scratch;
  // One triangle: open.
  write_text(scratch / "open.stl",
             "solid t\nfacet normal 0 0 1\nouter loop\nvertex 0 0 0\nvertex 1 0 0\nvertex 0 1 "
             "0\nendloop\nendfacet\nendsolid t\n");
  const auto outcome = meshassay({"inspect", scratch / "open.stl", "--json"});
  CHECK(outcome.status == 1);
  const auto document = nlohmann::json::parse(outcome.out);
  CHECK(document.at("bounds_solid") == false);
  CHECK(document.at("predicates").at("closed").at("holds") == false);
  CHECK(document.at("predicates").at("closed").at("count") == 3);
  for (const auto& measurement : document.at("measurements"))
    if (measurement.at("metric") == "size.volume") {
      CHECK(measurement.at("value").is_null());
      CHECK(measurement.at("reason") == "not_closed");
    }
}

SCENARIO("Two masks are measured as other tools do, side by side", "[single_files]") {
  const Scratch scratch;
  for (const auto& [radius, margin] : {std::pair{"20", "6"}, std::pair{"21", "5"}})
    REQUIRE(meshassay({"phantom", "sphere", "-o", scratch / radius, "--format", "nrrd", "--set",
                       std::string("radius_mm=") + radius, "--set", std::string("margin_mm=") + margin,
                       "--set", "spacing_mm=1,1,1", "--set", "phase=0,0.11,0.23"})
                .status == 0);
  const std::string reference = scratch / "20/mask.nrrd", test = scratch / "21/mask.nrrd";
  const auto outcome = meshassay({"measure", reference, test, "--convention", "all", "--json"});
  INFO(outcome.err);
  REQUIRE(outcome.status == 0);
  const auto document = nlohmann::json::parse(outcome.out);
  CHECK(document.at("schema") == "meshassay/measure/1");
  CHECK(document.at("convention") == "all");
  REQUIRE(document.at("conventions").size() == 11);  // Nine, of which plastimatch and MedPy have two.
  // What the tools print where the truth is 1 mm: docs/metrics/conventions.md.
  for (const auto& each : document.at("conventions")) {
    INFO(each.at("convention"));
    CHECK(value_of(each, "boundary.hd") == Approx(1.414).margin(5e-4));
    if (each.at("convention") == "itk") CHECK(value_of(each, "boundary.masd") == Approx(0.073).margin(5e-4));
    if (each.at("convention") == "medpy")
      CHECK(value_of(each, "boundary.masd") ==
            Approx(each.at("variant") == "connectivity 3" ? 0.706 : 1.079).margin(5e-4));
  }
  // By our own: a tolerance is named where it is the default too, and the reference's topology is the true
  // one.
  const auto own = meshassay({"measure", reference, test}).out;
  CHECK(own.find("boundary.nsd@1mm") != std::string::npos);
  CHECK(own.find("no_reference") == std::string::npos);
  CHECK(meshassay({"measure", reference, test, "--metrics", "*.nsd@0.9mm"}).out.find("boundary.nsd@0.9mm") ==
        0);
  const auto text = meshassay({"measure", reference, test, "--convention", "monai", "--tolerance", "1.01"});
  CHECK(text.status == 0);
  CHECK_THAT(text.out, Catch::Contains("nsd@1.01mm") && Catch::Contains("dropped_nan (off)"));
  CHECK(meshassay({"measure", reference, test, "--convention", "monai", "--tool-bugs"}).out.find("(on)") !=
        std::string::npos);
  const auto unknown = meshassay({"measure", reference, test, "--convention", "metpy"});
  CHECK(unknown.status == 2);
  CHECK_THAT(unknown.err, Catch::Contains("did you mean medpy"));
  CHECK(meshassay({"measure", scratch / "20/surface.stl", scratch / "21/surface.stl", "--convention", "itk"})
            .status == 2);
  CHECK(meshassay({"measure", reference, test, "--tool-bugs"}).status == 2);
  CHECK(meshassay({"measure", reference, test, "--convention", "itk", "--metrics", "*.nsd"}).status == 2);
  CHECK(meshassay({"measure", reference, test, "--tolerance", "2"}).status == 2);
}

SCENARIO("Everything that there is can be listed, for people and for programs", "[single_files]") {
  for (const char* kind : {"suites", "phantoms", "metrics", "requirements", "methods", "systems"}) {
    INFO(kind);
    const auto text = meshassay({"list", kind});
    CHECK(text.status == 0);
    CHECK(text.out.size() > 80);
    const auto outcome = meshassay({"list", kind, "--json"});
    REQUIRE(outcome.status == 0);
    const auto document = nlohmann::json::parse(outcome.out);
    CHECK(document.at("schema") == "meshassay/list/1");
    CHECK(document.at("kind") == kind);
    REQUIRE_FALSE(document.at("items").empty());
    for (const auto& item : document.at("items")) CHECK_FALSE(item.at("id").get<std::string>().empty());
  }
}

SCENARIO("Every command has help with an example", "[single_files]") {
  for (const char* command : {"run", "measure", "inspect", "model", "phantom", "report", "compare", "list"}) {
    const auto outcome = meshassay({command, "--help"});
    CHECK(outcome.status == 0);
    CHECK(outcome.out.find("Example:\n  meshassay " + std::string(command)) != std::string::npos);
    CHECK(outcome.err.empty());
  }
}

SCENARIO("A report is rendered again from the record alone", "[single_files]") {
  const Scratch scratch;
  REQUIRE(meshassay({"run", "--smoke", "--out", scratch / "run"}).status == 0);
  const auto before = read_text(scratch / "run/report.html");
  std::filesystem::create_directories(scratch / "elsewhere");
  std::filesystem::copy(scratch / "run/run.json", scratch / "elsewhere/run.json");
  const auto outcome = meshassay({"report", scratch / "elsewhere", "--html"});
  CHECK(outcome.status == 0);
  CHECK(read_text(scratch / "elsewhere/report.html") == before);
  CHECK_FALSE(std::filesystem::exists(scratch / "elsewhere/junit.xml"));
}
