// SPDX-License-Identifier: GPL-3.0-or-later
#include "suites/system_definition.hpp"

#include <gmock/gmock.h>

#include "tests/support/temporary_folder.hpp"
#include "tests/unit/suites/error_of.hpp"

namespace meshassay::suites {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* command_system = R"(name = "my tool"
version = "1.2"
adapter = "command"
outputs = ["mask", "surface"]
surface_frame = "RAS"
surface_unit = "cm"
input_format = "nrrd"
timeout_s = 5
memory_mib = 512
disk_mib = 64
[command]
run = ["./tool.sh", "{input}", "--out={surface}", "plain", "../conf"]
environment = {HOME = "/nowhere"}
[refusal]
exit_codes = [3, 4]
[printer]
min_feature_mm = 0.3
[declares]
purpose = "bone"
manual = false
)";

SystemDefinition read(const test_support::TemporaryFolder& files, const std::string& text) {
  return read_system(files.file("systems/s.toml", text));
}

TEST(SystemFile, IsReadWithEveryKey) {
  const test_support::TemporaryFolder files;
  const auto system = read(files, command_system);
  EXPECT_EQ(system.name, "my tool");
  EXPECT_EQ(system.version, "1.2");
  EXPECT_EQ(system.adapter, "command");
  EXPECT_THAT(system.tasks, ElementsAre("model"));
  EXPECT_THAT(system.outputs, ElementsAre("mask", "surface"));
  EXPECT_EQ(system.surface_frame, "RAS");
  EXPECT_EQ(system.surface_unit, "cm");
  EXPECT_EQ(system.input_format, "nrrd");
  EXPECT_EQ(system.timeout_s, 5.0);
  EXPECT_EQ(system.memory_mib, 512u);
  EXPECT_EQ(system.disk_mib, 64u);
  EXPECT_THAT(system.environment, ElementsAre(testing::Pair("HOME", "/nowhere")));
  EXPECT_THAT(system.refusal_exit_codes, ElementsAre(3, 4));
  EXPECT_THAT(system.printer, ElementsAre(testing::Pair("min_feature_mm", 0.3)));
  EXPECT_THAT(system.declares,
              ElementsAre(testing::Pair("manual", "false"), testing::Pair("purpose", "bone")));
  EXPECT_EQ(system.sha256.size(), 64u);
}

TEST(SystemFile, TakesPathsRelativeToItself) {
  const test_support::TemporaryFolder files;
  const auto folder = std::filesystem::weakly_canonical(files.path());
  const auto system = read(files, command_system);
  EXPECT_THAT(system.command, ElementsAre((folder / "systems/tool.sh").string(), "{input}", "--out={surface}",
                                          "plain", (folder / "conf").string()));
}

TEST(SystemFile, LeavesNamesOnThePathAndPlaceholdersAlone) {
  const test_support::TemporaryFolder files;
  const auto system =
      read(files,
           "name = \"a\"\nadapter = \"command\"\nversion_command = [\"{program}\", \"--version\"]\n"
           "outputs = [\"mask\"]\n[command]\nrun = [\"{program}\", \"model\", \"{\\\"k\\\": 1}\"]\n");
  EXPECT_THAT(system.command, ElementsAre("{program}", "model", "{\"k\": 1}"));
  EXPECT_THAT(system.version_command, ElementsAre("{program}", "--version"));
}

class SystemFileFaults : public testing::TestWithParam<FileFault> {};

TEST_P(SystemFileFaults, AreRefusedWithAPlaceAndAMend) {
  const test_support::TemporaryFolder files;
  expect_refusal(command_system, GetParam(), "s.toml",
                 [&](const std::string& text) { return read(files, text); });
}

