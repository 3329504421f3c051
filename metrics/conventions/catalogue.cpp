// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>

#include "core/errors.hpp"
#include "core/text.hpp"
#include "metrics/conventions/tools.hpp"

namespace meshassay::metrics::conventions {

std::span<const Convention> convention_catalogue() {
  static const std::array conventions = {
      surface_convention(),     voxel_boxes_convention(),     itk_convention(),
      medpy_convention(),       monai_convention(),           deepmind_convention(),
      plastimatch_convention(), metricsreloaded_convention(), evaluatesegmentation_convention()};
  return conventions;
}

const Convention& find_convention(const std::string& name, const std::string& where) {
  std::vector<std::string> names;
  for (const Convention& convention : convention_catalogue()) {
    if (convention.name == name) return convention;
    names.push_back(convention.name);
  }
  const std::string near = nearest_name(name, names);
  const std::string mend = near.empty() ? "choose one of them" : "did you mean " + near + "?";
  throw InvalidInput({.what = "no convention of that name",
                      .where = where,
                      .expected = "all, or one of " + join(names, ", "),
                      .got = name,
                      .mend = mend});
}

}  // namespace meshassay::metrics::conventions
