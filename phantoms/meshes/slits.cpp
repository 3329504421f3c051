// SPDX-License-Identifier: GPL-3.0-or-later
// Gaps of one unit in the last place: what a tolerance would close, and must not. All planes are float32
// numbers, so the gap is there exactly; Attene's definitions know no tolerance.
#include <limits>

#include "core/errors.hpp"
#include "phantoms/meshes/building.hpp"
#include "phantoms/meshes/cell_solid.hpp"
#include "phantoms/meshes/shapes.hpp"

namespace meshassay::phantoms {
namespace {

double next_float(double value) {
  return static_cast<double>(
      std::nextafter(static_cast<float>(value), std::numeric_limits<float>::infinity()));
}

MeshPhantom slit(const Parameters& resolved) {
  constexpr double left_mm = 10.0, top_mm = 20.0, right_mm = 20.0, depth_mm = 10.0;
  const bool through = text(resolved, "kind") == "parts";
  // Two towers with a slit between them, on a floor or not.
  CellSolid solid({std::vector<double>{0.0, left_mm, next_float(left_mm), right_mm},
                   std::vector<double>{0.0, depth_mm}, std::vector<double>{0.0, 5.0, top_mm}});
  for (int k = 0; k < 2; ++k)
    for (int i = 0; i < 3; ++i) solid.set(i, 0, k, i != 1 || (k == 0 && !through));
  MeshPhantom phantom;
  phantom.mesh = solid.surface();
  phantom.expected = nothing_wrong();
  // Apart: two parts without a contact. With a floor: one part without a defect.
  if (through)
    phantom.expected.manifold_connected = phantom.expected.printable = phantom.expected.strict = false;
  const int parts = through ? 2 : 1;
  phantom.counts = no_defects(static_cast<std::size_t>(parts));
  phantom.repair = {
      .score = 5, .parts = parts, .handles = 0, .cavities = 0, .volume_mm3 = KnownValue{solid.volume_mm3()}};
  return phantom;
}

}  // namespace

MeshPhantomDefinition slits() {
  return {.id = "slit",
          .asks = "Does a gap of one unit in the last place of a float stay open?",
          .parameters = {{.name = "kind",
                          .default_value = std::string("parts"),
                          .description = "between two parts, or a notch in one",
                          .choices = {"parts", "notch"}}},
          .make = slit};
}

}  // namespace meshassay::phantoms
