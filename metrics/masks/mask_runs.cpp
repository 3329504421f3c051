// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/masks/mask_runs.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cstddef>
#include <numeric>

#include "core/errors.hpp"
#include "metrics/masks/row_runs.hpp"

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
  const auto rows = static_cast<std::size_t>(result.size[1]);
  std::vector<std::vector<Run>> of_slices(static_cast<std::size_t>(std::max(0, result.size[2])));
  result.first.assign(rows * of_slices.size() + 1, 0);  // For now, how many a row has, one place further.
  tbb::parallel_for(std::size_t{0}, of_slices.size(), [&](std::size_t slice) {
    std::vector<Run>& runs = of_slices[slice];
    std::vector<std::uint16_t> copied(stride[0] == 1 ? 0 : static_cast<std::size_t>(result.size[0]));
    for (std::size_t row = 0; row < rows; ++row) {
      const std::uint16_t* values = mask.values.data() + start +
                                    static_cast<std::ptrdiff_t>(row) * stride[1] +
                                    static_cast<std::ptrdiff_t>(slice) * stride[2];
      if (stride[0] != 1) {
        for (std::size_t i = 0; i < copied.size(); ++i)
          copied[i] = values[static_cast<std::ptrdiff_t>(i) * stride[0]];
        values = copied.data();
      }
      const std::size_t before = runs.size();
      for_each_run(values, result.size[0], [&](int begin, int end, std::uint16_t which) {
        if (which == label) runs.push_back({begin, end});
      });
      result.first[slice * rows + row + 1] = runs.size() - before;
    }
  });
  std::partial_sum(result.first.begin(), result.first.end(), result.first.begin());
  result.runs.reserve(result.first.back());
  for (const auto& runs : of_slices) result.runs.insert(result.runs.end(), runs.begin(), runs.end());
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
