// SPDX-License-Identifier: GPL-3.0-or-later
// Images in one file: NRRD, NIfTI, MetaImage. The format follows the extension, in capital or small letters;
// NIfTI's not in both at once.
#pragma once

#include <filesystem>

#include "core/ct_volume.hpp"
#include "core/label_map.hpp"

namespace meshassay::io {

/// .nrrd, .nhdr, .nii, .nii.gz, .mha or .mhd, in capital letters too.
[[nodiscard]] bool has_image_extension(const std::filesystem::path& path);

/// \throw InvalidInput for what is not there, truncated, not 3D, or has no usable geometry (zero spacing,
/// sheared axes);
///   UnsupportedFormat for an extension that we do not read.
[[nodiscard]] CtVolume read_ct_file(const std::filesystem::path& path);
/// \throw InvalidInput as above, and where a value is negative, not an integer or above 65535.
[[nodiscard]] LabelMap read_label_map(const std::filesystem::path& path);

/// HU as float32, or as int16 where every value is an integer that fits. Same volume, same bytes.
void write_ct_file(const CtVolume& volume, const std::filesystem::path& path);
void write_label_map(const LabelMap& mask, const std::filesystem::path& path);

}  // namespace meshassay::io
