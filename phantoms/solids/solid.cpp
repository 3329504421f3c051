// SPDX-License-Identifier: GPL-3.0-or-later
#include "phantoms/solids/solid.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <numbers>
#include <utility>

namespace meshassay::phantoms {
namespace {

/// Cosine and sine, exact for whole quarter turns, so that what is turned by 90 degrees is not oblique by
/// 6e-17.
std::pair<double, double> cosine_and_sine(double degrees) {
  const double quarters = degrees / 90.0;
  if (quarters == std::round(quarters)) {
    constexpr std::array<double, 4> cosines = {1.0, 0.0, -1.0, 0.0};
    const auto turn = static_cast<std::size_t>(std::lround(quarters) & 3);
    return {cosines[turn], cosines[(turn + 3) % 4]};
  }
  const double angle = degrees * std::numbers::pi / 180.0;
  return {std::cos(angle), std::sin(angle)};
}

double distance_to_box_mm(const Box3& box, const Point3& point) {
  return (point - point.cwiseMax(box.min_mm).cwiseMin(box.max_mm)).norm();
}

}  // namespace

Matrix3 rotation_of(const Vector3& turns_deg) {
  Matrix3 rotation = Matrix3::Identity();
  for (int axis = 0; axis < 3; ++axis) {
    const auto [cosine, sine] = cosine_and_sine(turns_deg[axis]);
    const int u = (axis + 1) % 3;
    const int v = (axis + 2) % 3;
    Matrix3 turn = Matrix3::Identity();
    turn(u, u) = cosine;
    turn(v, v) = cosine;
    turn(u, v) = -sine;
    turn(v, u) = sine;
    rotation = turn * rotation;
  }
  return rotation;
}

ImplicitSurface moved(const ImplicitSurface& surface, const Pose& pose) {
  const Matrix3 back = pose.rotation.transpose();
  const Vector3 shift_mm = pose.translation_mm;
  // One copy for the three functions.
  const auto shared = std::make_shared<const ImplicitSurface>(surface);
  Box3 bounds;
  for (int corner = 0; corner < 8; ++corner) {
    const Point3 local((corner & 1) != 0 ? surface.bounds_mm.max_mm[0] : surface.bounds_mm.min_mm[0],
                       (corner & 2) != 0 ? surface.bounds_mm.max_mm[1] : surface.bounds_mm.min_mm[1],
                       (corner & 4) != 0 ? surface.bounds_mm.max_mm[2] : surface.bounds_mm.min_mm[2]);
    bounds.add(pose.rotation * local + shift_mm);
  }
  return {.signed_distance_mm =
              [=](const Point3& point) { return shared->signed_distance_mm(back * (point - shift_mm)); },
          .gradient = [=](const Point3& point) -> Vector3 {
            return back.transpose() * shared->gradient(back * (point - shift_mm));
          },
          .flatness_mm =
              [=](const Point3& center, double radius_mm) {
                return shared->flatness_mm(back * (center - shift_mm), radius_mm);
              },
          .bounds_mm = bounds,
          .uncertainty_mm = surface.uncertainty_mm};
}

TriangleMesh moved(TriangleMesh mesh, const Pose& pose) {
  for (auto& vertex : mesh.vertices_mm) vertex = pose.rotation * vertex + pose.translation_mm;
  return mesh;
}

OrientedBox3 moved(const OrientedBox3& box, const Pose& pose) {
  return {.center_mm = pose.rotation * box.center_mm + pose.translation_mm,
          .axes = pose.rotation * box.axes,
          .half_extent_mm = box.half_extent_mm};
}

namespace {

/// The surface's own bounds after a turn: the mesh's, and what it may differ by. Tighter than a turned box.
Box3 bounds_by_mesh(const TriangleMesh& mesh, double chordal_error_mm) {
  Box3 box = bounding_box(mesh);
  box.min_mm.array() -= chordal_error_mm;
  box.max_mm.array() += chordal_error_mm;
  return box;
}

bool turns_whole_quarters(const Matrix3& rotation) {
  return (rotation.array() == rotation.array().round()).all();
}

}  // namespace

Solid moved(const Solid& solid, const Pose& pose) {
  Solid result{.implicit = moved(solid.implicit, pose),
               .surface = moved(solid.surface, pose),
               .chordal_error_mm = solid.chordal_error_mm,
               .volume_mm3 = solid.volume_mm3,
               .area_mm2 = solid.area_mm2};
  if (!turns_whole_quarters(pose.rotation))
    result.implicit.bounds_mm = bounds_by_mesh(result.surface, result.chordal_error_mm);
  return result;
}

TargetTruth moved(TargetTruth truth, const Pose& pose) {
  if (truth.implicit) truth.implicit = moved(*truth.implicit, pose);
  if (truth.surface) truth.surface = moved(std::move(*truth.surface), pose);
  if (truth.implicit && truth.surface && !turns_whole_quarters(pose.rotation))
    truth.implicit->bounds_mm = bounds_by_mesh(*truth.surface, truth.surface_chordal_error_mm);
  for (auto& feature : truth.features) feature.region = moved(feature.region, pose);
  return truth;
}

// Each part's distance d_i is 1-Lipschitz and signed; apart as they are, min d_i is the union's: outside of
// all it is the nearest; inside one, the way to another one's surface leads through its own.
//
// Flatness of the minimum at c over the radius r, with d_1(c) the smallest and d_2(c) the next: for p in the
// ball min d = d_1, or some d_j(p) < d_1(p), by at most (d_1(c) + r) - (d_2(c) - r). So d differs from d_1's
// tangent plane by at most flatness_1 + max(0, 2 r - (d_2(c) - d_1(c))).
ImplicitSurface union_of_disjoint(std::vector<ImplicitSurface> list) {
  const auto parts = std::make_shared<const std::vector<ImplicitSurface>>(std::move(list));
  struct Nearest {
    std::size_t part = 0;
    double distance_mm = std::numeric_limits<double>::infinity();
    double second_mm = std::numeric_limits<double>::infinity();
  };
  const auto nearest = [parts](const Point3& point, bool with_second) {
    Nearest result;
    for (std::size_t n = 0; n < parts->size(); ++n) {
      const ImplicitSurface& part = (*parts)[n];
      const double bar_mm = with_second ? result.second_mm : result.distance_mm;
      // A part's distance is at least that of its bounds where that is positive.
      const double box_mm = distance_to_box_mm(part.bounds_mm, point);
      if (box_mm > 0.0 && box_mm >= bar_mm) continue;
      const double distance_mm = part.signed_distance_mm(point);
      if (distance_mm < result.distance_mm) {
        result.second_mm = result.distance_mm;
        result.distance_mm = distance_mm;
        result.part = n;
      } else if (distance_mm < result.second_mm) {
        result.second_mm = distance_mm;
      }
    }
    return result;
  };
  Box3 bounds;
  double uncertainty_mm = 0.0;
  for (const auto& part : *parts) {
    bounds.add(part.bounds_mm);
    uncertainty_mm = std::max(uncertainty_mm, part.uncertainty_mm);
  }
  return {
      .signed_distance_mm = [=](const Point3& point) { return nearest(point, false).distance_mm; },
      .gradient = [=](const Point3& point) { return (*parts)[nearest(point, false).part].gradient(point); },
      .flatness_mm =
          [=](const Point3& center, double radius_mm) {
            const Nearest found = nearest(center, true);
            const double excess_mm = std::max(0.0, 2.0 * radius_mm - (found.second_mm - found.distance_mm));
            if (excess_mm >= 2.0 * radius_mm) return 2.0 * radius_mm;
            return std::min(2.0 * radius_mm, (*parts)[found.part].flatness_mm(center, radius_mm) + excess_mm);
          },
      .bounds_mm = bounds,
      .uncertainty_mm = uncertainty_mm};
}

ImplicitSurface complement(const ImplicitSurface& surface) {
  const auto shared = std::make_shared<const ImplicitSurface>(surface);
  ImplicitSurface result = surface;  // The flatness of -d is that of d.
  result.signed_distance_mm = [shared](const Point3& point) {
    return 0.0 - shared->signed_distance_mm(point);  // 0 - 0 is +0.
  };
  result.gradient = [shared](const Point3& point) -> Vector3 { return -shared->gradient(point); };
  return result;
}

Solid disjoint_union(std::vector<Solid> parts) {
  Solid result;
  std::vector<ImplicitSurface> surfaces;
  for (auto& part : parts) {
    append(result.surface, part.surface);
    result.chordal_error_mm = std::max(result.chordal_error_mm, part.chordal_error_mm);
    result.volume_mm3.value += part.volume_mm3.value;
    result.volume_mm3.uncertainty += part.volume_mm3.uncertainty;
    result.area_mm2.value += part.area_mm2.value;
    result.area_mm2.uncertainty += part.area_mm2.uncertainty;
    surfaces.push_back(std::move(part.implicit));
  }
  result.implicit = union_of_disjoint(std::move(surfaces));
  return result;
}

// outer less cavities = the complement of (what is not outer, and the cavities), which are apart: the same
// minimum. Bounds keep the outer's.
Solid with_cavities(const Solid& outer, std::vector<Solid> cavities) {
  Solid result = outer;
  // The complement of the outer reaches to infinity: no bounds may keep the union from looking at it.
  ImplicitSurface around = complement(outer.implicit);
  around.bounds_mm = {.min_mm = Point3::Constant(-std::numeric_limits<double>::infinity()),
                      .max_mm = Point3::Constant(std::numeric_limits<double>::infinity())};
  std::vector<ImplicitSurface> empty = {std::move(around)};
  for (auto& cavity : cavities) {
    append(result.surface, reversed(cavity.surface));
    result.chordal_error_mm = std::max(result.chordal_error_mm, cavity.chordal_error_mm);
    result.volume_mm3.value -= cavity.volume_mm3.value;
    result.volume_mm3.uncertainty += cavity.volume_mm3.uncertainty;
    result.area_mm2.value += cavity.area_mm2.value;
    result.area_mm2.uncertainty += cavity.area_mm2.uncertainty;
    empty.push_back(std::move(cavity.implicit));
  }
  result.implicit = complement(union_of_disjoint(std::move(empty)));
  result.implicit.bounds_mm = outer.implicit.bounds_mm;
  return result;
}

void append(TriangleMesh& mesh, const TriangleMesh& other) {
  const auto first = static_cast<std::uint32_t>(mesh.vertices_mm.size());
  mesh.vertices_mm.insert(mesh.vertices_mm.end(), other.vertices_mm.begin(), other.vertices_mm.end());
  for (const auto& triangle : other.triangles)
    mesh.triangles.push_back({triangle[0] + first, triangle[1] + first, triangle[2] + first});
}

TriangleMesh reversed(TriangleMesh mesh) {
  for (auto& triangle : mesh.triangles) std::swap(triangle[1], triangle[2]);
  return mesh;
}

TargetTruth truth_of_solid(Solid solid, const BettiNumbers& betti, std::vector<Feature> features) {
  return {.implicit = std::move(solid.implicit),
          .surface = std::move(solid.surface),
          .surface_chordal_error_mm = solid.chordal_error_mm,
          .volume_mm3 = solid.volume_mm3,
          .area_mm2 = solid.area_mm2,
          .betti = betti,
          .features = std::move(features)};
}

}  // namespace meshassay::phantoms
