// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/acceptance/program.hpp"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <set>
#include <stdexcept>

#include "tests/support/source_folder.hpp"

namespace acceptance {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::string quoted(const std::string& word) {
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

void drop_timing(json& value) {
  if (value.is_object()) {
    value.erase("timing");
    value.erase("environment");
  }
  for (auto& child : value)
    if (child.is_structured()) drop_timing(child);
}

}  // namespace

Outcome meshassay(const std::vector<std::string>& words, const fs::path& folder) {
  const Scratch scratch;
  std::string command =
      fmt::format("cd {} && PATH={}:\"$PATH\" {}", quoted((folder.empty() ? source_dir() : folder).string()),
                  quoted(MESHASSAY_SABOTEUR_DIR), quoted(program()));
  for (const auto& word : words) command += " " + quoted(word);
  command += fmt::format(" >{} 2>{} </dev/null", quoted(scratch / "out"), quoted(scratch / "err"));
  const int result = std::system(command.c_str());
  Outcome outcome;
  outcome.status = WIFEXITED(result) ? WEXITSTATUS(result) : 128 + WTERMSIG(result);
  outcome.out = read_text(scratch / "out");
  outcome.err = read_text(scratch / "err");
  return outcome;
}

std::string program() { return MESHASSAY_PROGRAM; }
fs::path source_dir() { return test_support::source_folder(); }
fs::path shared_data() { return test_support::shared_data(); }

std::string read_text(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>(stream), {}};
}

void write_text(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream stream(path, std::ios::binary);
  stream << text;
  if (!stream) throw std::runtime_error("cannot write " + path.string());
}

json read_json(const fs::path& path) { return json::parse(read_text(path)); }

json comparable_record(const fs::path& run_dir) {
  auto record = read_json(run_dir / "run.json");
  drop_timing(record);
  return record;
}

json measurement(const json& graded_case, const std::string& metric) {
  for (const auto& each : graded_case.at("measurements"))
    if (each.at("metric") == metric) return each;
  throw std::runtime_error("no measurement " + metric);
}

std::vector<std::string> checks_with(const json& record, const std::string& verdict) {
  std::set<std::string> metrics;
  for (const auto& each : record.at("cases"))
    for (const auto& check : each.at("checks"))
      if (check.at("verdict") == verdict) metrics.insert(check.at("metric").get<std::string>());
  return {metrics.begin(), metrics.end()};
}

}  // namespace acceptance
