// SPDX-License-Identifier: GPL-3.0-or-later
// The shapes of the catalogue, one file for each family.
#pragma once

#include "phantoms/phantom.hpp"

namespace meshassay::phantoms {

[[nodiscard]] PhantomDefinition sphere();
[[nodiscard]] PhantomDefinition step_wedge();
[[nodiscard]] PhantomDefinition plate_ladder();
[[nodiscard]] PhantomDefinition gyroid();

// balls.cpp
[[nodiscard]] PhantomDefinition sphere_ladder();
[[nodiscard]] PhantomDefinition touching_spheres();
[[nodiscard]] PhantomDefinition sphere_gap_ladder();
[[nodiscard]] PhantomDefinition bearing_balls();
[[nodiscard]] PhantomDefinition hollow_sphere();
[[nodiscard]] PhantomDefinition sphere_in_sphere();
[[nodiscard]] PhantomDefinition ball_in_shell();
[[nodiscard]] PhantomDefinition islands();

// turned_parts.cpp
[[nodiscard]] PhantomDefinition cylinder();
[[nodiscard]] PhantomDefinition tube();
[[nodiscard]] PhantomDefinition cortical_bone();
[[nodiscard]] PhantomDefinition torus();
[[nodiscard]] PhantomDefinition cone();
[[nodiscard]] PhantomDefinition capsule();
[[nodiscard]] PhantomDefinition neck();
[[nodiscard]] PhantomDefinition long_bone();
[[nodiscard]] PhantomDefinition dome();
[[nodiscard]] PhantomDefinition bowl();
[[nodiscard]] PhantomDefinition stepped_shaft();
[[nodiscard]] PhantomDefinition blind_hole();
[[nodiscard]] PhantomDefinition calvarial_defect();

// prisms.cpp
[[nodiscard]] PhantomDefinition annulus();
[[nodiscard]] PhantomDefinition c_shape();
[[nodiscard]] PhantomDefinition genus_plate();
[[nodiscard]] PhantomDefinition hole_ladder();
[[nodiscard]] PhantomDefinition rod_ladder();
[[nodiscard]] PhantomDefinition gap_ladder();
[[nodiscard]] PhantomDefinition line_pairs();
[[nodiscard]] PhantomDefinition staircase_ramps();
[[nodiscard]] PhantomDefinition knife_edge();
[[nodiscard]] PhantomDefinition organs_sharing_a_face();
[[nodiscard]] PhantomDefinition vessel_along_bone();

// blocks.cpp
[[nodiscard]] PhantomDefinition cube();
[[nodiscard]] PhantomDefinition hollow_cube();
[[nodiscard]] PhantomDefinition strut_lattice();
[[nodiscard]] PhantomDefinition chamfered_cube();
[[nodiscard]] PhantomDefinition octahedron();

}  // namespace meshassay::phantoms
