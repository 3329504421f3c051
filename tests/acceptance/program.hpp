// SPDX-License-Identifier: GPL-3.0-or-later
// The built program, run as a person runs it, and what it left.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/temporary_folder.hpp"

namespace acceptance {

struct Outcome {
  int status = -1;  ///< Exit status; 128 + signal where it died of one.
  std::string out, err;
};

/// Runs `meshassay WORDS...` in `folder` (the source folder by default); the saboteur program is in PATH.
[[nodiscard]] Outcome meshassay(const std::vector<std::string>& words,
                                const std::filesystem::path& folder = {});

/// A new empty folder, removed with the object.
class Scratch {
 public:
  [[nodiscard]] const std::filesystem::path& path() const { return folder_.path(); }
  /// Of a file in it, as a word for a command line.
  [[nodiscard]] std::string operator/(const std::string& name) const { return (path() / name).string(); }

 private:
  test_support::TemporaryFolder folder_;
};

[[nodiscard]] std::string program();  ///< The built meshassay.
[[nodiscard]] std::filesystem::path source_dir();
[[nodiscard]] std::filesystem::path shared_data();  ///< May not exist.
[[nodiscard]] std::string read_text(const std::filesystem::path& path);
void write_text(const std::filesystem::path& path, const std::string& text);
[[nodiscard]] nlohmann::json read_json(const std::filesystem::path& path);
/// run.json of a run's folder without what may differ between runs: `environment` and every `timing`.
[[nodiscard]] nlohmann::json comparable_record(const std::filesystem::path& run_dir);
/// The first row of a metric in a case of run.json; the test fails where there is none.
[[nodiscard]] nlohmann::json measurement(const nlohmann::json& graded_case, const std::string& metric);
/// "metric" of every check with this verdict, over all cases, sorted, each once.
[[nodiscard]] std::vector<std::string> checks_with(const nlohmann::json& record, const std::string& verdict);

}  // namespace acceptance
