// SPDX-License-Identifier: GPL-3.0-or-later
// Zip archives: one entry at a time, in pieces, with a limit on what may come out of it.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace meshassay::io {

/// How much an entry may grow when it is unpacked: what a mesh as XML never reaches, and a bomb does.
struct UnpackingLimits {
  std::uint64_t free_bytes = std::uint64_t{16} << 20;  ///< Always allowed.
  std::uint64_t ratio = 200;                           ///< Beyond that, so many times the packed size.
  std::uint64_t most_bytes = std::uint64_t{8} << 30;
};

/// Calls `take` with the entry's bytes in order, some at a time.
/// \throw InvalidInput where the file is no zip archive, has no such entry (names are compared without regard
/// to case, a leading slash left out), the entry is encrypted or damaged, or it passes the limits.
void unpack(const std::filesystem::path& archive, const std::string& entry,
            const std::function<void(std::string_view)>& take, const UnpackingLimits& limits = {});

struct ZipEntry {
  std::string name;
  std::string bytes;
};
/// Deflated, dated 1980-01-01: same entries, same bytes. \throw MachineError
void write_zip(const std::filesystem::path& archive, const std::vector<ZipEntry>& entries);

}  // namespace meshassay::io
