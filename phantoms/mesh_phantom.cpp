// SPDX-License-Identifier: GPL-3.0-or-later
// All mesh phantoms, in the order of the documentation, and how one is made.
#include "phantoms/mesh_phantom.hpp"

#include <algorithm>
#include <array>

#include "core/errors.hpp"
#include "phantoms/meshes/building.hpp"
#include "phantoms/meshes/shapes.hpp"

namespace meshassay::phantoms {

std::span<const NamedExpectation> expectation_names() {
  using Row = ExpectedPredicates;
  static constexpr NamedExpectation names[] = {{"regular", &Row::regular},
                                               {"layer", &Row::layer},
                                               {"non_degenerate", &Row::non_degenerate},
                                               {"closed", &Row::closed},
                                               {"polyhedron", &Row::polyhedron},
                                               {"outer_hull", &Row::outer_hull},
                                               {"solid", &Row::solid},
                                               {"manifold_connected", &Row::manifold_connected},
                                               {"two_manifold", &Row::two_manifold},
                                               {"consistently_oriented", &Row::consistently_oriented},
                                               {"bounds_solid", &Row::bounds_solid},
                                               {"printable", &Row::printable},
                                               {"printable_parts", &Row::printable_parts},
                                               {"strict", &Row::strict}};
  return names;
}

std::span<const MeshPhantomDefinition> mesh_phantom_catalogue() {
  static const std::array catalogue = {good_cube(),
                                       inside_out_cube(),
                                       flipped_triangle(),
                                       duplicates(),
                                       needles_and_caps(),
                                       t_junction(),
                                       collinear_triangle(),
                                       wire(),
                                       isolated_points(),
                                       cube_in_cube(),
                                       nested_parts(),
                                       nested_sheet(),
                                       figure_2(),
                                       voxel_dent(),
                                       cuberille(),
                                       slits(),
                                       overlapping_cubes(),
                                       coplanar_cubes(),
                                       six_slabs(),
                                       boxes(),
                                       two_spheres(),
                                       sphere_grid(),
                                       klein_bottle(),
                                       moebius_strip(),
                                       open_sheet(),
                                       flat_cube(),
                                       pages_of_a_book(),
                                       roof_fold(),
                                       lamp(),
                                       fin_on_box(),
                                       fin_on_ridge(),
                                       sphere_patches(),
                                       random_triangles()};
  return catalogue;
}

const MeshPhantomDefinition* find_mesh_phantom(const std::string& id) {
  const auto all = mesh_phantom_catalogue();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const MeshPhantomDefinition& each) { return each.id == id; });
  return found == all.end() ? nullptr : &*found;
}

MeshPhantom make_mesh_phantom(const MeshPhantomDefinition& definition, const Parameters& given,
                              const std::string& where) {
  Parameters resolved = resolve_parameters(definition.parameters, given, where);
  try {
    auto phantom = definition.make(resolved);
    phantom.id = definition.id;
    phantom.parameters = std::move(resolved);
    for (auto& vertex : phantom.mesh.vertices_mm) vertex = as_float32(vertex);
    phantom.mesh = welded(phantom.mesh);
    return phantom;
  } catch (const InvalidInput& error) {
    // A maker knows what is wrong, but not where it was asked for.
    ErrorText text = error.text();
    text.where = where + ": phantom '" + definition.id + "'";
    throw InvalidInput(text);
  }
}

}  // namespace meshassay::phantoms
