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

// Why nothing can be written to a folder that may yet have to be made; empty where it can be.
std::string obstacle(const fs::path& folder) {
  std::error_code error;
  fs::path there = fs::absolute(folder, error);
  auto status = fs::status(folder, error);
  if (!fs::status_known(status)) return error.message();
  if (there.native().size() > longest_path)
    return "a path of " + std::to_string(there.native().size()) + " bytes, more than " +
           std::to_string(longest_path);
  // What is there already of the path has to be a folder, and writable.
  while (!fs::exists(status) && there.has_relative_path()) {
    there = there.parent_path();
    status = fs::status(there, error);
    if (!fs::status_known(status)) return there.string() + ": " + error.message();
  }
  if (!fs::is_directory(status)) return there.string() + " is a file";
  if (access(there.c_str(), W_OK | X_OK) != 0)
    return there.string() + ": " + std::generic_category().message(errno);
  return "";
}

}  // namespace

void check_output_folder(const fs::path& folder, Existing existing, const std::string& option) {
  const auto refuse_place = [&](const std::string& got) {
    refuse(folder, "the output folder cannot be made", "a folder that you may write to", got, option);
  };
  if (folder.empty()) refuse_place("an empty name");
  std::error_code error;
  if (fs::is_directory(folder, error) && existing == Existing::must_be_empty) {
    const bool empty = fs::is_empty(folder, error);
    if (error) refuse_place(error.message());
    if (!empty)
      refuse(folder, "the output folder is not empty", "a new or empty folder", "one that holds files",
             option);
  }
  if (const auto why = obstacle(folder); !why.empty()) refuse_place(why);
}

void check_output_file(const fs::path& file, const std::string& option) {
  const auto refuse_name = [&](const std::string& expected, const std::string& got) {
    throw InvalidInput({.what = "the file cannot be written",
                        .where = option,
                        .expected = expected,
                        .got = got,
                        .mend = "choose another name"});
  };
  std::error_code error;
  if (fs::is_directory(file, error)) refuse_name("the name of a file", file.string() + ", a folder");
  if (!file.has_filename()) refuse_name("the name of a file", file.empty() ? "an empty name" : file.string());
  const fs::path folder = file.has_parent_path() ? file.parent_path() : ".";
  if (const auto why = obstacle(folder); !why.empty())
    refuse_name("a file in a folder that you may write to", file.string() + " (" + why + ")");
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
