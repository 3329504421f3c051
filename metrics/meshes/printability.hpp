// SPDX-License-Identifier: GPL-3.0-or-later
// The certificate of a mesh: does it bound a solid, can it be printed (Attene 2018, Section 3)? Decided on
// the coordinates as they stand; no tolerance enters a verdict.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/exact/self_intersection.hpp"
#include "core/triangle_mesh.hpp"
#include "metrics/meshes/mesh_integrity.hpp"

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

/// A run of boundary edges (edges of one triangle): a loop, or an arc whose ends are on other edges.
struct BoundaryCurve {
  bool closed = false;
  std::vector<Point3> corners_mm;  ///< In order; a loop's first corner is not repeated.
  double length_mm = 0.0;
};

struct IntersectingPair {
  std::uint32_t first = 0, second = 0;  ///< Triangle ids.
  exact::IntersectionKind kind = exact::IntersectionKind::none;
};

/// An input triangle that is internal, or a sheet, as a whole or in part.
struct TriangleShare {
  std::uint32_t triangle = 0;
  double area_mm2 = 0.0;  ///< Of that part.
  bool whole = true;
};

struct Segment {
  Point3 from_mm = Point3::Zero(), to_mm = Point3::Zero();
};

/// A piece of space with what bounds it.
struct EnclosedSpace {
  double volume_mm3 = 0.0;
  Point3 place_mm = Point3::Zero();  ///< The middle of a triangle of its border.
  std::size_t triangles = 0;         ///< Of its border, after self-intersections are resolved.
};

/// Everything that breaks a predicate, in the order of triangle ids where triangles do. What comes of the
/// outer hull is empty where that is not decided.
struct Witnesses {
  std::vector<std::uint32_t> irregular, degenerate;
  std::vector<exact::Equivalent> equivalent;
  std::vector<BoundaryCurve> boundary;
  std::vector<IntersectingPair> pairs;
  std::size_t crossing = 0, coplanar_overlap = 0, touching = 0;  ///< Pairs of each kind.
  std::vector<TriangleShare> internal, sheet;
  double internal_area_mm2 = 0.0, sheet_area_mm2 = 0.0;  ///< What is covered twice counts once.
  std::vector<Segment> weak_edges;
  std::vector<Point3> weak_vertices_mm;
  std::vector<EnclosedSpace> parts, cavities;
  double hull_volume_mm3 = 0.0;
  std::int64_t hull_euler_characteristic = 0;  ///< Vertices - edges + triangles of the hull's solid.
  std::size_t hui_components = 0;  ///< The letter of Hui and others (2006): see manifold_connected.
};

struct Certificate {
  /// regular, layer, non_degenerate, closed, polyhedron, outer_hull, solid, manifold_connected, two_manifold,
  /// consistently_oriented, outward; in this order.
  std::vector<Predicate> predicates;
  Witnesses witnesses;
  MeshIntegrity integrity;
  bool hull_decided = true;  ///< False: too many intersecting pairs, see CertifyOptions.
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

struct CertifyOptions {
  /// Pairs that are named, and the most for which the outer hull is worked out.
  std::size_t max_intersecting_pairs = 200'000;
  bool is_welded = false;  ///< As meshes are that were read: two vertices are not at one place.
};

/// Exact, nesting and orientation of shells included. Only a surface that intersects itself is cut to find
/// its hull.
/// \throw InvalidInput for a corner that is not in the mesh or not finite.
[[nodiscard]] Certificate certify(const TriangleMesh& mesh, const CertifyOptions& options = {});

/// certify() with default options; the last answer is kept, for families that ask about the same mesh.
[[nodiscard]] std::shared_ptr<const Certificate> certificate_of(const TriangleMesh& mesh);

[[nodiscard]] const MetricFamily& printability_family();

}  // namespace meshassay::metrics
