// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "tests/acceptance/program.hpp"

using namespace acceptance;

namespace {

double radius_error_mm(const nlohmann::json& record, double blur_fwhm_mm) {
  for (const auto& each : record.at("cases"))
    if (each.at("scan").at("blur_fwhm_mm") == blur_fwhm_mm)
      for (const auto& measurement : each.at("measurements"))
        if (measurement.at("metric") == "size.sphere_radius_error")
          return measurement.at("value").get<double>();
  throw std::runtime_error("no such measurement");
}

}  // namespace

SCENARIO("The radius of a sphere is found as physics says", "[accuracy]") {
  const Scratch scratch;
  write_text(scratch / "sphere.toml", R"(
id = "sphere-accuracy"
version = "1"
intended_use = "radius of a sphere of 10 mm, sharp and blurred"
seed = 5
[[case]]
phantom = "sphere"
radius_mm = 10
scan = { spacing_mm = [0.5, 0.5, 0.5], phase = [[0, 0, 0], [0.13, 0.37, 0.71]], blur_fwhm_mm = [0, 1] }
[[case.check]]
metric = "size.sphere_radius_error"
min = "-0.05 mm"
max = "0.05 mm"
requirement = ["3532-1:6.5"]
rationale = "a tenth of a voxel"
)");
  const auto outcome = meshassay({"run", scratch / "sphere.toml", "--out", scratch / "run"});
  INFO(outcome.err << outcome.out);
  REQUIRE(outcome.status == 0);
  const auto record = read_json(scratch / "run/run.json");
  const double sharp = radius_error_mm(record, 0.0), blurred = radius_error_mm(record, 1.0);
  CAPTURE(sharp, blurred);
  CHECK(std::abs(sharp) < 0.01);
  // A Gaussian of FWHM 1 mm has sigma = 0.4247 mm; the half level of a blurred ball lies sigma^2 / R = 0.0180
  // mm inside, to first order in sigma^2 / R^2 = 0.002 of itself. Noise there is none; what is left is the
  // sampling of both surfaces, which the two share.
  CHECK(blurred - sharp == Approx(-0.0180).margin(0.001));
}
