// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/stl.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <clocale>
#include <cstring>
#include <ctime>
#include <limits>

#include "core/errors.hpp"
#include "core/io/files.hpp"
#include "tests/support/source_folder.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/core/io/error_message.hpp"

namespace meshassay::io {
namespace {

namespace fs = std::filesystem;
using test_support::TemporaryFolder;
using ::testing::HasSubstr;
using testing::message_of;

/// A tetrahedron with corners at the origin and at 1, 2, 3 mm on the axes: outward, 1 mm3.
TriangleMesh tetrahedron() {
  return {.vertices_mm = {{0, 0, 0}, {1, 0, 0}, {0, 2, 0}, {0, 0, 3}},
          .triangles = {{0, 2, 1}, {0, 1, 3}, {0, 3, 2}, {1, 2, 3}}};
}

/// Binary STL of float triples, three corners a triangle.
std::string binary_stl(const std::string& header, std::uint32_t count,
                       const std::vector<std::array<float, 3>>& corners) {
  std::string bytes = header;
  bytes.resize(80, header.empty() ? '\0' : ' ');
  bytes.append(reinterpret_cast<const char*>(&count), 4);
  for (std::size_t i = 0; i < corners.size(); ++i) {
    if (i % 3 == 0) bytes.append(12, '\0');
    bytes.append(reinterpret_cast<const char*>(corners[i].data()), 12);
    if (i % 3 == 2) bytes.append(2, '\0');
  }
  return bytes;
}
const std::vector<std::array<float, 3>> one_triangle = {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}};

constexpr const char* ascii_triangle =
    "solid a name with blanks\n"
    " facet normal 0 0 1\n"
    "  outer loop\n"
    "   vertex 0 0 0\n"
    "   vertex 1.5 0 0\n"
    "   vertex 0 2.5e0 0\n"
    "  endloop\n"
    " endfacet\n"
    "endsolid a name with blanks\n";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

TEST(Stl, WhatIsWrittenIsReadBack) {
  const TemporaryFolder folder;
  write_stl(tetrahedron(), folder.path() / "t.stl");
  const TriangleMesh mesh = read_stl(folder.path() / "t.stl");
  ASSERT_EQ(mesh.triangles.size(), 4u);
  EXPECT_EQ(mesh.vertices_mm.size(), 4u);  // Welded.
  EXPECT_DOUBLE_EQ(signed_volume_mm3(mesh), 1.0);
  for (std::size_t t = 0; t < 4; ++t)
    for (int i = 0; i < 3; ++i) EXPECT_EQ(mesh.corner(t, i), tetrahedron().corner(t, i));
}

TEST(Stl, TextHoldsEveryDigit) {
  const TemporaryFolder folder;
  auto mesh = tetrahedron();
  // No float32 is any of them, nor is a decimal fraction of fewer than 17 digits the last.
  mesh.vertices_mm[1][0] = 1.0 / 3.0;
  mesh.vertices_mm[2][1] = 1e-300;
  mesh.vertices_mm[3][2] = 0.1 + 0.2;
  write_stl_text(mesh, folder.path() / "t.stl");
  const TriangleMesh read = read_stl(folder.path() / "t.stl");
  ASSERT_EQ(read.triangles.size(), 4u);
  for (std::size_t t = 0; t < 4; ++t)
    for (int i = 0; i < 3; ++i) EXPECT_EQ(read.corner(t, i), mesh.corner(t, i));
  mesh.vertices_mm[1][0] = std::numeric_limits<double>::infinity();
  EXPECT_THROW(write_stl_text(mesh, folder.path() / "t.stl"), InvalidInput);
  EXPECT_THROW(write_stl_text({}, folder.path() / "t.stl"), InvalidInput);
}

TEST(Stl, SameMeshSameBytesOfTheSizeThatTheFormatSays) {
  const TemporaryFolder folder;
  write_stl(tetrahedron(), folder.path() / "a.stl");
  write_stl(tetrahedron(), folder.path() / "b.stl");
  const std::string bytes = read_file(folder.path() / "a.stl");
  EXPECT_EQ(bytes, read_file(folder.path() / "b.stl"));
  EXPECT_EQ(bytes.size(), 84u + 4u * 50u);
  EXPECT_FALSE(bytes.starts_with("solid"));
}

TEST(Stl, NormalsAreUnitVectorsOutward) {
  const TemporaryFolder folder;
  write_stl(tetrahedron(), folder.path() / "t.stl");
  const std::string bytes = read_file(folder.path() / "t.stl");
  std::array<float, 3> normal{};
  std::memcpy(normal.data(), bytes.data() + 84, 12);  // The face in z = 0 looks down.
  EXPECT_EQ(normal, (std::array<float, 3>{0, 0, -1}));
  std::memcpy(normal.data(), bytes.data() + 84 + 150, 12);  // x + y/2 + z/3 = 1: (6, 3, 2) / 7.
  EXPECT_FLOAT_EQ(normal[0], 6.0f / 7.0f);
  EXPECT_FLOAT_EQ(normal[1], 3.0f / 7.0f);
  EXPECT_FLOAT_EQ(normal[2], 2.0f / 7.0f);
}

TEST(Stl, AFlatTriangleGetsAZeroNormalAndIsKept) {
  const TemporaryFolder folder;
  const TriangleMesh flat{.vertices_mm = {{0, 0, 0}, {1, 0, 0}, {2, 0, 0}},
                          .triangles = {{0, 1, 2}, {0, 0, 1}}};
  write_stl(flat, folder.path() / "t.stl");
  EXPECT_EQ(read_file(folder.path() / "t.stl").substr(84, 12), std::string(12, '\0'));
  EXPECT_EQ(read_stl(folder.path() / "t.stl").triangles.size(), 2u);
}

TEST(Stl, CoordinatesNearTheEndOfFloat32StillGiveAFiniteNormal) {
  const TemporaryFolder folder;
  const TriangleMesh huge{.vertices_mm = {{0, 0, 0}, {3e38, 0, 0}, {0, 3e38, 0}}, .triangles = {{0, 1, 2}}};
  write_stl(huge, folder.path() / "t.stl");
  std::array<float, 3> normal{};
  std::memcpy(normal.data(), read_file(folder.path() / "t.stl").data() + 84, 12);
  EXPECT_EQ(normal, (std::array<float, 3>{0, 0, 1}));
}

TEST(Stl, WritingRefusesWhatTheFormatCannotHold) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "t.stl";
  EXPECT_THROW(write_stl({}, path), InvalidInput);
  for (const double bad :
       {1e39, -1e39, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    TriangleMesh mesh = tetrahedron();
    mesh.vertices_mm[3][2] = bad;
    EXPECT_THAT(message_of<InvalidInput>([&] { write_stl(mesh, path); }), HasSubstr("triangle 2"));
  }
  EXPECT_FALSE(fs::exists(path));
}

TEST(Stl, ABinaryFileWhoseHeaderBeginsWithSolidIsBinary) {
  const TemporaryFolder folder;
  const TriangleMesh mesh = read_stl(folder.file("t.stl", binary_stl("solid cube", 1, one_triangle)));
  EXPECT_EQ(mesh.vertices_mm[1], Point3(1, 0, 0));
}

TEST(Stl, ATruncatedBinaryFileWhoseHeaderBeginsWithSolidIsNotTakenForText) {
  const TemporaryFolder folder;
  std::string bytes = binary_stl("solid cube", 1, one_triangle);
  bytes.pop_back();
  EXPECT_THAT(message_of<InvalidInput>([&] { (void)read_stl(folder.file("t.stl", bytes)); }),
              HasSubstr("cut off"));
}

TEST(Stl, NegativeZeroWeldsWithZero) {
  const TemporaryFolder folder;
  const TriangleMesh mesh = read_stl(folder.file(
      "t.stl", binary_stl("", 2, {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {-0.f, 0, -0.f}, {0, 1, 0}, {0, 0, 1}})));
  EXPECT_EQ(mesh.vertices_mm.size(), 4u);
}

TEST(Stl, ACountOfFourBillionInASmallFileIsRefusedBeforeMemoryIsTaken) {
  const TemporaryFolder folder;
  const auto file = folder.file("t.stl", binary_stl("", 0xffffffffu, one_triangle));
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_THAT(message_of<InvalidInput>([&] { (void)read_stl(file); }), HasSubstr("4294967295 triangles"));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(1));
}

