// SPDX-License-Identifier: GPL-3.0-or-later
#include "reference_pipeline/pipeline.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>

#include "core/errors.hpp"
#include "core/io/image_files.hpp"
#include "core/io/stl.hpp"
#include "core/io/system_record.hpp"
#include "tests/unit/reference_pipeline/surface_checks.hpp"
#include "tests/unit/reference_pipeline/synthetic_ct.hpp"

namespace meshassay::reference_pipeline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Parameters settings(const Parameters& given) {
  return resolve_parameters(pipeline_parameters(), given, "test");
}

// A ball of 3 mm at 1 mm, 1000 HU in -1000 HU.
CtVolume small_ball() { return testing::ball(testing::centered_grid(Vector3(1.0, 1.0, 1.0), 5.0), 3.0); }

PipelineResult run(const CtVolume& ct, const Parameters& given,
                   const std::vector<Target>& targets = {Target{}}) {
  return run_pipeline(ct, {.targets = targets, .parameters = settings(given), .progress = {}});
}

std::vector<std::string> stage_names_of(const PipelineResult& result) {
  std::vector<std::string> names;
  for (const auto& stage : result.stages) names.push_back(stage.name);
  return names;
}

const Stage& stage(const PipelineResult& result, const std::string& name) {
  return *std::find_if(result.stages.begin(), result.stages.end(),
                       [&](const Stage& s) { return s.name == name; });
}

TEST(Pipeline, TakesAFixedThresholdWhereOneIsGivenAndMeasuresOneElse) {
  EXPECT_EQ(run(small_ball(), {{"threshold_hu", 250.0}}).record.steps.front().method, "threshold");
  EXPECT_EQ(run(small_ball(), {parse_assignment(pipeline_parameters(), "threshold_hu=250", "--set")})
                .record.findings.at("threshold_hu"),
            ParameterValue(250.0));
  const auto measured = run(small_ball(), {});
  EXPECT_EQ(measured.record.steps.front().method, "half_maximum");
  EXPECT_EQ(measured.record.findings.at("threshold_hu"), ParameterValue(0.0));
}

TEST(Pipeline, TakesTheLowerEndOfTheRangeForAFixedThresholdThatIsNotGiven) {
  const std::vector<Target> targets = {{.label = 1, .name = "bone", .hu_range = {300.0, 2000.0}}};
  EXPECT_EQ(run(small_ball(), {{"segmentation", std::string("threshold")}}, targets)
                .record.findings.at("threshold_hu"),
            ParameterValue(300.0));
  EXPECT_THROW((void)run(small_ball(), {{"segmentation", std::string("threshold")}}), InvalidInput);
}

TEST(Pipeline, RefusesASettingThatWouldHaveNoEffect) {
  const std::vector<Parameters> mistakes = {
      {{"segmentation", std::string("half_maximum")}, {"threshold_hu", 250.0}},
      {{"min_island_mm3", 5.0}},
      {{"smoothing_iterations", 50.0}},
      {{"smoothing", std::string("moderate")}, {"smoothing_pass_band", 0.2}},
      {{"smoothing", std::string("windowed_sinc")}, {"smoothing_iterations", 10.5}},
      {{"threshold_hu", std::vector<double>{1.0, 2.0}}}};  // Two thresholds for one target.
  for (const auto& mistake : mistakes)
    EXPECT_THROW((void)run(small_ball(), mistake), InvalidInput) << mistake.rbegin()->first;
}

TEST(Pipeline, CountsAVoxelExactlyAtTheThresholdAsInside) {
  CtVolume ct{.hu = Image<float>(testing::centered_grid(Vector3(1.0, 1.0, 1.0), 2.0), 0.0F),
              .acquisition = {},
              .warnings = {}};
  ct.hu.at(2, 2, 2) = 250.0F;
  ct.hu.at(2, 2, 3) = 249.0F;
  const auto result = run(ct, {{"threshold_hu", 250.0}});
  EXPECT_EQ(result.record.findings.at("voxels"), ParameterValue(1.0));
  EXPECT_EQ(result.record.findings.at("voxels_exactly_at_threshold"), ParameterValue(1.0));
  EXPECT_TRUE(testing::is_closed_two_manifold(stage(result, "exported").surfaces.at(1)));
}

