// SPDX-License-Identifier: GPL-3.0-or-later
// What the shapes with one material share: where they stand, their materials, and how errors name them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "phantoms/phantom.hpp"
#include "phantoms/solids/solid.hpp"

namespace meshassay::phantoms {

/// The centre of a phantom's bounds, nearly so where the shape is not symmetric or is turned. Not the origin:
/// a frame that is taken for another (RAS for LPS, a mirrored axis) then moves the phantom, even a sphere,
/// and no measurement can miss it.
[[nodiscard]] inline Point3 placement_mm() { return {12.0, -30.0, 45.0}; }

/// The parameters of a shape followed by those that all have: turn_deg (about placement_mm(), done by
/// make_phantom()), hu, background_hu.
[[nodiscard]] std::vector<ParameterDefinition> with_materials(std::vector<ParameterDefinition> of_shape);

/// \pre `resolved` holds what with_materials() adds. The target gets label 1 and the name "object".
[[nodiscard]] Phantom single_target_phantom(const std::string& id, const Parameters& resolved,
                                            TargetTruth truth);

/// A further material of a shape, by its parameter.
[[nodiscard]] ParameterDefinition material_parameter(const std::string& name, double default_hu,
                                                     const std::string& of);

/// One target of several: its name, the parameter that holds its HU, its truth about the origin.
struct NamedTarget {
  std::string name, hu_parameter;
  TargetTruth truth;
};
/// Labels 1, 2, ... in the order given, moved to placement_mm().
[[nodiscard]] Phantom multi_target_phantom(const std::string& id, const Parameters& resolved,
                                           std::vector<NamedTarget> targets);
/// As single_target_phantom(), from a truth about the origin.
[[nodiscard]] Phantom placed_phantom(const std::string& id, const Parameters& resolved, TargetTruth truth);

/// Targets are told apart by their HU: from the background, and from each other. \throw InvalidInput
void check_contrast(const Phantom& phantom, const std::string& where);

/// \throw InvalidInput unless the parameter is less than `limit_mm`; `because` says what the limit is: "the
/// radius".
void require_less(const Parameters& resolved, const std::string& name, double limit,
                  const std::string& because);

/// A parameter that is a length in mm.
[[nodiscard]] ParameterDefinition length_parameter(const std::string& name, double default_mm,
                                                   const std::string& description, double min_mm,
                                                   double max_mm);
[[nodiscard]] ParameterDefinition lengths_parameter(const std::string& name, std::vector<double> default_mm,
                                                    const std::string& description, double min_mm,
                                                    double max_mm);

/// A feature whose region has its third axis along `axis` (0, 1, 2); `half_extent_mm` is along x, y, z.
[[nodiscard]] Feature feature_along(int axis, const std::string& name, FeatureKind kind, double nominal_mm,
                                    const Point3& center_mm, const Vector3& half_extent_mm);

/// A parameter that counts something. \throw InvalidInput unless it is a whole number.
[[nodiscard]] int whole_number(const Parameters& resolved, const std::string& name);

/// A list of lengths that a shape is made of. \throw InvalidInput unless it has 1 to `most` of them.
[[nodiscard]] const std::vector<double>& lengths(const Parameters& resolved, const std::string& name,
                                                 std::size_t most);

/// One name a length, "plate_1.5"; the second of equal ones is "plate_1.5_b", then "_c" and so on.
[[nodiscard]] std::vector<std::string> feature_names(const std::string& prefix,
                                                     const std::vector<double>& lengths_mm);

}  // namespace meshassay::phantoms
