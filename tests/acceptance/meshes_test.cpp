// SPDX-License-Identifier: GPL-3.0-or-later
// Mesh phantoms as files, and their inspection by a person and by a program.
#include <array>
#include <catch2/catch.hpp>

#include "tests/acceptance/program.hpp"

namespace {

using namespace acceptance;

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

SCENARIO("Mesh phantoms are written with their truth, and inspect says of the file what the truth says",
         "[meshes]") {
  const Scratch scratch;
  for (const char* id : {"good_cube", "inside_out", "flipped_triangle", "open_sheet", "six_slabs", "wire"}) {
    INFO(id);
    const auto folder = scratch / id;
    const auto written = meshassay({"phantom", id, "-o", folder, "--json"});
    INFO(written.err);
    REQUIRE(written.status == 0);
    const auto truth = nlohmann::json::parse(written.out);
    CHECK(truth.at("schema") == "meshassay/mesh_truth/1");
    CHECK(truth == read_json(folder + "/truth.json"));
    CHECK(std::filesystem::file_size(folder + "/surface.png") > 1000);
    const auto inspected = meshassay({"inspect", folder + "/surface.stl", "--json"});
    const auto certificate = nlohmann::json::parse(inspected.out);
    const auto& expected = truth.at("expected");
    CHECK(inspected.status == (expected.at("bounds_solid") == true ? 0 : 1));
    std::size_t compared = 0;
    for (const auto& [name, holds] : expected.items()) {
      INFO(name);
      const auto& certified = certificate.contains(name) ? certificate.at(name)
                              : certificate.at("predicates").contains(name)
                                  ? certificate.at("predicates").at(name).at("holds")
                                  : nlohmann::json(nullptr);
      if (holds.is_null() || certified.is_null()) continue;
      ++compared;
      CHECK(certified == holds);
    }
    CHECK(compared >= 8);
  }
}

SCENARIO("A mesh phantom is not scanned, and a wrong name or parameter is refused with the nearest",
         "[meshes]") {
  const Scratch scratch;
  const auto refused = [&](const std::vector<std::string>& words, const char* says) {
    const auto outcome = meshassay(words);
    INFO(outcome.err);
    CHECK(outcome.status == 2);
    CHECK(contains(outcome.err, says));
    CHECK_FALSE(std::filesystem::exists(scratch / "out"));
  };
  refused({"phantom", "kline_bottle", "-o", scratch / "out"}, "klein_bottle");
  refused({"phantom", "boxes", "-o", scratch / "out", "--set", "cuont=3"}, "count");
  refused({"phantom", "good_cube", "-o", scratch / "out", "--scan", "x.toml"}, "--scan");
}

SCENARIO("inspect shows a person the verdicts first, then what is wrong, where, and what to do", "[meshes]") {
  const Scratch scratch;
  REQUIRE(meshassay({"phantom", "overlapping_cubes", "-o", scratch / "cubes"}).status == 0);
  const auto outcome = meshassay({"inspect", scratch / "cubes/surface.stl", "--out", scratch / "inspection"});
  INFO(outcome.out);
  CHECK(outcome.status == 1);
  // Side by side in the first line, the answers beneath.
  const auto first = outcome.out.substr(0, outcome.out.find('\n'));
  CHECK(first.find("bounds_solid") < first.find("printable"));
  CHECK(first.find("printable") < first.find("strict"));
  CHECK(contains(outcome.out, "polyhedron"));
  CHECK(contains(outcome.out, "triangle"));
  CHECK(contains(outcome.out, "-> unite the parts that cross"));

  THEN("a page, a picture and a mesh with tags lie in the folder") {
    const auto page = read_text(scratch / "inspection/inspection.html");
    CHECK(contains(page, "What is wrong, and what to do about it"));
    CHECK(contains(page, "data:image/png;base64,"));
    CHECK_FALSE(contains(page, "<script"));
    CHECK_FALSE(contains(page, "src=\"http"));
    const auto tagged = read_text(scratch / "inspection/tagged.ply");
    CHECK(contains(tagged, "property uint tags"));
    const auto again = meshassay({"inspect", scratch / "inspection/tagged.ply", "--json"});
    CHECK(nlohmann::json::parse(again.out).at("predicates").at("polyhedron").at("holds") == false);
  }
  THEN("the same mesh gives the same bytes whatever the number of threads") {
    REQUIRE(meshassay({"inspect", scratch / "cubes/surface.stl", "--out", scratch / "one", "--threads", "1"})
                .status == 1);
    for (const char* name : {"inspection.html", "surface.png", "tagged.ply"})
      CHECK(read_text(scratch / "inspection" + "/" + name) == read_text(scratch / "one" + "/" + name));
  }
}

// The fin's free sides: 15 mm up, 20 mm along, 15 mm down; its root belongs to the box. Its two triangles
// come after the 16 of the box, 20 mm x 15 mm.
SCENARIO("inspect names borders as loops and arcs, and sheets with their area", "[meshes]") {
  const Scratch scratch;
  REQUIRE(meshassay({"phantom", "fin_on_box", "-o", scratch / "fin"}).status == 0);
  const auto shown = meshassay({"inspect", scratch / "fin/surface.stl"});
  CHECK(shown.status == 1);
  CHECK(contains(shown.out, "open arc of 3 edges, 50 mm"));
  CHECK(contains(shown.out, "triangles 16 17"));
  const auto outcome = meshassay({"inspect", scratch / "fin/surface.stl", "--json"});
  const auto predicates = nlohmann::json::parse(outcome.out).at("predicates");
  const auto& border = predicates.at("closed").at("witnesses").at("boundary");
  REQUIRE(border.size() == 1);
  CHECK(border[0].at("closed") == false);
  CHECK(border[0].at("length_mm").get<double>() == Approx(50.0));
  CHECK(predicates.at("solid").at("witnesses").at("sheet_area_mm2").get<double>() == Approx(300.0));
}

SCENARIO("What inspect tells to do fits what is wrong", "[meshes]") {
  const Scratch scratch;
  struct Advised {
    const char *phantom, *says, *not_says;
  };
  // The gaps of a T-junction need no wall. Of sheets alone there are no parts to join. Cubes that overlap
  // have no cavity to keep.
  const std::array phantoms = {
      Advised{"t_junction", "(T-junctions): 'meshassay repair' closes it", "--min-thickness"},
      Advised{"open_sheet", "nothing is solid yet", "join the parts by material"},
      Advised{"overlapping_cubes", "unite the parts that cross, and remove what that hides",
              "--keep-cavities"},
      Advised{"cube_in_cube", "--keep-cavities", "unite the parts that cross"}};
  for (const auto& each : phantoms) {
    INFO(each.phantom);
    REQUIRE(meshassay({"phantom", each.phantom, "-o", scratch / each.phantom}).status == 0);
    const auto shown = meshassay({"inspect", scratch / each.phantom + "/surface.stl"}).out;
    INFO(shown);
    CHECK(contains(shown, each.says));
    CHECK_FALSE(contains(shown, each.not_says));
  }
}

SCENARIO("The name of a file cannot put anything into the page", "[meshes]") {
  const Scratch scratch;
  REQUIRE(meshassay({"phantom", "good_cube", "-o", scratch / "cube"}).status == 0);
  const std::string name = "<img src=x onerror=alert(1)>&\".stl";
  std::filesystem::rename(scratch / "cube/surface.stl", scratch / name);
  REQUIRE(meshassay({"inspect", scratch / name, "--out", scratch / "inspection"}).status == 0);
  const auto page = read_text(scratch / "inspection/inspection.html");
  CHECK_FALSE(contains(page, "<img src=x"));
  CHECK(contains(page, "&lt;img src=x onerror=alert(1)&gt;&amp;&quot;.stl"));
}

SCENARIO("Hostile meshes of every format are refused, and nothing is written", "[meshes]") {
  const Scratch scratch;
  struct Hostile {
    const char *name, *text, *says;
  };
  const std::array files = {
      Hostile{"garbage.obj", "v 0 0 zero\n", "garbage.obj:1"},
      Hostile{"nan.obj", "v 0 0 nan\n", "finite"},
      Hostile{"billions.off", "OFF\n4000000000 1 0\n0 0 0\n", "4000000000"},
      Hostile{"truncated.off", "OFF\n3 1 0\n0 0 0\n1 0 0\n", "too early"},
      Hostile{
          "billions.ply",
          "ply\nformat ascii 1.0\nelement vertex 4000000000\nproperty float x\nproperty float y\nproperty "
          "float z\nelement face 1\nproperty list uchar int vertex_indices\nend_header\n0 0 0\n",
          "4000000000"},
      Hostile{"infinity.ply",
              "ply\nformat ascii 1.0\nelement vertex 1\nproperty float x\nproperty float y\nproperty float "
              "z\nelement face 1\nproperty list uchar int vertex_indices\nend_header\n0 0 inf\n3 0 0 0\n",
              "finite"},
      Hostile{"none.3mf", "not an archive", "zip archive"}};
  for (const auto& file : files) {
    INFO(file.name);
    write_text(scratch / file.name, file.text);
    const auto outcome = meshassay({"inspect", scratch / file.name, "--out", scratch / "out"});
    INFO(outcome.err);
    CHECK(outcome.status == 2);
    CHECK(contains(outcome.err, file.says));
    CHECK(outcome.out.empty());
    CHECK_FALSE(std::filesystem::exists(scratch / "out"));
  }
}
