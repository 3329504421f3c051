// SPDX-License-Identifier: GPL-3.0-or-later
// A piece is judged by its middle: if that is farther from the surface than half the piece is long, all of it
// is on one side; if the triangle nearest to the middle is near both ends, all of it lies on the surface,
// since the distance to a triangle is convex; else it is halved.
#include "core/distance/exposed_segments.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

#include "core/distance/mesh_distance.hpp"

namespace meshassay {
namespace {

class Exposure {
 public:
  Exposure(const TriangleMesh& solid, double tolerance_mm)
      : solid_(solid), distance_(solid), tolerance_mm_(tolerance_mm) {}

  void add(const Segment& piece, std::vector<Segment>& exposed) const {
    const Point3 middle = 0.5 * (piece.from + piece.to);
    const double half_mm = 0.5 * (piece.to - piece.from).norm();
    const auto nearest = distance_.sample(middle);
    const double distance_mm = std::abs(nearest.signed_mm);
    if (distance_mm > half_mm + tolerance_mm_) {
      if (winds_around(solid_, middle)) return;
      // Halves of one segment that are both exposed become one again.
      if (!exposed.empty() && exposed.back().to == piece.from)
        exposed.back().to = piece.to;
      else
        exposed.push_back(piece);
      return;
    }
    if (half_mm <= tolerance_mm_) return;
    const auto near = [&](const Point3& point) {
      return distance_.distance_to_triangle_mm(point, nearest.triangle) <= tolerance_mm_;
    };
    if (near(piece.from) && near(piece.to)) return;
    add({piece.from, middle}, exposed);
    add({middle, piece.to}, exposed);
  }

 private:
  const TriangleMesh& solid_;
  MeshDistance distance_;
  double tolerance_mm_;
};

bool on_one_line(const Segment& one, const Segment& other) {
  const Vector3 a = (one.to - one.from).normalized(), b = (other.to - other.from).normalized();
  return a.cross(b).norm() < 1e-9;
}

}  // namespace

// By solid angles: van Oosterom and Strackee 1983, eq. 8.
bool winds_around(const TriangleMesh& solid, const Point3& point) {
  double angle = 0.0;
  for (std::size_t t = 0; t < solid.triangles.size(); ++t) {
    const Vector3 a = solid.corner(t, 0) - point, b = solid.corner(t, 1) - point,
                  c = solid.corner(t, 2) - point;
    const double na = a.norm(), nb = b.norm(), nc = c.norm();
    angle +=
        2.0 * std::atan2(a.dot(b.cross(c)), na * nb * nc + a.dot(b) * nc + b.dot(c) * na + c.dot(a) * nb);
  }
  return std::abs(angle) > 2.0 * std::numbers::pi;
}

std::vector<Segment> exposed_segments(const std::vector<Segment>& segments, const TriangleMesh& solid,
                                      double tolerance_mm) {
  std::vector<Segment> exposed;
  const std::optional<Exposure> exposure =
      solid.triangles.empty() ? std::nullopt : std::optional<Exposure>(std::in_place, solid, tolerance_mm);
  for (const auto& segment : segments) {
    if (segment.from == segment.to) continue;
    std::vector<Segment> pieces;
    if (exposure)
      exposure->add(segment, pieces);
    else
      pieces.push_back(segment);
    for (const auto& piece : pieces) {
      const auto known = std::any_of(exposed.begin(), exposed.end(), [&](const Segment& other) {
        return (other.from == piece.from && other.to == piece.to) ||
               (other.from == piece.to && other.to == piece.from);
      });
      if (known) continue;
      if (!exposed.empty() && exposed.back().to == piece.from && on_one_line(exposed.back(), piece))
        exposed.back().to = piece.to;
      else
        exposed.push_back(piece);
    }
  }
  return exposed;
}

}  // namespace meshassay
