// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/files.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <cstdlib>
#include <thread>
#include <vector>

#include "core/errors.hpp"
#include "tests/support/source_folder.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/core/io/error_message.hpp"

namespace meshassay::io {
namespace {

namespace fs = std::filesystem;
using test_support::TemporaryFolder;
using ::testing::HasSubstr;
using testing::message_of;

TEST(Files, WhatIsWrittenIsReadBackByteForByte) {
  const TemporaryFolder folder;
  const std::string bytes("a\0b\r\n\xff", 6);
  write_file(folder.path() / "new" / "folders" / "x.bin", bytes);
  EXPECT_EQ(read_file(folder.path() / "new" / "folders" / "x.bin"), bytes);
  write_file(folder.path() / "new" / "folders" / "x.bin", "");
  EXPECT_EQ(read_file(folder.path() / "new" / "folders" / "x.bin"), "");
}

TEST(Files, WritingLeavesNoTemporaryFileBehind) {
  const TemporaryFolder folder;
  write_file(folder.path() / "x.txt", "x");
  write_file(folder.path() / "x.txt", "y");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 1);
}

TEST(Files, ThreadsThatWriteOneFileLeaveOneOfTheirsWhole) {
  const TemporaryFolder folder;
  std::vector<std::thread> threads;
  for (char letter = 'a'; letter < 'e'; ++letter)
    threads.emplace_back([&folder, letter] {
      for (int i = 0; i < 5; ++i) write_file(folder.path() / "x", std::string(100000, letter));
    });
  for (auto& thread : threads) thread.join();
  const std::string bytes = read_file(folder.path() / "x");
  EXPECT_EQ(bytes, std::string(100000, bytes.at(0)));
}

TEST(Files, WritingWhereAFileStandsInTheWayIsTheMachinesError) {
  const TemporaryFolder folder;
  const auto file = folder.file("file", "");
  EXPECT_THAT(message_of<MachineError>([&] { write_file(file / "x", "x"); }), HasSubstr(file.string()));
}

TEST(Files, WritingOverAFolderIsTheMachinesErrorAndLeavesNothing) {
  const TemporaryFolder folder;
  (void)folder.file("taken/x", "");
  EXPECT_THROW(write_file(folder.path() / "taken", "x"), MachineError);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 1);
}

TEST(Files, ReadingWhatIsNotThereOrNoFileNamesThePath) {
  const TemporaryFolder folder;
  EXPECT_THAT(message_of<InvalidInput>([&] { (void)read_file(folder.path() / "none"); }),
              HasSubstr("No such file"));
  EXPECT_THAT(message_of<InvalidInput>([&] { (void)read_file(folder.path()); }), HasSubstr("a folder"));
  const auto pipe = folder.path() / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_THAT(message_of<InvalidInput>([&] { (void)read_file(pipe); }), HasSubstr("pipe"));  // Does not wait.
}

TEST(Files, ReadingStopsAtTheLimitEvenWhereTheSizeIsNotKnown) {
  const TemporaryFolder folder;
  const auto file = folder.file("ten", "0123456789");
  EXPECT_EQ(read_file(file, 10).size(), 10u);
  EXPECT_THAT(message_of<InvalidInput>([&] { (void)read_file(file, 9); }), HasSubstr("at most 9 bytes"));
  EXPECT_THROW((void)read_file("/proc/self/maps", 9), InvalidInput);  // Says that it has 0 bytes.
}

TEST(Files, Sha256IsThatOfTheStandard) {
  // FIPS 180-4: the digests of "" and "abc".
  EXPECT_EQ(sha256_of_bytes(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_of_bytes("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Files, Sha256OfAFileIsThatOfItsBytes) {
  const TemporaryFolder folder;
  const std::string bytes(1000003, 'x');  // More than one buffer, and not a multiple of it.
  EXPECT_EQ(sha256_of_file(folder.file("x", bytes)), sha256_of_bytes(bytes));
  EXPECT_THROW((void)sha256_of_file(folder.path() / "none"), InvalidInput);
}

TEST(Files, ATemporaryNameKeepsFolderAndExtensionAndNeverRepeats) {
  const fs::path name = temporary_name("a/mask.nii.gz");
  EXPECT_EQ(name.parent_path(), "a");
  EXPECT_TRUE(name.filename().string().starts_with(".mask."));
  EXPECT_TRUE(name.filename().string().ends_with(".nii.gz"));
  EXPECT_EQ(temporary_name("mask.nrrd").extension(), ".nrrd");
  EXPECT_NE(temporary_name("mask.nrrd"), temporary_name("mask.nrrd"));
}

TEST(Files, DataIsFoundAsGivenThenInTheDataFolderThenInTheSources) {
  const TemporaryFolder folder;
  const auto file = folder.file("suites/mine.toml", "");
  EXPECT_EQ(find_data_file(file), file);
  EXPECT_TRUE(fs::equivalent(find_data_file("core/io/files.hpp"),
                             test_support::source_folder() / "core/io/files.hpp"));
  ::setenv("MESHASSAY_DATA", folder.path().c_str(), 1);
  EXPECT_EQ(find_data_file("suites/mine.toml"), file);
  const std::string message = message_of<InvalidInput>([] { (void)find_data_file("suites/none.toml"); });
  ::unsetenv("MESHASSAY_DATA");
  EXPECT_THAT(message, HasSubstr((folder.path() / "suites/none.toml").string()));
  EXPECT_THAT(message, HasSubstr("share/meshassay/suites/none.toml"));
  EXPECT_THAT(message, HasSubstr((test_support::source_folder() / "suites/none.toml").string()));
  EXPECT_THROW((void)find_data_file("suites/mine.toml"), InvalidInput);
}

TEST(Files, APathInsideStaysInside) {
  const TemporaryFolder folder;
  const auto base = folder.path() / "base";
  (void)folder.file("base/sub/x", "");
  (void)folder.file("based/x", "");
  EXPECT_EQ(path_inside(base, "sub/x"), base / "sub/x");
  EXPECT_EQ(path_inside(base, "not/there/yet"), base / "not/there/yet");
  EXPECT_EQ(path_inside(base.string() + "/", "sub/x"), base / "sub/x");
  for (const fs::path bad : {"", "..", "../base/sub/x", "sub/../../based/x", "sub/../x", "/etc/passwd"})
    EXPECT_THROW((void)path_inside(base, bad), InvalidInput) << bad;
  EXPECT_THROW((void)path_inside(base, std::string("sub\0x", 5)), InvalidInput);
}

TEST(Files, APathInsideDoesNotFollowLinksOut) {
  const TemporaryFolder folder;
  const auto base = folder.path() / "base";
  (void)folder.file("base/sub/x", "");
  (void)folder.file("based/x", "");
  fs::create_symlink("../based", base / "out");  // "base" is a prefix of "based" as a text only.
  fs::create_symlink("sub", base / "in");
  EXPECT_EQ(path_inside(base, "in/x"), base / "in/x");
  EXPECT_THAT(message_of<InvalidInput>([&] { (void)path_inside(base, "out/x"); }), HasSubstr("link"));
}

}  // namespace
}  // namespace meshassay::io
