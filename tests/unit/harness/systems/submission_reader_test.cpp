// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "core/io/files.hpp"
#include "core/io/image_files.hpp"
#include "core/io/stl.hpp"
#include "core/io/system_record.hpp"
#include "harness/systems/systems.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/harness/cube.hpp"

namespace meshassay::harness {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class ReadSubmission : public testing::Test {
 protected:
  ReadSubmission() {
    system.outputs = {"mask", "surface", "record"};
    task.targets = {{.label = 1, .name = "object", .hu_range = {}}};
    task.out_dir = folder.path() / "out";
    task.outputs = default_outputs(task.out_dir, task.targets);
    fs::create_directories(task.out_dir);
  }
  void write_all() {
    io::write_label_map(cube_mask(), task.outputs.mask);
    io::write_stl(unit_cube({1, 2, 3}), task.outputs.surfaces.at(1));
    io::write_system_record({}, task.outputs.record);
  }
  [[nodiscard]] Submission read(const SystemRun& run = {}) const {
    return read_submission(system, task, run);
  }
  static const Stage* stage(const Submission& submission, const std::string& name) {
    for (const auto& candidate : submission.stages)
      if (candidate.name == name) return &candidate;
    return nullptr;
  }
  static std::string problem(const Submission& submission, const std::string& name) {
    const Stage* found = stage(submission, name);
    return found == nullptr ? "no stage" : found->problem ? found->problem->reason : "";
  }

