// SPDX-License-Identifier: GPL-3.0-or-later
// What ITK's readers do not look at. They read cut-off NIfTI and MetaImage files without a word, take memory
// for what a header claims before they look at the data, mirror NRRD files in left-anterior-superior space,
// take voxels from any file on the machine that a header names, and end the program on long lines.
#pragma once

#include <cstdint>
#include <filesystem>

namespace meshassay::io {

/// To be called before a library sees the file.
/// \throw InvalidInput where a line or the path is longer than the library bears, where the header's
///   dimensions are none, or where it names a data file outside its own folder.
void check_header_text(const std::filesystem::path& path);

/// As the library describes them that has read the header.
struct VoxelData {
  std::uint64_t count = 0;
  std::uint64_t bytes_each = 0;
  [[nodiscard]] std::uint64_t bytes() const { return count * bytes_each; }
};

/// \throw InvalidInput where the voxels cannot be there, are cut off, or their compression is damaged;
///   UnsupportedFormat where they are spread over several files, or in a space that is not read rightly.
void check_image_data(const std::filesystem::path& path, const VoxelData& voxels);

}  // namespace meshassay::io
