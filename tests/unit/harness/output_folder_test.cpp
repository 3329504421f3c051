// SPDX-License-Identifier: GPL-3.0-or-later
#include "harness/output_folder.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "core/errors.hpp"
#include "tests/support/temporary_folder.hpp"

namespace meshassay::harness {
namespace {

TEST(OutputFolder, OneThatIsNewOrEmptyIsTaken) {
  const test_support::TemporaryFolder scratch;
  EXPECT_NO_THROW(check_output_folder(scratch.path(), Existing::must_be_empty));
  EXPECT_NO_THROW(check_output_folder(scratch.path() / "a/b/c", Existing::must_be_empty));
  make_output_folder(scratch.path() / "a/b/c");
  EXPECT_NO_THROW(check_output_folder(scratch.path() / "a/b/c", Existing::must_be_empty));
}

TEST(OutputFolder, FilesInItAreAMatterOfTheCommand) {
  const test_support::TemporaryFolder scratch;
  std::ofstream(scratch.path() / "file") << "x";
  EXPECT_THROW(check_output_folder(scratch.path(), Existing::must_be_empty), InvalidInput);
  EXPECT_NO_THROW(check_output_folder(scratch.path(), Existing::may_hold_files));
}

TEST(OutputFolder, WhatCanBeNoFolderIsRefused) {
  const test_support::TemporaryFolder scratch;
  std::ofstream(scratch.path() / "file") << "x";
  for (const auto& folder : {std::filesystem::path(), scratch.path() / "file", scratch.path() / "file/below",
                             scratch.path() / std::string(256, 'a')})  // A file system's names end at 255.
    EXPECT_THROW(check_output_folder(folder, Existing::may_hold_files), InvalidInput) << folder;
}

TEST(OutputFolder, OneThatIsNotOursToWriteToIsRefused) {
  if (geteuid() == 0) return;  // Who may write anywhere.
  EXPECT_THROW(check_output_folder("/proc/x", Existing::may_hold_files), InvalidInput);
}

TEST(OutputFile, OneInAFolderThatIsThereOrCanBeMadeIsTaken) {
  const test_support::TemporaryFolder scratch;
  std::ofstream(scratch.path() / "file") << "x";
  for (const auto& file : {scratch.path() / "new", scratch.path() / "a/b/new", scratch.path() / "file",
                           std::filesystem::path("new")})
    EXPECT_NO_THROW(check_output_file(file, "-o")) << file;
}

TEST(OutputFile, WhatCanBeNoFileIsRefused) {
  const test_support::TemporaryFolder scratch;
  std::ofstream(scratch.path() / "file") << "x";
  for (const auto& file :
       {std::filesystem::path(), scratch.path(), scratch.path() / "new/", scratch.path() / "file/new",
        scratch.path() / "file/below/new", scratch.path() / std::string(256, 'a') / "new"})
    EXPECT_THROW(check_output_file(file, "-o"), InvalidInput) << file;
  if (geteuid() == 0) return;  // Who may write anywhere.
  EXPECT_THROW(check_output_file("/proc/x", "-o"), InvalidInput);
}

}  // namespace
}  // namespace meshassay::harness
