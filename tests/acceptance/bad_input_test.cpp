// SPDX-License-Identifier: GPL-3.0-or-later
#include <sys/wait.h>

#include <array>
#include <catch2/catch.hpp>
#include <cstdlib>

#include "tests/acceptance/program.hpp"

using namespace acceptance;

namespace {

// Bad input ends with status 2, says where, and what to do; nothing is written.
void refused(const std::vector<std::string>& words, const std::vector<std::string>& says,
             const std::string& not_written = {}) {
  const auto outcome = meshassay(words);
  CAPTURE(words, outcome.err);
  CHECK(outcome.status == 2);
  CHECK(outcome.err.find("where:") != std::string::npos);
  CHECK(outcome.err.find("mend:") != std::string::npos);
  for (const auto& part : says) CHECK_THAT(outcome.err, Catch::Contains(part));
  if (!not_written.empty()) CHECK_FALSE(std::filesystem::exists(not_written));
}

constexpr const char* good_suite = R"(
id = "mine"
version = "1"
intended_use = "a test"
seed = 1
[[case]]
phantom = "sphere"
radius_mm = 5
scan = { spacing_mm = [1, 1, 1] }
[[case.check]]
metric = "deviation.rms"
max = "1 in_plane"
requirement = ["3532-1:6.5"]
rationale = "a test"
)";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  text.replace(text.find(from), from.size(), to);
  return text;
}

}  // namespace

SCENARIO("Files that are not what a command needs are refused by name", "[bad_input]") {
  const Scratch scratch;
  const auto out = scratch / "out";
  const auto model = [&](const std::string& input) {
    return std::vector<std::string>{"model", input, "-o", out};
  };

  refused(model(scratch / "nowhere"), {"nowhere"}, out);
  std::filesystem::create_directories(scratch / "empty");
  refused(model(scratch / "empty"), {"empty"}, out);
  // Before anything is read.
  refused({"inspect", "a.stl", "--picture", scratch / "empty"}, {"--picture", "a folder"});
  refused({"measure", "a.stl", "b.stl", "--picture", scratch / "empty"}, {"--picture", "a folder"});
  refused({"measure", "a.stl", "b.stl", "--field", scratch / "empty"}, {"--field", "a folder"});
  refused({"model", "ct", "-o", out, "--picture", scratch / "empty"}, {"--picture", "a folder"}, out);
  write_text(scratch / "texts/a.txt", "hello");
  const auto below_file = scratch / "texts/a.txt/new";
  refused({"inspect", "a.stl", "--picture", below_file}, {"--picture", "a.txt is a file"});
  refused({"measure", "a.stl", "b.stl", "--picture", below_file}, {"--picture", "a.txt is a file"});
  refused({"measure", "a.stl", "b.stl", "--field", below_file}, {"--field", "a.txt is a file"});
  refused({"model", "ct", "-o", out, "--picture", below_file}, {"--picture", "a.txt is a file"}, out);
  refused({"repair", "a.stl", "-o", below_file + ".stl"}, {"-o", "a.txt is a file"});
  std::filesystem::create_directories(scratch / "fixed.stl.json");
  refused({"repair", "a.stl", "-o", scratch / "fixed.stl"}, {"-o", "fixed.stl.json, a folder"});
  write_text(scratch / "texts/b.dcm", "hello again, this is no DICOM");
  refused(model(scratch / "texts"), {"texts"}, out);

  REQUIRE(meshassay({"phantom", "sphere", "-o", scratch / "ball", "--set", "radius_mm=3", "--set",
                     "spacing_mm=1,1,1"})
              .status == 0);
  auto slice = std::filesystem::directory_iterator(scratch / "ball/ct")->path();
  const auto bytes = read_text(slice);
  write_text(slice, bytes.substr(0, bytes.size() - 100));
  refused(model(scratch / "ball/ct"), {slice.filename().string()}, out);
  write_text(slice, bytes);
  std::filesystem::remove(scratch / "ball/ct/slice-0004.dcm");
  refused(model(scratch / "ball/ct"), {"missing slice"}, out);

  const auto mask = read_text(scratch / "ball/mask.nrrd");
  write_text(scratch / "cut.nrrd", mask.substr(0, mask.size() / 2));
  refused({"measure", scratch / "ball/mask.nrrd", scratch / "cut.nrrd"}, {"cut.nrrd"});
  // Spacings of a nanometre, by the name of the file, whether it is the reference or the test.
  write_text(scratch / "tiny.nrrd",
             "NRRD0004\ntype: uint8\ndimension: 3\nspace: left-posterior-superior\nsizes: 1 1 1\nencoding: "
             "raw\nspace directions: (1e-6,0,0) (0,1e-6,0) (0,0,1e-6)\nspace origin: (0,0,0)\n\n\x01");
  for (const auto& pair :
       {std::array{"ball/mask.nrrd", "tiny.nrrd"}, std::array{"tiny.nrrd", "ball/mask.nrrd"},
        std::array{"tiny.nrrd", "ball/surface.stl"}})
    refused({"measure", scratch / pair[0], scratch / pair[1]}, {"where: ", "tiny.nrrd", "0.001"});
}

