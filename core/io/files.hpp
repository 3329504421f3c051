// SPDX-License-Identifier: GPL-3.0-or-later
// Whole files: read with a limit, written completely or not at all, named by their SHA-256, found where data
// is.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace meshassay::io {

/// \throw InvalidInput where there is no such regular file, or it is larger than `max_bytes`.
[[nodiscard]] std::string read_file(const std::filesystem::path& path,
                                    std::uint64_t max_bytes = std::uint64_t{1} << 32);
/// Writes to a temporary name in the same folder, syncs and renames: never half a file. Creates missing
/// folders. \throw MachineError where the file system refuses.
void write_file(const std::filesystem::path& path, std::string_view bytes);
/// A name in the same folder for writing, which keeps the extension ("mask.nrrd" -> ".mask.<pid>-<n>.nrrd"),
/// for libraries that write files themselves; then publish() it.
[[nodiscard]] std::filesystem::path temporary_name(const std::filesystem::path& path);
/// Syncs `temporary` and renames it to `path`. \throw MachineError
void publish(const std::filesystem::path& temporary, const std::filesystem::path& path);

[[nodiscard]] std::string sha256_of_bytes(std::string_view bytes);  ///< 64 lower-case hexadecimal digits.
[[nodiscard]] std::string sha256_of_file(const std::filesystem::path& path);

/// The path as given; else under $MESHASSAY_DATA; else in the source or installed share folder that the build
/// knows. \throw InvalidInput that names the places that were looked at.
[[nodiscard]] std::filesystem::path find_data_file(const std::filesystem::path& path);

/// `relative` below `folder`, refused where it is absolute or leaves the folder ("..", links). \throw
/// InvalidInput
[[nodiscard]] std::filesystem::path path_inside(const std::filesystem::path& folder,
                                                const std::filesystem::path& relative);

}  // namespace meshassay::io
