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
    THEN("each system has a record, and a sphere's volume falls from none to excessive") {
      const auto volume_error_of = [&](const std::string& smoothing) {
        const auto record = read_json(scratch / ("study/reference-smoothing-" + smoothing + "/run.json"));
        for (const auto& each : record.at("cases"))
          if (each.at("phantom").at("name") == "sphere")
            for (const auto& measurement : each.at("measurements"))
              if (measurement.at("metric") == "size.volume_error")
                return measurement.at("value").get<double>();
        throw std::runtime_error("no sphere in the study");
      };
      const double none = volume_error_of("none"), moderate = volume_error_of("moderate"),
                   excessive = volume_error_of("excessive");
      CHECK(excessive < moderate);
      CHECK(moderate <= none + 1e-3);
      CHECK(excessive < -0.01);  // more than one per cent of a 10 mm sphere is gone: that is what "excessive"
                                 // is made to show
      CHECK(std::abs(none) < 0.005);
    }
    THEN("the comparison stands side by side") {
      const auto text = read_text(scratch / "study/study.md");
      for (const char* system :
           {"reference-smoothing-none", "reference-smoothing-moderate", "reference-smoothing-excessive"})
        CHECK(text.find(system) != std::string::npos);
      CHECK(text.find("smoothing.volume_change") != std::string::npos);
      CHECK(read_text(scratch / "study/study.html").find("<svg") != std::string::npos);
    }
  }
}
