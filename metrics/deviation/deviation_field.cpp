// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/deviation/deviation_field.hpp"

#include <fmt/format.h>
#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "core/distance/mesh_distance.hpp"

namespace meshassay::metrics {
namespace {

static_assert(std::endian::native == std::endian::little,
              "the PLY file is written as the numbers lie in memory");

template <typename Distance>
std::vector<double> at_vertices(const TriangleMesh& surface, const Distance& distance) {
  std::vector<double> values(surface.vertices_mm.size());
  tbb::parallel_for(tbb::blocked_range<std::size_t>(0, values.size(), 256),
                    [&](const tbb::blocked_range<std::size_t>& range) {
                      for (std::size_t v = range.begin(); v != range.end(); ++v)
                        values[v] = distance(surface.vertices_mm[v]);
                    });
  return values;
}

template <typename Number>
void append(std::string& bytes, Number number) {
  std::array<char, sizeof(Number)> raw;
  std::memcpy(raw.data(), &number, sizeof(Number));
  bytes.append(raw.data(), raw.size());
}

// From white to a full colour.
std::array<std::uint8_t, 3> colour_of(double fraction) {
  const std::array<double, 3> full =
      fraction < 0.0 ? std::array<double, 3>{31, 119, 180} : std::array<double, 3>{255, 127, 14};
  std::array<std::uint8_t, 3> colour;
  for (std::size_t c = 0; c < 3; ++c)
    colour[c] = static_cast<std::uint8_t>(std::lround(255.0 + std::abs(fraction) * (full[c] - 255.0)));
  return colour;
}

}  // namespace

std::vector<double> vertex_deviations_mm(const TriangleMesh& measured_surface, const TargetTruth& truth) {
  if (truth.implicit)
    return at_vertices(measured_surface,
                       [&](const Point3& point) { return truth.implicit->signed_distance_mm(point); });
  const MeshDistance mesh(*truth.surface);
  return at_vertices(measured_surface, [&](const Point3& point) {
    return mesh.has_inside() ? mesh.sample(point).signed_mm : mesh.nearest(point).distance_mm;
  });
}

std::string deviation_ply(const TriangleMesh& measured_surface, const std::vector<double>& deviations_mm) {
  std::string bytes = fmt::format(
      "ply\nformat binary_little_endian 1.0\ncomment MeshAssay: signed distance to the truth, LPS mm\n"
      "element vertex {}\nproperty double x\nproperty double y\nproperty double z\n"
      "property double deviation_mm\nproperty uchar red\nproperty uchar green\nproperty uchar blue\n"
      "element face {}\nproperty list uchar uint vertex_indices\nend_header\n",
      measured_surface.vertices_mm.size(), measured_surface.triangles.size());
  double largest = 0.0;
  for (const double value : deviations_mm) largest = std::max(largest, std::abs(value));
  for (std::size_t v = 0; v < measured_surface.vertices_mm.size(); ++v) {
    for (int axis = 0; axis < 3; ++axis) append(bytes, measured_surface.vertices_mm[v][axis]);
    append(bytes, deviations_mm[v]);
    for (const auto part : colour_of(largest > 0.0 ? deviations_mm[v] / largest : 0.0)) append(bytes, part);
  }
  for (const auto& triangle : measured_surface.triangles) {
    append(bytes, std::uint8_t{3});
    for (const auto vertex : triangle) append(bytes, vertex);
  }
  return bytes;
}

}  // namespace meshassay::metrics
