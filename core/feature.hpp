// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/geometry.hpp"

namespace meshassay {

enum class FeatureKind { sphere, plate, step };

/// A named part of a phantom with a dimension that metrology can measure, and the region that it is measured
/// in.
/// - sphere: `nominal_mm` is the radius; `region.center_mm` the centre; the region holds the whole sphere.
/// - plate: `nominal_mm` is the thickness along the region's third axis; the region holds parts of both faces
/// that stay
///   clear of rims by at least the distance that the phantom documents.
/// - step: `nominal_mm` is the height between two parallel faces along the region's third axis; the lower
/// face lies in the
///   half of the region with negative first local coordinate, the upper in the other.
struct Feature {
  std::string name;  ///< Unique in its phantom: "plate_1.5".
  FeatureKind kind = FeatureKind::sphere;
  double nominal_mm = 0.0;
  OrientedBox3 region;
};

}  // namespace meshassay
