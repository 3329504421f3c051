// SPDX-License-Identifier: GPL-3.0-or-later
// Pairs of masks with known distances, for programs that compare masks: each asks about one of the ways in
// which such programs disagree.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/parameters.hpp"
#include "core/shared_mask.hpp"

namespace meshassay::phantoms {

/// Of the two shapes, in closed form; absent: not asked.
struct KnownComparison {
  bool has_distance = true;  ///< False where one of the shapes is empty: a distance to nothing is no number.
  std::optional<double> dice;
  std::optional<double> hd_mm;    ///< Hausdorff distance of the boundaries.
  std::optional<double> hd95_mm;  ///< The larger of the two directed 95th percentiles by area.
  std::optional<double> masd_mm;  ///< Mean of the two directed means.
  static constexpr double nsd_tolerance_mm = 1.0;
  std::optional<double> nsd;  ///< Share of both boundaries' area that is within the tolerance of the other.
};

/// A voxel is labelled where its centre is inside. Grids may differ.
struct MaskPair {
  std::string id;
  Parameters parameters;  ///< Resolved.
  SharedMask reference, test;
  std::uint16_t label = 1;  ///< The one that is compared; the masks may hold others.
  KnownComparison known;
};

/// One row of the catalogue.
struct MaskPairDefinition {
  std::string id;
  std::string asks;  ///< The question, one sentence.
  std::vector<ParameterDefinition> parameters;
  MaskPair (*make)(const Parameters& resolved);
};

/// All pairs, in the order of docs/phantoms/mask_pairs.md. No name is that of another phantom.
[[nodiscard]] std::span<const MaskPairDefinition> mask_pair_catalogue();
/// \throw InvalidInput with the nearest known name.
[[nodiscard]] const MaskPairDefinition& find_mask_pair(const std::string& id, const std::string& where);
/// \throw InvalidInput for unknown or impossible parameters.
[[nodiscard]] MaskPair make_mask_pair(const MaskPairDefinition& definition, const Parameters& given,
                                      const std::string& where);

}  // namespace meshassay::phantoms
