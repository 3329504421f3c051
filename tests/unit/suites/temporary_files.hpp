// SPDX-License-Identifier: GPL-3.0-or-later
// A folder of small text files that is gone after the test, and what an error says.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "core/errors.hpp"

namespace meshassay::suites {

class TemporaryFiles {
 public:
  TemporaryFiles() {
    std::string pattern = (std::filesystem::temp_directory_path() / "meshassay-suites-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  ~TemporaryFiles() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  TemporaryFiles(const TemporaryFiles&) = delete;
  TemporaryFiles& operator=(const TemporaryFiles&) = delete;

  std::filesystem::path write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return folder_ / name;
  }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
};

/// The parts of the InvalidInput that `action` throws; fails where it throws none.
template <typename Action>
ErrorText error_of(Action action) {
  try {
    action();
  } catch (const InvalidInput& error) {
    return error.text();
  }
  ADD_FAILURE() << "expected InvalidInput";
  return {};
}

}  // namespace meshassay::suites
