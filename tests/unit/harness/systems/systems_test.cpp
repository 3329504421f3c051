// SPDX-License-Identifier: GPL-3.0-or-later
#include "harness/systems/systems.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "core/errors.hpp"
#include "core/io/files.hpp"
#include "core/io/image_files.hpp"
#include "core/io/stl.hpp"
#include "core/io/system_record.hpp"
#include "harness/process/process.hpp"
#include "tests/support/source_folder.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/harness/cube.hpp"

namespace meshassay::harness {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class System : public testing::Test {
 protected:
  System() {
    system.name = "tested";
    system.version = "7";
    system.outputs = {"mask", "surface", "record"};
    task.case_name = "cube/size_mm=4";
    task.targets = {{.label = 1, .name = "object", .hu_range = {1000.0, 1000.0}}};
    task.out_dir = folder.path() / "out";
    task.outputs = default_outputs(task.out_dir, task.targets);
    task.inputs = {{.role = "ct", .path = folder.path() / "ct.nrrd", .format = "nrrd"}};
    fs::create_directories(task.out_dir);
    io::write_ct_file(cube_ct(), task.inputs[0].path);
  }
  void use_command(std::vector<std::string> argv) {
    system.adapter = "command";
    system.command = std::move(argv);
  }
  [[nodiscard]] SystemRun run() const {
    return run_system(system, task, {.threads = 3, .logs_dir = folder.path() / "logs"});
  }
  [[nodiscard]] std::string output() const { return io::read_file(folder.path() / "logs/stdout.txt"); }

