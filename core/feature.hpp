// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/geometry.hpp"

namespace meshassay {

enum class FeatureKind { sphere, plate, step, gap, rod, hole, rim, edge };

/// A named part of a phantom with a dimension that metrology can measure, and the region that it is measured
/// in.
/// - sphere: `nominal_mm` is the radius; `region.center_mm` the centre; the region holds the whole sphere.
/// - plate: `nominal_mm` is the thickness along the region's third axis; the region holds parts of both faces
/// that stay
///   clear of rims by at least the distance that the phantom documents.
/// - step: `nominal_mm` is the height between two parallel faces along the region's third axis; the lower
/// face lies in the
///   half of the region with negative first local coordinate, the upper in the other.
/// - gap: `nominal_mm` is the distance of two parallel faces along the region's third axis, with the material
///   outside of them; the region holds parts of both faces, clear of their rims.
/// - rod: `nominal_mm` is the diameter of a cylinder whose axis is the region's third axis through its
/// centre;
///   the region holds the whole wall around, clear of the rod's ends.
/// - hole: as rod, with the material outside of the wall.
/// - rim: a circle of radius `nominal_mm` about the region's centre, in the plane of the region's first two
/// axes, along
///   which two faces of the surface meet in an edge; the region holds the whole circle.
/// - edge: a straight sharp edge of length `nominal_mm` along the region's third axis, its middle at the
/// region's centre.
struct Feature {
  std::string name;  ///< Unique in its phantom: "plate_1.5".
  FeatureKind kind = FeatureKind::sphere;
  double nominal_mm = 0.0;
  OrientedBox3 region;
};

}  // namespace meshassay
