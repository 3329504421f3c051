// SPDX-License-Identifier: GPL-3.0-or-later
// The house: arrows point down only, and no library's header is in a public header, Eigen apart.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "tests/support/source_folder.hpp"

namespace meshassay {
namespace {

namespace fs = std::filesystem;
using testing::IsEmpty;
using testing::SizeIs;

const std::map<std::string, std::set<std::string>> may_include = {
    {"core", {"core"}},
    {"reference_pipeline", {"reference_pipeline", "core"}},
    {"metrics", {"metrics", "core"}},
    {"phantoms", {"phantoms", "core"}},
    {"reports", {"reports", "core"}},
    {"suites", {"suites", "metrics", "phantoms", "core"}},
    {"harness", {"harness", "suites", "reports", "metrics", "phantoms", "reference_pipeline", "core"}},
};

struct SourceFile {
  std::string path;  // From the root: "metrics/masks/overlap.cpp".
  std::string text;
};

std::string floor_of(const std::string& path) { return path.substr(0, path.find('/')); }

std::vector<std::string> includes_of(const std::string& text, const std::regex& pattern) {
  std::vector<std::string> found;
  for (std::sregex_iterator at(text.begin(), text.end(), pattern), end; at != end; ++at)
    found.push_back((*at)[1]);
  return found;
}

// Includes between quotes that point to a floor that may not be seen from here, or are not written from the
// root.
std::vector<std::string> wrong_directions(const SourceFile& file) {
  static const std::regex quoted(R"re((?:^|\n)\s*#\s*include\s*"([^"]+)")re");
  std::vector<std::string> wrong;
  for (const auto& include : includes_of(file.text, quoted))
    if (!may_include.at(floor_of(file.path)).contains(floor_of(include)))
      wrong.push_back(file.path + " includes " + include);
  return wrong;
}

// A header's includes in angle brackets are the standard library's or Eigen's; bridges are included by .cpp
// files only.
std::vector<std::string> library_headers(const SourceFile& file) {
  static const std::regex angled(R"re((?:^|\n)\s*#\s*include\s*<([^>]+)>)re");
  static const std::regex standard(R"re([a-z_]+)re");  // <vector>, <cstdint>: no dot, no slash
  std::vector<std::string> wrong;
  if (!file.path.ends_with(".hpp") || file.path.starts_with("core/bridge_")) return wrong;
  for (const auto& include : includes_of(file.text, angled))
    if (!std::regex_match(include, standard) && !include.starts_with("Eigen/") &&
        !include.starts_with("sys/"))
      wrong.push_back(file.path + " includes " + include);
  return wrong;
}

std::vector<std::string> bridges_in_headers(const SourceFile& file) {
  static const std::regex bridge(R"re((?:^|\n)\s*#\s*include\s*"(core/bridge_(?:itk|vtk|dcmtk)/[^"]+)")re");
  std::vector<std::string> wrong;
  if (!file.path.ends_with(".hpp") || file.path.starts_with("core/bridge_")) return wrong;
  for (const auto& include : includes_of(file.text, bridge))
    wrong.push_back(file.path + " includes " + include);
  return wrong;
}

std::vector<SourceFile> sources() {
  std::vector<SourceFile> files;
  const fs::path root = test_support::source_folder();
  for (const auto& [floor, _] : may_include)
    for (const auto& entry : fs::recursive_directory_iterator(root / floor)) {
      const auto extension = entry.path().extension();
      if (extension != ".cpp" && extension != ".hpp") continue;
      std::ifstream stream(entry.path());
      files.push_back({entry.path().lexically_relative(root).generic_string(),
                       std::string(std::istreambuf_iterator<char>(stream), {})});
    }
  return files;
}

template <typename Rule>
std::vector<std::string> violations(Rule rule) {
  std::vector<std::string> all;
  for (const auto& file : sources())
    for (auto& violation : rule(file)) all.push_back(std::move(violation));
  return all;
}

TEST(Architecture, SeesTheSources) { EXPECT_GT(sources().size(), 50u); }

TEST(Architecture, IncludesPointDownOnly) { EXPECT_THAT(violations(wrong_directions), IsEmpty()); }

TEST(Architecture, PublicHeadersHoldNoLibraryButEigen) {
  EXPECT_THAT(violations(library_headers), IsEmpty());
  EXPECT_THAT(violations(bridges_in_headers), IsEmpty());
}

// The saboteurs of these rules.
TEST(Architecture, CatchesAnIncludeThatPointsUpOrSideways) {
  EXPECT_THAT(
      wrong_directions({"metrics/masks/overlap.cpp", "#include \"reference_pipeline/pipeline.hpp\"\n"}),
      SizeIs(1));
  EXPECT_THAT(wrong_directions({"core/image.hpp", "\n  #  include \"metrics/registry.hpp\"\n"}), SizeIs(1));
  EXPECT_THAT(wrong_directions({"metrics/masks/overlap.cpp", "#include \"overlap.hpp\"\n"}),
              SizeIs(1));  // not from the root
  EXPECT_THAT(wrong_directions({"metrics/masks/overlap.cpp",
                                "#include \"metrics/masks/overlap.hpp\"\n#include \"core/image.hpp\"\n"}),
              IsEmpty());
}

TEST(Architecture, CatchesALibraryHeaderInAPublicHeader) {
  for (const char* include : {"itkImage.h", "vtkPolyData.h", "CGAL/Surface_mesh.h", "nlohmann/json.hpp",
                              "open3d/Open3D.h", "fmt/format.h"}) {
    const std::string text = std::string("#pragma once\n#include <") + include + ">\n";
    EXPECT_THAT(library_headers({"metrics/masks/overlap.hpp", text}), SizeIs(1)) << include;
    EXPECT_THAT(library_headers({"metrics/masks/overlap.cpp", text}), IsEmpty()) << include;
  }
  EXPECT_THAT(library_headers({"core/geometry.hpp", "#include <Eigen/Geometry>\n#include <vector>\n"}),
              IsEmpty());
  EXPECT_THAT(bridges_in_headers({"metrics/masks/overlap.hpp", "#include \"core/bridge_itk/convert.hpp\"\n"}),
              SizeIs(1));
}

}  // namespace
}  // namespace meshassay
