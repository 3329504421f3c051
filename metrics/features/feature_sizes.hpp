// SPDX-License-Identifier: GPL-3.0-or-later
// How each kind of feature is measured; what they have in common.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "metrics/features/dimensional_fits.hpp"
#include "metrics/features/orthogonal_fit.hpp"
#include "metrics/surface/clipped_surface.hpp"

namespace meshassay::metrics {

using FeatureResult = std::variant<FeatureSize, Undefined>;

[[nodiscard]] FeatureResult measure_sphere(const TriangleMesh& surface, const Feature& feature,
                                           const DimensionalFitOptions& options);
/// Plate or gap: in a gap the faces look at each other.
[[nodiscard]] FeatureResult measure_parallel_faces(const TriangleMesh& surface, const Feature& feature,
                                                   const DimensionalFitOptions& options);
[[nodiscard]] FeatureResult measure_step(const TriangleMesh& surface, const Feature& feature,
                                         const DimensionalFitOptions& options);
/// Rod or hole: the wall of a hole looks at its axis.
[[nodiscard]] FeatureResult measure_wall(const TriangleMesh& surface, const Feature& feature,
                                         const DimensionalFitOptions& options);

[[nodiscard]] Undefined missing(const Feature& feature, const std::string& face, double found_mm2,
                                double expected_mm2);
/// The points of Dunavant's rule on each piece, which are no farther apart than the edge.
[[nodiscard]] std::vector<WeightedPoint> quadrature_points(const std::vector<Piece>& pieces,
                                                           double longest_edge_mm);
/// The corners of all pieces, each once, in ascending order.
[[nodiscard]] std::vector<Point3> corners_of(const std::vector<Piece>& pieces);

}  // namespace meshassay::metrics
