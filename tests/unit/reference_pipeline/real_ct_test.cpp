// SPDX-License-Identifier: GPL-3.0-or-later
// A real CT of a knee: integer HU, 553 voxels exactly at 250 HU, bone that the volume cuts.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "core/io/dicom_series.hpp"
#include "core/io/stl.hpp"
#include "reference_pipeline/pipeline.hpp"
#include "reference_pipeline/surface_pieces.hpp"
#include "tests/support/source_folder.hpp"
#include "tests/unit/reference_pipeline/surface_checks.hpp"

namespace meshassay::reference_pipeline {
namespace {

namespace fs = std::filesystem;

const fs::path knee = test_support::shared_data() / "ct_knee/dicom/image";

PipelineResult model(const Parameters& given) {
  return run_pipeline(io::read_ct(knee),
                      {.parameters = resolve_parameters(pipeline_parameters(), given, "test")});
}

double count(const PipelineResult& result, const std::string& name) {
  return number(result.record.findings, name);
}

TEST(KneeCt, At250HuHoldsWhatIsKnownOfIt) {
  if (!fs::exists(knee)) GTEST_SKIP() << "no such data: " << knee;
  const auto result = model({{"threshold_hu", 250.0}});
  EXPECT_EQ(count(result, "voxels_exactly_at_threshold"), 553);
  EXPECT_EQ(count(result, "components"), 117);
  EXPECT_EQ(count(result, "cavities"), 31);
  EXPECT_TRUE(boolean(result.record.findings, "touches_border"));
  const LabelMap& mask = *result.stages.front().mask;
  int in_end_slices = 0;
  for (const int k : {0, mask.grid.size[2] - 1})
    for (int j = 0; j < mask.grid.size[1]; ++j)
      for (int i = 0; i < mask.grid.size[0]; ++i) in_end_slices += mask.at(i, j, k) == 1;
  EXPECT_EQ(in_end_slices, 1273);
}

TEST(KneeCt, BecomesAClosedTwoManifoldOutwardSurfaceInItsFile) {
  if (!fs::exists(knee)) GTEST_SKIP() << "no such data: " << knee;
  const fs::path file = fs::temp_directory_path() / ("meshassay_knee_" + std::to_string(::getpid()) + ".stl");
  for (const char* smoothing : {"none", "moderate", "excessive"}) {
    const auto result = model({{"threshold_hu", 250.0}, {"smoothing", std::string(smoothing)}});
    write_outputs(result, {.surfaces = {{1, file}}});
    const auto surface = io::read_stl(file);
    EXPECT_TRUE(testing::is_closed_two_manifold(surface)) << smoothing;
    EXPECT_GT(signed_volume_mm3(surface), 0.0);
    // Each part of the object and each cavity has a surface; the cavities' are turned inwards.
    const auto pieces = find_pieces(surface);
    const auto volumes_mm3 = piece_volumes_mm3(surface, pieces);
    EXPECT_EQ(std::count_if(volumes_mm3.begin(), volumes_mm3.end(), [](double v) { return v < 0.0; }), 31)
        << smoothing;
    EXPECT_GE(pieces.count, 117U + 31U);  // Components that hang together by corners alone are parted.
  }
  fs::remove(file);
}

TEST(KneeCt, KeepsOnePieceWhereOnlyTheLargestIslandStaysAndCavitiesAreFilled) {
  if (!fs::exists(knee)) GTEST_SKIP() << "no such data: " << knee;
  const auto result = model(
      {{"threshold_hu", 250.0}, {"islands", std::string("largest")}, {"cavities", std::string("fill")}});
  EXPECT_EQ(count(result, "removed_components"), 116);
  EXPECT_TRUE(testing::is_closed_two_manifold(result.stages.back().surfaces.at(1)));
}

}  // namespace
}  // namespace meshassay::reference_pipeline
