// SPDX-License-Identifier: GPL-3.0-or-later
// How good a repair is, 1 to 5: the protocol of Table 1 of Attene 2018, made computable. Exact predicates say
// what is printable, rigorous enclosures how far the surfaces are from each other.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "core/triangle_mesh.hpp"
#include "metrics/enclosed.hpp"

namespace meshassay::exact {
struct SortedComplex;
}

namespace meshassay::metrics {

struct Certificate;
struct MetricFamily;

struct RepairScoreOptions {
  double min_thickness_mm = 0.4;  ///< The wall that sheets and wires were to get: epsilon.
  std::size_t max_bisections =
      400'000;  ///< Of each distance; where they do not do, it decides against the repair.
};

/// With H the outer hull of the input (cut exactly) and the input's wires that stick out of it, F the sheets
/// and wires among H, R the repaired mesh; "near F" is within sqrt(2) epsilon + tolerance.
struct RepairScore {
  /// 5 exact, 4 as exact as possible, 3 distorted, 2 incomplete, 1 failure.
  int score = 1;
  std::string reason;  ///< What kept it from the next better one; empty for 5.

  double tolerance_mm = 0.0;  ///< 1e-5 of the input's diagonal, or 4 float32 ulp of its largest coordinate.
  bool printable_parts = false;      ///< Of R. Where it is not, nothing below is measured.
  bool has_sheets_or_wires = false;  ///< Whether F is not empty.
  bool input_is_empty = false;       ///< Whether H is: nothing but points was given.
  /// Largest distance from H to R. Distances are absent where R has no triangle with an area, or H is empty.
  std::optional<Enclosed> input_to_repaired_mm;
  std::optional<Enclosed> repaired_to_input_mm;  ///< Largest distance from R to H.
  std::optional<Enclosed> solid_to_repaired_mm;  ///< From what of H is not near F to R.
  std::optional<Enclosed> away_to_input_mm;      ///< From what of R is not near F to H.
  /// Least diameter of a ball in R about the middle of a triangle of F or of a wire (its centre may lie up to
  /// half of epsilon beside it); absent where F is empty. Sampled: at most 500 places.
  std::optional<double> wall_at_sheets_mm;
  std::uint32_t parts_expected = 0, parts = 0;  ///< Manifold-connected parts of the solid of H, and of R.
  std::int64_t euler_expected = 0, euler = 0;   ///< Vertices - edges + triangles of the solid of H, and of R.
  double volume_expected_mm3 = 0.0, volume_mm3 = 0.0;  ///< Enclosed.
};

/// What need not be worked out again of the two meshes; nothing where it is null.
struct KnownOfRepair {
  const exact::SortedComplex* input = nullptr;  ///< arrange() and outer_hull() of the input.
  /// certify() of the repaired mesh, kept by the caller; called once, while distances are measured.
  std::function<const Certificate&()> certify = {};
};

/// \throw InvalidInput where the input has no triangle, a coordinate is not finite, or epsilon is not
/// positive. \note An empty repaired mesh is a failure, not an error.
[[nodiscard]] RepairScore repair_score(const TriangleMesh& input, const TriangleMesh& repaired,
                                       const RepairScoreOptions& options = {},
                                       const KnownOfRepair& known = {});

/// `repair.*`, of a task that is given a mesh, with the least wall that such a task names.
[[nodiscard]] const MetricFamily& repair_score_family();

}  // namespace meshassay::metrics
