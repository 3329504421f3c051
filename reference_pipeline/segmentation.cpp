// SPDX-License-Identifier: GPL-3.0-or-later
#include "reference_pipeline/segmentation.hpp"

#include "core/errors.hpp"
#include "core/text.hpp"
#include "reference_pipeline/half_maximum.hpp"

namespace meshassay::reference_pipeline {
namespace {

std::vector<double> fixed_thresholds(std::span<const Target> targets, const std::vector<double>& given_hu) {
  if (!given_hu.empty() && given_hu.size() != targets.size())
    throw InvalidInput(
        {.what = "the number of thresholds is not that of the targets",
         .where = "threshold_hu",
         .expected = format_number(static_cast<double>(targets.size())) + " in the order of the targets",
         .got = format_number(static_cast<double>(given_hu.size())),
         .mend = "give one threshold a target"});
  if (!given_hu.empty()) return given_hu;
  std::vector<double> thresholds_hu;
  for (const auto& target : targets) {
    if (target.hu_range == std::array<double, 2>{0.0, 0.0})
      throw InvalidInput(
          {.what = "a fixed threshold is asked for and none is given",
           .where = "target '" + target.name + "'",
           .expected = "threshold_hu, or a target with hu_range",
           .got = "neither",
           .mend = "set threshold_hu (for bone often 200 to 300), or segmentation=half_maximum"});
    thresholds_hu.push_back(target.hu_range[0]);
  }
  return thresholds_hu;
}

Parameters half_maximum_parameters(const HalfMaximum& found, std::span<const Target> targets) {
  Parameters parameters = {{"background_hu", found.background_hu}};
  if (targets.size() == 1) {
    parameters["first_guess"] = std::string("otsu");
    parameters["first_guess_bins"] = static_cast<double>(otsu_bins);
    parameters["first_guess_hu"] = found.first_guess_hu;
  } else {
    parameters["first_guess"] = std::string("nearest hu_range");
  }
  for (std::size_t n = 0; n < targets.size(); ++n)
    parameters[name_for("material_hu", targets, targets[n].label)] = found.material_hu[n];
  return parameters;
}

}  // namespace

std::string name_for(const std::string& name, std::span<const Target> targets, std::uint16_t label) {
  return targets.size() == 1 ? name : name + "." + format_number(label);
}

Segmentation segment(const Image<float>& hu, std::span<const Target> targets, const Settings& settings) {
  Segmentation result;
  result.step.step = "segmentation";
  std::vector<double> thresholds_hu;
  if (settings.segmentation == SegmentationMethod::threshold) {
    result.step.method = "threshold";
    thresholds_hu = fixed_thresholds(targets, settings.thresholds_hu);
  } else {
    result.step.method = "half_maximum";
    const auto found = half_maximum(hu, targets, result.refusal);
    if (!found) return result;
    thresholds_hu = found->thresholds_hu;
    result.step.parameters = half_maximum_parameters(*found, targets);
  }
  for (std::size_t n = 0; n < targets.size(); ++n) {
    result.thresholds.push_back({targets[n].label, thresholds_hu[n]});
    result.step.parameters[name_for("threshold_hu", targets, targets[n].label)] = thresholds_hu[n];
  }
  result.step.parameters["inside"] = std::string("HU >= threshold_hu");
  result.mask = label_by_threshold(hu, result.thresholds);
  return result;
}

}  // namespace meshassay::reference_pipeline
