// SPDX-License-Identifier: GPL-3.0-or-later
// What ITK's readers do not look at. They read cut-off NIfTI and MetaImage files without a word, take memory
// for what a header claims before they look at the data, and mirror NRRD files in left-anterior-superior
// space.
#pragma once

#include <cstdint>
#include <filesystem>

namespace meshassay::io {

/// \param data_bytes  of all voxels, as the header of `path` describes them.
/// \throw InvalidInput where the data cannot be there, is cut off, or its compression is damaged;
///   UnsupportedFormat where it is spread over several files, or in a space that is not read rightly.
void check_image_header(const std::filesystem::path& path, std::uint64_t data_bytes);

}  // namespace meshassay::io
