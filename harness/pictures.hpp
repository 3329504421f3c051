// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of what was measured.
#pragma once

#include <string>
#include <vector>

#include "core/measurement.hpp"
#include "core/trial.hpp"

namespace meshassay::harness {

/// What stands in a picture's heading and legend.
struct PictureTexts {
  std::string title;
  std::string truth = "truth", measured = "measured";
};

/// Sections (SVG) of the truth (of the mesh that was given, where the task takes one) and of what came back,
/// just inside the place of the largest deviation where `measurements` tell of one, else through the middle
/// of the truth. A mask stands in, by its boundary, for a surface that is not there.
[[nodiscard]] std::string picture_of(const Trial& trial, const std::vector<Measurement>& measurements,
                                     const PictureTexts& texts);

}  // namespace meshassay::harness
