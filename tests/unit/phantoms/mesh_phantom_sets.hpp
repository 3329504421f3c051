// SPDX-License-Identifier: GPL-3.0-or-later
// The mesh phantoms under test.
#pragma once

#include <string>
#include <vector>

#include "phantoms/mesh_phantom.hpp"

namespace meshassay::phantoms {

struct NamedMesh {
  std::string name, id;
  Parameters parameters;

  [[nodiscard]] MeshPhantom make() const {
    return make_mesh_phantom(*find_mesh_phantom(id), parameters, "test");
  }
};

/// Each phantom as it is by default, and the parameter sets that change its row.
inline std::vector<NamedMesh> meshes_under_test() {
  std::vector<NamedMesh> all;
  for (const auto& definition : mesh_phantom_catalogue())
    all.push_back({definition.id + "_default", definition.id, {}});
  const auto add = [&](const std::string& name, const std::string& id, const Parameters& parameters) {
    all.push_back({name, id, parameters});
  };
  const auto word = [](const char* text) { return std::string(text); };
  add("duplicates_one_reversed", "duplicates", {{"order", word("reversed")}});
  add("duplicates_all_same", "duplicates", {{"which", word("all")}});
  add("duplicates_all_reversed", "duplicates", {{"which", word("all")}, {"order", word("reversed")}});
  add("nested_parts_of_five", "nested_parts", {{"levels", 5.0}});
  for (const char* kind : {"b", "c", "d"}) add("figure_2_" + word(kind), "figure_2", {{"kind", word(kind)}});
  for (const double seed : {2.0, 3.0, 4.0})
    add("cuberille_seed_" + std::to_string(static_cast<int>(seed)), "cuberille",
        {{"seed", seed}, {"size", 12.0}});
  add("slit_notch", "slit", {{"kind", word("notch")}});
  add("cubes_far", "overlapping_cubes", {{"offset_mm", 1e6}});
  add("cubes_tiny", "overlapping_cubes", {{"edge_mm", 1e-6}});
  add("few_boxes", "boxes", {{"count", 4.0}, {"seed", 7.0}});
  add("forty_boxes", "boxes", {{"count", 40.0}, {"seed", 2.0}});
  add("two_spheres_inverted", "two_spheres", {{"inverted", true}});
  add("eight_spheres", "sphere_grid", {{"per_axis", 2.0}});
  add("coarse_bottle", "klein_bottle", {{"around", 24.0}});
  add("flat_cube_crossed", "flat_cube", {{"diagonals", word("crossed")}});
  add("book_of_four_pages", "pages_of_a_book", {{"pages", 4.0}});
  add("sharp_fold", "roof_fold", {{"angle_deg", 5.0}});
  add("fin_not_conforming", "fin_on_box", {{"conforming", false}});
  add("patches_of_nine", "sphere_patches", {{"border_edges", 9.0}});
  add("a_hundred_triangles", "random_triangles", {{"count", 100.0}});
  add("short_triangles", "random_triangles", {{"count", 2000.0}, {"edge_fraction", 0.1}});
  add("one_triangle", "random_triangles", {{"count", 1.0}});
  return all;
}

}  // namespace meshassay::phantoms
