// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/acceptance/program.hpp"

using namespace acceptance;

namespace {

// An ASCII STL of boxes and sheets, each given by two corners; a sheet is flat along one axis.
std::string stl(const std::vector<std::array<double, 6>>& solids) {
  std::string text = "solid test\n";
  for (const auto& s : solids) {
    const auto corner = [&](int i) {
      return std::to_string(s[(i & 1) != 0 ? 3 : 0]) + " " + std::to_string(s[(i & 2) != 0 ? 4 : 1]) + " " +
             std::to_string(s[(i & 4) != 0 ? 5 : 2]);
    };
    const int faces[12][3] = {{0, 2, 3}, {0, 3, 1}, {4, 5, 7}, {4, 7, 6}, {0, 1, 5}, {0, 5, 4},
                              {2, 6, 7}, {2, 7, 3}, {0, 4, 6}, {0, 6, 2}, {1, 3, 7}, {1, 7, 5}};
    for (const auto& face : faces) {
      text += "facet normal 0 0 0\nouter loop\n";
      for (const int i : face) text += "vertex " + corner(i) + "\n";
      text += "endloop\nendfacet\n";
    }
  }
  return text + "endsolid test\n";
}

}  // namespace

SCENARIO("Overlapping solids become one printable solid, exactly", "[repair]") {
  const Scratch scratch;
  GIVEN("two boxes that overlap") {
    write_text(scratch / "boxes.stl", stl({{0, 0, 0, 10, 10, 10}, {5, 4, 3, 15, 7, 7}}));
    REQUIRE(meshassay({"inspect", scratch / "boxes.stl"}).status == 1);
    WHEN("they are repaired") {
      const auto outcome = meshassay({"repair", scratch / "boxes.stl", "-o", scratch / "out.stl", "--json"});
      CAPTURE(outcome.err);
      REQUIRE(outcome.status == 0);
      THEN("the file holds its certificate and scores 5") {
        const auto document = nlohmann::json::parse(outcome.out);
        CHECK(document["schema"] == "meshassay/repair/1");
        CHECK(document["status"] == "repaired");
        CHECK(document["score"]["score"] == 5);
        CHECK(document["certificate"]["bounds_solid"] == true);
        CHECK(document["counts"]["parts"] == 1);
        CHECK(meshassay({"inspect", scratch / "out.stl", "--require", "strict"}).status == 0);
        CHECK(read_json(scratch / "out.stl.json")["output_sha256"] == document["output_sha256"]);
      }
      THEN("repairing it again copies its bytes") {
        const auto again = meshassay({"repair", scratch / "out.stl", "-o", scratch / "again.stl", "--json"});
        REQUIRE(again.status == 0);
        CHECK(nlohmann::json::parse(again.out)["status"] == "unchanged");
        CHECK(read_text(scratch / "again.stl") == read_text(scratch / "out.stl"));
      }
      THEN("the same repair gives the same bytes with one thread") {
        REQUIRE(meshassay({"repair", scratch / "boxes.stl", "-o", scratch / "one.stl", "--threads", "1",
                           "--no-score"})
                    .status == 0);
        CHECK(read_text(scratch / "one.stl") == read_text(scratch / "out.stl"));
      }
      THEN("the input itself, as another tool's repair, is a failure") {
        const auto scored =
            meshassay({"repair", "--score-only", scratch / "boxes.stl", scratch / "boxes.stl", "--json"});
        CHECK(scored.status == 0);
        CHECK(nlohmann::json::parse(scored.out)["score"]["score"] == 1);
      }
    }
  }
}

SCENARIO("A sheet gets the wall that was asked for", "[repair]") {
  const Scratch scratch;
  write_text(scratch / "flat.stl", stl({{0, 0, 0, 100, 100, 0}}));  // A cube flattened to zero thickness.
  const auto outcome = meshassay(
      {"repair", scratch / "flat.stl", "-o", scratch / "OUT.STL", "--min-thickness", "0.4%", "--json"});
  CAPTURE(outcome.err);
  REQUIRE(outcome.status == 0);
  const auto document = nlohmann::json::parse(outcome.out);
  CHECK(document["score"]["score"] == 4);
  CHECK(document["min_thickness_mm"].get<double>() == Approx(0.4));
  CHECK(document["score"]["wall_at_sheets_mm"].get<double>() == Approx(0.4).epsilon(0.01));
}

