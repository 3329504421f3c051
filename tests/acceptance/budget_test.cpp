// SPDX-License-Identifier: GPL-3.0-or-later
// The error budget: the harness plans runs on what each step should have been given, and blames the right
// one.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <map>
#include <set>

#include "tests/acceptance/program.hpp"

using namespace acceptance;

namespace {

const std::vector<std::string> steps = {"acquisition", "segmentation", "reconstruction", "editing", "export"};

// A ball without blur: what one step does is not seen through another.
constexpr const char* unblurred = "sphere/*noise_hu=20";

Outcome grade(const std::string& system, const std::string& out_dir,
              const std::vector<std::string>& more = {}) {
  std::vector<std::string> words = {"run", "suites/budget.toml", "--system", system, "--out", out_dir};
  words.insert(words.end(), more.begin(), more.end());
  return meshassay(words);
}

std::string saboteur(const std::string& name) { return "suites/saboteurs/" + name + ".toml"; }

double value(const nlohmann::json& graded_case, const std::string& metric) {
  const auto found = measurement(graded_case, metric);
  INFO(found.dump());
  REQUIRE(found.at("value").is_number());
  return found.at("value").get<double>();
}

// The terms of bias and of root mean square, by step.
std::map<std::string, double> terms(const nlohmann::json& graded_case, const std::string& suffix) {
  std::map<std::string, double> found;
  for (const auto& step : steps) found[step] = value(graded_case, "budget." + step + suffix);
  return found;
}

// The step whose term, of bias or root mean square, the fault changed most.
std::string most_changed(const nlohmann::json& clean, const nlohmann::json& faulty) {
  std::string step;
  double most_mm = 0.0;
  for (const std::string suffix : {"", "_rms"}) {
    const auto before = terms(clean, suffix), after = terms(faulty, suffix);
    for (const auto& each : steps)
      if (const double change_mm = std::abs(after.at(each) - before.at(each)); change_mm > most_mm) {
        most_mm = change_mm;
        step = each;
      }
  }
  return step;
}

const nlohmann::json& only_case(const nlohmann::json& record) {
  REQUIRE(record.at("cases").size() == 1);
  return record.at("cases").at(0);
}

}  // namespace

SCENARIO("The reference passes, its terms add up, and every derived run is in the record", "[budget]") {
  const Scratch scratch;
  const auto one = grade("suites/systems/reference.toml", scratch / "one", {"--threads", "1", "--jobs", "1"});
  INFO(one.err << one.out);
  REQUIRE(one.status == 0);
  const auto record = comparable_record(scratch / "one");
  for (const auto& each : record.at("cases")) {
    CAPTURE(each.at("id"));
    for (const std::string suffix : {"", "_rms"}) {
      double sum_mm = 0.0;
      for (const auto& [step, term_mm] : terms(each, suffix)) sum_mm += term_mm;
      const double whole_mm = value(each, suffix.empty() ? "deviation.bias" : "deviation.rms");
      CHECK(std::abs(sum_mm - whole_mm) < 1e-12);
      CHECK(value(each, "budget.total" + suffix) == whole_mm);
    }
    REQUIRE(each.at("derived_runs").size() == 4);
    std::set<std::string> files;
    for (const auto& run : each.at("derived_runs")) {
      CAPTURE(run.dump());
      CHECK(run.at("status") == "ok");
      CHECK(run.at("record").at("status") == "done");
      std::set<std::string> roles;
      for (const auto& artifact : run.at("artifacts")) {
        roles.insert(artifact.at("role").get<std::string>());
        CHECK(files.insert(artifact.at("path").get<std::string>()).second);
        CHECK(std::filesystem::exists(scratch.path() / "one" / artifact.at("path").get<std::string>()));
      }
      CHECK(roles.contains("surface:1"));
      CHECK(roles.contains("record"));
      CHECK((roles.contains("ct") || roles.contains("mask") || roles.contains("mesh")));
    }
  }
  const auto page = read_text(scratch / "one/report.html");
  CHECK_THAT(page, Catch::Contains("budget.segmentation") && Catch::Contains("Derived runs (4)"));
  CHECK_THAT(
      read_text(std::filesystem::directory_iterator(scratch.path() / "one/cases")->path() / "budget.svg"),
      Catch::Contains("reconstruction"));

  THEN("with two threads it is the same, and it is resumed from its journal") {
    REQUIRE(
        grade("suites/systems/reference.toml", scratch / "two", {"--threads", "2", "--jobs", "2"}).status ==
        0);
    CHECK(comparable_record(scratch / "two").dump() == record.dump());
    // As if it had been killed after the first case.
    const auto journal = read_text(scratch / "two/journal.jsonl");
    write_text(scratch / "two/journal.jsonl",
               journal.substr(0, journal.find('\n', journal.find('\n') + 1) + 1));
    REQUIRE(grade("suites/systems/reference.toml", scratch / "two", {"--resume"}).status == 0);
    CHECK(comparable_record(scratch / "two").dump() == record.dump());
    const auto other =
        grade("suites/systems/reference.toml", scratch / "two", {"--resume", "--derived-runs", "budget"});
    CHECK(other.status == 2);
    CHECK_THAT(other.err, Catch::Contains("derived runs changed"));
  }
}

