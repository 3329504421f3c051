// SPDX-License-Identifier: GPL-3.0-or-later
// What is known exactly about the object that was scanned.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/feature.hpp"
#include "core/implicit_surface.hpp"
#include "core/shared_mask.hpp"
#include "core/triangle_mesh.hpp"

namespace meshassay {

/// A number in closed form, and what is not known of it.
struct KnownValue {
  double value = 0.0;
  double uncertainty = 0.0;  ///< Half-width; 0 for a closed form evaluated in double.
};

/// Betti numbers of the solid: parts, handles (tunnels), cavities.
struct BettiNumbers {
  int components = 1, handles = 0, cavities = 0;
  friend bool operator==(const BettiNumbers&, const BettiNumbers&) = default;
};

/// The truth of one label. Phantoms fill in everything; a reference file that a person gives, what it holds.
struct TargetTruth {
  std::uint16_t label = 1;
  std::string name;  ///< "bone".
  std::optional<ImplicitSurface> implicit;
  std::optional<TriangleMesh> surface;    ///< Closed, outward.
  double surface_chordal_error_mm = 0.0;  ///< Hausdorff distance of `surface` to the exact one, at most.
  std::optional<KnownValue> volume_mm3, area_mm2;
  std::optional<BettiNumbers> betti;
  std::vector<Feature> features;
};

struct Truth {
  std::vector<TargetTruth> targets;  ///< In ascending order of label.
  SharedMask mask;                   ///< All targets, on a grid of its own: voxel centre inside = labelled.
};

}  // namespace meshassay