SCENARIO("Hostile STL files are refused", "[bad_input]") {
  const Scratch scratch;
  const auto binary = [](std::uint32_t count, std::size_t triangles, float coordinate) {
    std::string bytes(80, ' ');
    bytes.append(reinterpret_cast<const char*>(&count), 4);
    for (std::size_t t = 0; t < triangles; ++t) {
      for (int i = 0; i < 12; ++i) {
        const float value = i % 5 == 0 ? coordinate : static_cast<float>(i);
        bytes.append(reinterpret_cast<const char*>(&value), 4);
      }
      bytes.append(2, '\0');
    }
    return bytes;
  };
  const auto refuse_stl = [&](const std::string& name, const std::string& bytes, const std::string& says) {
    write_text(scratch / name, bytes);
    refused({"inspect", scratch / name}, {name, says});
  };
  refuse_stl("four-billion.stl", binary(4000000000u, 1, 1.0f), "4000000000");
  refuse_stl("truncated.stl", binary(3, 2, 1.0f), "3");
  refuse_stl("zero.stl", binary(0, 0, 1.0f), "triangle");
  refuse_stl("nan.stl", binary(1, 1, std::numeric_limits<float>::quiet_NaN()), "finite");
  refuse_stl("garbage.stl", "solid x\nfacet normal 0 0 1\nouter loop\nvertex 0 zero 0\n", "garbage.stl:4");
  refuse_stl("empty.stl", "", "empty.stl");
}

SCENARIO("Suite files are refused completely before anything runs", "[bad_input]") {
  const Scratch scratch;
  const auto out = scratch / "out";
  const auto refuse_suite = [&](const std::string& text, const std::vector<std::string>& says) {
    write_text(scratch / "suite.toml", text);
    refused({"run", scratch / "suite.toml", "--out", out}, says, out);
  };
  refuse_suite(replaced(good_suite, "deviation.rms", "deviation.rmse"), {"suite.toml:", "deviation.rms"});
  refuse_suite(replaced(good_suite, "max =", "maks ="), {"suite.toml:", "did you mean 'max'"});
  refuse_suite(replaced(good_suite, "\"1 in_plane\"", "1"), {"suite.toml:", "unit"});
  refuse_suite(replaced(good_suite, "deviation.rms", "deviation.bias"), {"suite.toml:", "min"});
  refuse_suite(replaced(good_suite, "\"sphere\"", "\"sphre\""), {"suite.toml:", "sphere"});
  refuse_suite(replaced(good_suite, "radius_mm = 5", "radius_mm = -5"), {"radius_mm", "-5"});
  refuse_suite(replaced(good_suite, "3532-1:6.5", "3532-1:6.55"), {"3532-1:6.5"});
  refuse_suite(replaced(good_suite, "rationale = \"a test\"", ""), {"rationale"});
  refuse_suite("id = \"x\"\nversion = \"1\"\nintended_use = \"x\"\nseed = 1\n", {"case"});
  refuse_suite("id = \n", {"suite.toml:1"});
  refused({"run", scratch / "none.toml", "--out", out}, {"none.toml"}, out);
  refused({"run", "suites/quick.toml", "--out", out, "--filter", "no-such-case"}, {"no-such-case"}, out);
  // By the names that are listed; a suite and a system that are found leave the filter as what is wrong.
  refused({"run", "quick", "--system", "plastimatch-threshold", "--out", out, "--filter", "no-such-case"},
          {"no-such-case"}, out);
  refused({"run", "quik", "--out", out}, {"there is no suite", "'quick'"}, out);
  refused({"run", "quick", "--system", "refrence", "--out", out}, {"there is no system", "'reference'"}, out);

  const auto refuse_system = [&](const std::string& text, const std::vector<std::string>& says) {
    write_text(scratch / "system.toml", text);
    refused({"run", "suites/quick.toml", "--out", out, "--system", scratch / "system.toml"}, says, out);
  };
  refuse_system("name = \"x\"\nversion = \"1\"\nadapter = \"command\"\noutputs = [\"mask\"]\n",
                {"system.toml", "run"});
  refuse_system(
      "name = \"x\"\nversion = \"1\"\nadapter = \"command\"\noutputs = [\"maks\"]\n[command]\nrun = "
      "[\"true\"]\n",
      {"system.toml:", "mask"});
  refuse_system(
      "name = \"x\"\nversion = \"1\"\nadapter = \"command\"\noutputs = [\"mask\"]\n[command]\nrun = "
      "[\"no-such-tool-anywhere\"]\n",
      {"no-such-tool-anywhere"});
}