INSTANTIATE_TEST_SUITE_P(
    Each, SystemFileFaults,
    testing::Values(
        FileFault{"timeout_s", "timeout", "unknown key 'timeout'", "timeout_s"},
        FileFault{"[\"mask\", \"surface\"]", "[\"maks\"]", "unknown outputs 'maks'", "did you mean 'mask'?"},
        FileFault{"\"command\"", "\"comand\"", "unknown adapter", "command"},
        FileFault{"\"command\"", "\"directory\"", "[command] in a system whose adapter", "remove it"},
        FileFault{"\"RAS\"", "\"RSA\"", "unknown surface_frame", "did you mean 'RAS'"},
        FileFault{"\"cm\"", "\"km\"", "unknown surface_unit", "did you mean"},
        FileFault{"timeout_s = 5", "timeout_s = 0", "'timeout_s' is not positive", "above 0"},
        FileFault{"memory_mib = 512", "memory_mib = 0.5", "'memory_mib' is out of range", "range"},
        FileFault{"{surface}", "{surfaces}", "unknown placeholder '{surfaces}'", "did you mean '{surface}'?"},
        FileFault{"run =", "rum =", "unknown key 'rum'", "did you mean 'run'?"},
        FileFault{"[3, 4]", "[0]", "'exit_codes' is out of range", "range"},
        FileFault{"[3, 4]", "3", "'exit_codes' is not a list", "brackets"},
        FileFault{"version = \"1.2\"\n", "", "without a version", "version"},
        FileFault{"\"my tool\"", "\"../evil\"", "cannot be part of a folder's name", "characters"},
        FileFault{"min_feature_mm", "min_feature", "unknown key 'min_feature'", "min_feature_mm"},
        FileFault{"HOME =", "\"A B\" =", "not the name of an environment variable", "rename"},
        FileFault{"outputs = [\"mask\", \"surface\"]\n", "", "'outputs' is missing", "add"}));

TEST(SystemFile, WithTextsOfAnyLengthIsReadOrRefused) {
  const test_support::TemporaryFolder files;
  const std::string longest(1000000, 'a');  // On which a regular expression's recursion exhausts the stack.
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = command_system;
    return text.replace(text.find(from), from.size(), to);
  };
  EXPECT_EQ(error_of([&] { (void)read(files, with("my tool", longest)); }).what,
            "a name that cannot be part of a folder's name");
  EXPECT_THAT(error_of([&] { (void)read(files, with("{input}", "{" + longest + "}")); }).what,
              HasSubstr("unknown placeholder"));
  EXPECT_EQ(read(files, with("HOME =", longest + " =")).environment.begin()->first.size(), longest.size());
}

TEST(SystemFile, WithoutACommandIsRefused) {
  const test_support::TemporaryFolder files;
  const auto error = error_of([&] {
    (void)read(files, "name = \"a\"\nversion = \"1\"\nadapter = \"command\"\noutputs = [\"mask\"]\n");
  });
  EXPECT_EQ(error.what, "a command system without a command");
  EXPECT_THAT(error.expected, HasSubstr("run ="));
  EXPECT_THROW((void)read(files,
                          "name = \"a\"\nversion = \"1\"\nadapter = \"command\"\noutputs = [\"mask\"]\n"
                          "[command]\nrun = []\n"),
               InvalidInput);
}

TEST(SystemFile, OfADirectoryKnowsTheFolderOfEachCase) {
  const test_support::TemporaryFolder files;
  const std::string head =
      "name = \"a\"\nversion = \"1\"\nadapter = \"directory\"\noutputs = [\"surface\"]\n[directory]\n";
  const auto folder = files.path() / "systems";
  EXPECT_EQ(case_directory(read(files, head + "path = \"back\"\n"), "sphere/radius_mm=5"),
            folder / "back/sphere/radius_mm=5");
  EXPECT_EQ(case_directory(read(files, head + "path = \"back/{case}/final\"\n"), "cube"),
            folder / "back/cube/final");
  EXPECT_EQ(error_of([&] { (void)read(files, head + "path = \"back/{cas}\"\n"); }).mend,
            "did you mean '{case}'?");
}

TEST(SystemFile, OfTheReferenceTakesSettingsOfEveryType) {
  const test_support::TemporaryFolder files;
  const auto system = read(files,
                           "name = \"a\"\nadapter = \"reference\"\noutputs = [\"mask\"]\n"
                           "[reference]\nset = {t = \"x\", n = 1, b = true, a = [1, 2]}\n");
  EXPECT_EQ(
      system.reference_set,
      (Parameters{{"t", std::string("x")}, {"n", 1.0}, {"b", true}, {"a", std::vector<double>{1.0, 2.0}}}));
}

}  // namespace
}  // namespace meshassay::suites