TEST(Stl, ABinaryFileOfAnotherLengthThanDeclaredIsRefused) {
  const TemporaryFolder folder;
  const std::string whole = binary_stl("", 1, one_triangle);
  for (const std::size_t length : {0u, 1u, 83u, 84u, 133u}) {
    SCOPED_TRACE(length);
    EXPECT_THAT(
        message_of<InvalidInput>([&] { (void)read_stl(folder.file("t.stl", whole.substr(0, length))); }),
        HasSubstr("cut off"));
  }
  EXPECT_THAT(message_of<InvalidInput>([&] { (void)read_stl(folder.file("t.stl", whole + "x")); }),
              HasSubstr("after its last triangle"));
}

TEST(Stl, AFileWithoutATriangleIsRefused) {
  const TemporaryFolder folder;
  EXPECT_THAT(message_of<InvalidInput>([&] { (void)read_stl(folder.file("t.stl", binary_stl("", 0, {}))); }),
              HasSubstr("no triangle"));
  EXPECT_THAT(message_of<InvalidInput>([&] { (void)read_stl(folder.file("t.stl", "solid\nendsolid\n")); }),
              HasSubstr("no triangle"));
}

TEST(Stl, NaNAndInfinityAreRefusedWithTheTriangle) {
  const TemporaryFolder folder;
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    auto corners = one_triangle;
    corners[2][1] = bad;
    EXPECT_THAT(
        message_of<InvalidInput>([&] { (void)read_stl(folder.file("t.stl", binary_stl("", 1, corners))); }),
        HasSubstr("triangle 1"));
  }
  for (const char* bad : {"nan", "inf", "1e999"})
    EXPECT_THAT(message_of<InvalidInput>(
                    [&] { (void)read_stl(folder.file("t.stl", replaced(ascii_triangle, "2.5e0", bad))); }),
                HasSubstr("t.stl:6"));
}

