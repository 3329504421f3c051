// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/conventions/distance_transform.hpp"

#include <tbb/parallel_for.h>

#include <cmath>
#include <cstddef>
#include <limits>

namespace meshassay::metrics::conventions {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

// One parabola of a lower envelope: (spacing * (x - at))^2 + height, the lowest from `from` on.
struct Parabola {
  int at = 0;
  double height = 0.0, from = 0.0;
};

// Of two parabolas, where the later one becomes the lower.
double crossing(const Parabola& before, int at, double height, double spacing_mm) {
  const double square = spacing_mm * spacing_mm;
  return 0.5 * ((height - before.height) / (square * (at - before.at)) + at + before.at);
}

// The line begins at `values` and its voxels are `stride` apart; squared distances in place.
void transform_line(double* values, std::size_t stride, int count, double spacing_mm,
                    std::vector<Parabola>& envelope) {
  envelope.clear();
  for (int at = 0; at < count; ++at) {
    const double height = values[static_cast<std::size_t>(at) * stride];
    if (height == infinite) continue;
    double from = -infinite;
    while (!envelope.empty()) {
      from = crossing(envelope.back(), at, height, spacing_mm);
      if (from > envelope.back().from) break;
      envelope.pop_back();
      from = -infinite;
    }
    envelope.push_back({at, height, from});
  }
  if (envelope.empty()) return;
  std::size_t lowest = 0;
  for (int at = 0; at < count; ++at) {
    while (lowest + 1 < envelope.size() && envelope[lowest + 1].from <= at) ++lowest;
    const double along_mm = spacing_mm * (at - envelope[lowest].at);
    values[static_cast<std::size_t>(at) * stride] = along_mm * along_mm + envelope[lowest].height;
  }
}

}  // namespace

std::vector<double> distances_mm(const VoxelBox& box, const Marks& marked) {
  std::vector<double> values(box.voxels());
  for (std::size_t v = 0; v < values.size(); ++v) values[v] = marked[v] != 0 ? 0.0 : infinite;
  for (int axis = 0; axis < 3; ++axis) {
    const int across = axis == 2 ? 1 : 2, along = axis == 0 ? 1 : 0;  // The two other axes.
    tbb::parallel_for(0, box.size[across], [&](int slow) {
      std::vector<Parabola> envelope;
      for (int fast = 0; fast < box.size[along]; ++fast)
        transform_line(values.data() + static_cast<std::size_t>(slow) * box.stride(across) +
                           static_cast<std::size_t>(fast) * box.stride(along),
                       box.stride(axis), box.size[axis], box.spacing_mm[axis], envelope);
    });
  }
  for (double& value : values) value = std::sqrt(value);
  return values;
}

}  // namespace meshassay::metrics::conventions
