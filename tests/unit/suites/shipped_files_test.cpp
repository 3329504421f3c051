// SPDX-License-Identifier: GPL-3.0-or-later
// The files that we ship can be read, and nothing in them is an orphan.
#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

#include "suites/requirements.hpp"
#include "suites/suite.hpp"
#include "suites/system_definition.hpp"
#include "tests/support/source_folder.hpp"

namespace meshassay::suites {
namespace {

namespace fs = std::filesystem;
using testing::Contains;

const fs::path source_dir = test_support::source_folder();

std::vector<fs::path> toml_files(const fs::path& folder) {
  std::vector<fs::path> files;
  if (!fs::is_directory(folder)) return files;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".toml") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

const std::vector<Suite>& shipped_suites() {
  static const auto suites = [] {
    std::vector<Suite> read;
    for (const auto& file : toml_files(source_dir / "suites")) read.push_back(read_suite(file));
    return read;
  }();
  return suites;
}

/// The suites whose checks name each requirement.
std::map<std::string, std::set<std::string>> covered() {
  std::map<std::string, std::set<std::string>> by_requirement;
  for (const auto& suite : shipped_suites())
    for (const auto& suite_case : suite.cases)
      for (const auto& check : suite_case.checks)
        for (const auto& id : check.requirements) by_requirement[id].insert(suite.id);
  return by_requirement;
}

std::set<std::string> lines_of(const fs::path& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file.is_open()) << path;
  std::set<std::string> lines;
  for (std::string line; std::getline(file, line);)
    if (!line.empty() && line[0] != '#') lines.insert(line);
  return lines;
}

TEST(ShippedSuites, CanBeRead) {
  std::vector<std::string> ids;
  for (const auto& suite : shipped_suites()) ids.push_back(suite.id);
  EXPECT_THAT(ids, Contains("quick"));
  EXPECT_THAT(ids, Contains("study-smoothing"));
  EXPECT_THAT(ids, Contains("smoke"));
}

TEST(ShippedSuites, HaveTheIdOfTheirFile) {
  for (const auto& suite : shipped_suites()) EXPECT_EQ(suite.id, suite.file.stem().string());
}

TEST(ShippedSuites, QuickHasWhatItPromises) {
  const auto& suites = shipped_suites();
  const auto quick =
      std::find_if(suites.begin(), suites.end(), [](const Suite& suite) { return suite.id == "quick"; });
  ASSERT_NE(quick, suites.end());
  EXPECT_GE(quick->cases.size(), 12u);
  std::set<std::string> phantoms;
  std::set<bool> noise, anisotropic;
  for (const auto& suite_case : quick->cases) {
    phantoms.insert(suite_case.phantom);
    noise.insert(suite_case.id.find("noise_hu=") != std::string::npos);
    anisotropic.insert(suite_case.id.find("spacing_mm=0.5x0.5x2") != std::string::npos);
  }
  EXPECT_THAT(phantoms, testing::ElementsAre("plate_ladder", "sphere", "step_wedge"));
  EXPECT_EQ(noise.size(), 2u);  // With and without.
  EXPECT_EQ(anisotropic.size(), 2u);
}

TEST(ShippedSystems, CanBeReadAndHaveNamesOfTheirOwn) {
  std::set<std::string> names;
  const auto files = toml_files(source_dir / "suites/systems");
  for (const auto& file : files) EXPECT_TRUE(names.insert(read_system(file).name).second) << file;
  EXPECT_THAT(names, Contains("reference"));
  for (const auto& suite : shipped_suites())
    for (const auto& system : suite.systems) EXPECT_NO_THROW((void)read_system(system)) << system;
}

TEST(ShippedRequirements, AreEachCoveredOrSayWhyNot) {
  const auto by_requirement = covered();
  for (const auto& requirement : default_requirements()) {
    const bool has_check = by_requirement.contains(requirement.id);
    if (has_check) {
      EXPECT_EQ(requirement.not_covered, "") << requirement.id << " has checks now: remove its not_covered";
    } else if (requirement.item != "title_only") {
      EXPECT_NE(requirement.not_covered, "") << requirement.id << " has neither a check nor a reason";
    }
  }
}

TEST(ShippedRequirements, ThatAreNotCoveredMayOnlyBecomeFewer) {
  std::set<std::string> not_covered;
  for (const auto& requirement : default_requirements())
    if (!requirement.not_covered.empty()) not_covered.insert(requirement.id);
  const auto frozen = lines_of(source_dir / "tests/unit/suites/not_covered.txt");
  for (const auto& id : not_covered)
    EXPECT_TRUE(frozen.contains(id)) << id << " was covered before, or is new";
  for (const auto& id : frozen)
    EXPECT_TRUE(not_covered.contains(id)) << id << " is covered now: remove it from not_covered.txt";
}

TEST(ShippedRequirements, HoldTheGapsOfTheStandardAsRows) {
  std::set<std::string> title_only;
  for (const auto& requirement : default_requirements())
    if (requirement.item == "title_only") title_only.insert(requirement.id);
  EXPECT_THAT(title_only, testing::ElementsAre("3532-1:6.1-gap", "3532-1:6.5", "3532-1:6.6", "3532-1:A"));
}

TEST(ShippedSuites, NeverVerifyWhatOnlyAPersonCanAttest) {
  const auto by_requirement = covered();
  for (const auto& requirement : default_requirements()) {
    if (requirement.how == "D") {
      EXPECT_FALSE(by_requirement.contains(requirement.id)) << requirement.id;
    }
  }
}

}  // namespace
}  // namespace meshassay::suites
