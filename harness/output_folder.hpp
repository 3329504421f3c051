// SPDX-License-Identifier: GPL-3.0-or-later
// The folder or file that a command writes to: looked at before any work is done.
#pragma once

#include <filesystem>
#include <string>

namespace meshassay::harness {

enum class Existing { must_be_empty, may_hold_files };

/// \param option  that names the folder: "--out".
/// \throw InvalidInput where the folder cannot be made or written to, or holds files and must not.
void check_output_folder(const std::filesystem::path& folder, Existing existing,
                         const std::string& option = "--out");
/// \param option  that names the file: "--picture".
/// \throw InvalidInput where there is a folder of that name, or its own folder cannot be made or written to.
void check_output_file(const std::filesystem::path& file, const std::string& option);
/// \throw MachineError
void make_output_folder(const std::filesystem::path& folder);

}  // namespace meshassay::harness
