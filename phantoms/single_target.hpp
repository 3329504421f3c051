// SPDX-License-Identifier: GPL-3.0-or-later
// What the shapes with one material share: where they stand, their materials, and how errors name them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "phantoms/phantom.hpp"

namespace meshassay::phantoms {

/// The centre of every phantom's bounds. Not the origin: a frame that is taken for another (RAS for LPS, a
/// mirrored axis) then moves the phantom, even a sphere, and no measurement can miss it.
[[nodiscard]] inline Point3 placement_mm() { return {12.0, -30.0, 45.0}; }

/// The parameters of a shape followed by those of its material: hu, background_hu.
[[nodiscard]] std::vector<ParameterDefinition> with_materials(std::vector<ParameterDefinition> of_shape);

/// \pre `resolved` holds what with_materials() adds. The target gets label 1 and the name "object".
[[nodiscard]] Phantom single_target_phantom(const std::string& id, const Parameters& resolved,
                                            TargetTruth truth);

/// A list of lengths that a shape is made of. \throw InvalidInput unless it has 1 to `most` of them.
[[nodiscard]] const std::vector<double>& lengths(const Parameters& resolved, const std::string& name,
                                                 std::size_t most);

/// One name a length, "plate_1.5"; the second of equal ones is "plate_1.5_b", then "_c" and so on.
[[nodiscard]] std::vector<std::string> feature_names(const std::string& prefix,
                                                     const std::vector<double>& lengths_mm);

}  // namespace meshassay::phantoms
