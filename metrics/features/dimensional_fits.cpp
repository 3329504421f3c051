// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/features/dimensional_fits.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>

#include "metrics/features/feature_sizes.hpp"

namespace meshassay::metrics {
namespace {

FeatureResult fitted(const TriangleMesh& surface, const Feature& feature,
                     const DimensionalFitOptions& options) {
  switch (feature.kind) {
    case FeatureKind::sphere: return measure_sphere(surface, feature, options);
    case FeatureKind::plate:
    case FeatureKind::gap: return measure_parallel_faces(surface, feature, options);
    case FeatureKind::step: return measure_step(surface, feature, options);
    case FeatureKind::rod:
    case FeatureKind::hole: return measure_wall(surface, feature, options);
    case FeatureKind::rim:
    case FeatureKind::edge: break;
  }
  throw std::logic_error("a rim or an edge has no size to fit");
}

// What rounding may do to a length between points of the region.
double rounding_mm(const OrientedBox3& region) {
  const double largest = region.center_mm.cwiseAbs().maxCoeff() + region.half_extent_mm.norm();
  return 64.0 * std::numeric_limits<double>::epsilon() * largest;
}

}  // namespace

double FeatureSize::half_width_mm() const {
  return std::hypot(fit_half_width_mm, faceting_half_width_mm) + rounding_half_width_mm;
}

std::variant<FeatureSize, Undefined> measure_feature(const TriangleMesh& surface, const Feature& feature,
                                                     const DimensionalFitOptions& options) {
  auto size = fitted(surface, feature, options);
  if (auto* found = std::get_if<FeatureSize>(&size))
    found->rounding_half_width_mm = rounding_mm(feature.region);
  return size;
}

}  // namespace meshassay::metrics
