// SPDX-License-Identifier: GPL-3.0-or-later
// From inside, the distance is the smallest to a face's plane: the foot lies on the face. From outside, the
// smallest to a face as a polygon. Flatness is argued as for solids of revolution (revolved.cpp), with flat
// carriers.
#include "phantoms/solids/convex_polyhedron.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>

#include "core/errors.hpp"

namespace meshassay::phantoms {
namespace {

struct Face {
  Plane plane;
  std::vector<std::uint32_t> corners;  ///< Counter-clockwise as seen from outside.
};

struct Polyhedron {
  std::vector<Point3> corners_mm;
  std::vector<Face> faces;
};

/// Smallest distance, within the face's plane, from a point's foot to the face's edges; negative outside.
double within_mm(const Polyhedron& body, const Face& face, const Point3& point) {
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t n = 0; n < face.corners.size(); ++n) {
    const Point3& a = body.corners_mm[face.corners[n]];
    const Point3& b = body.corners_mm[face.corners[(n + 1) % face.corners.size()]];
    least = std::min(least, (point - a).dot(face.plane.normal.cross(b - a).normalized()));
  }
  return least;
}

Point3 nearest_on_face(const Polyhedron& body, const Face& face, const Point3& point) {
  if (within_mm(body, face, point) >= 0.0)
    return point - (face.plane.normal.dot(point) - face.plane.offset_mm) * face.plane.normal;
  Point3 best = body.corners_mm[face.corners[0]];
  for (std::size_t n = 0; n < face.corners.size(); ++n) {
    const Point3& a = body.corners_mm[face.corners[n]];
    const Point3& b = body.corners_mm[face.corners[(n + 1) % face.corners.size()]];
    const double t = std::clamp((point - a).dot(b - a) / (b - a).squaredNorm(), 0.0, 1.0);
    const Point3 candidate = a + t * (b - a);
    if ((point - candidate).squaredNorm() < (point - best).squaredNorm()) best = candidate;
  }
  return best;
}

double height_mm(const Plane& plane, const Point3& point) {
  return plane.normal.dot(point) - plane.offset_mm;
}

/// The plane that the point is highest above, or least deep below.
const Face& highest(const Polyhedron& body, const Point3& point) {
  return *std::max_element(body.faces.begin(), body.faces.end(), [&](const Face& a, const Face& b) {
    return height_mm(a.plane, point) < height_mm(b.plane, point);
  });
}

Point3 nearest_from_outside(const Polyhedron& body, const Point3& point) {
  Point3 best = Point3::Constant(std::numeric_limits<double>::infinity());
  for (const auto& face : body.faces) {
    if (height_mm(face.plane, point) <= 0.0) continue;  // The nearest face faces the point.
    const Point3 candidate = nearest_on_face(body, face, point);
    if (!((point - candidate).squaredNorm() >= (point - best).squaredNorm())) best = candidate;
  }
  return best;
}

double signed_distance_mm(const Polyhedron& body, const Point3& point) {
  const double depth_mm = height_mm(highest(body, point).plane, point);
  return depth_mm <= 0.0 ? depth_mm + 0.0 : (point - nearest_from_outside(body, point)).norm();
}

Vector3 gradient(const Polyhedron& body, const Point3& point) {
  const Face& face = highest(body, point);
  if (height_mm(face.plane, point) <= 0.0 || within_mm(body, face, point) >= 0.0) return face.plane.normal;
  return (point - nearest_from_outside(body, point)).normalized();
}

double flatness_mm(const Polyhedron& body, const Point3& center, double ball_mm) {
  const Face& face = highest(body, center);
  if (within_mm(body, face, center) < ball_mm) return 2.0 * ball_mm;
  const double nearest_mm = std::abs(height_mm(face.plane, center));
  double second_mm = std::numeric_limits<double>::infinity();
  for (const auto& other : body.faces)
    if (&other != &face)
      second_mm = std::min(second_mm, (center - nearest_on_face(body, other, center)).norm());
  if (second_mm <= ball_mm) return 2.0 * ball_mm;
  return std::max(0.0, 2.0 * ball_mm - (second_mm - nearest_mm));
}

Polyhedron faces_of(std::span<const Plane> planes) {
  Polyhedron body;
  double size_mm = 0.0;
  for (const auto& plane : planes) size_mm = std::max(size_mm, std::abs(plane.offset_mm));
  const double equal_mm = 1e-9 * size_mm;
  // Every corner is where three planes meet and no other cuts it off; planes that meet there too find the
  // same corner.
  for (std::size_t i = 0; i < planes.size(); ++i)
    for (std::size_t j = i + 1; j < planes.size(); ++j)
      for (std::size_t k = j + 1; k < planes.size(); ++k) {
        Matrix3 normals;
        normals << planes[i].normal.transpose(), planes[j].normal.transpose(), planes[k].normal.transpose();
        if (std::abs(normals.determinant()) < 1e-9) continue;
        const Point3 corner =
            normals.inverse() * Vector3(planes[i].offset_mm, planes[j].offset_mm, planes[k].offset_mm);
        const auto cut_off = [&](const Plane& plane) { return height_mm(plane, corner) > equal_mm; };
        if (std::any_of(planes.begin(), planes.end(), cut_off)) continue;
        const auto same = [&](const Point3& other) { return (other - corner).norm() <= 10.0 * equal_mm; };
        if (std::none_of(body.corners_mm.begin(), body.corners_mm.end(), same))
          body.corners_mm.push_back(corner);
      }
  for (const auto& plane : planes) {
    Face face{.plane = plane, .corners = {}};
    Point3 middle_mm = Point3::Zero();
    for (std::uint32_t n = 0; n < body.corners_mm.size(); ++n)
      if (std::abs(height_mm(plane, body.corners_mm[n])) <= 10.0 * equal_mm) {
        face.corners.push_back(n);
        middle_mm += body.corners_mm[n];
      }
    if (face.corners.size() < 3)
      throw InvalidInput({.what = "a plane of a convex polyhedron cuts no face",
                          .expected = "planes that each hold three corners at least",
                          .got = fmt::format("{} corners", face.corners.size())});
    middle_mm /= static_cast<double>(face.corners.size());
    const Vector3 first = (body.corners_mm[face.corners[0]] - middle_mm).normalized();
    const Vector3 second = plane.normal.cross(first);
    std::sort(face.corners.begin(), face.corners.end(), [&](std::uint32_t a, std::uint32_t b) {
      const auto angle = [&](std::uint32_t corner) {
        const Vector3 from_middle = body.corners_mm[corner] - middle_mm;
        return std::atan2(second.dot(from_middle), first.dot(from_middle));
      };
      return angle(a) < angle(b);
    });
    body.faces.push_back(std::move(face));
  }
  return body;
}

}  // namespace