TEST(Pipeline, ShowsTheStagesThatItsStepsMade) {
  EXPECT_THAT(stage_names_of(run(small_ball(), {})),
              ElementsAre("segmented", "extracted", "smoothed", "exported"));
  const auto edited =
      run(small_ball(), {{"cavities", std::string("fill")}, {"smoothing", std::string("moderate")}});
  EXPECT_THAT(stage_names_of(edited),
              ElementsAre("segmented", "mask_edited", "extracted", "smoothed", "exported"));
  EXPECT_NE(stage(edited, "extracted").surfaces.at(1).vertices_mm,
            stage(edited, "smoothed").surfaces.at(1).vertices_mm);
}

TEST(Pipeline, EditsTheMaskThatTheSurfaceIsMadeOf) {
  auto ct = small_ball();
  ct.hu.at(0, 0, 0) = 1000.0F;
  const auto kept = run(ct, {{"threshold_hu", 0.0}});
  const auto largest = run(ct, {{"threshold_hu", 0.0}, {"islands", std::string("largest")}});
  EXPECT_EQ(kept.record.findings.at("surface_pieces"), ParameterValue(2.0));
  EXPECT_EQ(largest.record.findings.at("surface_pieces"), ParameterValue(1.0));
  EXPECT_EQ(largest.record.findings.at("removed_components"), ParameterValue(1.0));
  EXPECT_EQ(stage(largest, "segmented").mask->at(0, 0, 0), 1);
  EXPECT_EQ(stage(largest, "mask_edited").mask->at(0, 0, 0), 0);
}

TEST(Pipeline, RecordsEachStepWithItsMethodAndEveryParameter) {
  const auto record =
      run(small_ball(), {{"threshold_hu", 250.0}, {"smoothing", std::string("excessive")}}).record;
  EXPECT_EQ(record.status, "done");
  std::vector<std::string> steps;
  for (const auto& step : record.steps) {
    steps.push_back(step.step);
    EXPECT_FALSE(step.method.empty());
    EXPECT_FALSE(step.parameters.empty());
  }
  EXPECT_THAT(steps, ElementsAre("segmentation", "mask editing", "reconstruction", "smoothing", "export"));
  EXPECT_EQ(record.steps[0].parameters.at("threshold_hu"), ParameterValue(250.0));
  EXPECT_EQ(record.steps[3].parameters.at("iterations"), ParameterValue(60.0));
  EXPECT_EQ(record.steps[3].parameters.at("pass_band"), ParameterValue(0.0001));
}

TEST(Pipeline, WarnsOfWhatTheReaderNoticedAndOfWhatTheVolumeCuts) {
  // A grid that ends inside the ball.
  auto ct = testing::ball(testing::centered_grid(Vector3(1.0, 1.0, 1.0), 3.0), 5.0);
  ct.warnings = {"derived image"};
  const auto record = run(ct, {{"threshold_hu", 0.0}}).record;
  EXPECT_EQ(record.findings.at("touches_border"), ParameterValue(true));
  ASSERT_EQ(record.warnings.size(), 2U);
  EXPECT_EQ(record.warnings[0], "derived image");
  EXPECT_THAT(record.warnings[1], HasSubstr("capped"));
}

TEST(Pipeline, RefusesACtInWhichNothingIsFound) {
  const auto nothing = run(small_ball(), {{"threshold_hu", 3000.0}});
  EXPECT_EQ(nothing.record.status, "refused");
  EXPECT_FALSE(nothing.record.reason.empty());
  EXPECT_TRUE(nothing.stages.empty());
  const CtVolume uniform{.hu = Image<float>(testing::centered_grid(Vector3(1.0, 1.0, 1.0), 2.0)),
                         .acquisition = {},
                         .warnings = {}};
  EXPECT_EQ(run(uniform, {}).record.status, "refused");
  EXPECT_EQ(
      run(small_ball(), {{"islands", std::string("min_volume")}, {"min_island_mm3", 1e6}}).record.status,
      "refused");
}

