// SPDX-License-Identifier: GPL-3.0-or-later
#include "harness/output_folder.hpp"

#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "core/errors.hpp"

namespace meshassay::harness {
namespace {

namespace fs = std::filesystem;

// Leaves room for a case's folder and file below what the readers of images bear.
constexpr std::size_t longest_path = 300;

[[noreturn]] void refuse(const fs::path& folder, const std::string& what, const std::string& expected,
                         const std::string& got, const std::string& option) {
  throw InvalidInput({.what = what,
                      .where = folder.empty() ? "command line" : folder.string(),
                      .expected = expected,
                      .got = got,
                      .mend = "choose another " + option});
}

}  // namespace

void check_output_folder(const fs::path& folder, Existing existing, const std::string& option) {
  const auto refuse_place = [&](const std::string& got) {
    refuse(folder, "the output folder cannot be made", "a folder that you may write to", got, option);
  };
  if (folder.empty()) refuse_place("an empty name");
  std::error_code error;
  auto status = fs::status(folder, error);
  if (!fs::status_known(status)) refuse_place(error.message());
  if (fs::is_directory(status) && existing == Existing::must_be_empty) {
    const bool empty = fs::is_empty(folder, error);
    if (error) refuse_place(error.message());
    if (!empty)
      refuse(folder, "the output folder is not empty", "a new or empty folder", "one that holds files",
             option);
  }
  // What is there already of the path has to be a folder, and writable.
  fs::path there = fs::absolute(folder, error);
  if (there.native().size() > longest_path)
    refuse_place("a path of " + std::to_string(there.native().size()) + " bytes, more than " +
                 std::to_string(longest_path));
  while (!fs::exists(status) && there.has_relative_path()) {
    there = there.parent_path();
    status = fs::status(there, error);
    if (!fs::status_known(status)) refuse_place(there.string() + ": " + error.message());
  }
  if (!fs::is_directory(status)) refuse_place(there.string() + " is a file");
  if (access(there.c_str(), W_OK | X_OK) != 0)
    refuse_place(there.string() + ": " + std::generic_category().message(errno));
}

void check_output_file(const fs::path& file, const std::string& option) {
  std::error_code error;
  if (!fs::is_directory(file, error)) return;
  throw InvalidInput({.what = "the file cannot be written",
                      .where = option,
                      .expected = "the name of a file",
                      .got = file.string() + ", a folder",
                      .mend = "choose another name"});
}

void make_output_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    throw MachineError({.what = "the output folder cannot be made",
                        .where = folder.string(),
                        .got = error.message(),
                        .mend = "choose a folder that you may write to"});
}

}  // namespace meshassay::harness
