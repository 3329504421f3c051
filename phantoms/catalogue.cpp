// SPDX-License-Identifier: GPL-3.0-or-later
// All phantoms, in the order of the documentation, and how one is made by name.
#include <fmt/format.h>

#include <array>
#include <cmath>

#include "core/errors.hpp"
#include "core/text.hpp"
#include "phantoms/phantom.hpp"
#include "phantoms/shapes/shapes.hpp"
#include "phantoms/shapes/single_target.hpp"
#include "phantoms/solids/solid.hpp"

namespace meshassay::phantoms {
namespace {

/// About the point that all phantoms stand at.
void turn(Phantom& phantom, const Vector3& turns_deg) {
  if (turns_deg.isZero(0.0)) return;
  const Matrix3 rotation = rotation_of(turns_deg);
  const Pose pose{rotation, placement_mm() - rotation * placement_mm()};
  for (auto& target : phantom.targets) target.truth = moved(std::move(target.truth), pose);
}

/// The same shape, turned from the start, so that no face or axis of it is parallel to a grid's.
PhantomDefinition oblique(PhantomDefinition definition) {
  definition.id = "oblique_" + definition.id;
  definition.asks = "Oblique to every axis of the grid: " + definition.asks;
  for (auto& parameter : definition.parameters)
    if (parameter.name == "turn_deg") parameter.default_value = std::vector<double>{23.0, 17.0, 31.0};
  return definition;
}

}  // namespace

std::span<const PhantomDefinition> phantom_catalogue() {
  static const std::array catalogue = {
      sphere(),
      step_wedge(),
      plate_ladder(),
      sphere_ladder(),
      touching_spheres(),
      sphere_gap_ladder(),
      bearing_balls(),
      hollow_sphere(),
      sphere_in_sphere(),
      ball_in_shell(),
      islands(),
      cylinder(),
      tube(),
      cortical_bone(),
      torus(),
      cone(),
      capsule(),
      neck(),
      long_bone(),
      dome(),
      bowl(),
      stepped_shaft(),
      blind_hole(),
      calvarial_defect(),
      annulus(),
      c_shape(),
      genus_plate(),
      hole_ladder(),
      rod_ladder(),
      gap_ladder(),
      line_pairs(),
      staircase_ramps(),
      knife_edge(),
      organs_sharing_a_face(),
      vessel_along_bone(),
      cube(),
      hollow_cube(),
      strut_lattice(),
      gyroid(),
      chamfered_cube(),
      octahedron(),
      oblique(cube()),
      oblique(plate_ladder()),
      oblique(rod_ladder()),
      oblique(gap_ladder()),
      oblique(hole_ladder()),
      oblique(line_pairs()),
      oblique(long_bone()),
  };
  return catalogue;
}

const PhantomDefinition& find_phantom(const std::string& id, const std::string& where) {
  std::vector<std::string> known;
  for (const auto& definition : phantom_catalogue()) {
    if (definition.id == id) return definition;
    known.push_back(definition.id);
  }
  const std::string nearest = nearest_name(id, known);
  throw InvalidInput({.what = fmt::format("unknown phantom '{}'", id),
                      .where = where,
                      .expected = "one of " + join(known, ", "),
                      .got = id,
                      .mend = nearest.empty() ? "see: meshassay list phantoms"
                                              : fmt::format("did you mean '{}'?", nearest)});
}

Phantom make_phantom(const PhantomDefinition& definition, const Parameters& given, const std::string& where,
                     const TruthOptions& options) {
  const Parameters resolved = resolve_parameters(definition.parameters, given, where);
  if (!std::isfinite(options.chordal_error_mm) || options.chordal_error_mm <= 0.0)
    throw InvalidInput({.what = "the chordal error of the truth surface cannot be used",
                        .where = where,
                        .expected = "a positive number of mm",
                        .got = fmt::format("{}", options.chordal_error_mm)});
  try {
    Phantom phantom = definition.make(resolved, options);
    phantom.id = definition.id;
    const auto& turns_deg = numbers(resolved, "turn_deg");
    turn(phantom, {turns_deg[0], turns_deg[1], turns_deg[2]});
    check_contrast(phantom, where);
    return phantom;
  } catch (const InvalidInput& error) {
    // A shape knows what is wrong, but not where it was asked for.
    ErrorText text = error.text();
    text.where = fmt::format("{}: phantom '{}'", where, definition.id);
    throw InvalidInput(text);
  }
}

}  // namespace meshassay::phantoms
