// SPDX-License-Identifier: GPL-3.0-or-later
#include "harness/systems/task.hpp"

#include <gtest/gtest.h>

#include <set>

namespace meshassay::harness {
namespace {

TEST(TaskJson, SaysWhatIsAskedAndNothingElse) {
  const Task task{.kind = "model",
                  .case_name = "sphere/radius_mm=5",
                  .now = "2026-01-01T00:00:00Z",
                  .inputs = {{.role = "ct", .path = "/in/ct", .format = "dicom"}},
                  .targets = {{.label = 1, .name = "bone", .hu_range = {300, 1500}},
                              {.label = 2, .name = "metal", .hu_range = {2500.5, 3000}}},
                  .outputs = {.mask = "/out/mask.nrrd",
                              .record = "/out/record.json",
                              .surfaces = {{1, "/out/surface.stl"}, {2, "/out/surface-2.stl"}},
                              .stages = {{"smoothed", "/out/stages/smoothed.stl"}}},
                  .out_dir = "/out"};
  EXPECT_EQ(to_json(task), R"({
  "schema": "meshassay/task/1",
  "kind": "model",
  "case": "sphere/radius_mm=5",
  "now": "2026-01-01T00:00:00Z",
  "inputs": [
    {
      "role": "ct",
      "path": "/in/ct",
      "format": "dicom"
    }
  ],
  "targets": [
    {
      "label": 1,
      "name": "bone",
      "hu_range": [
        300.0,
        1500.0
      ]
    },
    {
      "label": 2,
      "name": "metal",
      "hu_range": [
        2500.5,
        3000.0
      ]
    }
  ],
  "outputs": {
    "mask": "/out/mask.nrrd",
    "surfaces": [
      "/out/surface.stl",
      "/out/surface-2.stl"
    ],
    "record": "/out/record.json",
    "stages": {
      "smoothed": "/out/stages/smoothed.stl"
    }
  }
}
)");
}

TEST(TaskJson, TakesAPathThatIsNotText) {
  Task task;
  task.out_dir = "/out";
  task.outputs.mask = "/out/\xff.nrrd";
  EXPECT_NO_THROW((void)to_json(task));
}

TEST(DefaultOutputs, NameOneSurfaceATarget) {
  const auto outputs = default_outputs(
      "/o", {{.label = 1, .name = "a", .hu_range = {}}, {.label = 3, .name = "b", .hu_range = {}}});
  EXPECT_EQ(outputs.mask, "/o/mask.nrrd");
  EXPECT_EQ(outputs.record, "/o/record.json");
  EXPECT_EQ(outputs.surfaces.size(), 2u);
  EXPECT_EQ(outputs.surfaces.at(1), "/o/surface.stl");
  EXPECT_EQ(outputs.surfaces.at(3), "/o/surface-3.stl");
  EXPECT_EQ(outputs.stages.at("segmented"), "/o/stages/segmented.nrrd");
  EXPECT_EQ(outputs.stages.at("smoothed"), "/o/stages/smoothed.stl");
  EXPECT_FALSE(outputs.stages.contains("exported"));  // That is the surface itself.
}

TEST(FolderName, KeepsAnIdThatAFileSystemTakes) {
  EXPECT_EQ(folder_name("sphere/radius_mm=5/spacing_mm=0.5x0.5x2"),
            "sphere+radius_mm=5+spacing_mm=0.5x0.5x2");
}

TEST(FolderName, IsAnotherForEachId) {
  const std::vector<std::string> ids = {"a/b",
                                        "a+b",
                                        "a_b",
                                        "a b",
                                        "a:b",
                                        "a\\b",
                                        "..",
                                        ".",
                                        "",
                                        "_.",
                                        "_..",
                                        "-",
                                        "a/",
                                        "a.",
                                        "\xc3\xa4",
                                        "aa",
                                        "/",
                                        "//",
                                        "_",
                                        std::string(300, 'x'),
                                        std::string(301, 'x')};
  std::set<std::string> names;
  for (const auto& id : ids) {
    const std::string name = folder_name(id);
    EXPECT_TRUE(names.insert(name).second) << id << " -> " << name;
    EXPECT_EQ(name, folder_name(id));
    EXPECT_FALSE(name.empty());
    EXPECT_LE(name.size(), 100u);
    EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.+_=-"), std::string::npos) << name;
    EXPECT_FALSE(name.starts_with('.')) << name;
    EXPECT_FALSE(name.ends_with('.')) << name;
  }
}

}  // namespace
}  // namespace meshassay::harness
