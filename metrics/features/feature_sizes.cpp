// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/features/feature_sizes.hpp"

#include <algorithm>
#include <tuple>

#include "core/text.hpp"

namespace meshassay::metrics {

Undefined missing(const Feature& feature, const std::string& face, double found_mm2, double expected_mm2) {
  return {"feature_missing", feature.name + ": " + face + " has " + format_rounded(found_mm2) + " of " +
                                 format_rounded(expected_mm2) + " mm2"};
}

std::vector<WeightedPoint> quadrature_points(const std::vector<Piece>& pieces, double longest_edge_mm) {
  std::vector<WeightedPoint> points;
  for (const auto& piece : pieces)
    for_each_quadrature_point(piece.corners, piece.area_mm2, longest_edge_mm,
                              [&](const Point3& point, double weight) {
                                points.push_back({point, weight});
                              });
  return points;
}

std::vector<Point3> corners_of(const std::vector<Piece>& pieces) {
  std::vector<Point3> corners;
  for (const auto& piece : pieces) corners.insert(corners.end(), piece.corners.begin(), piece.corners.end());
  std::sort(corners.begin(), corners.end(), [](const Point3& a, const Point3& b) {
    return std::tie(a[0], a[1], a[2]) < std::tie(b[0], b[1], b[2]);
  });
  corners.erase(std::unique(corners.begin(), corners.end()), corners.end());
  return corners;
}

}  // namespace meshassay::metrics
