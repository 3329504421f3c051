// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "tests/acceptance/program.hpp"

using namespace acceptance;

namespace {

std::vector<std::string> kinds_of(const nlohmann::json& comparison) {
  std::vector<std::string> kinds;
  for (const auto& change : comparison.at("changes")) kinds.push_back(change.at("kind"));
  return kinds;
}

}  // namespace

SCENARIO("A nightly run is held against the last one", "[compare]") {
  const Scratch scratch;
  REQUIRE(meshassay({"run", "suites/quick.toml", "--out", scratch / "base", "--filter",
                     "sphere/*spacing_mm=0.5x0.5x2"})
              .status == 0);
  auto record = read_json(scratch / "base/run.json");
  const auto compare = [&] {
    write_text(scratch / "current/run.json", record.dump());
    const auto outcome = meshassay({"compare", scratch / "base", scratch / "current", "--json"});
    INFO(outcome.err);
    return std::pair{outcome.status, nlohmann::json::parse(outcome.out)};
  };
  const auto measurement = [&](const std::string& metric) -> nlohmann::json& {
    for (auto& each : record.at("cases").at(0).at("measurements"))
      if (each.at("metric") == metric) return each;
    throw std::runtime_error("no measurement of " + metric);
  };

  WHEN("nothing changed") {
    const auto [status, comparison] = compare();
    THEN("there is no regression") {
      CHECK(status == 0);
      CHECK(comparison.at("changes").empty());
    }
  }
  WHEN("a value moves within the intervals") {
    auto& rms = measurement("deviation.rms");
    rms.at("value") = rms.at("interval").at(1);
    THEN("that is no change") { CHECK(compare().first == 0); }
  }
  WHEN("a value moves beyond both intervals") {
    auto& rms = measurement("deviation.rms");
    rms.at("value") = rms.at("value").get<double>() + 1.0;
    for (auto& bound : rms.at("interval")) bound = bound.get<double>() + 1.0;
    const auto [status, comparison] = compare();
    THEN("it is a regression, named by case and metric") {
      CHECK(status == 1);
      CHECK(kinds_of(comparison) == std::vector<std::string>{"changed"});
      CHECK(comparison.at("changes").at(0).at("metric") == "deviation.rms");
    }
  }
  WHEN("a measurement becomes undefined") {
    auto& rms = measurement("deviation.rms");
    rms.at("value") = nullptr;
    rms.at("interval") = nullptr;
    rms["reason"] = "not_converged";
    const auto [status, comparison] = compare();
    THEN("it vanished") {
      CHECK(status == 1);
      CHECK(kinds_of(comparison) == std::vector<std::string>{"vanished_measurement"});
    }
  }
  WHEN("a check vanishes") {
    record.at("cases").at(0).at("checks").erase(0);
    const auto [status, comparison] = compare();
    THEN("it is a regression") {
      CHECK(status == 1);
      CHECK(kinds_of(comparison) == std::vector<std::string>{"vanished_check"});
    }
  }
  WHEN("a case vanishes") {
    record.at("cases").erase(0);
    const auto [status, comparison] = compare();
    THEN("it is a regression") {
      CHECK(status == 1);
      CHECK(kinds_of(comparison) == std::vector<std::string>{"vanished_case"});
      CHECK(meshassay({"compare", scratch / "base", scratch / "current"}).out.find(" 0 cases compared") !=
            std::string::npos);
    }
  }
  WHEN("a verdict gets worse") {
    record.at("cases").at(0).at("checks").at(0).at("verdict") = "inconclusive";
    const auto [status, comparison] = compare();
    THEN("it is a regression") {
      CHECK(status == 1);
      CHECK(kinds_of(comparison) == std::vector<std::string>{"worse_verdict"});
    }
  }
  WHEN("the baseline holds no case") {
    record.at("cases").clear();
    write_text(scratch / "empty/run.json", record.dump());
    THEN("nothing was compared, and that is not a pass") {
      CHECK(meshassay({"compare", scratch / "empty", scratch / "base"}).status == 1);
    }
  }
}
