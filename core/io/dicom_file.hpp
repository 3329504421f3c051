// SPDX-License-Identifier: GPL-3.0-or-later
// One DICOM file as plain values: what its header says, and its voxels. Judging is dicom_series.cpp's work.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace meshassay::io {

struct DicomHeader {
  std::filesystem::path file;
  std::string sop_class_uid, transfer_syntax_uid, study_uid, series_uid, frame_of_reference_uid;
  std::string modality, series_description, manufacturer, convolution_kernel, photometric, rescale_type;
  std::vector<std::string> image_type;
  bool has_pixel_data = false, is_lossy = false, is_signed = false;
  bool is_compressed = false;  ///< The voxels, or the whole file.
  std::uint64_t file_bytes = 0;
  int rows = 0, columns = 0, samples_per_pixel = 1, frames = 1;
  int bits_allocated = 0, bits_stored = 0, high_bit = 0;
  /// Empty where the file does not have them, or not as numbers.
  std::vector<double> position_mm, orientation, pixel_spacing_mm;
  std::optional<double> slope, intercept, kvp, slice_thickness_mm, gantry_tilt_deg;
};

/// Nothing for a file that is not DICOM. \throw InvalidInput for one that is, and is cut off or damaged.
[[nodiscard]] std::optional<DicomHeader> read_dicom_header(const std::filesystem::path& file);

/// Slope and intercept applied. \param hu  rows x columns of them, columns fastest.
/// \throw InvalidInput for voxels that are cut off or damaged; UnsupportedFormat for a compression that is
/// not read.
void read_dicom_hu(const DicomHeader& header, std::span<float> hu);

}  // namespace meshassay::io
