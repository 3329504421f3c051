// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/masks/mask_runs.hpp"

#include <fmt/format.h>

#include <cstddef>

#include "core/errors.hpp"

namespace meshassay::metrics {

MaskRuns mask_runs(const LabelMap& mask, std::uint16_t label, const AxisView& view) {
  const auto& size = mask.grid.size;
  const std::array<std::ptrdiff_t, 3> image_stride = {
      1, size[0], static_cast<std::ptrdiff_t>(size[0]) * static_cast<std::ptrdiff_t>(size[1])};
  std::array<std::ptrdiff_t, 3> stride{};
  std::ptrdiff_t start = 0;
  MaskRuns result;
  for (std::size_t a = 0; a < 3; ++a) {
    const auto image_axis = static_cast<std::size_t>(view.axis[a]);
    result.size[a] = size[image_axis];
    stride[a] = image_stride[image_axis] * (view.flipped[a] ? -1 : 1);
    if (view.flipped[a]) start += image_stride[image_axis] * (size[image_axis] - 1);
  }
  result.first.reserve(static_cast<std::size_t>(result.size[1]) * static_cast<std::size_t>(result.size[2]) +
                       1);
  for (int k = 0; k < result.size[2]; ++k)
    for (int j = 0; j < result.size[1]; ++j) {
      result.first.push_back(result.runs.size());
      std::ptrdiff_t offset = start + j * stride[1] + k * stride[2];
      int begin = -1;
      for (int i = 0; i < result.size[0]; ++i, offset += stride[0]) {
        const bool inside = mask.values[static_cast<std::size_t>(offset)] == label;
        if (inside == (begin >= 0)) continue;
        if (inside) {
          begin = i;
        } else {
          result.runs.push_back({begin, i});
          begin = -1;
        }
      }
      if (begin >= 0) result.runs.push_back({begin, result.size[0]});
    }
  result.first.push_back(result.runs.size());
  for (const Run& run : result.runs) result.voxels += static_cast<std::uint64_t>(run.end - run.begin);
  return result;
}

void check_mask(const LabelMap& mask, const std::string& role) {
  const Grid& grid = mask.grid;
  const auto refuse = [&](const std::string& expected, const std::string& got) {
    throw InvalidInput({.what = "a mask on a grid that cannot be",
                        .where = role,
                        .expected = expected,
                        .got = got,
                        .mend = "write the mask with the geometry of the scan"});
  };
  if (grid.size[0] < 0 || grid.size[1] < 0 || grid.size[2] < 0 || mask.values.size() != grid.voxels())
    refuse(fmt::format("{} x {} x {} values", grid.size[0], grid.size[1], grid.size[2]),
           fmt::format("{} values", mask.values.size()));
  // Beyond 1e6 mm a double's last bit is no longer small against a voxel; no scanner is there.
  if (!grid.origin_mm.allFinite() || grid.origin_mm.cwiseAbs().maxCoeff() > 1e6)
    refuse("an origin within 1e6 mm",
           fmt::format("({}, {}, {})", grid.origin_mm[0], grid.origin_mm[1], grid.origin_mm[2]));
  if (!grid.spacing_mm.allFinite() || grid.spacing_mm.minCoeff() < 1e-3 || grid.spacing_mm.maxCoeff() > 1e3)
    refuse("spacings between 0.001 and 1000 mm",
           fmt::format("({}, {}, {}) mm", grid.spacing_mm[0], grid.spacing_mm[1], grid.spacing_mm[2]));
  const Matrix3 gram = grid.direction.transpose() * grid.direction;
  if (!gram.allFinite() || (gram - Matrix3::Identity()).cwiseAbs().maxCoeff() > 1e-4)
    refuse("axes at right angles", "a direction matrix that is not orthonormal");
}

}  // namespace meshassay::metrics
