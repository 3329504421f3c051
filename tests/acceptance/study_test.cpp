// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "tests/acceptance/program.hpp"

using namespace acceptance;

SCENARIO("The smoothing study shows the shrinkage", "[study]") {
  const Scratch scratch;
  WHEN("suites/study-smoothing.toml runs its three systems") {
    const auto outcome = meshassay({"run", "suites/study-smoothing.toml", "--out", scratch / "study"});
    INFO(outcome.err);
    INFO(outcome.out);
    // Excessive smoothing must fail its limit, so the study as a whole does not pass.
    REQUIRE(outcome.status == 1);
    THEN("each system has a record, and excessive smoothing takes the volume of a sphere of 10 mm") {
      const auto volume_error_of = [&](const std::string& smoothing) {
        const auto record = read_json(scratch / ("study/reference-smoothing-" + smoothing + "/run.json"));
        for (const auto& each : record.at("cases"))
          if (each.at("phantom").at("parameters").value("radius_mm", 0.0) == 10.0)
            for (const auto& measurement : each.at("measurements"))
              if (measurement.at("metric") == "size.volume_error")
                return measurement.at("value").get<double>();
        throw std::runtime_error("no sphere in the study");
      };
      const double none = volume_error_of("none"), moderate = volume_error_of("moderate"),
                   excessive = volume_error_of("excessive");
      // Sampling alone takes 3 h2 / (4 R2) = 0.19 % at h = 0.5 mm.
      CHECK(none == Approx(-0.0019).margin(0.001));
      CHECK(std::abs(moderate - none) < 0.02);  // the suite's limit
      CHECK(excessive < none - 0.02);
    }
    THEN("the comparison stands side by side") {
      const auto text = read_text(scratch / "study/study.md");
      for (const char* system :
           {"reference-smoothing-none", "reference-smoothing-moderate", "reference-smoothing-excessive"})
        CHECK(text.find(system) != std::string::npos);
      const auto html = read_text(scratch / "study/study.html");
      CHECK(html.find("smoothing.volume_change") != std::string::npos);
      CHECK(html.find("<svg") != std::string::npos);
    }
  }
}
