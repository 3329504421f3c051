// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mesh_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/blocks.hpp"
#include "core/errors.hpp"

namespace meshassay {

void check_corners(const TriangleMesh& mesh) {
  const auto refuse = [](std::string expected, std::string got) {
    throw InvalidInput({.what = "a triangle mesh that cannot be",
                        .where = "mesh",
                        .expected = std::move(expected),
                        .got = std::move(got),
                        .mend = "write the surface again"});
  };
  const auto is_in_mesh = [&](std::uint32_t vertex) { return vertex < mesh.vertices_mm.size(); };
  const auto is_sound = [&](std::uint32_t vertex) {
    return is_in_mesh(vertex) && mesh.vertices_mm[vertex].allFinite();
  };
  const auto t = first_of_blocks(mesh.triangles.size(), [&](std::size_t triangle) {
    const auto& corners = mesh.triangles[triangle];
    return !std::all_of(corners.begin(), corners.end(), is_sound);
  });
  if (!t) return;
  const auto& corners = mesh.triangles[*t];
  const auto vertex = *std::find_if_not(corners.begin(), corners.end(), is_sound);
  if (is_in_mesh(vertex)) refuse("finite coordinates", fmt::format("not finite in triangle {}", *t));
  refuse(fmt::format("corners among {} vertices", mesh.vertices_mm.size()),
         fmt::format("vertex {} in triangle {}", vertex, *t));
}

}  // namespace meshassay
