// SPDX-License-Identifier: GPL-3.0-or-later
// A solid with its exact distance, mesh and closed forms, and how solids are moved and put together.
#pragma once

#include <vector>

#include "core/implicit_surface.hpp"
#include "core/triangle_mesh.hpp"
#include "core/truth.hpp"

namespace meshassay::phantoms {

struct Solid {
  ImplicitSurface implicit;
  TriangleMesh surface;           ///< Closed, two-manifold, outward.
  double chordal_error_mm = 0.0;  ///< Hausdorff distance of `surface` and the exact one, at most.
  KnownValue volume_mm3, area_mm2;
};

/// A rigid motion: world = rotation * local + translation.
struct Pose {
  Matrix3 rotation = Matrix3::Identity();
  Vector3 translation_mm = Vector3::Zero();
};
/// Turns about the fixed axes x, then y, then z; whole quarter turns are exact.
[[nodiscard]] Matrix3 rotation_of(const Vector3& turns_deg);

[[nodiscard]] ImplicitSurface moved(const ImplicitSurface& surface, const Pose& pose);
[[nodiscard]] TriangleMesh moved(TriangleMesh mesh, const Pose& pose);
[[nodiscard]] OrientedBox3 moved(const OrientedBox3& box, const Pose& pose);
[[nodiscard]] Solid moved(const Solid& solid, const Pose& pose);
/// Features, surface and distance; volume and topology stay.
[[nodiscard]] TargetTruth moved(TargetTruth truth, const Pose& pose);

/// Solids that have no point in common: the distance of their union is the smallest of theirs, exactly.
/// \pre They are apart; no check is made.
[[nodiscard]] Solid disjoint_union(std::vector<Solid> parts);
/// A solid less others that lie wholly inside of it, apart from each other and from its surface.
[[nodiscard]] Solid with_cavities(const Solid& outer, std::vector<Solid> cavities);

/// The distance of the union of solids that are apart. It looks at few of many parts.
[[nodiscard]] ImplicitSurface union_of_disjoint(std::vector<ImplicitSurface> parts);
/// What is not in the solid. Its bounds are those of the surface.
[[nodiscard]] ImplicitSurface complement(const ImplicitSurface& surface);

/// Appends the triangles; vertices are not merged.
void append(TriangleMesh& mesh, const TriangleMesh& other);
/// The other side out.
[[nodiscard]] TriangleMesh reversed(TriangleMesh mesh);

/// The truth of one target from its solid.
[[nodiscard]] TargetTruth truth_of_solid(Solid solid, const BettiNumbers& betti,
                                         std::vector<Feature> features = {});

}  // namespace meshassay::phantoms
