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

/// \param data_bytes  of all voxels, as the header of `path` describes them.
/// \throw InvalidInput where the data cannot be there, is cut off, or its compression is damaged;
///   UnsupportedFormat where it is spread over several files, or in a space that is not read rightly.
void check_image_data(const std::filesystem::path& path, std::uint64_t data_bytes);

}  // namespace meshassay::io
