// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of what was measured.
#pragma once

#include <string>
#include <vector>

#include "core/measurement.hpp"
#include "core/trial.hpp"

namespace meshassay::harness {

/// Sections (SVG) of the truth and of what came back, at the place of the largest deviation where
/// `measurements` tell of one, else through the middle of the truth. A mask stands in, by its boundary, for a
/// surface that is not there.
[[nodiscard]] std::string picture_of(const Trial& trial, const std::vector<Measurement>& measurements,
                                     const std::string& title);

}  // namespace meshassay::harness