SCENARIO("An output folder that cannot be is refused before any work", "[bad_input]") {
  const Scratch scratch;
  write_text(scratch / "file", "x");
  REQUIRE(meshassay({"phantom", "sphere", "-o", scratch / "ball", "--set", "radius_mm=3", "--set",
                     "spacing_mm=1,1,1"})
              .status == 0);
  for (const std::string& out : {std::string(), scratch / "file", scratch / "file/below"}) {
    refused({"phantom", "sphere", "-o", out}, {"output folder"});
    refused({"model", scratch / "ball/ct", "-o", out}, {"output folder"});
    refused({"run", "--smoke", "-o", out}, {"output folder"});
  }
  refused({"run", "--smoke", "-o", scratch / "ball"}, {"not empty"}, scratch / "ball/journal.jsonl");
  refused({"run", "--smoke", "-o", scratch / "ball", "--resume"}, {"no run to resume"},
          scratch / "ball/journal.jsonl");
}

SCENARIO("Standard streams that are closed or full cost no file and are no crash", "[bad_input]") {
  const Scratch scratch;
  const auto shell = [&](const std::string& redirections, const std::string& out) {
    const std::string command = "'" + program() + "' phantom sphere -o '" + out +
                                "' --set radius_mm=3 --set spacing_mm=1,1,1 " + redirections;
    const int result = std::system(command.c_str());
    return WIFEXITED(result) ? WEXITSTATUS(result) : 128 + WTERMSIG(result);
  };
  const auto whole = [](const std::string& out) {
    for (const char* file : {"ct", "mask.nrrd", "surface.stl", "truth.json"})
      CHECK(std::filesystem::exists(std::filesystem::path(out) / file));
    CHECK_NOTHROW(read_json(std::filesystem::path(out) / "truth.json"));
  };
  CHECK(shell("<&- >&- 2>&-", scratch / "closed") == 3);  // The answer on standard output is lost.
  whole(scratch / "closed");
  CHECK(shell(">/dev/full 2>/dev/full", scratch / "full") == 3);
  whole(scratch / "full");
  CHECK(shell(">/dev/null 2>/dev/full", scratch / "mute") == 0);  // Messages are no result.
  whole(scratch / "mute");
}

