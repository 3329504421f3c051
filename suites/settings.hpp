// SPDX-License-Identifier: GPL-3.0-or-later
// Tables of plain settings, `key = value`: those of the reference in a system file, those of a scan in a file
// of its own.
#pragma once

#include <filesystem>

#include "core/parameters.hpp"

namespace meshassay::suites {

struct TomlEntry;
struct TomlNode;

/// \throw InvalidInput for a value that is not true or false, a number, a text or numbers.
[[nodiscard]] ParameterValue setting_of(const TomlEntry& entry);
/// \pre The node is a table. \throw InvalidInput as above.
[[nodiscard]] Parameters settings_of(const TomlNode& table);
/// A file that holds nothing but settings. \throw InvalidInput
[[nodiscard]] Parameters read_settings(const std::filesystem::path& path);

}  // namespace meshassay::suites