SCENARIO("A gap that walls would close stays open where the solid is behind it", "[repair]") {
  const Scratch scratch;
  GIVEN("a tent of sheets a tenth of a millimetre above a slab") {
    write_text(scratch / "tent.stl", stl({{0, 0, 0, 20, 20, 2},
                                          {5, 5, 2.1, 15, 5, 7},
                                          {5, 15, 2.1, 15, 15, 7},
                                          {5, 5, 2.1, 5, 15, 7},
                                          {15, 5, 2.1, 15, 15, 7},
                                          {5, 5, 7, 15, 15, 7}}));
    WHEN("it is repaired with walls of 0.4 mm") {
      const auto outcome = meshassay({"repair", scratch / "tent.stl", "-o", scratch / "out.stl", "--json"});
      CAPTURE(outcome.err);
      REQUIRE(outcome.status == 0);
      THEN("the slab within the tent is where it was, and the tent has its wall") {
        const auto document = nlohmann::json::parse(outcome.out);
        CHECK(document["counts"]["passages"] == 1);
        CHECK(document["certificate"]["printable_parts"] == true);
        CHECK(document["score"]["score"] == 4);
      }
    }
    WHEN("another tool buries the slab within the tent") {
      // The tent with a lid at the gap: a slab and a block, filled.
      write_text(scratch / "buried.stl", stl({{0, 0, 0, 20, 20, 2}, {4.8, 4.8, 1, 15.2, 15.2, 7.2}}));
      REQUIRE(
          meshassay({"repair", scratch / "buried.stl", "-o", scratch / "filled.stl", "--no-score"}).status ==
          0);
      const auto outcome =
          meshassay({"repair", "--score-only", scratch / "tent.stl", scratch / "filled.stl", "--json"});
      THEN("it is not as exact as possible") {
        REQUIRE(outcome.status == 0);
        CHECK(nlohmann::json::parse(outcome.out)["score"]["score"] == 2);
      }
    }
  }
}

SCENARIO("Walls beside passages are as thick as elsewhere", "[repair]") {
  // 20 triangles at random, of which three gaps have to be opened; a passage runs along the wall of one.
  const Scratch scratch;
  REQUIRE(meshassay(
              {"phantom", "random_triangles", "-o", scratch / "soup", "--set", "count=20", "--set", "seed=2"})
              .status == 0);
  const auto outcome = meshassay({"repair", scratch / "soup/surface.stl", "-o", scratch / "out.stl",
                                  "--min-thickness", "0.4%", "--json"});
  CAPTURE(outcome.err);
  REQUIRE(outcome.status == 0);
  const auto document = nlohmann::json::parse(outcome.out);
  CHECK(document["counts"]["passages"] == 3);
  CHECK(document["score"]["score"] == 4);
}

SCENARIO("Cavities are not filled without being asked about", "[repair]") {
  const Scratch scratch;
  // Six slabs that form a box of 10 with a void of 8.
  write_text(scratch / "slabs.stl", stl({{0, 0, 0, 10, 10, 1},
                                         {0, 0, 9, 10, 10, 10},
                                         {0, 0, 0, 1, 10, 10},
                                         {9, 0, 0, 10, 10, 10},
                                         {0, 0, 0, 10, 1, 10},
                                         {0, 9, 0, 10, 10, 10}}));
  const auto asked = meshassay({"repair", scratch / "slabs.stl", "-o", scratch / "out.stl"});
  CHECK(asked.status == 1);
  CHECK_THAT(asked.err, Catch::Contains("1 cavity of 512 mm3") && Catch::Contains("--keep-cavities"));
  CHECK_FALSE(std::filesystem::exists(scratch / "out.stl"));
  const auto repaired = [&](const std::string& choice) {
    return meshassay({"repair", scratch / "slabs.stl", "-o", scratch / "out.stl", "--parts",
                      scratch / "parts", choice})
        .status;
  };
  CHECK(repaired("--keep-cavities") == 0);
  // What was written bounds a solid and is not printable: neither is it called so, nor is a score kept back
  // without a word.
  const auto again =
      meshassay({"repair", scratch / "out.stl", "-o", scratch / "again.stl", "--keep-cavities"});
  CHECK_THAT(again.out, Catch::Contains("unchanged: it bounds a solid") &&
                            !Catch::Contains("it was printable") &&
                            Catch::Contains("none: cavities were kept"));
  const auto record = nlohmann::json::parse(read_text(scratch / "again.stl.json"));
  CHECK(record["score"].is_null());
  CHECK_THAT(record["score_reason"].get<std::string>(), Catch::Contains("cavities were kept"));
  CHECK(repaired("--fill-cavities") == 0);
  CHECK(meshassay({"inspect", scratch / "out.stl", "--require", "strict"}).status == 0);
  CHECK(std::filesystem::exists(scratch / "parts/part-0001.stl"));
}

SCENARIO("A folder of parts holds those of the last repair only", "[repair]") {
  const Scratch scratch;
  write_text(scratch / "three.stl", stl({{0, 0, 0, 1, 1, 1}, {2, 0, 0, 3, 1, 1}, {4, 0, 0, 5, 1, 1}}));
  write_text(scratch / "one.stl", stl({{0, 0, 0, 1, 1, 1}}));
  const auto parts_of = [&](const char* mesh) {
    REQUIRE(meshassay({"repair", scratch / mesh, "-o", scratch / "out.stl", "--parts", scratch / "parts"})
                .status == 0);
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(scratch / "parts"))
      names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
  };
  CHECK(parts_of("three.stl") == std::vector<std::string>{"part-0001.stl", "part-0002.stl", "part-0003.stl"});
  write_text(scratch / "parts/notes.txt", "mine");  // Not ours: it stays.
  CHECK(parts_of("one.stl") == std::vector<std::string>{"notes.txt", "part-0001.stl"});
}