SCENARIO("Images whose headers are weapons are refused", "[bad_input]") {
  const Scratch scratch;
  const std::string good =
      "NRRD0005\ntype: uchar\ndimension: 3\nspace: left-posterior-superior\nsizes: 2 2 2\n"
      "space directions: (1,0,0) (0,1,0) (0,0,1)\nspace origin: (0,0,0)\nencoding: raw\n\n";
  const std::string voxels(8, '\1');
  write_text(scratch / "good.nrrd", good + voxels);
  REQUIRE(meshassay({"measure", scratch / "good.nrrd", scratch / "good.nrrd"}).status == 0);
  const auto refuse_image = [&](const std::string& name, const std::string& from, const std::string& to) {
    write_text(scratch / name, replaced(good, from, to) + voxels);
    refused({"measure", scratch / "good.nrrd", scratch / name}, {name});
    refused({"model", scratch / name, "-o", scratch / "out"}, {name}, scratch / "out");
  };
  refuse_image("huge.nrrd", "2 2 2", "1000000 1000000 1000000");
  refuse_image("negative.nrrd", "2 2 2", "-2 2 2");
  refuse_image("block.nrrd", "uchar", "block");
  refuse_image("long.nrrd", "encoding", std::string(1000000, 'A') + "\nencoding");
  refuse_image("passwd.nhdr", "encoding", "data file: /etc/passwd\nencoding");
  refuse_image("sheared.nrrd", "(0,1,0)", "(0.5,1,0)");
}

SCENARIO("Scans that cannot be made are refused with the value and what is allowed", "[bad_input]") {
  const Scratch scratch;
  const auto refuse_scan = [&](const std::string& setting, const std::vector<std::string>& says) {
    refused({"phantom", "sphere", "-o", scratch / "p", "--set", setting}, says, scratch / "p");
  };
  refuse_scan("radius_mm=-1", {"radius_mm", "-1"});
  refuse_scan("spacing_mm=0,1,1", {"spacing_mm", "between 0.02 and 20", "0"});
  refuse_scan("spacing_mm=1,1", {"spacing_mm", "3"});
  refuse_scan("spacing_mm=1,1,nan", {"spacing_mm", "nan"});
  refuse_scan("kernel=bone", {"kernel", "voxel, soft, standard, sharp", "bone"});
  refuse_scan("noise_hu=-5", {"noise_hu", "between 0 and 10000", "-5"});
  refuse_scan("slice_thickness_mm=-1", {"slice_thickness_mm", "between 0 and 50", "-1"});
  refuse_scan("defect=missing_slices", {"defect", "missing_slice"});
  // The grid always holds the phantom: what would put it outside is refused.
  refuse_scan("margin_mm=-40", {"margin_mm", "between 0 and 200", "-40"});
  refuse_scan("phase=0,0,9", {"phase", "between 0 and 1", "9"});
  refuse_scan("spacing_mm=0.02,0.02,0.02", {"2^31 voxels"});
  refused({"phantom", "sphere", "-o", scratch / "p", "--format", "nifty"}, {"dicom, nrrd or nifti", "nifty"},
          scratch / "p");
  refused({"phantom", "sphere", "-o", scratch / "p", "--chordal-error", "0"}, {"--chordal-error", "0"},
          scratch / "p");
}

SCENARIO("Words that a command does not know are refused with the nearest one", "[bad_input]") {
  const Scratch scratch;
  refused({"rnu"}, {"did you mean 'run'"});
  refused({"run", "suites/quick.toml", "--ouf", "x"}, {"--out"});
  refused({"run", "suites/quick.toml"}, {"--out is missing"});
  refused({"measure"}, {"REFERENCE is missing"});
  refused({"measure", "a.stl"}, {"TEST is missing"});
  refused({"list", "metric"}, {"did you mean 'metrics'"});
  refused({"phantom", "spere", "-o", scratch / "p"}, {"sphere"}, scratch / "p");
  refused({"phantom", "sphere", "-o", scratch / "p", "--set", "radius_mm=0"}, {"radius_mm"}, scratch / "p");
  refused({"phantom", "sphere", "-o", scratch / "p", "--set", "spacing_mm=0,1,1"}, {"spacing_mm"},
          scratch / "p");
  refused({"model", "x", "-o", scratch / "p", "--set", "treshold_hu=1"}, {"did you mean 'threshold_hu'"},
          scratch / "p");
  refused({"inspect", scratch / "none.stl"}, {"none.stl"});
  refused({"inspect", "README.md"}, {"README.md"});
  refused({"inspect", scratch / "none.stl", "--require", "solid"}, {"bounds_solid"});
  refused({"compare", scratch / "a", scratch / "b"}, {scratch / "a"});
  refused({"list", "metrics", "--threads", "0"}, {"--threads"});
  CHECK(meshassay({}).status == 2);
}
