// SPDX-License-Identifier: GPL-3.0-or-later
#include "harness/shipped_files.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/errors.hpp"
#include "core/io/files.hpp"
#include "core/text.hpp"

namespace meshassay::harness {
namespace {

namespace fs = std::filesystem;

bool is_bare_name(const fs::path& given) {
  std::error_code error;
  return !given.empty() && given.filename() == given && given.extension().empty() &&
         !fs::is_regular_file(given, error);
}

}  // namespace

std::vector<fs::path> shipped_files(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(io::find_data_file(folder)))
    if (entry.path().extension() == ".toml") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

fs::path find_shipped(const std::string& given, const ShippedKind& kind) {
  if (!is_bare_name(given)) return io::find_data_file(given);
  std::vector<std::string> known;
  for (const auto& file : shipped_files(kind.folder)) {
    known.push_back(kind.id_of(file));
    if (known.back() == given) return file;
  }
  const std::string nearest = nearest_name(given, known);
  throw InvalidInput(
      {.what = fmt::format("there is no {} of that name", kind.name),
       .where = "command line of 'meshassay run'",
       .expected = fmt::format("a file, or one of {}", join(known, ", ")),
       .got = given,
       .mend = nearest.empty() ? fmt::format("see 'meshassay list {}s', or give the file's path", kind.name)
                               : fmt::format("did you mean '{}'?", nearest)});
}

}  // namespace meshassay::harness