SCENARIO("A wall that is larger than the mesh is named as the reason", "[repair]") {
  const Scratch scratch;
  REQUIRE(meshassay({"phantom", "open_sheet", "-o", scratch / "sheet"}).status == 0);
  const auto outcome = meshassay(
      {"repair", scratch / "sheet/surface.stl", "-o", scratch / "out.stl", "--min-thickness", "1e9"});
  CHECK(outcome.status == 3);
  CHECK_THAT(outcome.err, Catch::Contains("the least thickness is larger than the mesh"));
  CHECK_FALSE(std::filesystem::exists(scratch / "out.stl"));
}

SCENARIO("Repair reads what inspect reads", "[repair]") {
  const Scratch scratch;
  // A cube with a corner at the origin, as OBJ and as OFF; the last triangle is turned over.
  const std::string corners = "0 0 0|1 0 0|0 1 0|1 1 0|0 0 1|1 0 1|0 1 1|1 1 1|";
  const int faces[12][3] = {{0, 2, 1}, {1, 2, 3}, {4, 5, 6}, {5, 7, 6}, {0, 1, 4}, {1, 5, 4},
                            {2, 6, 3}, {3, 6, 7}, {0, 4, 2}, {2, 4, 6}, {1, 3, 5}, {3, 5, 7}};
  std::string obj, off = "OFF\n8 12 0\n";
  for (std::size_t at = 0; at < corners.size();) {
    const auto end = corners.find('|', at);
    obj += "v " + corners.substr(at, end - at) + "\n";
    off += corners.substr(at, end - at) + "\n";
    at = end + 1;
  }
  for (const auto& [a, b, c] : faces) {
    obj += "f " + std::to_string(a + 1) + " " + std::to_string(b + 1) + " " + std::to_string(c + 1) + "\n";
    off += "3 " + std::to_string(a) + " " + std::to_string(b) + " " + std::to_string(c) + "\n";
  }
  write_text(scratch / "cube.obj", obj);
  write_text(scratch / "cube.off", off);
  for (const char* name : {"cube.obj", "cube.off"}) {
    CAPTURE(name);
    const auto outcome = meshassay({"repair", scratch / name, "-o", scratch / "out.stl", "--json"});
    CAPTURE(outcome.err);
    REQUIRE(outcome.status == 0);
    const auto document = nlohmann::json::parse(outcome.out);
    CHECK(document["status"] == "repaired");
    CHECK(document["counts"]["turned_triangles"] == 1);
    CHECK(meshassay({"inspect", scratch / "out.stl", "--require", "strict"}).status == 0);
  }
  // The other tool's output may be of another kind too; turned over or not, it is the same shape.
  const auto scored =
      meshassay({"repair", "--score-only", scratch / "cube.off", scratch / "cube.obj", "--json"});
  REQUIRE(scored.status == 0);
  CHECK(nlohmann::json::parse(scored.out)["score"]["score"] == 5);
}

SCENARIO("What repair cannot use is refused by name", "[repair]") {
  const Scratch scratch;
  write_text(scratch / "box.stl", stl({{0, 0, 0, 1, 1, 1}}));
  const auto refused = [&](const std::vector<std::string>& words, const std::string& says) {
    const auto outcome = meshassay(words);
    CAPTURE(words, outcome.err);
    CHECK(outcome.status == 2);
    CHECK_THAT(outcome.err, Catch::Contains(says) && Catch::Contains("mend:"));
    CHECK_FALSE(std::filesystem::exists(scratch / "out.stl"));
  };
  const std::string box = scratch / "box.stl", out = scratch / "out.stl";
  refused({"repair", box}, "-o FILE.stl");
  refused({"repair", box, "-o", scratch / "out.step"}, "out.step");
  refused({"repair", box, "-o", out, "--min-thickness", "0"}, "--min-thickness");
  refused({"repair", box, "-o", out, "--min-thickness", "thin"}, "thin");
  refused({"repair", box, "-o", out, "--sheet-offset", "third"}, "third");
  refused({"repair", box, "-o", out, "--keep-cavities", "--fill-cavities"}, "both");
  refused({"repair", box, box, "-o", out}, "--score-only");
  std::filesystem::create_directory(scratch / "folder.stl");
  refused({"repair", box, "-o", scratch / "folder.stl"}, "a folder");
  refused({"repair", box, "-o", out, "--parts", box}, "choose another --parts");
  refused({"repair", "--score-only", box}, "REPAIRED");
  refused({"repair", "--score-only", box, box, "-o", out}, "--out is not for --score-only");
  refused({"repair", "--score-only", box, box, "--fill-cavities"}, "--fill-cavities is not for --score-only");
  refused({"repair", scratch / "nowhere.stl", "-o", out}, "nowhere.stl");
}
