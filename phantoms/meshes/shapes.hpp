// SPDX-License-Identifier: GPL-3.0-or-later
// The makers of the mesh phantoms, by the file that they are in.
#pragma once

#include "phantoms/mesh_phantom.hpp"

namespace meshassay::phantoms {

/// @name orientation.cpp
[[nodiscard]] MeshPhantomDefinition good_cube();
[[nodiscard]] MeshPhantomDefinition inside_out_cube();
[[nodiscard]] MeshPhantomDefinition flipped_triangle();

/// @name duplicates.cpp
[[nodiscard]] MeshPhantomDefinition duplicates();

/// @name degenerate.cpp
[[nodiscard]] MeshPhantomDefinition needles_and_caps();
[[nodiscard]] MeshPhantomDefinition t_junction();
[[nodiscard]] MeshPhantomDefinition collinear_triangle();
[[nodiscard]] MeshPhantomDefinition wire();
[[nodiscard]] MeshPhantomDefinition isolated_points();

/// @name nested.cpp
[[nodiscard]] MeshPhantomDefinition cube_in_cube();
[[nodiscard]] MeshPhantomDefinition nested_parts();
[[nodiscard]] MeshPhantomDefinition nested_sheet();

/// @name pinched.cpp
[[nodiscard]] MeshPhantomDefinition figure_2();

/// @name voxel_surfaces.cpp
[[nodiscard]] MeshPhantomDefinition voxel_dent();
[[nodiscard]] MeshPhantomDefinition cuberille();

/// @name slits.cpp
[[nodiscard]] MeshPhantomDefinition slits();

/// @name box_solids.cpp
[[nodiscard]] MeshPhantomDefinition overlapping_cubes();
[[nodiscard]] MeshPhantomDefinition coplanar_cubes();
[[nodiscard]] MeshPhantomDefinition six_slabs();
[[nodiscard]] MeshPhantomDefinition boxes();

/// @name spheres.cpp
[[nodiscard]] MeshPhantomDefinition two_spheres();
[[nodiscard]] MeshPhantomDefinition sphere_grid();

/// @name klein_bottle.cpp
[[nodiscard]] MeshPhantomDefinition klein_bottle();

/// @name moebius_strip.cpp
[[nodiscard]] MeshPhantomDefinition moebius_strip();

/// @name sheets.cpp
[[nodiscard]] MeshPhantomDefinition open_sheet();
[[nodiscard]] MeshPhantomDefinition flat_cube();
[[nodiscard]] MeshPhantomDefinition pages_of_a_book();
[[nodiscard]] MeshPhantomDefinition roof_fold();
[[nodiscard]] MeshPhantomDefinition lamp();

/// @name fins.cpp
[[nodiscard]] MeshPhantomDefinition fin_on_box();
[[nodiscard]] MeshPhantomDefinition fin_on_ridge();

/// @name sphere_patches.cpp
[[nodiscard]] MeshPhantomDefinition sphere_patches();

/// @name random_triangles.cpp
[[nodiscard]] MeshPhantomDefinition random_triangles();

}  // namespace meshassay::phantoms
