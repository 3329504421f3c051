// SPDX-License-Identifier: GPL-3.0-or-later
// A phantom: a shape, its truth in closed form, its materials, and the question that it asks.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/grid.hpp"
#include "core/parameters.hpp"
#include "core/target.hpp"
#include "core/truth.hpp"

namespace meshassay::phantoms {

/// Material of one target; `truth.label` names it.
struct PhantomTarget {
  TargetTruth truth;
  double hu = 1000.0;
};

struct Phantom {
  std::string id;
  Parameters parameters;               ///< Resolved.
  std::vector<PhantomTarget> targets;  ///< Ascending labels; disjoint.
  double background_hu = -1000.0;
};

/// How finely curved surfaces are triangulated; polyhedra are exact and ignore it.
struct TruthOptions {
  double chordal_error_mm = 0.002;
};

/// One row of the catalogue.
struct PhantomDefinition {
  std::string id;
  std::string asks;  ///< The question, one sentence.
  std::vector<ParameterDefinition> parameters;
  Phantom (*make)(const Parameters& resolved, const TruthOptions& options);
};

/// All phantoms, in the order of the documentation.
[[nodiscard]] std::span<const PhantomDefinition> phantom_catalogue();
/// \throw InvalidInput with the nearest known name.
[[nodiscard]] const PhantomDefinition& find_phantom(const std::string& id, const std::string& where);
/// Resolves the parameters (those that every phantom has too: hu, background_hu) and makes it.
[[nodiscard]] Phantom make_phantom(const PhantomDefinition& definition, const Parameters& given,
                                   const std::string& where, const TruthOptions& options = {});

/// The targets as a system is told them: label, name, HU range.
[[nodiscard]] std::vector<Target> targets_of(const Phantom& phantom);
[[nodiscard]] Box3 bounds_mm(const Phantom& phantom);
/// The truth with its mask on `mask_grid`: a voxel is labelled where its centre is inside or on the surface.
[[nodiscard]] Truth truth_of(const Phantom& phantom, const Grid& mask_grid);

}  // namespace meshassay::phantoms
