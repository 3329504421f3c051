// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trial.hpp"

#include <gtest/gtest.h>

#include "core/label_map.hpp"

namespace meshassay {
namespace {

std::string reason_of(const std::variant<const TriangleMesh*, Undefined>& found) {
  return std::holds_alternative<Undefined>(found) ? std::get<Undefined>(found).reason : "";
}

TEST(FindSurface, TellsWhatWasNotOfferedFromWhatIsOwed) {
  Submission submission;
  EXPECT_EQ(reason_of(find_surface(submission, "", 1)), "not_offered");
  submission.offers = {"surface"};
  EXPECT_EQ(reason_of(find_surface(submission, "", 1)), "missing");
  EXPECT_EQ(reason_of(find_surface(submission, "smoothed", 1)),
            "not_offered");  // stages are an offer of their own
  submission.stages.push_back(
      {.name = "exported", .mask = {}, .surfaces = {{1, TriangleMesh{}}}, .problem = {}});
  EXPECT_EQ(reason_of(find_surface(submission, "", 1)), "");
  EXPECT_EQ(reason_of(find_surface(submission, "", 2)), "missing");
  submission.stages[0].problem = Undefined{"unreadable", "surface.stl"};
  EXPECT_EQ(reason_of(find_surface(submission, "", 1)), "unreadable");
  submission.status = CaseStatus::unsupported;
  submission.stages.clear();
  EXPECT_EQ(reason_of(find_surface(submission, "", 1)), "unsupported");
}

TEST(FindSurfaceFileBytes, AreThoseOfTheFileOrSayWhyThereAreNone) {
  const auto reason = [](const std::variant<std::uint64_t, Undefined>& found) {
    return std::holds_alternative<Undefined>(found) ? std::get<Undefined>(found).reason : "";
  };
  Submission submission{.offers = {"surface"}};
  EXPECT_EQ(reason(find_surface_file_bytes(submission, "", 1)), "missing");
  Stage stage{.name = "exported"};
  stage.surfaces = {{1, {}}, {2, {}}};
  stage.surface_file_bytes = {{2, 684}};
  submission.stages.push_back(stage);
  EXPECT_EQ(reason(find_surface_file_bytes(submission, "", 1)), "not_offered");
  EXPECT_EQ(std::get<std::uint64_t>(find_surface_file_bytes(submission, "", 2)), 684u);
  EXPECT_EQ(std::get<std::uint64_t>(find_surface_file_bytes(submission, "exported", 2)), 684u);
}

TEST(FindMask, PrefersTheEditedMask) {
  Submission submission;
  submission.offers = {"mask", "stages"};
  submission.stages.push_back(
      {.name = "segmented", .mask = shared(LabelMap{}), .surfaces = {}, .problem = {}});
  submission.stages.push_back(
      {.name = "mask_edited", .mask = shared(LabelMap{}), .surfaces = {}, .problem = {}});
  EXPECT_EQ(std::get<const LabelMap*>(find_mask(submission, "")), &*submission.stages[1].mask);
  EXPECT_EQ(std::get<const LabelMap*>(find_mask(submission, "segmented")), &*submission.stages[0].mask);
}

TEST(ReasonCatalogue, HoldsWhatTheTrialSays) {
  for (const char* id : {"not_offered", "missing", "unreadable", "unsupported"})
    EXPECT_NO_THROW((void)find_reason(id));
}

}  // namespace
}  // namespace meshassay
