// SPDX-License-Identifier: GPL-3.0-or-later
// Every command of the program, one file each.
#pragma once

#include <span>

#include "harness/command_line.hpp"

namespace meshassay::harness {

[[nodiscard]] const CommandDefinition& run_command();
[[nodiscard]] const CommandDefinition& measure_command();
[[nodiscard]] const CommandDefinition& inspect_command();
[[nodiscard]] const CommandDefinition& repair_command();
[[nodiscard]] const CommandDefinition& model_command();
[[nodiscard]] const CommandDefinition& phantom_command();
[[nodiscard]] const CommandDefinition& report_command();
[[nodiscard]] const CommandDefinition& compare_command();
[[nodiscard]] const CommandDefinition& list_command();

/// In the order in which help shows them.
[[nodiscard]] std::span<const CommandDefinition* const> command_catalogue();

}  // namespace meshassay::harness