TEST(Stl, AsciiIsReadAsTheNearestDouble) {
  const TemporaryFolder folder;
  const TriangleMesh mesh = read_stl(folder.file("t.stl", replaced(ascii_triangle, "1.5", "0.1")));
  ASSERT_EQ(mesh.triangles.size(), 1u);
  EXPECT_EQ(mesh.vertices_mm[1], Point3(0.1, 0, 0));
  EXPECT_EQ(mesh.vertices_mm[2], Point3(0, 2.5, 0));
}

TEST(Stl, AsciiComesWithBlanksTabsWindowsLineEndsUpperCaseAndMarks) {
  const TemporaryFolder folder;
  std::string upper = ascii_triangle, windows, one_line = ascii_triangle;
  for (char& letter : upper) letter = static_cast<char>(std::toupper(letter));
  for (const char letter : std::string(ascii_triangle))
    windows += letter == '\n' ? "\r\n" : std::string(1, letter);
  for (char& letter : one_line)
    if (letter == '\n') letter = ' ';
  one_line.replace(0, 24, "solid\n");  // Only the name needs a line of its own.
  const std::string mark = "\xEF\xBB\xBF";
  for (const std::string& text :
       {" \t\n  " + std::string(ascii_triangle), upper, windows, one_line, mark + ascii_triangle,
        replaced(ascii_triangle, "0 0 1", "nan nan nan"), replaced(ascii_triangle, "1.5", "+1.5"),
        replaced(ascii_triangle, "solid a name with blanks", "solid facet normal")}) {
    SCOPED_TRACE(text);
    const TriangleMesh mesh = read_stl(folder.file("t.stl", text));
    ASSERT_EQ(mesh.triangles.size(), 1u);
    EXPECT_EQ(mesh.vertices_mm[1], Point3(1.5, 0, 0));
  }
}

TEST(Stl, SeveralSolidsInOneFileAreOneSurface) {
  const TemporaryFolder folder;
  const std::string text = std::string("solid empty\nendsolid\n") + ascii_triangle +
                           replaced(ascii_triangle, "vertex 0 0 0", "vertex 0 0 7");
  const TriangleMesh mesh = read_stl(folder.file("t.stl", text));
  EXPECT_EQ(mesh.triangles.size(), 2u);
  EXPECT_EQ(mesh.vertices_mm.size(), 4u);  // Two corners are shared.
}