Solid convex_polyhedron(std::span<const Plane> planes) {
  const auto body = std::make_shared<const Polyhedron>(faces_of(planes));
  Solid solid;
  solid.surface.vertices_mm = body->corners_mm;
  for (const auto& face : body->faces)
    for (std::size_t n = 2; n < face.corners.size(); ++n)
      solid.surface.triangles.push_back({face.corners[0], face.corners[n - 1], face.corners[n]});
  if (!(signed_volume_mm3(solid.surface) > 0.0))
    throw InvalidInput({.what = "the planes of a convex polyhedron bound no volume",
                        .expected = "half-spaces with a bounded intersection",
                        .got = fmt::format("{} planes", planes.size())});
  solid.implicit = {
      .signed_distance_mm = [body](const Point3& point) { return signed_distance_mm(*body, point); },
      .gradient = [body](const Point3& point) { return gradient(*body, point); },
      .flatness_mm = [body](const Point3& center,
                            double ball_mm) { return flatness_mm(*body, center, ball_mm); },
      .bounds_mm = bounding_box(solid.surface)};
  // A polyhedron is its mesh: sums over triangles are exact, but for rounding.
  solid.volume_mm3 = {signed_volume_mm3(solid.surface)};
  solid.area_mm2 = {area_mm2(solid.surface)};
  return solid;
}

}  // namespace meshassay::phantoms
