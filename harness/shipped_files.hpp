// SPDX-License-Identifier: GPL-3.0-or-later
// Suites and systems that come with the program, by the names under which they are listed.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace meshassay::harness {

/// TOML files of a data folder ("suites"), by name. \throw InvalidInput where there is no such folder.
[[nodiscard]] std::vector<std::filesystem::path> shipped_files(const std::filesystem::path& folder);

struct ShippedKind {
  std::string name;              ///< "suite".
  std::filesystem::path folder;  ///< "suites".
  std::function<std::string(const std::filesystem::path&)> id_of;
};

/// A file is found as find_data_file() does. A bare name, "quick", that is no file's is that of a shipped
/// one. \throw InvalidInput
[[nodiscard]] std::filesystem::path find_shipped(const std::string& given, const ShippedKind& kind);

}  // namespace meshassay::harness