SCENARIO("The budget blames the step that is at fault, and no other", "[budget]") {
  const Scratch scratch;
  const auto graded = [&](const std::string& name, int status) {
    const auto outcome = grade(saboteur(name), scratch / name, {"--filter", unblurred, "--repeat", "1"});
    INFO(name << "\n" << outcome.err << outcome.out);
    REQUIRE(outcome.status == status);
    return read_json(scratch / (name + "/run.json"));
  };
  const auto clean = graded("clean", 0);
  const std::map<std::string, std::string> faults = {{"low_threshold", "segmentation"},
                                                     {"shrinking_surface", "reconstruction"},
                                                     {"over_smoothed", "editing"},
                                                     {"rounding_export", "export"}};
  for (const auto& [name, step] : faults) {
    CAPTURE(name);
    const auto record = graded(name, 1);
    CHECK(most_changed(only_case(clean), only_case(record)) == step);
    const auto failed = checks_with(record, "fail");
    CAPTURE(failed);
    bool is_blamed = false;
    for (const auto& metric : failed) {
      const bool of_a_step = metric.starts_with("budget.") && !metric.starts_with("budget.total") &&
                             !metric.starts_with("budget.interaction");
      if (of_a_step) CHECK(metric.starts_with("budget." + step));
      is_blamed = is_blamed || metric.starts_with("budget." + step);
    }
    CHECK(is_blamed);
  }
}

SCENARIO("A system that does not take a task loses the terms that need it and keeps the rest", "[budget]") {
  const Scratch scratch;
  auto text = read_text(source_dir() / "suites/saboteurs/clean.toml");
  const std::string tasks = "\"model\", \"surface\", \"edit\", \"export\"";
  text.replace(text.find(tasks), tasks.size(), "\"model\", \"surface\", \"export\"");
  write_text(scratch / "no-editing.toml", text);
  const auto outcome = grade(scratch / "no-editing.toml", scratch / "out", {"--filter", unblurred});
  INFO(outcome.err << outcome.out);
  CHECK(outcome.status == 0);
  const auto record = read_json(scratch / "out/run.json");
  const auto& graded = only_case(record);
  for (const auto* lost : {"budget.reconstruction", "budget.editing", "budget.interaction"}) {
    const auto row = measurement(graded, lost);
    CAPTURE(row.dump());
    CHECK(row.at("value").is_null());
    CHECK(row.at("reason") == "unsupported");
    CHECK_THAT(row.at("detail").get<std::string>(), Catch::Contains("edit or repair"));
  }
  for (const auto* kept : {"budget.acquisition", "budget.segmentation", "budget.export"})
    CHECK(measurement(graded, kept).at("value").is_number());
  const auto undecided = checks_with(record, "not_applicable");
  CHECK(std::find(undecided.begin(), undecided.end(), "budget.editing") != undecided.end());
  CHECK_FALSE(std::filesystem::exists(
      std::filesystem::directory_iterator(scratch.path() / "out/cases")->path() / "budget-editing"));
}

SCENARIO("A derived run that fails is the system's failure and leaves the other terms", "[budget]") {
  const Scratch scratch;
  // The reference where a model is made, nothing where a mask is given.
  write_text(scratch / "system.sh",
             "#!/bin/sh\ngrep -q '\"kind\": \"surface\"' \"$1\" && exit 3\nexec saboteur clean \"$1\"\n");
  std::filesystem::permissions(scratch.path() / "system.sh", std::filesystem::perms::owner_all);
  write_text(scratch / "system.toml",
             "name = \"half\"\nversion = \"1\"\nadapter = \"command\"\n"
             "tasks = [\"model\", \"surface\", \"edit\", \"export\"]\n"
             "outputs = [\"mask\", \"surface\", \"record\", \"stages\"]\n"
             "[command]\nrun = [\"./system.sh\", \"{task}\"]\n");
  const auto outcome = grade(scratch / "system.toml", scratch / "out", {"--filter", unblurred});
  INFO(outcome.err << outcome.out);
  CHECK(outcome.status == 1);
  const auto record = read_json(scratch / "out/run.json");
  const auto& graded = only_case(record);
  CHECK(graded.at("status") == "ok");
  CHECK(graded.at("derived_runs").at(1).at("status") == "crashed");
  CHECK_THAT(graded.at("derived_runs").at(1).at("status_detail").get<std::string>(),
             Catch::Contains("exit code 3"));
  CHECK(measurement(graded, "budget.segmentation").at("reason") == "missing");
  CHECK(measurement(graded, "budget.reconstruction").at("reason") == "missing");
  CHECK(measurement(graded, "budget.editing").at("value").is_number());
  const auto failed = checks_with(record, "fail");
  CHECK(std::find(failed.begin(), failed.end(), "budget.segmentation") != failed.end());
}

SCENARIO("Derived runs can be asked for by hand, where there is something to derive them from", "[budget]") {
  const Scratch scratch;
  const auto refused = [&](const std::vector<std::string>& words, const std::string& because) {
    const auto outcome = meshassay(words);
    CHECK(outcome.status == 2);
    CHECK_THAT(outcome.err, Catch::Contains(because));
  };
  refused({"run", "suites/smoke.toml", "--derived-runs", "buget", "--out", scratch / "a"}, "budget");
  refused({"run", "suites/printability.toml", "--derived-runs", "budget", "--out", scratch / "b"},
          "no case from which runs can be derived");
  const auto outcome =
      meshassay({"run", "suites/smoke.toml", "--derived-runs", "budget", "--out", scratch / "out"});
  INFO(outcome.err << outcome.out);
  CHECK(outcome.status == 0);
  const auto record = read_json(scratch / "out/run.json");
  CHECK(measurement(only_case(record), "budget.total").at("value").is_number());
}
