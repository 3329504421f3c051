// SPDX-License-Identifier: GPL-3.0-or-later
// A solid that is its mesh: what a person's STL file bounds, or a shape that no formula gives.
#pragma once

#include "phantoms/phantom.hpp"
#include "phantoms/solids/solid.hpp"

namespace meshassay::phantoms {

/// The mesh is the exact surface: distance by nearest point and pseudonormals, volume and area as sums over
/// triangles. Queries cost a few microseconds each.
/// \pre No two triangles cross: no check is made.
/// \throw InvalidInput unless the mesh is closed, two-manifold, consistently oriented and outward.
[[nodiscard]] Solid mesh_solid(const TriangleMesh& mesh);

/// The parameters of a phantom from a mesh: those that all have.
[[nodiscard]] std::vector<ParameterDefinition> mesh_solid_parameters();
/// The mesh as a phantom, where it stands in LPS mm; `turn_deg` is about the middle of its bounds. Betti
/// numbers by the mesh's shells and Euler's formula.
[[nodiscard]] Phantom phantom_of_mesh(const std::string& id, const TriangleMesh& mesh,
                                      const Parameters& given, const std::string& where);

/// Of the solid that a closed, two-manifold, outward mesh bounds: a shell of positive volume is a part, one
/// of negative volume a cavity, and a shell of V vertices and F triangles has 1 - (V - F/2)/2 handles.
[[nodiscard]] BettiNumbers betti_of_mesh(const TriangleMesh& mesh);

}  // namespace meshassay::phantoms
