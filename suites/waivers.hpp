// SPDX-License-Identifier: GPL-3.0-or-later
// Waiver files: failures that are expected, by whom and why.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "core/run_record.hpp"

namespace meshassay::suites {

/// `[[waiver]] case = "glob", metric = "glob", reason = "...", approved_by = "..."`. \throw InvalidInput
[[nodiscard]] std::vector<AppliedWaiver> read_waivers(const std::filesystem::path& path);
/// Marks the checks that a waiver names and counts its uses. The raw verdict stays.
void apply_waivers(std::span<AppliedWaiver> waivers, std::span<CaseResult> cases);

}  // namespace meshassay::suites
