// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a file holds as many bytes as its header promises. Libraries read cut-off NIfTI and MetaImage files
// without a word, and take memory for what a header claims before they look at the data.
#pragma once

#include <cstdint>
#include <filesystem>

namespace meshassay::io {

/// \param data_bytes  of all voxels, as the header of `path` describes them.
/// \throw InvalidInput where the data cannot be there, is cut off, or its compression is damaged;
///   UnsupportedFormat where it is spread over several files.
void check_image_data_size(const std::filesystem::path& path, std::uint64_t data_bytes);

}  // namespace meshassay::io
