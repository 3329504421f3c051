// SPDX-License-Identifier: GPL-3.0-or-later
#include "harness/runs/artifacts.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "tests/support/temporary_folder.hpp"

namespace meshassay::harness {
namespace {

namespace fs = std::filesystem;

TEST(Artifacts, OnlyFilesOfTheRunAreHashedWhateverASystemLeaves) {
  const test_support::TemporaryFolder scratch;
  const fs::path out_dir = scratch.path() / "case/out";
  const std::vector<Target> targets = {{.label = 1}};
  Task task;
  task.targets = targets;
  task.out_dir = out_dir;
  task.outputs = default_outputs(out_dir, targets);
  fs::create_directories(out_dir);
  std::ofstream(task.outputs.record) << "{}";
  ASSERT_EQ(mkfifo(task.outputs.mask.c_str(), 0600), 0);  // Reading it would wait for ever.
  fs::create_symlink("/etc/passwd", task.outputs.surfaces.at(1));
  fs::create_symlink("/etc", out_dir / "stages");
  fs::create_symlink("a", scratch.path() / "case/logs");
  fs::create_symlink("logs", scratch.path() / "case/a");  // A loop.

  const auto artifacts = collect_artifacts(task, scratch.path() / "case", scratch.path());
  ASSERT_EQ(artifacts.size(), 1u);
  EXPECT_EQ(artifacts[0].role, "record");
  EXPECT_EQ(artifacts[0].bytes, 2u);
}

}  // namespace
}  // namespace meshassay::harness
