// SPDX-License-Identifier: GPL-3.0-or-later
// A Moebius strip: embedded, one-sided, with one border. Each point is seen from both sides (which are one):
// all is sheet. Its thickened neighbourhood is a solid ring: one part, one handle.
#include <cmath>
#include <numbers>

#include "phantoms/meshes/building.hpp"
#include "phantoms/meshes/shapes.hpp"

namespace meshassay::phantoms {
namespace {

MeshPhantom make(const Parameters& resolved) {
  const auto along = static_cast<std::uint32_t>(number(resolved, "along"));
  constexpr std::uint32_t across = 4;  // Squares; across + 1 points.
  constexpr double radius_mm = 40.0, width_mm = 20.0;
  MeshPhantom phantom;
  for (std::uint32_t i = 0; i < along; ++i)
    for (std::uint32_t j = 0; j <= across; ++j) {
      const double turn = 2.0 * std::numbers::pi * i / along;
      const double s_mm = width_mm * (static_cast<double>(j) / across - 0.5);
      const double r_mm = radius_mm + s_mm * std::cos(0.5 * turn);
      phantom.mesh.vertices_mm.emplace_back(r_mm * std::cos(turn), r_mm * std::sin(turn),
                                            s_mm * std::sin(0.5 * turn));
    }
  // After one turn the strip is upside down: s has become -s.
  const auto vertex = [&](std::uint32_t i, std::uint32_t j) {
    return i == along ? across - j : i * (across + 1) + j;
  };
  for (std::uint32_t i = 0; i < along; ++i)
    for (std::uint32_t j = 0; j < across; ++j)
      add_quad(phantom.mesh, {vertex(i, j), vertex(i + 1, j), vertex(i + 1, j + 1), vertex(i, j + 1)});
  phantom.expected = open_sheets();
  phantom.expected.consistently_oriented = false;  // Somewhere along the way two neighbours disagree.
  phantom.counts = no_defects(1);
  phantom.counts.boundary_edges = 2 * along;
  phantom.counts.boundary_loops = 1;
  phantom.repair = {.score = 4, .sheets = true, .parts = 1, .handles = 1, .cavities = 0};
  return phantom;
}

}  // namespace

MeshPhantomDefinition moebius_strip() {
  return {.id = "moebius_strip",
          .asks = "Does a sheet with one side only become a wall?",
          .parameters = {{.name = "along",
                          .default_value = 60.0,
                          .description = "squares along the strip, four across",
                          .min = 24.0,
                          .max = 10000.0}},
          .make = make};
}

}  // namespace meshassay::phantoms
