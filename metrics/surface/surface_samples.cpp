// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/surface/surface_samples.hpp"

#include <cmath>

namespace meshassay::metrics {
namespace {

double fraction(double value) { return value - std::floor(value); }

}  // namespace

std::vector<SurfaceSample> surface_samples(const TriangleMesh& surface, std::size_t count,
                                           std::uint32_t seed) {
  const double area = area_mm2(surface);
  // The real roots of x^2 = x + 1 and x^3 = x + 1: no two seeds up to 2^32 begin at the same place.
  constexpr double golden = 1.6180339887498949, plastic = 1.3247179572447460;
  const double begin = fraction(0.5 + seed / golden);
  std::vector<SurfaceSample> samples;
  samples.reserve(count);
  double passed = 0.0;  // Area of the triangles before this one.
  const std::size_t triangles = surface.triangles.size();
  for (std::size_t t = 0; t < triangles && samples.size() < count; ++t) {
    const Vector3 normal = area_vector_mm2(surface, t);
    const double own = normal.norm();
    const auto next = [&] {
      return area * (static_cast<double>(samples.size()) + begin) / static_cast<double>(count);
    };
    while (own > 0.0 && samples.size() < count && next() < passed + own) {
      const double k = static_cast<double>(samples.size()) + begin;
      double u = fraction(k / plastic), v = fraction(k / (plastic * plastic));
      if (u + v > 1.0) u = 1.0 - u, v = 1.0 - v;  // The other half of the parallelogram.
      const Point3& a = surface.corner(t, 0);
      samples.push_back({a + u * (surface.corner(t, 1) - a) + v * (surface.corner(t, 2) - a), normal / own});
    }
    passed += own;
  }
  return samples;
}

}  // namespace meshassay::metrics