  test_support::TemporaryFolder folder;
  suites::SystemDefinition system;
  Task task;
};

TEST_F(ReadSubmission, TakesWhatIsThere) {
  write_all();
  const auto submission = read();
  EXPECT_EQ(submission.status, CaseStatus::ok);
  EXPECT_EQ(submission.offers, system.outputs);
  ASSERT_EQ(submission.stages.size(), 2u);
  EXPECT_EQ(submission.stages[0].name, "segmented");  // The only mask is the one that was segmented.
  EXPECT_EQ(submission.stages[0].mask->values, cube_mask().values);
  EXPECT_EQ(submission.stages[1].name, "exported");
  EXPECT_NEAR(signed_volume_mm3(submission.stages[1].surfaces.at(1)), 1.0, 1e-12);
  EXPECT_EQ(bounding_box(submission.stages[1].surfaces.at(1)).min_mm, Point3(1, 2, 3));
  EXPECT_EQ(submission.stages[1].surface_file_bytes.at(1), 84u + 12u * 50u);  // Binary STL.
  ASSERT_TRUE(submission.record);
  EXPECT_EQ(submission.record->status, "done");
}

TEST_F(ReadSubmission, TurnsRasIntoLpsAndKeepsTheOutside) {
  write_all();
  system.surface_frame = "RAS";
  const auto submission = read();
  const auto& mesh = stage(submission, "exported")->surfaces.at(1);
  const auto box = bounding_box(mesh);
  EXPECT_EQ(box.min_mm, Point3(-2, -3, 3));  // [1, 2] x [2, 3] x [3, 4] with x and y negated.
  EXPECT_EQ(box.max_mm, Point3(-1, -2, 4));
  EXPECT_GT(signed_volume_mm3(mesh), 0.0);
}

TEST_F(ReadSubmission, TurnsDeclaredUnitsIntoMillimetres) {
  write_all();
  for (const auto& [unit, mm] :
       std::map<std::string, double>{{"mm", 1.0}, {"cm", 10.0}, {"m", 1000.0}, {"inch", 25.4}}) {
    system.surface_unit = unit;
    const auto submission = read();
    const auto box = bounding_box(stage(submission, "exported")->surfaces.at(1));
    EXPECT_EQ(box.max_mm, Point3(2 * mm, 3 * mm, 4 * mm)) << unit;
  }
}

TEST_F(ReadSubmission, NamesWhatIsMissing) {
  write_all();
  fs::remove(task.outputs.surfaces.at(1));
  const auto submission = read();
  EXPECT_EQ(submission.status, CaseStatus::ok);
  EXPECT_EQ(problem(submission, "segmented"), "");
  EXPECT_EQ(problem(submission, "exported"), "missing");
  EXPECT_THAT(stage(submission, "exported")->problem->detail, HasSubstr("surface.stl"));
}

TEST_F(ReadSubmission, OfNothingAtAllIsBadOutput) {
  const auto submission = read();
  EXPECT_EQ(submission.status, CaseStatus::bad_output);
  EXPECT_THAT(submission.status_detail, HasSubstr("none of the files"));
  EXPECT_EQ(problem(submission, "segmented"), "missing");
  EXPECT_EQ(problem(submission, "exported"), "missing");
  EXPECT_FALSE(submission.record);
}

TEST_F(ReadSubmission, DoesNotLookAtWhatWasNotOffered) {
  write_all();
  system.outputs = {"mask"};
  const auto submission = read();
  ASSERT_EQ(submission.stages.size(), 1u);
  EXPECT_EQ(submission.stages[0].name, "segmented");
  EXPECT_FALSE(submission.record);
}

TEST_F(ReadSubmission, OfHalfAFileIsBadOutputAndKeepsTheRest) {
  write_all();
  const auto& surface = task.outputs.surfaces.at(1);
  fs::resize_file(surface, fs::file_size(surface) / 2);
  const auto submission = read();
  EXPECT_EQ(submission.status, CaseStatus::bad_output);
  EXPECT_THAT(submission.status_detail, HasSubstr("surface.stl"));
  EXPECT_EQ(submission.status_detail.find('\n'), std::string::npos);
  EXPECT_EQ(problem(submission, "exported"), "unreadable");
  EXPECT_EQ(problem(submission, "segmented"), "");
}

TEST_F(ReadSubmission, RefusesGarbageOfEveryKind) {
  for (const auto& path : {task.outputs.mask, task.outputs.surfaces.at(1), task.outputs.record})
    std::ofstream(path) << "solid nothing";
  const auto submission = read();
  EXPECT_EQ(submission.status, CaseStatus::bad_output);
  EXPECT_EQ(problem(submission, "segmented"), "unreadable");
  EXPECT_EQ(problem(submission, "exported"), "unreadable");
  EXPECT_FALSE(submission.record);
}

TEST_F(ReadSubmission, DoesNotFollowLinksOutOfTheFolder) {
  write_all();
  const auto& surface = task.outputs.surfaces.at(1);
  fs::rename(surface, folder.path() / "elsewhere.stl");
  fs::create_symlink(folder.path() / "elsewhere.stl", surface);
  EXPECT_EQ(problem(read(), "exported"), "unreadable");
  fs::remove(surface);
  fs::create_symlink(task.out_dir / "nowhere.stl", surface);
  EXPECT_EQ(problem(read(), "exported"), "unreadable");
  fs::rename(folder.path() / "elsewhere.stl", task.out_dir / "model.stl");
  fs::remove(surface);
  fs::create_symlink("model.stl", surface);  // Inside the folder a link is as good as a file.
  EXPECT_EQ(problem(read(), "exported"), "");
}

TEST_F(ReadSubmission, DoesNotWaitForAPipeOrReadAFolder) {
  write_all();
  fs::remove(task.outputs.surfaces.at(1));
  ASSERT_EQ(mkfifo(task.outputs.surfaces.at(1).c_str(), 0600), 0);
  fs::remove(task.outputs.mask);
  fs::create_directory(task.outputs.mask);
  const auto submission = read();
  EXPECT_EQ(problem(submission, "exported"), "unreadable");
  EXPECT_EQ(problem(submission, "segmented"), "unreadable");
}

TEST_F(ReadSubmission, DoesNotLoadMoreThanTheDiskLimit) {
  write_all();
  system.disk_mib = 1;
  fs::resize_file(task.outputs.surfaces.at(1), (1u << 20) + 1);
  const auto submission = read();
  EXPECT_EQ(problem(submission, "exported"), "unreadable");
  EXPECT_THAT(stage(submission, "exported")->problem->detail, HasSubstr("disk_mib"));
}

TEST_F(ReadSubmission, ReadsStagesInTheOrderOfTheDataFlow) {
  write_all();
  system.outputs.insert("stages");
  io::write_label_map(cube_mask(), task.outputs.stages.at("segmented"));
  auto edited = cube_mask();
  edited.at(0, 0, 0) = 1;
  io::write_label_map(edited, task.outputs.mask);
  io::write_stl(unit_cube({0, 0, 0}), task.outputs.stages.at("smoothed"));
  io::write_stl(unit_cube({0, 0, 0}), task.outputs.stages.at("extracted"));
  const auto submission = read();
  std::vector<std::string> names;
  for (const auto& one : submission.stages) names.push_back(one.name);
  // Stages that a system does not have (decimated, repaired) are not there; the task's mask is the final one.
  EXPECT_EQ(names,
            (std::vector<std::string>{"segmented", "mask_edited", "extracted", "smoothed", "exported"}));
  EXPECT_EQ(stage(submission, "mask_edited")->mask->at(0, 0, 0), 1);
  EXPECT_EQ(stage(submission, "segmented")->mask->at(0, 0, 0), 0);
}

TEST_F(ReadSubmission, ReadsASurfaceForEachTarget) {
  task.targets.push_back({.label = 2, .name = "other", .hu_range = {}});
  task.outputs = default_outputs(task.out_dir, task.targets);
  write_all();
  EXPECT_EQ(problem(read(), "exported"), "");  // The missing one is missing for its own checks.
  EXPECT_FALSE(stage(read(), "exported")->surfaces.contains(2));
  io::write_stl(unit_cube({5, 5, 5}), task.outputs.surfaces.at(2));
  const auto submission = read();
  EXPECT_EQ(bounding_box(stage(submission, "exported")->surfaces.at(2)).min_mm, Point3(5, 5, 5));
}

TEST_F(ReadSubmission, TakesARefusalFromTheRecord) {
  for (const auto& [word, status] : std::map<std::string, CaseStatus>{
           {"refused", CaseStatus::refused}, {"unsupported", CaseStatus::unsupported}}) {
    io::write_system_record(
        {.status = word, .reason = "gantry tilt", .warnings = {}, .steps = {}, .findings = {}},
        task.outputs.record);
    const auto submission = read();
    EXPECT_EQ(submission.status, status);
    EXPECT_EQ(submission.status_detail, "gantry tilt");
    EXPECT_TRUE(submission.stages.empty());
  }
}

TEST_F(ReadSubmission, DoesNotTakeAnAnswerFromASystemThatCrashed) {
  write_all();
  const auto submission = read({.status = CaseStatus::crashed, .detail = "exit code 3", .wall_s = 1.0});
  EXPECT_EQ(submission.status, CaseStatus::crashed);
  EXPECT_EQ(submission.status_detail, "exit code 3");
  EXPECT_TRUE(submission.stages.empty());
}

}  // namespace
}  // namespace meshassay::harness
