// SPDX-License-Identifier: GPL-3.0-or-later
// Every mesh format: what is written is read back, numbers as they stand, hostile files refused.
#include "core/io/mesh_files.hpp"

#include <gmock/gmock.h>

#include <array>
#include <cstring>

#include "core/errors.hpp"
#include "core/io/files.hpp"
#include "core/io/zip_archive.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/core/io/error_message.hpp"

namespace meshassay::io {
namespace {

using test_support::TemporaryFolder;
using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::message_of;

/// A tetrahedron, outward; numbers that float32 cannot hold.
TriangleMesh tetrahedron() {
  return {.vertices_mm = {{0.1, 0, 0}, {0, 2.0 / 3.0, 0}, {1e-7, 0, 0}, {0, 0, 1e6 + 0.3}},
          .triangles = {{0, 2, 1}, {0, 1, 3}, {0, 3, 2}, {1, 2, 3}}};
}

class Formats : public ::testing::TestWithParam<const char*> {
 protected:
  TemporaryFolder folder;
};

TEST_P(Formats, GiveBackTheSameDoublesAndTheSameBytesTwice) {
  const auto path = folder.path() / (std::string("mesh") + GetParam());
  write_mesh(tetrahedron(), path);
  const auto read = read_mesh(path);
  const auto expected = welded(tetrahedron());
  EXPECT_EQ(read.triangles, expected.triangles);
  EXPECT_EQ(read.vertices_mm, expected.vertices_mm);
  const auto again = folder.path() / (std::string("again") + GetParam());
  write_mesh(tetrahedron(), again);
  EXPECT_EQ(read_file(path), read_file(again));
}

TEST_P(Formats, RefuseToWriteNothingAndInfinity) {
  const auto path = folder.path() / (std::string("mesh") + GetParam());
  EXPECT_THROW(write_mesh({}, path), InvalidInput);
  auto mesh = tetrahedron();
  mesh.vertices_mm[0][1] = std::numeric_limits<double>::infinity();
  EXPECT_THROW(write_mesh(mesh, path), InvalidInput);
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_P(Formats, RefuseEveryTruncationOfAFile) {
  const auto path = folder.path() / (std::string("mesh") + GetParam());
  write_mesh(tetrahedron(), path);
  const std::string bytes = read_file(path);
  // A text without its last number or line's end can be a whole file still.
  const std::size_t last = bytes.size() - (std::string(GetParam()) == ".off" ? 2 : 1);
  // An archive has a kilobyte: in steps, but each of the last bytes.
  const auto step = [&](std::size_t length) -> std::size_t {
    return bytes.size() > 500 && length + 30 < bytes.size() ? 11 : 1;
  };
  for (std::size_t length = 0; length <= last; length += step(length)) {
    const auto cut = folder.file(std::string("cut") + GetParam(), bytes.substr(0, length));
    if (std::string(GetParam()) == ".obj") {
      // OBJ declares no counts: any whole lines are a file. It must not crash, and never gives more.
      try {
        EXPECT_LE(read_mesh(cut).triangles.size(), 4u);
      } catch (const InvalidInput&) {
      }
    } else {
      EXPECT_THROW((void)read_mesh(cut), InvalidInput) << length;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(, Formats, ::testing::Values(".obj", ".off", ".ply", ".3mf"),
                         [](const auto& each) { return std::string(each.param + 1); });

std::string refusal(const TemporaryFolder& folder, const std::string& name, const std::string& bytes) {
  const auto path = folder.file(name, bytes);
  return message_of<InvalidInput>([&] { (void)read_mesh(path); });
}

TEST(Obj, TakesPositionsOutOfCornersInEveryWayThatTheyAreWritten) {
  const TemporaryFolder folder;
  const auto mesh = read_mesh(folder.file("a.obj",
                                          "# comment\nmtllib x.mtl\no thing\nv 0 0 0\nv 1 0 0 0.5 0.5 0.5\n"
                                          "v 1 1 0\nv 0 1 0\nvt 0 0\nvn 0 0 1\ns off\n"
                                          "f 1/1/1 2//1 3/1 -1\nl 1 2\n"));
  // A quadrilateral, cut from its first corner.
  EXPECT_EQ(mesh.triangles, (std::vector<Triangle>{{0, 1, 2}, {0, 2, 3}}));
}

TEST(MeshFiles, RefuseCoordinatesWhoseVolumesLeaveDouble) {
  const TemporaryFolder folder;
  EXPECT_THAT(refusal(folder, "a.obj", "v 0 0 0\nv 2e100 0 0\nv 0 1 0\nf 1 2 3\n"),
              AllOf(HasSubstr("1e100 mm"), HasSubstr("2e+100"), HasSubstr("unit")));
  EXPECT_EQ(read_mesh(folder.file("a.obj", "v 0 0 0\nv 1e100 0 0\nv 0 1e-300 0\nf 1 2 3\n")).triangles.size(),
            1u);
}

TEST(Obj, RefusesGarbageAndNamesTheLine) {
  const TemporaryFolder folder;
  EXPECT_THAT(refusal(folder, "a.obj", "v 0 0 0\nv 1 x 0\n"), AllOf(HasSubstr("a.obj:2"), HasSubstr("'x'")));
  EXPECT_THAT(refusal(folder, "a.obj", "v 0 0 nan\n"), HasSubstr("finite"));
  EXPECT_THAT(refusal(folder, "a.obj", "v 0 0 1e999\n"), HasSubstr("finite"));
  EXPECT_THAT(refusal(folder, "a.obj", "v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 4\n"),
              AllOf(HasSubstr("between 1 and 3"), HasSubstr("'4'")));
  EXPECT_THAT(refusal(folder, "a.obj", "v 0 0 0\nf 0 1 1\n"), HasSubstr("'0'"));
  EXPECT_THAT(refusal(folder, "a.obj", "v 0 0 0\nf 1 1.5 1\n"), HasSubstr("'1.5'"));
  EXPECT_THAT(refusal(folder, "a.obj", "v 0 0 0\nf -2 1 1\n"), HasSubstr("'-2'"));
  EXPECT_THAT(refusal(folder, "a.obj", "v 0 0 0\nf 1 1\n"), HasSubstr("three corners"));
  EXPECT_THAT(refusal(folder, "a.obj", "curv 0 1 1 2\n"), HasSubstr("polygonal OBJ"));
  EXPECT_THAT(refusal(folder, "a.obj", "\x01\x02\xff garbage\n"), HasSubstr("cannot be understood"));
  EXPECT_THAT(refusal(folder, "a.obj", ""), HasSubstr("no triangle"));
}

// Corners of an L of two bars, 10 x 4 and 4 x 6: 64 mm², counter-clockwise, one corner of 270°.
constexpr std::array<std::array<int, 2>, 6> l_shape = {{{0, 0}, {10, 0}, {10, 4}, {4, 4}, {4, 10}, {0, 10}}};
// A square of 10 with a fourth corner on its first side.
constexpr std::array<std::array<int, 2>, 5> square_with_a_corner_on_its_side = {
    {{0, 0}, {5, 0}, {10, 0}, {10, 10}, {0, 10}}};

/// An OFF file of one polygon in a plane that whole numbers hold; tilt 3: z = x + y.
template <std::size_t n>
std::string off_of(const std::array<std::array<int, 2>, n>& outline, std::size_t first, bool reversed,
                   int tilt) {
  std::string text = "OFF\n" + std::to_string(n) + " 1 0\n";
  for (std::size_t i = 0; i < n; ++i) {
    const auto& [u, v] = outline[(first + (reversed ? n - i : i)) % n];
    std::array<int, 3> point{};
    point[tilt % 3] = u;
    point[(tilt + 1) % 3] = v;
    point[(tilt + 2) % 3] = tilt == 3 ? u + v : 7;
    text += std::to_string(point[0]) + " " + std::to_string(point[1]) + " " + std::to_string(point[2]) + "\n";
  }
  text += std::to_string(n);
  for (std::size_t i = 0; i < n; ++i) text += " " + std::to_string(i);
  return text + "\n";
}

// Triangles cover a polygon once if they have its number, none is flat, all face the way that it does, and
// their areas add up to its own: any that lies outside or on another adds area.
template <std::size_t n>
void expect_covered_once(const std::array<std::array<int, 2>, n>& outline, double area_mm2) {
  const TemporaryFolder folder;
  for (std::size_t first = 0; first < n; ++first)
    for (const bool reversed : {false, true})
      for (int tilt = 0; tilt < 4; ++tilt) {
        SCOPED_TRACE(std::to_string(first) + (reversed ? " reversed " : " ") + std::to_string(tilt));
        const auto mesh = read_mesh(folder.file("a.off", off_of(outline, first, reversed, tilt)));
        // (u, v, u + v) stretches areas by the length of (1, 0, 1) x (0, 1, 1) = (-1, -1, 1).
        Vector3 normal = Vector3::Zero();
        if (tilt == 3)
          normal = Vector3(-1, -1, 1);
        else
          normal[(tilt + 2) % 3] = 1;
        if (reversed) normal = -normal;
        ASSERT_EQ(mesh.triangles.size(), n - 2);
        double sum_mm2 = 0.0;
        for (const auto& [a, b, c] : mesh.triangles) {
          const Vector3 twice_area_mm2 =
              (mesh.vertices_mm[b] - mesh.vertices_mm[a]).cross(mesh.vertices_mm[c] - mesh.vertices_mm[a]);
          EXPECT_GT(twice_area_mm2.dot(normal), 0.0);
          sum_mm2 += twice_area_mm2.norm() / 2.0;
        }
        EXPECT_DOUBLE_EQ(sum_mm2, area_mm2 * normal.norm());
      }
}

TEST(Polygons, AreCoveredOnceFromWhateverCornerTheyAreWritten) {
  expect_covered_once(l_shape, 64.0);
  expect_covered_once(square_with_a_corner_on_its_side, 100.0);
}

TEST(Polygons, ThatMeetThemselvesOrHaveNoAreaAreCutFromTheirFirstCorner) {
  const TemporaryFolder folder;
  const auto triangles = [&](const std::string& points, const std::string& face) {
    return read_mesh(folder.file("a.obj", points + "f " + face + "\n")).triangles;
  };
  // A bow tie, four corners on one line, a line there and back; vertices are numbered as they are used.
  const std::string square = "v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\n";
  EXPECT_EQ(triangles(square, "1 3 2 4"), (std::vector<Triangle>{{0, 1, 2}, {0, 2, 3}}));
  EXPECT_EQ(triangles("v 0 0 0\nv 1 0 0\nv 2 0 0\nv 3 0 0\n", "1 2 3 4"),
            (std::vector<Triangle>{{0, 1, 2}, {0, 2, 3}}));
  EXPECT_EQ(triangles(square, "1 2 1 2"), (std::vector<Triangle>{{0, 1, 0}, {0, 0, 1}}));
}

// Area of the triangles of one face in a plane of constant z, where all of them run counter-clockwise, and so
// none lies on another unless their areas add up to more than the face's.
void expect_area(const std::string& points, const std::string& face, double area_mm2) {
  const TemporaryFolder folder;
  const auto mesh = read_mesh(folder.file("a.obj", points + "f " + face + "\n"));
  double sum_mm2 = 0.0;
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
    EXPECT_GT(area_vector_mm2(mesh, t)[2], 0.0) << face;
    sum_mm2 += area_vector_mm2(mesh, t)[2];
  }
  EXPECT_DOUBLE_EQ(sum_mm2, area_mm2) << face;
}

TEST(Polygons, ThatNameACornerAgainAtOnceAreThoseWithoutIt) {
  const std::string points = "v 0 0 0\nv 10 0 0\nv 10 4 0\nv 4 4 0\nv 4 10 0\nv 0 10 0\n";  // The L.
  for (const auto* face : {"1 2 2 3 4 5 6", "1 1 2 3 4 5 6", "1 2 3 4 4 4 5 6", "1 2 3 4 5 6 1",
                           "3 4 5 6 1 2 2", "1 2 3 2 3 4 5 6"})
    expect_area(points, face, 64.0);
  expect_area(points, "1 2 2 3", 20.0);  // Half of 10 x 4.
}

TEST(Polygons, ThatNameACornerAgainLaterAreTheirPartsWithoutTheirHoles) {
  // A square of 10 with one of 4 cut out of it, which a bridge joins to a corner; as numbers that are named
  // again, and as vertices of their own on the same places.
  const std::string square = "v 0 0 0\nv 10 0 0\nv 10 10 0\nv 0 10 0\n",
                    hole = "v 3 3 0\nv 3 7 0\nv 7 7 0\nv 7 3 0\n";
  expect_area(square + hole, "1 2 3 4 1 5 6 7 8 5", 84.0);
  expect_area(square + hole, "2 3 4 1 5 6 7 8 5 1", 84.0);
  expect_area(square + hole, "7 8 5 1 2 3 4 1 5 6", 84.0);
  expect_area(square + hole + "v 0 0 0\nv 3 3 0\n", "1 2 3 4 9 5 6 7 8 10", 84.0);
  // Two lobes, of 10 x 10 and 2 x 2, that meet in the corner (10, 10).
  expect_area(square + "v 12 10 0\nv 12 12 0\nv 10 12 0\n", "1 2 3 5 6 7 3 4", 104.0);
  // A spike: a line that runs out of the outline and back.
  expect_area(square + "v 5 12 0\n", "1 2 3 5 3 4", 100.0);
}

TEST(Off, ReadsColoursAndCommentsAndRefusesCountsThatTheFileHasNoRoomFor) {
  const TemporaryFolder folder;
  const auto mesh = read_mesh(folder.file(
      "a.off", "COFF # colours\n3 1 0\n0 0 0 255 0 0\n1 0 0 0 255 0\n0 1 0 0 0 255\n3 0 1 2 9\n"));
  EXPECT_EQ(mesh.triangles.size(), 1u);
  EXPECT_THAT(refusal(folder, "a.off", "OFF\n4000000000 1 0\n0 0 0\n"), HasSubstr("4000000000"));
  EXPECT_THAT(refusal(folder, "a.off", "OFF\n3 4000000000 0\n0 0 0\n0 1 0\n1 0 0\n"),
              HasSubstr("4000000000"));
  EXPECT_THAT(refusal(folder, "a.off", "OFF\n3 1 0\n0 0 0\n1 0 0\n0 1 0\n3 0 1 3\n"), HasSubstr("'3'"));
  EXPECT_THAT(refusal(folder, "a.off", "OFF\n3 1 0\n0 0 0\n1 0 inf\n0 1 0\n3 0 1 2\n"), HasSubstr("finite"));
  EXPECT_THAT(refusal(folder, "a.off", "OFF\n3 1 0\n0 0 0\n1 0 0\n0 1 0\n3 0 1 2\nmore\n"),
              HasSubstr("'more'"));
  EXPECT_THAT(refusal(folder, "a.off", "OFF BINARY\n"), HasSubstr("as text"));
}

std::string ply_header(const std::string& format, const std::string& vertices, const std::string& faces) {
  return "ply\nformat " + format + " 1.0\ncomment x\nelement vertex " + vertices +
         "\nproperty float x\nproperty float y\nproperty float z\nproperty uchar red\nelement face " + faces +
         "\nproperty list uchar int vertex_indices\nproperty list uchar float texcoord\nend_header\n";
}

template <typename T>
std::string big_endian(T value) {
  std::string bytes(sizeof value, '\0');
  std::memcpy(bytes.data(), &value, sizeof value);
  return {bytes.rbegin(), bytes.rend()};
}

// The same triangle in all three encodings.
TEST(Ply, IsReadAsTextAndInBothByteOrders) {
  const TemporaryFolder folder;
  const std::array<std::array<float, 3>, 3> corners = {{{0, 0, 0}, {1.5F, 0, 0}, {0, 2.25F, -3}}};
  std::string text = ply_header("ascii", "3", "1"), little = ply_header("binary_little_endian", "3", "1"),
              big = ply_header("binary_big_endian", "3", "1");
  text += "0 0 0 7\n1.5 0 0 7\n0 2.25 -3 7\n3 0 1 2 2 0.5 0.5\n";
  for (const auto& corner : corners) {
    for (const float value : corner) {
      big += big_endian(value);
      little.append(reinterpret_cast<const char*>(&value), sizeof value);
    }
    big += '\7';
    little += '\7';
  }
  for (auto* bytes : {&little, &big}) {
    *bytes += '\3';
    for (const std::int32_t corner : {0, 1, 2})
      *bytes += bytes == &big ? big_endian(corner)
                              : std::string(reinterpret_cast<const char*>(&corner), sizeof corner);
    *bytes += '\0';  // No texture coordinates.
  }
  for (const auto& bytes : {text, little, big}) {
    const auto mesh = read_mesh(folder.file("a.ply", bytes));
    EXPECT_EQ(mesh.triangles, (std::vector<Triangle>{{0, 1, 2}}));
    EXPECT_EQ(mesh.vertices_mm, (std::vector<Point3>{{0, 0, 0}, {1.5, 0, 0}, {0, 2.25, -3}}));
  }
  // A name does not decide where the first line does.
  EXPECT_EQ(read_mesh(folder.file("a.stl", text)).triangles.size(), 1u);
}

TEST(Ply, RefusesHostileHeadersAndData) {
  const TemporaryFolder folder;
  const auto little = std::string("binary_little_endian");
  EXPECT_THAT(refusal(folder, "a.ply", ply_header(little, "4000000000", "1") + "xxxx"),
              HasSubstr("4000000000"));
  EXPECT_THAT(refusal(folder, "a.ply", ply_header("ascii", "0", "4000000000") + "0 0\n"),
              HasSubstr("4000000000"));
  EXPECT_THAT(refusal(folder, "a.ply", ply_header("ascii", "1e300", "1")), HasSubstr("number of elements"));
  EXPECT_THAT(refusal(folder, "a.ply", ply_header("ascii", "1", "1") + "0 0 nan 7\n3 0 0 0 0\n"),
              HasSubstr("finite"));
  std::string nan = ply_header(little, "1", "0");
  const float not_a_number = std::numeric_limits<float>::quiet_NaN();
  for (int axis = 0; axis < 3; ++axis) nan.append(reinterpret_cast<const char*>(&not_a_number), 4);
  EXPECT_THAT(refusal(folder, "a.ply", nan + "\7"), HasSubstr("NaN"));
  EXPECT_THAT(refusal(folder, "a.ply", ply_header("ascii", "1", "1") + "0 0 0 7\n3 0 0 1 0\n"),
              HasSubstr("below 1"));
  EXPECT_THAT(refusal(folder, "a.ply", ply_header("ascii", "1", "1") + "0 0 0 7\n200 0 0 0 0\n"),
              HasSubstr("room for"));
  EXPECT_THAT(refusal(folder, "a.ply", ply_header("ebcdic", "1", "1")), HasSubstr("ebcdic"));
  EXPECT_THAT(refusal(folder, "a.ply", "ply\nformat ascii 1.0\nelement nothing 4000000000\nend_header\n"),
              HasSubstr("vertex"));
  EXPECT_THAT(refusal(folder, "a.ply", "ply\nformat ascii 1.0\n"), HasSubstr("end_header"));
}

constexpr const char* relationships =
    "<Relationships><Relationship Target=\"/3D/m.model\" Id=\"r\" "
    "Type=\"http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel\"/></Relationships>";
constexpr const char* one_object =
    "<object id='1'><mesh><vertices><vertex x='0' y='0' z='0'/><vertex x='1' y='0' z='0'/>"
    "<vertex x=' 0 ' y='1' z='0'/></vertices><triangles><triangle v1='0' v2='1' v3='2'/></triangles></mesh>"
    "</object>";

std::filesystem::path three_mf(const TemporaryFolder& folder, const std::string& model) {
  const auto path = folder.path() / "a.3mf";
  write_zip(path, {{"_rels/.rels", relationships}, {"3D/m.model", model}});
  return path;
}
std::string model_of(const std::string& resources, const std::string& build,
                     const std::string& unit = "millimeter") {
  return "<m:model xmlns:m='x' unit='" + unit + "'><resources>" + resources + "</resources><build>" + build +
         "</build></m:model>";
}

TEST(ThreeMf, PlacesComponentsAndItemsAndConvertsUnits) {
  const TemporaryFolder folder;
  // The component is moved by (10, 0, 0), the item turned: x to y, y to -x, and moved by (0, 0, 5); in
  // centimetres. So (1, 0, 0) becomes (11, 0, 0), then (0, 11, 5), in mm (0, 110, 50).
  const auto mesh = read_mesh(three_mf(
      folder,
      model_of(std::string(one_object) + "<object id='2'><components><component objectid='1' "
                                         "transform='1 0 0 0 1 0 0 0 1 10 0 0'/></components></object>",
               "<item objectid='2' transform='0 1 0 -1 0 0 0 0 1 0 0 5'/>", "centimeter")));
  EXPECT_EQ(mesh.vertices_mm, (std::vector<Point3>{{0, 100, 50}, {0, 110, 50}, {-10, 100, 50}}));
}

TEST(ThreeMf, TurnsTheTrianglesOfAMirrorImageSoThatItFacesOutwardsStill) {
  const TemporaryFolder folder;
  const std::string component =
      "<object id='2'><components><component objectid='1' "
      "transform='-1 0 0 0 1 0 0 0 1 0 0 0'/></components></object>";
  const auto normal_z = [&](const char* build) {
    const auto mesh = read_mesh(three_mf(folder, model_of(std::string(one_object) + component, build)));
    return area_vector_mm2(mesh, 0)[2];
  };
  EXPECT_EQ(normal_z("<item objectid='1'/>"), 0.5);
  EXPECT_EQ(normal_z("<item objectid='2'/>"), 0.5);
  // The mirror image of a mirror image: a half turn about y.
  EXPECT_EQ(normal_z("<item objectid='2' transform='1 0 0 0 1 0 0 0 -1 0 0 0'/>"), -0.5);
}

// one_object() as another one of a type.
std::string typed_object(const std::string& id, const std::string& type) {
  std::string text = one_object;
  return text.replace(0, std::string("<object id='1'").size(), "<object id='" + id + "' type='" + type + "'");
}

std::string refusal_of_model(const TemporaryFolder& folder, const std::string& model) {
  const auto path = three_mf(folder, model);
  return message_of<InvalidInput>([&] { (void)read_mesh(path); });
}

TEST(ThreeMf, CountsNoSupportsAsTheModel) {
  const TemporaryFolder folder;
  const auto triangles = [&](const std::string& resources, const std::string& build) {
    return read_mesh(three_mf(folder, model_of(resources, build))).triangles.size();
  };
  const std::string moved = "transform='1 0 0 0 1 0 0 0 1 10 0 0'/>";
  for (const std::string type : {"model", "surface", "support", "solidsupport", "other"}) {
    const std::size_t expected = type == "model" || type == "surface" ? 2 : 1;
    const std::string both = one_object + typed_object("2", type);
    EXPECT_EQ(triangles(both, "<item objectid='1'/><item objectid='2' " + moved), expected) << type;
    EXPECT_EQ(
        triangles(both + "<object id='3'><components><component objectid='1'/><component objectid='2' " +
                      moved + "</components></object>",
                  "<item objectid='3'/>"),
        expected)
        << type;
    if (expected == 1) {
      EXPECT_THAT(refusal_of_model(folder, model_of(both, "<item objectid='2'/>")), HasSubstr("type model"))
          << type;
    }
  }
  EXPECT_THAT(refusal_of_model(folder, model_of(typed_object("2", "scaffold"), "<item objectid='2'/>")),
              HasSubstr("'scaffold'"));
}

TEST(ThreeMf, RefusesHostileModels) {
  const TemporaryFolder folder;
  const std::string item = "<item objectid='1'/>";
  // Entities within entities, ten times each: 10^9 times "lol".
  std::string bomb = "<?xml version='1.0'?><!DOCTYPE m [<!ENTITY e0 'lol'>";
  for (int i = 1; i < 10; ++i) {
    bomb += "<!ENTITY e" + std::to_string(i) + " '";
    for (int n = 0; n < 10; ++n) bomb += "&e" + std::to_string(i - 1) + ";";
    bomb += "'>";
  }
  EXPECT_THAT(refusal_of_model(folder, bomb + "]><model>&e9;</model>"),
              HasSubstr("document type declaration"));
  // Each object twice the one before: 2^40 triangles.
  std::string doubling = one_object;
  for (int i = 2; i < 42; ++i) {
    const std::string part = "<component objectid='" + std::to_string(i - 1) + "'/>";
    doubling +=
        "<object id='" + std::to_string(i) + "'><components>" + part + part + "</components></object>";
  }
  EXPECT_THAT(refusal_of_model(folder, model_of(doubling, "<item objectid='41'/>")),
              HasSubstr("vertices and triangles"));
  // A chain too deep for the stack.
  std::string chain = one_object;
  for (int i = 2; i < 20000; ++i)
    chain += "<object id='" + std::to_string(i) + "'><components><component objectid='" +
             std::to_string(i - 1) + "'/></components></object>";
  EXPECT_THAT(refusal_of_model(folder, model_of(chain, item)), HasSubstr("depth"));
  EXPECT_THAT(refusal_of_model(folder, model_of("<object id='1'><components><component objectid='1'/>"
                                                "</components></object>",
                                                item)),
              HasSubstr("earlier"));
  EXPECT_THAT(refusal_of_model(folder, model_of(one_object, "<item objectid='9'/>")), HasSubstr("'9'"));
  EXPECT_THAT(refusal_of_model(folder, model_of(one_object, "<item objectid='1' p:path='/x'/>")),
              HasSubstr("same file"));
  EXPECT_THAT(refusal_of_model(folder, model_of("<object id='1'><mesh><vertices><vertex x='nan' y='0' z='0'/>"
                                                "</vertices></mesh></object>",
                                                item)),
              HasSubstr("finite"));
  EXPECT_THAT(refusal_of_model(folder, model_of("<object id='1'><mesh><triangles><triangle v1='0' v2='1' "
                                                "v3='2'/></triangles></mesh></object>",
                                                item)),
              HasSubstr("below 0"));
  EXPECT_THAT(refusal_of_model(folder, model_of(one_object, item, "cubit")), HasSubstr("cubit"));
  EXPECT_THAT(refusal_of_model(folder, "<model><resources>"), HasSubstr("XML"));
  EXPECT_THAT(refusal_of_model(folder, model_of("", "")), HasSubstr("no triangle"));
}

TEST(ThreeMf, RefusesAZipBombBeforeItHasUnpackedIt) {
  const TemporaryFolder folder;
  // 64 MiB of blanks take about 64 KiB: a thousandth.
  const auto path = three_mf(folder, "<model>" + std::string(std::size_t{64} << 20, ' ') + "</model>");
  EXPECT_LT(std::filesystem::file_size(path), 200'000u);
  EXPECT_THAT(message_of<InvalidInput>([&] { (void)read_mesh(path); }), HasSubstr("when unpacked"));
}

TEST(ThreeMf, RefusesArchivesThatAreNone) {
  const TemporaryFolder folder;
  EXPECT_THAT(refusal(folder, "a.3mf", "not a zip"), HasSubstr("zip archive"));
  write_zip(folder.path() / "b.3mf", {{"x", "y"}});
  EXPECT_THAT(message_of<InvalidInput>([&] { (void)read_mesh(folder.path() / "b.3mf"); }),
              HasSubstr("_rels/.rels"));
}

TEST(MeshFiles, AreKnownByTheirExtensionInCapitalLettersToo) {
  const TemporaryFolder folder;
  for (const auto* extension : {".STL", ".OBJ", ".PLY", ".OFF", ".3MF", ".Stl", ".Obj"}) {
    const auto path = folder.path() / (std::string("mesh") + extension);
    write_mesh(tetrahedron(), path);
    EXPECT_EQ(read_mesh(path).triangles.size(), 4u) << extension;
  }
}

TEST(MeshFiles, RefuseOtherExtensions) {
  EXPECT_THAT(message_of<UnsupportedFormat>([] { (void)read_mesh("model.step"); }), HasSubstr(".step"));
  EXPECT_TRUE(has_mesh_extension("A.STL"));
  EXPECT_FALSE(has_mesh_extension("mask.nrrd"));
}

TEST(MeshFiles, RefuseAnStlHeaderOfFourBillionTriangles) {
  const TemporaryFolder folder;
  std::string bytes(84, '\0');
  const std::uint32_t count = 4'000'000'000U;
  std::memcpy(bytes.data() + 80, &count, sizeof count);
  EXPECT_THAT(refusal(folder, "a.stl", bytes), HasSubstr("4000000000"));
}

}  // namespace
}  // namespace meshassay::io
