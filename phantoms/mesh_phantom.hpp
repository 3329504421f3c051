// SPDX-License-Identifier: GPL-3.0-or-later
// STL phantoms: meshes with known defects (or none), and what a certificate and a repair must say of them.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/parameters.hpp"
#include "core/triangle_mesh.hpp"
#include "core/truth.hpp"

namespace meshassay::phantoms {

/// What must hold, by the names of the certificate (Attene 2018, Section 3; docs/metrics/printability.md).
/// Absent: the definition says nothing of such a mesh, or no derivation is known; then nothing is asked.
///
/// Irregular triangles are segments or points and take part in `regular` and `non_degenerate` only; of
/// equivalent triangles one is kept for what comes after `layer`. `outer_hull`: every part of every triangle
/// is seen from infinity from at least one side. `solid`: none is seen from both. `manifold_connected`: the
/// solids behind the outer hull are one part; absent where there is no solid.
struct ExpectedPredicates {
  std::optional<bool> regular, layer, non_degenerate, closed, polyhedron, outer_hull, solid,
      manifold_connected;
  std::optional<bool> two_manifold, consistently_oriented;
  std::optional<bool> bounds_solid, printable, printable_parts, strict;
};

/// One of them by name, for generic tests and for files.
struct NamedExpectation {
  const char* name;
  std::optional<bool> ExpectedPredicates::*holds;
};
[[nodiscard]] std::span<const NamedExpectation> expectation_names();

/// Counts of the file as it is; absent: not derived.
struct ExpectedCounts {
  std::optional<std::size_t> irregular;       ///< Triangles with two equal corners.
  std::optional<std::size_t> degenerate;      ///< With all corners on one line, irregular ones included.
  std::optional<std::size_t> duplicates;      ///< With the corners of an earlier one, in any order.
  std::optional<std::size_t> components;      ///< Connected over edges, irregular triangles left out.
  std::optional<std::size_t> boundary_edges;  ///< With one triangle of the layer.
  std::optional<std::size_t> boundary_loops;  ///< Independent cycles of them; open arcs add none.
};

/// What a repair must come to: the outer hull H of the exact arrangement, its sheets and wires F.
struct ExpectedRepair {
  int score = 5;                           ///< 5 where F is empty, else 4 (docs/methods/repair.md).
  bool sheets = false;                     ///< F has sheets.
  bool wires = false;                      ///< F has segments of triangles without area.
  std::optional<int> parts;                ///< Manifold-connected solids.
  std::optional<int> handles;              ///< Of all parts together, contacts taken apart.
  std::optional<int> cavities;             ///< Closed voids within the hull, which the default would fill.
  std::optional<KnownValue> volume_mm3;    ///< Of the hull, cavities filled.
  std::optional<double> min_thickness_mm;  ///< Epsilon that the row was derived for; absent: any small one.
};

/// All coordinates are float32 numbers, so that a binary STL holds the mesh exactly.
struct MeshPhantom {
  std::string id;
  Parameters parameters;  ///< Resolved.
  TriangleMesh mesh;      ///< Welded; defects are as the row says.
  ExpectedPredicates expected;
  ExpectedCounts counts;
  ExpectedRepair repair;
};

/// One row of the catalogue.
struct MeshPhantomDefinition {
  std::string id;
  std::string asks;  ///< The question, one sentence.
  std::vector<ParameterDefinition> parameters;
  MeshPhantom (*make)(const Parameters& resolved);
};

/// All mesh phantoms, in the order of docs/phantoms/meshes.md. No name is that of a phantom with a scan.
[[nodiscard]] std::span<const MeshPhantomDefinition> mesh_phantom_catalogue();
/// Null where there is none of that name.
[[nodiscard]] const MeshPhantomDefinition* find_mesh_phantom(const std::string& id);
/// Resolves the parameters, makes the mesh, rounds it to float32 and welds it.
/// \throw InvalidInput for unknown or impossible parameters.
[[nodiscard]] MeshPhantom make_mesh_phantom(const MeshPhantomDefinition& definition, const Parameters& given,
                                            const std::string& where);

}  // namespace meshassay::phantoms
