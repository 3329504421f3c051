// SPDX-License-Identifier: GPL-3.0-or-later
// CT series in DICOM files, sorted by position along the slice normal; what does not form one straight,
// evenly spaced stack is refused by name.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/ct_volume.hpp"

namespace meshassay::io {

struct DicomSeriesInfo {
  std::string series_uid, description, modality;
  std::vector<std::filesystem::path> files;  ///< Sorted by name.
};

/// The image series in a folder (or of one file's folder that share its series), files that are no images
/// skipped. \throw InvalidInput where there is none.
[[nodiscard]] std::vector<DicomSeriesInfo> list_dicom_series(const std::filesystem::path& folder_or_file);

struct DicomReadOptions {
  std::string series_uid;  ///< Needed where the folder holds several series.
};

/// Reads one series as HU.
/// \throw InvalidInput with files and mend for: several series and none picked; mixed orientations
/// (localizer); missing slice or
///   gaps that differ by more than 1 %; sheared slices (gantry tilt); duplicate positions; secondary capture
///   by SOP class or MIP/MinIP/PROJECTION in ImageType; not CT; no pixel data or geometry; truncated files.
[[nodiscard]] CtVolume read_dicom_series(const std::filesystem::path& folder_or_file,
                                         const DicomReadOptions& options = {});

struct DicomWriteOptions {
  std::uint64_t uid_seed = 0;  ///< UIDs derive from it: same seed, same bytes.
  std::string date;  ///< YYYYMMDD, of study, series and acquisition; empty: derived from the seed too.
  std::string description = "MeshAssay phantom";
  bool blind = false;  ///< Names, identifiers and descriptions say nothing of who made it or what it shows.
  double slice_thickness_mm = 0.0;  ///< Declared; 0: the acquisition's, else the slice distance.
};

/// Writes one CT Image Storage file a slice ("slice-0001.dcm" ...), signed 16 bit, with the acquisition's
/// slope and intercept (1 and 0 where it has none), thickness and padding. The slices of a left-handed grid
/// run against the normal of their rows and columns: each file says where it lies, and a reader that sorts
/// them gets a right-handed grid of the same voxels. \throw InvalidInput where a value is not slope times an
/// integer in [-32768, 32767] plus the intercept.
void write_dicom_series(const CtVolume& volume, const std::filesystem::path& folder,
                        const DicomWriteOptions& options = {});

/// A CT of any kind that we read: a DICOM folder or file, NRRD, NIfTI, MetaImage.
[[nodiscard]] CtVolume read_ct(const std::filesystem::path& path, const DicomReadOptions& options = {});

}  // namespace meshassay::io
