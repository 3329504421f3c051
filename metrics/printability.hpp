// SPDX-License-Identifier: GPL-3.0-or-later
// The certificate of a mesh: does it bound a solid, can it be printed (Attene 2018, Section 3)? Decided on
// the coordinates as they stand; no tolerance enters a verdict.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/triangle_mesh.hpp"

namespace meshassay::metrics {

struct MetricFamily;

/// One property of a mesh; absent `holds`: not decided, and `note` says why.
struct Predicate {
  std::string_view name;  ///< "closed", "polyhedron", ...
  std::optional<bool> holds;
  std::size_t count = 0;                 ///< Of what breaks it.
  std::vector<std::uint32_t> triangles;  ///< Ids of the first that break it, at most 10, where triangles do.
  std::vector<Point3> places_mm;         ///< Where the first of the others are.
  std::string note;
};

struct Certificate {
  /// regular, layer, non_degenerate, closed, polyhedron, two_manifold, consistently_oriented, outward; in
  /// this order.
  std::vector<Predicate> predicates;
  /// regular, layer, non_degenerate, closed, polyhedron, consistently oriented; shells nested with
  /// alternating orientation, the outermost outwards. What a slicer needs.
  std::optional<bool> bounds_solid;
  /// Definition 3.11: one part without cavities or contacts; says nothing about orientation.
  std::optional<bool> printable;
  /// `printable` but for the number of parts.
  std::optional<bool> printable_parts;
  std::optional<bool> two_manifold;
  /// printable, layer, consistently oriented and outward.
  std::optional<bool> strict;
  std::string undecided;  ///< Why one of the five is absent, for people.

  [[nodiscard]] const Predicate& predicate(std::string_view name) const;
};

/// The five verdicts, by the names that `inspect --require` takes.
struct NamedVerdict {
  const char* name;
  std::optional<bool> Certificate::*verdict;
};
inline constexpr NamedVerdict certificate_verdicts[] = {{"bounds_solid", &Certificate::bounds_solid},
                                                        {"printable", &Certificate::printable},
                                                        {"printable_parts", &Certificate::printable_parts},
                                                        {"two_manifold", &Certificate::two_manifold},
                                                        {"strict", &Certificate::strict}};

/// Exact but for one thing: which shell lies in which is decided by winding numbers in floating point (see
/// shells()). `printable` and `printable_parts` of a surface that is closed and free of intersections but
/// touches itself along an edge or at a vertex need the order of triangles about that edge and are not
/// decided here.
[[nodiscard]] Certificate certify(const TriangleMesh& mesh);

[[nodiscard]] const MetricFamily& printability_family();

}  // namespace meshassay::metrics