  test_support::TemporaryFolder folder;
  suites::SystemDefinition system;
  Task task;
};

TEST_F(System, CommandIsGivenItsPlaceholdersAsTheyAreAndNoShell) {
  use_command({"printf", "%s\\n", "{task}", "{input}", "{mask}", "{surface}", "{record}", "{out_dir}",
               "{threads}", "--out={out_dir}/x", "$HOME", "{unknown}"});
  EXPECT_EQ(run().status, CaseStatus::ok);
  const std::string out = task.out_dir.string();
  EXPECT_EQ(output(), out + "/task.json\n" + (folder.path() / "ct.nrrd").string() + "\n" + out +
                          "/mask.nrrd\n" + out + "/surface.stl\n" + out + "/record.json\n" + out +
                          "\n3\n--out=" + out + "/x\n$HOME\n{unknown}\n");
  const auto json = nlohmann::json::parse(io::read_file(task.out_dir / "task.json"));
  EXPECT_EQ(json["schema"], "meshassay/task/1");
  EXPECT_EQ(json["outputs"]["mask"], out + "/mask.nrrd");
}

TEST_F(System, CommandSeesACleanEnvironmentAndWhatItsFileAdds) {
  ASSERT_EQ(setenv("MESHASSAY_TEST_SECRET", "leaks", 1), 0);
  system.environment = {{"LICENCE_SERVER", "localhost"}, {"LANG", "de_DE.UTF-8"}};
  use_command(
      {"sh", "-c", "env | cut -d= -f1 | sort; echo $HOME $LANG $OMP_NUM_THREADS; touch $TMPDIR/scratch"});
  EXPECT_EQ(run().status, CaseStatus::ok);
  // PWD is the shell's own.
  EXPECT_EQ(output(), "HOME\nLANG\nLICENCE_SERVER\nMESHASSAY_RUN\nOMP_NUM_THREADS\nPATH\nPWD\nTMPDIR\n" +
                          task.out_dir.string() + " de_DE.UTF-8 3\n");
  EXPECT_FALSE(fs::exists(task.out_dir / "tmp"));  // Scratch files are no output.
}

TEST_F(System, CommandsEndIsTheStatusOfTheCase) {
  system.refusal_exit_codes = {4};
  const std::map<std::string, std::pair<CaseStatus, std::string>> expected = {
      {"exit 0", {CaseStatus::ok, ""}},
      {"exit 3", {CaseStatus::crashed, "exit code 3"}},
      {"exit 4", {CaseStatus::refused, "exit code 4"}},
      {"kill -SEGV $$", {CaseStatus::crashed, "ended by signal 11 (SIGSEGV)"}}};
  for (const auto& [script, end] : expected) {
    use_command({"sh", "-c", script});
    const auto result = run();
    EXPECT_EQ(result.status, end.first) << script;
    EXPECT_EQ(result.detail, end.second) << script;
  }
}

TEST_F(System, CommandsLimitsAreTheStatusOfTheCase) {
  system.timeout_s = 0.2;
  use_command({"sleep", "60"});
  EXPECT_EQ(run().status, CaseStatus::timed_out);
  EXPECT_EQ(run().detail, "killed after 0.2 s");
  system.timeout_s = 60;
  system.memory_mib = 64;
  use_command({MESHASSAY_PROCESS_PROBE, "hold_memory", "200"});
  EXPECT_EQ(run().status, CaseStatus::crashed);
  EXPECT_EQ(run().detail, "out of memory limit 64 MiB");
}

TEST_F(System, CommandMayBeThisProgram) {
  use_command({"{program}", "--gtest_list_tests", "--gtest_filter=System.CommandMayBeThisProgram"});
  EXPECT_NO_THROW(check_system(system));
  EXPECT_EQ(run().status, CaseStatus::ok);
  EXPECT_THAT(output(), HasSubstr("CommandMayBeThisProgram"));
  EXPECT_EQ(executable_sha256(system), io::sha256_of_file("/proc/self/exe"));
}

TEST_F(System, CommandThatIsNotThereIsFoundBeforeTheFirstCase) {
  use_command({"no-such-program-anywhere", "{input}"});
  try {
    check_system(system);
    FAIL();
  } catch (const InvalidInput& error) {
    EXPECT_EQ(error.text().got, "no-such-program-anywhere");
    EXPECT_FALSE(error.text().mend.empty());
  }
  const auto result = run();  // Should it vanish during a run: a grade, not an exception.
  EXPECT_EQ(result.status, CaseStatus::crashed);
  EXPECT_THAT(result.detail, HasSubstr("no-such-program-anywhere"));
  use_command({"sh"});
  EXPECT_NO_THROW(check_system(system));
}

TEST_F(System, CommandIsIdentifiedByItsExecutable) {
  use_command({"sh", "-c", "true"});
  EXPECT_EQ(executable_sha256(system), io::sha256_of_file(*find_program("sh", std::getenv("PATH"))));
}

TEST_F(System, VersionIsDeclaredOrThatOfTheCommandsFirstLine) {
  EXPECT_EQ(system_version(system), "7");
  system.version.clear();
  system.version_command = {"printf", "\\n tool 1.2.3 \\nmore\\n"};
  EXPECT_EQ(system_version(system), "tool 1.2.3");
  system.version_command = {"sh", "-c", "echo tool 4 >&2"};
  EXPECT_EQ(system_version(system), "tool 4");
  for (const char* script : {"true", "echo usage; exit 1"}) {
    system.version_command = {"sh", "-c", script};
    EXPECT_THROW((void)system_version(system), InvalidInput) << script;
  }
}

TEST_F(System, DirectoryTakesTheFilesOfTheCase) {
  system.adapter = "directory";
  system.directory = folder.path() / "returned/{case}/final";
  const fs::path returned = folder.path() / "returned/cube+size_mm=4/final";
  EXPECT_THROW(check_system(system), InvalidInput);
  fs::create_directories(folder.path() / "returned");
  EXPECT_NO_THROW(check_system(system));  // A case's own folder may come later.
  fs::create_directories(returned);
  std::ofstream(returned / "surface.stl") << "made by hand";
  std::ofstream(returned / "notes.txt") << "not asked for";
  const auto result = run();
  EXPECT_EQ(result.status, CaseStatus::ok) << result.detail;
  EXPECT_EQ(io::read_file(task.outputs.surfaces.at(1)), "made by hand");
  EXPECT_FALSE(fs::exists(task.out_dir / "notes.txt"));
  EXPECT_EQ(executable_sha256(system), "");
}

TEST_F(System, DirectoryTakesNoFileThatItLinksToOutsideNorOneThatIsTooLarge) {
  system.adapter = "directory";
  system.directory = folder.path() / "returned";
  const fs::path returned = folder.path() / "returned/cube+size_mm=4";
  fs::create_directories(returned);
  std::ofstream(folder.path() / "secret") << "of somebody else";
  fs::create_symlink(folder.path() / "secret", returned / "surface.stl");
  auto result = run();
  EXPECT_EQ(result.status, CaseStatus::bad_output);
  EXPECT_THAT(result.detail, HasSubstr("surface.stl: a link that leaves the folder"));
  EXPECT_FALSE(fs::exists(task.outputs.surfaces.at(1)));

  fs::remove(returned / "surface.stl");
  std::ofstream(returned / "surface.stl") << "x";
  fs::resize_file(returned / "surface.stl", std::uint64_t{1} << 40);  // A hole: it takes no room.
  result = run();
  EXPECT_EQ(result.status, CaseStatus::bad_output);
  EXPECT_THAT(result.detail, HasSubstr("1099511627776 bytes, more than disk_mib allows"));
  EXPECT_FALSE(fs::exists(task.outputs.surfaces.at(1)));
}

TEST_F(System, DirectoryWithoutTheCaseNamesTheFolderThatIsExpected) {
  system.adapter = "directory";
  system.directory = folder.path() / "returned/{case}";
  fs::create_directories(folder.path() / "returned");
  EXPECT_NO_THROW(check_system(system));
  const auto result = run();
  EXPECT_EQ(result.status, CaseStatus::bad_output);
  EXPECT_THAT(result.detail, HasSubstr("returned/cube+size_mm=4"));
}

TEST_F(System, ReferenceLeavesFilesLikeAnyOutsider) {
  system.adapter = "reference";
  EXPECT_NO_THROW(check_system(system));
  const auto result = run();
  ASSERT_EQ(result.status, CaseStatus::ok) << result.detail;
  const auto submission = read_submission(system, task, result);
  EXPECT_EQ(submission.status, CaseStatus::ok) << submission.status_detail;
  ASSERT_EQ(submission.stages.size(), 2u);
  EXPECT_EQ(submission.stages[0].mask->values, cube_mask().values);  // Noise-free and of two values: exact.
  // Eight voxels of 0.5 mm: 4 mm; rounded edges take a little from 64 mm3.
  EXPECT_NEAR(signed_volume_mm3(submission.stages[1].surfaces.at(1)), 64.0, 4.0);
  ASSERT_TRUE(submission.record);
  EXPECT_EQ(submission.record->status, "done");
  EXPECT_FALSE(fs::exists(task.out_dir / "stages"));  // Not offered.
}

TEST_F(System, ReferenceRefusesAnInputThatItCannotReadAndSaysWhy) {
  system.adapter = "reference";
  std::ofstream(task.inputs[0].path) << "no image";
  const auto result = run();
  EXPECT_EQ(result.status, CaseStatus::ok);  // A refusal is an answer: it stands in the record.
  const auto record = io::read_system_record(task.outputs.record);
  EXPECT_EQ(record.status, "refused");
  EXPECT_FALSE(record.reason.empty());
}

TEST_F(System, ReferenceWithUnknownSettingsIsRefusedBeforeTheFirstCase) {
  system.adapter = "reference";
  system.reference_set = {{"smothing", std::string("none")}};
  EXPECT_THROW(check_system(system), InvalidInput);
}

// A tool from Debian that we did not write: connected as suites/systems/plastimatch.toml says.
TEST_F(System, CommandPlastimatchMakesAMaskThatIsRead) {
  system = suites::read_system(test_support::source_folder() / "suites/systems/plastimatch.toml");
  ASSERT_NO_THROW(check_system(system)) << "apt-get install plastimatch";
  EXPECT_THAT(system_version(system), HasSubstr("plastimatch"));
  const auto result = run();
  ASSERT_EQ(result.status, CaseStatus::ok) << result.detail;
  const auto submission = read_submission(system, task, result);
  ASSERT_EQ(submission.status, CaseStatus::ok) << submission.status_detail;
  EXPECT_EQ(submission.stages.at(0).mask->values, cube_mask().values);
}

}  // namespace
}  // namespace meshassay::harness
