// SPDX-License-Identifier: GPL-3.0-or-later
// What the pipeline offers, for `list methods` and `--set`: explicit lists, in the order of the data flow.
#include "reference_pipeline/pipeline.hpp"

namespace meshassay::reference_pipeline {

std::span<const MethodDefinition> method_catalogue() {
  static const std::vector<MethodDefinition> catalogue = {
      {"automatic", "segmentation", "segmentation",
       "threshold where threshold_hu is given, else half_maximum"},
      {"half_maximum", "segmentation", "segmentation",
       "a threshold midway between the median grey values deep inside and deep outside, measured in the "
       "scan"},
      {"threshold", "segmentation", "segmentation",
       "a fixed threshold: threshold_hu, else the lower end of the target's HU range; HU >= threshold is "
       "inside"},
      {"keep", "mask editing", "islands", "all components stay"},
      {"largest", "mask editing", "islands", "only the component with the most voxels stays"},
      {"min_volume", "mask editing", "islands", "components smaller than min_island_mm3 go"},
      {"keep", "mask editing", "cavities", "all cavities stay"},
      {"fill", "mask editing", "cavities",
       "background that does not reach the border of the volume is filled"},
      {"flying_edges_grey", "reconstruction", "extraction",
       "Flying Edges on the mask, vertices where the interpolated HU reach the threshold"},
      {"flying_edges_mask", "reconstruction", "extraction",
       "Flying Edges on the mask, vertices midway between voxels: the staircase stays"},
      {"none", "smoothing", "smoothing", "the surface stays as it was extracted"},
      {"moderate", "smoothing", "smoothing",
       "windowed sinc that keeps a 10 mm ball: 20 iterations, pass band 0.1"},
      {"excessive", "smoothing", "smoothing",
       "windowed sinc that visibly shrinks, for studies: 60 iterations, pass band 0.0001"},
      {"windowed_sinc", "smoothing", "smoothing",
       "windowed sinc with smoothing_iterations and smoothing_pass_band"},
  };
  return catalogue;
}

std::span<const ParameterDefinition> pipeline_parameters() {
  static const std::vector<ParameterDefinition> definitions = {
      {.name = "segmentation",
       .default_value = std::string("automatic"),
       .description = "how voxels are chosen",
       .choices = {"automatic", "half_maximum", "threshold"}},
      {.name = "threshold_hu",
       .default_value = std::vector<double>{},
       .description =
           "fixed threshold, one a target in their order; giving it selects segmentation=threshold",
       .min = -32768.0,
       .max = 65535.0},
      {.name = "islands",
       .default_value = std::string("keep"),
       .description = "which 26-connected components of a mask stay",
       .choices = {"keep", "largest", "min_volume"}},
      {.name = "min_island_mm3",
       .default_value = 0.0,
       .description = "with islands=min_volume: components with less volume go",
       .min = 0.0},
      {.name = "cavities",
       .default_value = std::string("keep"),
       .description = "what happens to 6-connected cavities of a mask",
       .choices = {"keep", "fill"}},
      {.name = "extraction",
       .default_value = std::string("flying_edges_grey"),
       .description = "how a surface is made from the mask",
       .choices = {"flying_edges_grey", "flying_edges_mask"}},
      {.name = "smoothing",
       .default_value = std::string("none"),
       .description = "how the surface is smoothed",
       .choices = {"none", "moderate", "excessive", "windowed_sinc"}},
      {.name = "smoothing_iterations",
       .default_value = 20.0,
       .description = "with smoothing=windowed_sinc: degree of the filter, a whole number",
       .min = 2.0,
       .max = 1000.0},
      {.name = "smoothing_pass_band",
       .default_value = 0.1,
       .description = "with smoothing=windowed_sinc: detail above this eigenvalue of the Laplacian goes",
       .min = 0.0001,
       .max = 2.0},
  };
  return definitions;
}

}  // namespace meshassay::reference_pipeline