TEST(Pipeline, RefusesInputThatCannotBe) {
  EXPECT_THROW((void)run({}, {}), InvalidInput);
  EXPECT_THROW((void)run(small_ball(), {}, {}), InvalidInput);
  EXPECT_THROW((void)run(small_ball(), {}, {{.label = 0}}), InvalidInput);
  EXPECT_THROW((void)run(small_ball(), {{"threshold_hu", std::vector<double>{1.0, 2.0}}},
                         {{.label = 3}, {.label = 3}}),
               InvalidInput);
  EXPECT_THROW((void)run(small_ball(), {{"threshold_hu", std::vector<double>{1.0, 1.0}}},
                         {{.label = 1}, {.label = 2}}),
               InvalidInput);
}

TEST(Pipeline, MakesASurfaceOfEachTarget) {
  // A dense core of radius 2 mm in a ball of 5 mm.
  const Grid grid = testing::centered_grid(Vector3(0.5, 0.5, 0.5), 6.0);
  auto ct = testing::ball(grid, 5.0, {.inside_hu = 100.0, .outside_hu = -1000.0});
  const auto core = testing::ball(grid, 2.0, {.inside_hu = 900.0, .outside_hu = 0.0});
  for (std::size_t v = 0; v < ct.hu.values.size(); ++v) ct.hu.values[v] += core.hu.values[v];
  const std::vector<Target> targets = {{.label = 1, .name = "soft", .hu_range = {50.0, 150.0}},
                                       {.label = 2, .name = "core", .hu_range = {900.0, 1100.0}}};
  const auto result = run(ct, {}, targets);
  EXPECT_EQ(result.record.findings.at("threshold_hu.1"), ParameterValue(-450.0));
  EXPECT_EQ(result.record.findings.at("threshold_hu.2"), ParameterValue(550.0));
  EXPECT_EQ(result.record.findings.at("cavities.1"), ParameterValue(1.0));
  const auto& surfaces = stage(result, "exported").surfaces;
  // The shell's volume and the core's add up to the ball: they share the surface between them.
  const double ball_mm3 = signed_volume_mm3(surfaces.at(1)) + signed_volume_mm3(surfaces.at(2));
  EXPECT_NEAR(testing::radius_of_volume_mm(ball_mm3), 5.0, 0.03);
  EXPECT_NEAR(testing::radius_of_volume_mm(signed_volume_mm3(surfaces.at(2))), 2.0, 0.06);
}

