// SPDX-License-Identifier: GPL-3.0-or-later
// Suite files: cases and checks as data. Read completely, and refused completely, before anything runs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "core/check_result.hpp"
#include "core/parameters.hpp"
#include "suites/requirements.hpp"

namespace meshassay::suites {

/// A number with the unit that the file gave it: mm mm2 mm3 deg HU 1 % in_plane slice.
struct Quantity {
  double value = 0.0;
  std::string unit;
};

struct CheckDefinition {
  std::string metric;  ///< "deviation.rms", "boundary.nsd@1mm".
  std::string stage;   ///< Empty: the metric's default.
  std::optional<Quantity> min, max;
  std::optional<MeasuredValue> equals;
  std::string as_written;  ///< "max 0.3 in_plane"
  std::vector<std::string> requirements;
  std::string rationale, approved_by;
};

struct SuiteCase {
  std::string id;  ///< "sphere/radius_mm=5/spacing_mm=0.5x0.5x2"
  std::string phantom;
  Parameters phantom_parameters;  ///< As given, checked; defaults not filled in.
  Parameters scan_parameters;
  std::string task = "model";
  std::string expect = "done";         ///< done | refused | warned
  std::set<std::string> derived_runs;  ///< Plans of runs beside the case's own (suites/derived_runs.hpp).
  std::vector<CheckDefinition> checks;
};

struct Suite {
  std::string id, version, intended_use;
  std::string now;  ///< What systems are told as the time, ISO 8601.
  std::uint64_t seed = 0;
  int repeat = 1;                ///< Runs of each case's system.
  std::vector<SuiteCase> cases;  ///< Expanded, in file order.
  std::vector<std::filesystem::path>
      systems;  ///< Of a study: graded one after another. Empty: the caller's choice.
  std::filesystem::path file;
  std::string sha256;
};

/// \throw InvalidInput with file, line, expected, got and mend: unknown keys, phantoms, parameters, metrics,
/// requirements; a limit
///   without a unit; `max` alone on a signed metric; a duplicate case id; no case; a case without a check.
[[nodiscard]] Suite read_suite(const std::filesystem::path& path);
/// The same with a catalogue of one's own: the default's rows and those of extra files.
[[nodiscard]] Suite read_suite(const std::filesystem::path& path, std::span<const Requirement> requirements);

}  // namespace meshassay::suites
