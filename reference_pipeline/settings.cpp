// SPDX-License-Identifier: GPL-3.0-or-later
#include "reference_pipeline/settings.hpp"

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "reference_pipeline/pipeline.hpp"

namespace meshassay::reference_pipeline {
namespace {

constexpr WindowedSincOptions moderate{.iterations = 20, .pass_band = 0.1};
constexpr WindowedSincOptions excessive{.iterations = 60, .pass_band = 0.0001};

const ParameterValue& default_of(const std::string& name) {
  const auto definitions = pipeline_parameters();
  return std::find_if(definitions.begin(), definitions.end(),
                      [&](const auto& definition) { return definition.name == name; })
      ->default_value;
}

// A setting that is given and has no effect is a mistake that nobody would notice in the result.
void refuse_without_effect(const Parameters& parameters, const std::string& name, const std::string& chooser,
                           const std::string& needed) {
  if (parameters.at(name) == default_of(name)) return;
  throw InvalidInput(
      {.what = "parameter '" + name + "' has no effect with " + chooser + "=" + text(parameters, chooser),
       .where = "settings of the reference pipeline",
       .expected = chooser + "=" + needed,
       .got = name + "=" + format_parameter(parameters.at(name)),
       .mend = "set " + chooser + "=" + needed + ", or leave '" + name + "' out"});
}

WindowedSincOptions explicit_smoothing(const Parameters& parameters) {
  const double iterations = number(parameters, "smoothing_iterations");
  if (iterations != std::round(iterations))
    throw InvalidInput({.what = "parameter 'smoothing_iterations' is not a whole number",
                        .where = "settings of the reference pipeline",
                        .expected = "a whole number",
                        .got = format_parameter(iterations),
                        .mend = "round it"});
  return {.iterations = static_cast<int>(iterations), .pass_band = number(parameters, "smoothing_pass_band")};
}

}  // namespace

Settings read_settings(const Parameters& parameters) {
  Settings settings;
  settings.thresholds_hu = numbers(parameters, "threshold_hu");
  const std::string& segmentation = text(parameters, "segmentation");
  if (segmentation == "half_maximum")
    refuse_without_effect(parameters, "threshold_hu", "segmentation", "threshold");
  if (segmentation == "threshold" || !settings.thresholds_hu.empty())
    settings.segmentation = SegmentationMethod::threshold;

  const std::string& islands = text(parameters, "islands");
  if (islands == "largest") settings.editing.islands = Islands::largest;
  if (islands == "min_volume")
    settings.editing.islands = Islands::min_volume;
  else
    refuse_without_effect(parameters, "min_island_mm3", "islands", "min_volume");
  settings.editing.min_island_mm3 = number(parameters, "min_island_mm3");
  if (text(parameters, "cavities") == "fill") settings.editing.cavities = Cavities::fill;

  if (text(parameters, "extraction") == "flying_edges_mask") settings.placement = VertexPlacement::middle;

  const std::string& smoothing = text(parameters, "smoothing");
  if (smoothing == "windowed_sinc") {
    settings.smoothing = explicit_smoothing(parameters);
  } else {
    refuse_without_effect(parameters, "smoothing_iterations", "smoothing", "windowed_sinc");
    refuse_without_effect(parameters, "smoothing_pass_band", "smoothing", "windowed_sinc");
    if (smoothing == "moderate") settings.smoothing = moderate;
    if (smoothing == "excessive") settings.smoothing = excessive;
  }
  return settings;
}

}  // namespace meshassay::reference_pipeline