TEST(Pipeline, WritesFilesThatSayTheSameAsTheStages) {
  const auto folder =
      std::filesystem::temp_directory_path() / ("meshassay_pipeline_test_" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  const auto result = run(small_ball(), {{"threshold_hu", 250.0}, {"smoothing", std::string("moderate")}});
  write_outputs(result, {.mask = folder / "mask.nrrd",
                         .record = folder / "record.json",
                         .surfaces = {{1, folder / "surface.stl"}},
                         .stages = {{"segmented", folder / "segmented.nrrd"},
                                    {"extracted", folder / "extracted.stl"}}});
  const auto expect_same = [&](const std::string& name, const std::string& file) {
    const auto read = io::read_stl(folder / file);
    EXPECT_EQ(read.triangles, stage(result, name).surfaces.at(1).triangles);
    EXPECT_EQ(read.vertices_mm, stage(result, name).surfaces.at(1).vertices_mm);
  };
  expect_same("exported", "surface.stl");
  expect_same("extracted", "extracted.stl");
  EXPECT_EQ(io::read_label_map(folder / "mask.nrrd").values, stage(result, "segmented").mask->values);
  EXPECT_EQ(io::read_label_map(folder / "segmented.nrrd").values, stage(result, "segmented").mask->values);
  EXPECT_EQ(io::read_system_record(folder / "record.json"), result.record);
  std::filesystem::remove_all(folder);
}

TEST(Pipeline, WarnsWhereFloat32CannotTellVerticesApart) {
  // At 1,000,000 mm the numbers of float32 are 0.0625 mm apart, and these voxels 0.01 mm.
  auto ct = testing::ball(testing::centered_grid(Vector3(0.01, 0.01, 0.01), 0.05), 0.03);
  EXPECT_TRUE(run(ct, {{"threshold_hu", 0.0}}).record.warnings.empty());
  ct.hu.grid.origin_mm += Vector3::Constant(1e6);
  EXPECT_THAT(run(ct, {{"threshold_hu", 0.0}}).record.warnings, ElementsAre(HasSubstr("float32")));
}

TEST(Pipeline, TellsItsProgressInOrder) {
  std::vector<std::string> steps;
  double last = -1.0;
  (void)run_pipeline(small_ball(),
                     {.parameters = settings({}), .progress = [&](std::string_view step, double fraction) {
                        steps.emplace_back(step);
                        EXPECT_GT(fraction, last);
                        last = fraction;
                      }});
  EXPECT_THAT(steps,
              ElementsAre("segmentation", "mask editing", "reconstruction", "smoothing", "export", "done"));
  EXPECT_EQ(last, 1.0);
}

TEST(MethodCatalogue, ListsTheChoicesOfEachParameterAndNoOthers) {
  for (const auto& definition : pipeline_parameters()) {
    if (definition.choices.empty()) continue;
    std::vector<std::string> listed;
    for (const auto& method : method_catalogue())
      if (method.parameter == definition.name) listed.push_back(method.id);
    EXPECT_THAT(listed, ::testing::UnorderedElementsAreArray(definition.choices)) << definition.name;
  }
}

PipelineOptions options(const Parameters& given) {
  return {.targets = {Target{}}, .parameters = settings(given), .progress = {}};
}

TEST(Pipeline, GoesOnFromAnyStepAsTheWholeWouldHave) {
  const Parameters given = {{"extraction", std::string("flying_edges_mask")},
                            {"smoothing", std::string("moderate")}};
  const auto whole = run(small_ball(), given);
  const auto from_mask = run_from_mask(*stage(whole, "segmented").mask, options(given));
  EXPECT_THAT(stage_names_of(from_mask), ElementsAre("extracted", "smoothed", "exported"));
  for (const auto* name : {"extracted", "smoothed", "exported"}) {
    EXPECT_EQ(stage(from_mask, name).surfaces.at(1).vertices_mm,
              stage(whole, name).surfaces.at(1).vertices_mm);
    EXPECT_EQ(stage(from_mask, name).surfaces.at(1).triangles, stage(whole, name).surfaces.at(1).triangles);
  }
  // Middles of voxel edges are exact as float32, so that the stage is the surface that was smoothed, but for
  // the order of its vertices: sums over neighbours may end in another last digit, and round to the next
  // float32.
  const auto edited =
      run_from_surfaces(stage(whole, "extracted").surfaces, FromSurface::editing, options(given));
  EXPECT_THAT(stage_names_of(edited), ElementsAre("smoothed", "exported"));
  const auto& once_more = stage(edited, "exported").surfaces.at(1);
  const auto& at_once = stage(whole, "exported").surfaces.at(1);
  ASSERT_EQ(once_more.triangles, at_once.triangles);
  constexpr double float_step_mm = 0x1p-22;  // Between 2 and 4 mm; the ball's radius is 3 mm.
  for (std::size_t v = 0; v < at_once.vertices_mm.size(); ++v)
    EXPECT_LE((once_more.vertices_mm[v] - at_once.vertices_mm[v]).cwiseAbs().maxCoeff(), float_step_mm) << v;
  const auto exported =
      run_from_surfaces(stage(whole, "extracted").surfaces, FromSurface::exporting, options(given));
  EXPECT_THAT(stage_names_of(exported), ElementsAre("exported"));
  EXPECT_EQ(stage(exported, "exported").surfaces.at(1).vertices_mm,
            stage(whole, "extracted").surfaces.at(1).vertices_mm);
}

TEST(Pipeline, TakesAMaskWithoutGreyValuesBySomethingElseThanThem) {
  const auto whole = run(small_ball(), {});  // Vertices by grey values.
  const auto from_mask = run_from_mask(*stage(whole, "segmented").mask, options({}));
  EXPECT_EQ(from_mask.record.steps.front().method, "flying_edges_mask");
  const LabelMap empty(stage(whole, "segmented").mask->grid);
  EXPECT_EQ(run_from_mask(empty, options({})).record.status, "refused");
}

}  // namespace
}  // namespace meshassay::reference_pipeline
