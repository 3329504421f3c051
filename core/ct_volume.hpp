// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/image.hpp"

namespace meshassay {

/// What the files say about how a CT was acquired. Absent where they say nothing.
struct Acquisition {
  std::string modality;  ///< "CT", or empty where the format has no such thing (NRRD).
  std::string study_uid, series_uid, frame_of_reference_uid;
  std::string series_description, manufacturer, convolution_kernel, image_type;
  std::string patient_position;  ///< "HFS", "FFS", "HFDR" ...: a label; the grid says where the voxels are.
  std::optional<double> kvp;
  std::optional<double> slice_thickness_mm;  ///< As declared; the slice *distance* is the grid's spacing.
  /// How stored numbers become HU (already applied), and the HU that stands for "outside of the field of
  /// view".
  std::optional<double> rescale_slope, rescale_intercept, padding_hu;
  friend bool operator==(const Acquisition&, const Acquisition&) = default;
};

/// A CT in Hounsfield units: slope and intercept are already applied.
struct CtVolume {
  Image<float> hu;
  Acquisition acquisition;
  std::vector<std::string> warnings;  ///< What a reader noticed but could live with.
};

}  // namespace meshassay
