// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mesh_check.hpp"

#include <fmt/format.h>

#include <utility>

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
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t)
    for (const auto vertex : mesh.triangles[t]) {
      if (vertex >= mesh.vertices_mm.size())
        refuse(fmt::format("corners among {} vertices", mesh.vertices_mm.size()),
               fmt::format("vertex {} in triangle {}", vertex, t));
      if (!mesh.vertices_mm[vertex].allFinite())
        refuse("finite coordinates", fmt::format("not finite in triangle {}", t));
    }
}

}  // namespace meshassay
