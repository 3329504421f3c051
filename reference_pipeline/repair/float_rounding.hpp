// SPDX-License-Identifier: GPL-3.0-or-later
// Step 7 of the repair: coordinates that the printed format can hold. Rounding brings new intersections, so
// it is cut, sorted and rounded again until nothing is left to cut.
#pragma once

#include <functional>
#include <limits>
#include <optional>
#include <string>

#include "reference_pipeline/repair/solid.hpp"

namespace meshassay::reference_pipeline::repair {

/// The nearest float32 of each coordinate, as doubles.
[[nodiscard]] Point3 to_float32(const Point3& point);

/// How far a repaired surface may lie from the exact one and still count as it (the score's tolerance):
/// 1e-5 of the box's diagonal, or 4 units in the last place of the largest coordinate as float32.
[[nodiscard]] double rounding_tolerance_mm(const Box3& box);

/// Merges equal vertices; drops triangles with two equal corners and pairs of triangles that cancel; where
/// three corners lie on a line, splits the neighbour at the one between, so that nothing is degenerate and no
/// border opens. A closed surface stays closed.
[[nodiscard]] TriangleMesh tidied(const TriangleMesh& mesh);

struct RoundingOptions {
  SortOptions sort;
  int max_rounds = 3;  ///< For each merging distance.
  double max_merge_mm = std::numeric_limits<double>::infinity();
  /// Whether a mesh that came out clean will do; where not, it is gone on.
  std::function<bool(const TriangleMesh&)> accept = [](const TriangleMesh&) { return true; };
};

struct Rounded {
  Sorted sorted;      ///< Of the mesh as rounded: nothing was cut, all of it is solid, oriented outward.
  TriangleMesh mesh;  ///< Coordinates are float32.
  int rounds = 0;     ///< How often it was rounded.
  std::size_t constructed = 0;     ///< Vertices that were not in the input.
  double merge_distance_mm = 0.0;  ///< Constructed vertices closer than this were merged.
  bool accepted = false;
};

/// Vertices of the input that are float32 stay. Those that cutting made are rounded to the nearest float32.
/// Where that does not come out clean within a few rounds of rounding and cutting, constructed vertices that
/// are closer than a distance are merged and triangles lower than half of it removed, the distance growing
/// from 2 units in the last place to a quarter of the tolerance. \return absent where no round came out
/// clean; where none was accepted, the first that did.
[[nodiscard]] std::optional<Rounded> rounded_to_float32(const SolidSurface& surface,
                                                        const RoundingOptions& options);

}  // namespace meshassay::reference_pipeline::repair
