// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>
#include <set>

#include "tests/acceptance/program.hpp"
#include "tests/acceptance/schema_validation.hpp"

using namespace acceptance;

SCENARIO("The reference pipeline passes suites/quick.toml", "[quick]") {
  GIVEN("an empty folder") {
    const Scratch scratch;
    WHEN("the suite is run without naming a system") {
      const auto outcome = meshassay({"run", "suites/quick.toml", "--out", scratch / "run"});
      INFO(outcome.err);
      INFO(outcome.out);
      // One section only: Catch runs the whole scenario once for each.
      THEN("everything passes, the status is 0, and the evidence is whole") {
        REQUIRE(outcome.status == 0);
        const auto record = read_json(scratch / "run/run.json");
        CHECK(record.at("summary").at("passed") == true);
        CHECK(record.at("cases").size() >= 12);
        CHECK(checks_with(record, "fail").empty());
        CHECK(checks_with(record, "inconclusive").empty());
        CHECK(checks_with(record, "error").empty());

        {
          INFO("the cases cover three phantoms, two grids, noise and blur");
          std::set<std::string> phantoms, spacings;
          bool noisy = false, quiet = false, blurred = false, sharp = false;
          for (const auto& each : record.at("cases")) {
            phantoms.insert(each.at("phantom").at("name"));
            const auto& scan = each.at("scan");
            spacings.insert(scan.at("spacing_mm").dump());
            (scan.at("noise_hu").get<double>() > 0 ? noisy : quiet) = true;
            (scan.at("blur_fwhm_mm").get<double>() > 0 ? blurred : sharp) = true;
          }
          CHECK(phantoms == std::set<std::string>{"plate_ladder", "sphere", "step_wedge"});
          CHECK(spacings.size() >= 2);
          CHECK((noisy && quiet && blurred && sharp));
        }
        {
          INFO("every check has a rationale and every limit a text");
          for (const auto& each : record.at("cases"))
            for (const auto& check : each.at("checks")) {
              CHECK_FALSE(check.at("rationale").get<std::string>().empty());
              CHECK_FALSE(check.at("limit").at("as_written").get<std::string>().empty());
            }
        }
        {
          INFO("the record is valid by the published schema, and a record with a fault is not");
          const auto schema = source_dir() / "reports/schema/run.schema.json";
          CHECK(schema_violations(schema, scratch / "run/run.json") == "");
          auto faulty = record;
          faulty.at("cases").at(0).at("checks").at(0).at("verdict") = "passed";
          write_text(scratch / "faulty.json", faulty.dump());
          CHECK(schema_violations(schema, scratch / "faulty.json") != "");
        }
        {
          INFO("all reports are there, and the HTML needs no network");
          for (const char* name : {"report.html", "junit.xml", "summary.md", "journal.jsonl"})
            CHECK(std::filesystem::file_size(scratch / ("run/" + std::string(name))) > 500);
          const auto html = read_text(scratch / "run/report.html");
          CHECK(html.find("default-src 'none'") != std::string::npos);
          CHECK(html.find("<script") == std::string::npos);
          CHECK(html.find("src=\"http") == std::string::npos);
          CHECK(html.find("3532-1:6.4-a") != std::string::npos);
          CHECK(std::system(("xmllint --noout '" + (scratch / "run/junit.xml") + "'").c_str()) == 0);
        }
        {
          INFO("every artifact has the hash that sha256sum prints");
          for (const auto& each : record.at("cases"))
            for (const auto& artifact : each.at("artifacts")) {
              const auto path = scratch.path() / "run" / artifact.at("path").get<std::string>();
              if (std::filesystem::is_directory(path)) continue;
              const auto line = artifact.at("sha256").get<std::string>() + "  " + path.string() + "\n";
              write_text(scratch / "sums", line);
              CHECK(std::system(("sha256sum --quiet -c '" + (scratch / "sums") + "'").c_str()) == 0);
            }
        }
      }
    }
  }
}
