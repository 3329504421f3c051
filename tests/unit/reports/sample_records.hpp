// SPDX-License-Identifier: GPL-3.0-or-later
// Run records for the tests of the reports.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/run_record.hpp"

namespace meshassay::reports::samples {

/// Every field is filled in, every enumeration's words and every type of value occur. Not passed: one
/// failure, one inconclusive, one error, one waived failure, one unexpected pass, one check that does not
/// apply.
[[nodiscard]] RunRecord full_record();
/// One case with one check, which passes.
[[nodiscard]] RunRecord passing_record();
/// Three systems on the same suite: smoothing none, moderate, excessive.
[[nodiscard]] std::vector<RunRecord> smoothing_study();
/// Random in every field: numbers of any size, texts of any characters.
[[nodiscard]] RunRecord random_record(std::uint64_t seed);
/// The record with every text that is not a word of an enumeration, and every name of a map, replaced by
/// `text`.
[[nodiscard]] RunRecord with_every_text(const RunRecord& record, const std::string& text);
/// How often `part` occurs in `text`.
[[nodiscard]] int occurrences(const std::string& text, const std::string& part);

}  // namespace meshassay::reports::samples
