// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of a case's measurements alone, beside the sections through its surfaces.
#pragma once

#include <string>
#include <vector>

#include "core/measurement.hpp"

namespace meshassay::harness {

struct MeasurementPicture {
  const char* file;  ///< In the folder of the case.
  /// SVG; empty where nothing of the kind was measured.
  std::string (*make)(const std::vector<Measurement>&);
};

/// All of them, in the order in which they stand in a record.
[[nodiscard]] const std::vector<MeasurementPicture>& measurement_pictures();

/// The error budget as bars, a panel of the bias and one of the root mean square for each target.
[[nodiscard]] std::string budget_picture_of(const std::vector<Measurement>& measurements);
/// What was measured on each of the repeated runs, ascending, and beneath it by how much two of them may
/// differ: a panel for each quantity and target.
[[nodiscard]] std::string repeatability_picture_of(const std::vector<Measurement>& measurements);

}  // namespace meshassay::harness