TEST(Stl, GarbageInAsciiNamesTheLine) {
  const TemporaryFolder folder;
  const auto message = [&](const std::string& from, const std::string& to) {
    return message_of<InvalidInput>(
        [&] { (void)read_stl(folder.file("t.stl", replaced(ascii_triangle, from, to))); });
  };
  EXPECT_THAT(message("1.5", "1,5"), HasSubstr("t.stl:5"));
  EXPECT_THAT(message("1.5", "1,5"), HasSubstr("'1,5'"));
  EXPECT_THAT(message("facet", "fascet"), HasSubstr("t.stl:2"));
  EXPECT_THAT(message("  endloop", "vertex 1 1 1\n endloop"), HasSubstr("t.stl:7"));  // Four corners.
  EXPECT_THAT(message("endsolid a name with blanks\n", "endsolid\nand more"), HasSubstr("t.stl:10"));
  EXPECT_THAT(message("0 0 1", "0 0"), HasSubstr("'outer'"));
}

TEST(Stl, ATruncatedAsciiFileIsRefusedWhereverItEnds) {
  const TemporaryFolder folder;
  const std::string text = ascii_triangle;
  for (std::size_t length = 6; length < text.find("endsolid") + 8; ++length) {
    SCOPED_TRACE(length);
    EXPECT_THROW((void)read_stl(folder.file("t.stl", text.substr(0, length))), InvalidInput);
  }
}

TEST(Stl, ReadingDoesNotDependOnTheLocale) {
  const TemporaryFolder folder;
  const auto file = folder.file("t.stl", ascii_triangle);
  if (!std::setlocale(LC_ALL, "de_DE.UTF-8")) std::setlocale(LC_ALL, "C.UTF-8");  // Not every machine has it.
  const TriangleMesh mesh = read_stl(file);
  std::setlocale(LC_ALL, "C");
  EXPECT_EQ(mesh.vertices_mm[1], Point3(1.5, 0, 0));
}

TEST(Stl, AMillionTrianglesAreReadAndWeldedInUnderASecond) {
  constexpr int side = 707;  // A height field of 2 * 707 * 707 = 999 698 triangles.
  TriangleMesh mesh;
  for (int y = 0; y <= side; ++y)
    for (int x = 0; x <= side; ++x)
      mesh.vertices_mm.emplace_back(0.1 * x, 0.1 * y, 0.01 * ((x * x + y) % 17));
  for (std::uint32_t y = 0; y < side; ++y)
    for (std::uint32_t x = 0; x < side; ++x) {
      const std::uint32_t corner = y * (side + 1) + x;
      mesh.triangles.push_back({corner, corner + 1, corner + side + 1});
      mesh.triangles.push_back({corner + 1, corner + side + 2, corner + side + 1});
    }
  const TemporaryFolder folder;
  write_stl(mesh, folder.path() / "t.stl");
  const std::clock_t begin = std::clock();  // Of the processor: who else is at work does not count.
  const TriangleMesh read = read_stl(folder.path() / "t.stl");
  const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  EXPECT_EQ(read.vertices_mm.size(), mesh.vertices_mm.size());
  EXPECT_EQ(read.triangles.size(), mesh.triangles.size());
  RecordProperty("seconds", std::to_string(seconds));
  EXPECT_LT(seconds, 5.0);  // About 0.3 s; generous for sanitizers.
}

TEST(Stl, RealBonesAreReadWhole) {
  const fs::path file = test_support::shared_data() / "stl_bones/femur.stl";
  if (!fs::exists(file)) GTEST_SKIP() << "no " << file;
  const TriangleMesh mesh = read_stl(file);
  // As its makers document it: a closed surface of 20 308 triangles, so 20 308 / 2 + 2 vertices where its
  // genus is 0.
  EXPECT_EQ(mesh.triangles.size(), 20308u);
  EXPECT_EQ(mesh.vertices_mm.size(), 10156u);
  EXPECT_NEAR(signed_volume_mm3(mesh), 399255.0, 1.0);
}

}  // namespace
}  // namespace meshassay::io
