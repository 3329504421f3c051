// SPDX-License-Identifier: GPL-3.0-or-later
// Single files as trials, so that every metric that applies finds them without a switch.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/measurement.hpp"
#include "core/trial.hpp"

namespace meshassay::harness {

enum class FileKind { mask, surface };
/// By the extension. \throw UnsupportedFormat
[[nodiscard]] FileKind kind_of(const std::filesystem::path& path);

/// REFERENCE as the truth, TEST as what came back. Two masks: with `label`, that label alone; else every
/// label that occurs in either. Two surfaces, or a surface and a mask: as surfaces, where a mask stands for
/// the boundary of its only label, or of `label`. \throw InvalidInput
[[nodiscard]] Trial trial_of_pair(const std::filesystem::path& reference, const std::filesystem::path& test,
                                  std::optional<std::uint16_t> label);
/// A mesh by itself: no truth.
[[nodiscard]] Trial trial_of_mesh(const std::filesystem::path& mesh);

/// One line a measurement, for people.
[[nodiscard]] std::string format_measurements(const std::vector<Measurement>& measurements);

}  // namespace meshassay::harness
