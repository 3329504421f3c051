// SPDX-License-Identifier: GPL-3.0-or-later
#include "reports/sections.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numbers>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include "reports/ct_slice.hpp"
#include "reports/plane_section.hpp"

namespace meshassay::reports {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

TriangleMesh box_mesh(const Point3& low, const Vector3& size) {
  TriangleMesh mesh;
  for (unsigned c = 0; c < 8; ++c)
    mesh.vertices_mm.push_back(low + size.cwiseProduct(Vector3((c & 1U) != 0 ? 1 : 0, (c & 2U) != 0 ? 1 : 0,
                                                               (c & 4U) != 0 ? 1 : 0)));
  mesh.triangles = {{0, 2, 3}, {0, 3, 1}, {4, 5, 7}, {4, 7, 6}, {0, 1, 5}, {0, 5, 4},
                    {2, 6, 7}, {2, 7, 3}, {0, 4, 6}, {0, 6, 2}, {1, 3, 7}, {1, 7, 5}};
  return mesh;
}

// An octahedron, each triangle split in four `times` times, with the vertices on the sphere.
TriangleMesh ball_mesh(double radius, int times) {
  TriangleMesh mesh;
  mesh.vertices_mm = {{1, 0, 0}, {-1, 0, 0}, {0, 1, 0}, {0, -1, 0}, {0, 0, 1}, {0, 0, -1}};
  mesh.triangles = {{0, 2, 4}, {2, 1, 4}, {1, 3, 4}, {3, 0, 4}, {2, 0, 5}, {1, 2, 5}, {3, 1, 5}, {0, 3, 5}};
  for (int i = 0; i < times; ++i) {
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> middles;
    const auto middle = [&](std::uint32_t a, std::uint32_t b) {
      const auto [at, is_new] =
          middles.try_emplace(std::minmax(a, b), static_cast<std::uint32_t>(mesh.vertices_mm.size()));
      if (is_new) mesh.vertices_mm.push_back((mesh.vertices_mm[a] + mesh.vertices_mm[b]).normalized());
      return at->second;
    };
    std::vector<Triangle> finer;
    for (const auto& [a, b, c] : mesh.triangles) {
      const auto ab = middle(a, b), bc = middle(b, c), ca = middle(c, a);
      finer.insert(finer.end(), {{a, ab, ca}, {ab, b, bc}, {ca, bc, c}, {ab, bc, ca}});
    }
    mesh.triangles = finer;
  }
  for (auto& vertex : mesh.vertices_mm) vertex *= radius;
  return mesh;
}

double length_mm(const Contour& contour) {
  double sum = 0.0;
  for (std::size_t i = 0; i + 1 < contour.points_mm.size(); ++i)
    sum += (contour.points_mm[i + 1] - contour.points_mm[i]).norm();
  if (contour.closed) sum += (contour.points_mm.front() - contour.points_mm.back()).norm();
  return sum;
}

bool has_equal_points(const Contour& contour) {
  std::set<std::array<double, 3>> points;
  for (const auto& point : contour.points_mm) points.insert({point[0], point[1], point[2]});
  return points.size() != contour.points_mm.size();
}

// ---- plane_section
// ------------------------------------------------------------------------------------------

TEST(PlaneSection, OfABoxIsARectangleOnEveryAxis) {
  const auto box = box_mesh({1, 2, 3}, {4, 6, 10});
  const double perimeters_mm[] = {2 * (6 + 10), 2 * (4 + 10), 2 * (4 + 6)};
  for (int axis = 0; axis < 3; ++axis) {
    const double position_mm = 4.25;  // Inside on every axis: 1..5, 2..8, 3..13.
    const auto contours = plane_section(box, axis, position_mm);
    ASSERT_THAT(contours, SizeIs(1)) << axis;
    EXPECT_TRUE(contours[0].closed);
    EXPECT_DOUBLE_EQ(length_mm(contours[0]), perimeters_mm[axis]);
    for (const auto& point : contours[0].points_mm) EXPECT_EQ(point[axis], position_mm);
  }
}

TEST(PlaneSection, OfABallIsACircleWithinTheSag) {
  const double radius = 10.0;
  const auto ball = ball_mesh(radius, 5);
  // Edges of at most 1.3 (pi/2) R / 32 = l: the facets lie within l^2 / (6 R) = 0.0007 R of the sphere, which
  // costs a circle of radius r no more than 0.0007 R^2 / r^2 of its length: 0.2 % at r = 0.6 R.
  for (const double position_mm : {0.0, 0.1, 3.0, -7.7}) {
    const auto contours = plane_section(ball, 2, position_mm);
    ASSERT_THAT(contours, SizeIs(1)) << position_mm;
    EXPECT_TRUE(contours[0].closed);
    EXPECT_FALSE(has_equal_points(contours[0])) << position_mm;
    const double circle_mm = 2 * std::numbers::pi * std::sqrt(radius * radius - position_mm * position_mm);
    EXPECT_LT(length_mm(contours[0]), circle_mm);
    EXPECT_GT(length_mm(contours[0]), circle_mm * 0.998);
  }
}

TEST(PlaneSection, AlongAFaceShowsTheSolidThatLiesBelow) {
  const auto box = box_mesh({0, 0, 0}, {4, 6, 10});
  const auto top = plane_section(box, 2, 10.0);
  ASSERT_THAT(top, SizeIs(1));
  EXPECT_TRUE(top[0].closed);
  EXPECT_DOUBLE_EQ(length_mm(top[0]), 20.0);
  EXPECT_FALSE(has_equal_points(top[0]));
  EXPECT_THAT(plane_section(box, 2, 0.0), IsEmpty());
}

TEST(PlaneSection, ThroughVerticesAndEdgesIsClosedOnce) {
  // The octahedron's equator: four vertices and four edges lie in the plane. A square with sides of sqrt(2).
  const auto octahedron = ball_mesh(1.0, 0);
  const auto contours = plane_section(octahedron, 2, 0.0);
  ASSERT_THAT(contours, SizeIs(1));
  EXPECT_TRUE(contours[0].closed);
  EXPECT_THAT(contours[0].points_mm, SizeIs(4));
  EXPECT_DOUBLE_EQ(length_mm(contours[0]), 4 * std::sqrt(2.0));
  // A plane that only touches a vertex cuts nothing.
  EXPECT_THAT(plane_section(octahedron, 2, 1.0), IsEmpty());
  EXPECT_THAT(plane_section(octahedron, 2, -1.0), IsEmpty());
}

TEST(PlaneSection, OfAnOpenSurfaceIsOpen) {
  auto box = box_mesh({0, 0, 0}, {4, 6, 10});
  box.triangles.erase(box.triangles.begin() + 2, box.triangles.begin() + 4);  // The lid at z = 10.
  const auto contours = plane_section(box, 0, 1.0);
  ASSERT_THAT(contours, SizeIs(1));
  EXPECT_FALSE(contours[0].closed);
  EXPECT_DOUBLE_EQ(length_mm(contours[0]), 10 + 6 + 10);
  EXPECT_EQ(contours[0].points_mm.front()[2], 10.0);
  EXPECT_EQ(contours[0].points_mm.back()[2], 10.0);
}

TEST(PlaneSection, OfPartsThatShareAnEdgeHasTheLengthOfBoth) {
  // Two cubes that touch along the edge x = y = 1: four triangles meet there.
  auto mesh = box_mesh({0, 0, 0}, {1, 1, 1});
  const auto other = box_mesh({1, 1, 0}, {1, 1, 1});
  for (const auto& [a, b, c] : other.triangles) mesh.triangles.push_back({a + 8, b + 8, c + 8});
  mesh.vertices_mm.insert(mesh.vertices_mm.end(), other.vertices_mm.begin(), other.vertices_mm.end());
  double sum_mm = 0.0;
  for (const auto& contour : plane_section(welded(mesh), 2, 0.5)) {
    EXPECT_TRUE(contour.closed);
    sum_mm += length_mm(contour);
  }
  EXPECT_DOUBLE_EQ(sum_mm, 8.0);
}

TEST(PlaneSection, PassesOverTrianglesWithoutArea) {
  auto box = box_mesh({0, 0, 0}, {4, 6, 10});
  box.triangles.push_back({0, 0, 4});
  box.triangles.push_back({0, 4, 0});
  const auto contours = plane_section(box, 2, 5.0);
  ASSERT_THAT(contours, SizeIs(1));
  EXPECT_DOUBLE_EQ(length_mm(contours[0]), 20.0);
  EXPECT_THAT(plane_section(TriangleMesh{}, 0, 0.0), IsEmpty());
}

// ---- ct_slice
// -----------------------------------------------------------------------------------------------

// 3 x 4 x 5 voxels of 0.5 x 0.5 x 2 mm whose value names the voxel: 100 i + 10 j + k.
Image<float> numbered_image() {
  Grid grid{.size = {3, 4, 5}, .spacing_mm = {0.5, 0.5, 2.0}, .origin_mm = {10, 20, 30}};
  Image<float> image(grid);
  for (int k = 0; k < 5; ++k)
    for (int j = 0; j < 4; ++j)
      for (int i = 0; i < 3; ++i) image.at(i, j, k) = static_cast<float>(100 * i + 10 * j + k);
  return image;
}

TEST(CtSlice, ShowsEachVoxelOfAnAlignedGridOnce) {
  const auto image = numbered_image();
  const auto slice = ct_slice(
      image,
      {.axis = 1, .across = 0, .down = 2, .position_mm = 20.6, .min_mm = {0, 0}, .max_mm = {100, 100}});
  ASSERT_TRUE(slice);
  EXPECT_EQ(slice->width, 3);
  EXPECT_EQ(slice->height, 5);
  // Borders are half a voxel outside of the outer centres.
  EXPECT_DOUBLE_EQ(slice->min_mm[0], 9.75);
  EXPECT_DOUBLE_EQ(slice->max_mm[0], 11.25);
  EXPECT_DOUBLE_EQ(slice->min_mm[1], 29.0);
  EXPECT_DOUBLE_EQ(slice->max_mm[1], 39.0);
  for (int k = 0; k < 5; ++k)
    for (int i = 0; i < 3; ++i) EXPECT_EQ(slice->hu[static_cast<std::size_t>(3 * k + i)], image.at(i, 1, k));
}

TEST(CtSlice, FindsTheVoxelsOfAnObliqueGrid) {
  auto image = numbered_image();
  image.grid.direction = Eigen::AngleAxisd(0.5, Vector3(1, 2, 3).normalized()).toRotationMatrix();
  const Point3 at = image.grid.to_world({1, 2, 3});
  const auto slice = ct_slice(image, {.axis = 2,
                                      .across = 0,
                                      .down = 1,
                                      .position_mm = at[2],
                                      .min_mm = {at[0] - 5, at[1] - 5},
                                      .max_mm = {at[0] + 5, at[1] + 5}});
  ASSERT_TRUE(slice);
  // Second opinion: every pixel against the index computed here.
  std::size_t inside = 0;
  for (int row = 0; row < slice->height; ++row)
    for (int column = 0; column < slice->width; ++column) {
      const Eigen::Vector2d share((column + 0.5) / slice->width, (row + 0.5) / slice->height);
      const Eigen::Vector2d in_plane = slice->min_mm + share.cwiseProduct(slice->max_mm - slice->min_mm);
      const Vector3 index = image.grid.to_index({in_plane[0], in_plane[1], at[2]});
      const auto i = static_cast<int>(std::lround(index[0])), j = static_cast<int>(std::lround(index[1])),
                 k = static_cast<int>(std::lround(index[2]));
      const int pixel = row * slice->width + column;
      const auto& hu = slice->hu[static_cast<std::size_t>(pixel)];
      ASSERT_EQ(hu.has_value(), image.grid.contains(i, j, k));
      if (!hu) continue;
      EXPECT_EQ(*hu, image.at(i, j, k));
      ++inside;
    }
  EXPECT_GT(inside, 4U);
}

TEST(CtSlice, IsAbsentBesideTheGrid) {
  EXPECT_FALSE(ct_slice(
      numbered_image(),
      {.axis = 2, .across = 0, .down = 1, .position_mm = 28.9, .min_mm = {0, 0}, .max_mm = {100, 100}}));
  EXPECT_FALSE(ct_slice(
      numbered_image(),
      {.axis = 2, .across = 0, .down = 1, .position_mm = 30, .min_mm = {50, 50}, .max_mm = {100, 100}}));
  EXPECT_FALSE(ct_slice(Image<float>{}, {.min_mm = {-1, -1}, .max_mm = {1, 1}}));
}

TEST(CtSlice, BecomesAPngWithAlpha) {
  const auto slice = ct_slice(
      numbered_image(),
      {.axis = 2, .across = 0, .down = 1, .position_mm = 30, .min_mm = {0, 0}, .max_mm = {100, 100}});
  ASSERT_TRUE(slice);
  const std::string png = ct_slice_png(*slice, {0, 230}, false);
  // The signature and the header chunk: width 3, height 4, 8 bits, colour type 4 (grey with alpha).
  EXPECT_EQ(png.substr(0, 8), "\x89PNG\r\n\x1a\n");
  EXPECT_EQ(png.substr(12, 14), std::string("IHDR\0\0\0\3\0\0\0\4\x08\x04", 14));
  EXPECT_EQ(png, ct_slice_png(*slice, {0, 230}, false));
  EXPECT_NE(png, ct_slice_png(*slice, {0, 230}, true));
}

// ---- render_sections_svg
// ------------------------------------------------------------------------------------

SectionsPicture picture_of(const TriangleMesh& reference, const TriangleMesh& measured) {
  return {.title = "box",
          .reference = DrawnSurface{"truth", {&reference}},
          .measured = DrawnSurface{"measured", {&measured}}};
}

// What the attribute `d` of each path of that kind draws, as a polygon's perimeter in pixels.
std::vector<double> perimeters_px(const std::string& svg, const std::string& id_ending) {
  std::vector<double> perimeters;
  const std::regex path("<path id=\"[a-z-]*" + id_ending + "\" d=\"M([^\"]*)Z\"");
  for (std::sregex_iterator at(svg.begin(), svg.end(), path), end; at != end; ++at) {
    std::string data = (*at)[1];
    std::replace(data.begin(), data.end(), 'L', ' ');
    std::istringstream stream(data);
    std::vector<Eigen::Vector2d> points;
    for (double x = 0, y = 0; stream >> x >> y;) points.emplace_back(x, y);
    double sum = 0.0;
    for (std::size_t i = 0; i < points.size(); ++i)
      sum += (points[(i + 1) % points.size()] - points[i]).norm();
    perimeters.push_back(sum);
  }
  return perimeters;
}

TEST(SectionsSvg, DrawsBothSurfacesInThreePlanesAtOneScale) {
  const auto reference = box_mesh({0, 0, 0}, {4, 6, 10});
  const auto measured = box_mesh({0.1, 0.1, 0.1}, {3.8, 5.8, 9.8});
  const std::string svg = render_sections_svg(picture_of(reference, measured));
  const auto truth_px = perimeters_px(svg, "reference"), measured_px = perimeters_px(svg, "measured");
  ASSERT_THAT(truth_px, SizeIs(3));
  ASSERT_THAT(measured_px, SizeIs(3));
  // Axial 2(4+6), coronal 2(4+10), sagittal 2(6+10); coordinates are rounded to 0.1 px.
  EXPECT_NEAR(truth_px[1] / truth_px[0], 28.0 / 20.0, 0.003);
  EXPECT_NEAR(truth_px[2] / truth_px[0], 32.0 / 20.0, 0.003);
  EXPECT_NEAR(measured_px[0] / truth_px[0], 19.2 / 20.0, 0.003);
  EXPECT_THAT(svg, HasSubstr("axial, z = 5 mm"));
  EXPECT_THAT(svg, HasSubstr("coronal, y = 3 mm"));
  EXPECT_THAT(svg, HasSubstr("sagittal, x = 2 mm"));
  EXPECT_THAT(svg, HasSubstr("LPS"));
}

TEST(SectionsSvg, IsTheSameEveryTimeAndSmall) {
  const auto reference = ball_mesh(10, 6), measured = ball_mesh(9.9, 6);
  Image<float> ct(Grid{.size = {120, 120, 120}, .spacing_mm = {0.2, 0.2, 0.2}, .origin_mm = {-12, -12, -12}});
  for (std::size_t v = 0; v < ct.values.size(); ++v)
    ct.values[v] = static_cast<float>((v * 2654435761U) % 1300);
  auto picture = picture_of(reference, measured);
  picture.ct_hu = &ct;
  picture.detail_mm = 1.0;
  picture.point_mm = Point3(9.95, 0, 0);
  const std::string svg = render_sections_svg(picture);
  EXPECT_EQ(svg, render_sections_svg(picture));
  EXPECT_LT(svg.size(), 300'000U);
  EXPECT_THAT(svg, HasSubstr("data:image/png;base64,"));
  EXPECT_THAT(svg, HasSubstr("HU white"));
}

TEST(SectionsSvg, MagnifiesAboutThePlace) {
  const auto reference = box_mesh({0, 0, 0}, {4, 6, 10});
  auto picture = picture_of(reference, reference);
  picture.point_mm = Point3(4, 3, 5);
  EXPECT_THAT(render_sections_svg(picture), Not(HasSubstr("detail-axial")));
  picture.detail_mm = 0.5;
  const std::string svg = render_sections_svg(picture);
  EXPECT_THAT(svg, HasSubstr("detail-axial"));
  // A contour that leaves the magnified square is not drawn far beyond it: the whole box would be 280 px a
  // mm.
  EXPECT_THAT(svg, HasSubstr("class=\"mark\""));
}

TEST(SectionsSvg, EscapesEveryText) {
  const auto box = box_mesh({0, 0, 0}, {1, 1, 1});
  auto picture = picture_of(box, box);
  picture.title = "</text><script>alert(1)</script>&\x01\xff\"";
  picture.measured->name = "<b>&";
  const std::string svg = render_sections_svg(picture);
  EXPECT_THAT(svg, Not(HasSubstr("<script")));
  EXPECT_THAT(svg, Not(HasSubstr("<b>")));
  EXPECT_THAT(svg, HasSubstr("&lt;script&gt;"));
  EXPECT_THAT(svg, HasSubstr("&lt;b&gt;&amp;"));
  EXPECT_EQ(svg.find('\x01'), std::string::npos);
  EXPECT_EQ(svg.find('\xff'), std::string::npos);
}

TEST(SectionsSvg, ShowsWhatThereIs) {
  const TriangleMesh nothing;
  const auto box = box_mesh({0, 0, 0}, {1, 1, 1});
  EXPECT_THAT(render_sections_svg(picture_of(box, nothing)), HasSubstr("measured (no triangles)"));
  EXPECT_THAT(render_sections_svg({.title = "nothing"}), HasSubstr("</svg>"));
  const auto image = numbered_image();
  EXPECT_THAT(render_sections_svg({.title = "a CT", .ct_hu = &image}), HasSubstr("<image"));
  // Extents from a micrometre to a light year stay finite.
  for (const double size_mm : {1e-6, 1e19}) {
    const auto odd = box_mesh({1e3, 0, 0}, {size_mm, size_mm, size_mm});
    const std::string svg = render_sections_svg(picture_of(odd, box));
    EXPECT_THAT(svg, Not(HasSubstr("nan"))) << size_mm;
    EXPECT_THAT(svg, Not(HasSubstr("inf"))) << size_mm;
  }
}

TEST(SectionsSvg, AnOpenContourStaysOpen) {
  auto box = box_mesh({0, 0, 0}, {4, 6, 10});
  box.triangles.erase(box.triangles.begin() + 2, box.triangles.begin() + 4);
  const std::string svg =
      render_sections_svg({.title = "open", .measured = DrawnSurface{"open box", {&box}}});
  const std::regex open_path("id=\"coronal-measured\" d=\"M[^\"Z]*\"");
  EXPECT_TRUE(std::regex_search(svg, open_path));
  const std::regex closed_path("id=\"axial-measured\" d=\"M[^\"Z]*Z\"");
  EXPECT_TRUE(std::regex_search(svg, closed_path));
  // An area between a contour's ends would be a guess; one that is closed has one.
  EXPECT_THAT(svg, Not(HasSubstr("href=\"#coronal-measured\" class=\"measured filled\"")));
  EXPECT_THAT(svg, HasSubstr("href=\"#axial-measured\" class=\"measured filled\""));
}

}  // namespace
}  // namespace meshassay::reports
