// SPDX-License-Identifier: GPL-3.0-or-later
// run.json: the canonical output ("schema": "meshassay/run/1"); everything else is a rendering of it.
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "core/run_record.hpp"

namespace meshassay::reports {

[[nodiscard]] std::string to_json(const RunRecord& record);  ///< Indented, with a final newline.
[[nodiscard]] RunRecord run_record_from_json(const std::string& json, const std::string& where);
[[nodiscard]] RunRecord read_run_record(
    const std::filesystem::path& path);  ///< run.json, or the folder that holds it.

[[nodiscard]] std::string case_to_json_line(const CaseResult& result);  ///< One line, for the journal.
[[nodiscard]] CaseResult case_from_json_line(const std::string& line, const std::string& where);

/// `{"metric": ..., "value": ..., ...}` as an array, for `measure --json` and `inspect --json`.
[[nodiscard]] std::string measurements_to_json(std::span<const Measurement> measurements);

/// The published JSON Schema of run.json.
[[nodiscard]] const std::string& run_schema();

}  // namespace meshassay::reports
