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
#include "metrics/deviation/mask_discretisation.hpp"

namespace meshassay::harness {

enum class FileKind { mask, surface };
/// By the extension. \throw UnsupportedFormat
[[nodiscard]] FileKind kind_of(const std::filesystem::path& path);

struct FilePair {
  Trial trial;
  /// Of a mask that stands for its boundary as a surface: what it leaves open.
  std::optional<metrics::MaskDiscretisation> test, reference;
};
/// REFERENCE as the truth, TEST as what came back. Two masks: with `label`, that label alone; else every
/// label that occurs in either. Two surfaces, or a surface and a mask: as surfaces, where a mask stands for
/// the boundary of its only label, or of `label`. \throw InvalidInput
[[nodiscard]] FilePair read_pair(const std::filesystem::path& reference, const std::filesystem::path& test,
                                 std::optional<std::uint16_t> label);
/// Every metric that applies to the pair and matches the glob.
[[nodiscard]] std::vector<Measurement> measure_pair(const FilePair& pair, const std::string& glob);
/// A mesh by itself: no truth.
[[nodiscard]] Trial trial_of_mesh(const std::filesystem::path& mesh);

/// One line a measurement, for people; beneath them what is to be known of the boundaries of masks: how many
/// parts were measured, and whether the border of the grid may have cut the object.
[[nodiscard]] std::string format_measurements(const std::vector<Measurement>& measurements);

}  // namespace meshassay::harness
