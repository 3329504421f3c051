// SPDX-License-Identifier: GPL-3.0-or-later
// Which program this is: version, commit, binary and libraries; and on which machine it runs.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "core/run_record.hpp"

namespace meshassay::harness {

[[nodiscard]] const ToolIdentity& tool_identity();
/// For --version.
[[nodiscard]] std::string version_text();
/// The file of this program.
[[nodiscard]] std::filesystem::path own_executable();
/// Host, kernel, processor, user, time: what may differ between two runs.
[[nodiscard]] std::map<std::string, std::string> describe_environment();

}  // namespace meshassay::harness
