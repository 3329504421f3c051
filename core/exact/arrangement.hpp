// SPDX-License-Identifier: GPL-3.0-or-later
// A triangle soup cut along all its self-intersections, exactly: what is left meets in common vertices and
// common edges only (Attene 2018, Sections 3.3 and 4.1).
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/errors.hpp"
#include "core/exact/self_intersection.hpp"
#include "core/triangle_mesh.hpp"

namespace meshassay::exact {

class ExactPoints;

/// An input triangle without area, as the segment that it covers; `from == to` where it is a point. Vertices
/// of the arrangement.
struct SetAside {
  std::uint32_t source = 0;
  std::uint32_t from = 0, to = 0;
};

/// A triangle of the arrangement that lies in more than one input triangle (equivalent triangles, coplanar
/// overlaps): the others besides Arrangement::source.
struct FurtherSource {
  std::uint32_t triangle = 0;  ///< Of the arrangement.
  std::uint32_t source = 0;    ///< Input triangle.
  bool same_orientation = true;
};

/// A complex whose triangles meet in nothing, a common vertex or a common edge; no two are equivalent, none
/// is degenerate *in exact coordinates*: `vertices_mm` are rounded to the nearest double or its neighbour,
/// which can fold thin triangles over and let vertices coincide. Same input, same complex, whatever the
/// number of threads.
struct Arrangement {
  /// First the welded input's in its order, as they stand; then the constructed ones, rounded.
  std::vector<Point3> vertices_mm;
  std::size_t input_vertices = 0;
  /// Oriented as their source. Those of one input triangle stand together, sources ascending; an input
  /// triangle without intersections is there as it was.
  std::vector<Triangle> triangles;
  std::vector<std::uint32_t> source;           ///< Input triangle (the smallest) of each triangle.
  std::vector<FurtherSource> further_sources;  ///< Ascending by triangle, then source.
  std::vector<SetAside> set_aside;             ///< Degenerate and irregular input triangles, ascending.
  std::shared_ptr<const ExactPoints> exact;    ///< The exact coordinates and the input's planes.
};

/// Thrown where a limit that the caller has set is passed.
class TooManyIntersections : public MachineError {
 public:
  using MachineError::MachineError;
};

struct ArrangementOptions {
  /// Gives up beyond so many intersecting pairs of triangles.
  std::size_t max_pairs = std::numeric_limits<std::size_t>::max();
  /// Self-intersections of the mesh without degenerate triangles and all but the first of equivalent ones,
  /// where they are known already.
  const SelfIntersections* found = nullptr;
  bool is_welded = false;  ///< Vertices are the same only where their index is.
  /// Of each triangle, 0 where it is known that it does not intersect another that has a 0; nothing is known
  /// where it is empty.
  std::span<const std::uint8_t> suspect = {};
};

/// Welds by position, then cuts.
/// \throw InvalidInput for a corner that is not in the mesh or not finite.
/// \throw TooManyIntersections beyond `max_pairs`.
[[nodiscard]] Arrangement arrange(const TriangleMesh& mesh, const ArrangementOptions& options = {});

/// The same for a mesh that is known to have no self-intersection and no degenerate or equivalent triangle:
/// nothing is looked for.
[[nodiscard]] Arrangement as_arrangement(const TriangleMesh& welded);

/// Exact coordinates of a vertex as fractions, "p/q" or "p", in lowest terms.
[[nodiscard]] std::array<std::string, 3> exact_coordinates(const Arrangement& arrangement,
                                                           std::uint32_t vertex);

/// The complex as a mesh with rounded coordinates.
[[nodiscard]] TriangleMesh rounded(const Arrangement& arrangement);

}  // namespace meshassay::exact
