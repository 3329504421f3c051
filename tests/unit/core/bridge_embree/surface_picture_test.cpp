// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bridge_embree/surface_picture.hpp"

#include <gtest/gtest.h>

namespace meshassay::bridge_embree {
namespace {

// A square of 6 x 8 mm in the plane z = `z_mm`, seen from +z.
TriangleMesh square(double z_mm) {
  return {.vertices_mm = {{-3, -4, z_mm}, {3, -4, z_mm}, {3, 4, z_mm}, {-3, 4, z_mm}},
          .triangles = {{0, 1, 2}, {0, 2, 3}}};
}

SurfacePictureOptions from_above() {
  SurfacePictureOptions options{.view_width = 100, .view_height = 100};
  options.towards_viewer = Vector3::UnitZ();
  options.most_with_edges = 0;
  return options;
}

Colour at(const bridge_vtk::ColourPicture& picture, int column, int row) {
  const int first = 3 * (row * picture.width + column);
  const auto* pixel = &picture.values[static_cast<std::size_t>(first)];
  return {pixel[0], pixel[1], pixel[2]};
}

constexpr Colour white = {255, 255, 255};

TEST(SurfacePicture, ShowsTheFrontInTheFirstViewAndTheBackInTheSecond) {
  const auto picture = surface_pixels(square(0.0), from_above());
  ASSERT_EQ(picture.width, 200);
  const Colour front = at(picture, 45, 50), back = at(picture, 145, 50);
  EXPECT_GT(front.red, front.blue);  // light grey, warm
  EXPECT_GT(back.blue, back.red);    // the back is blue
  EXPECT_EQ(at(picture, 2, 2), white);
}

// The box's diagonal, 10 mm, is 1 / 1.04 of a view: 9.6 pixels a mm. The square reaches 28.8 pixels to the
// left and right of the middle and 38.5 up and down (or, as "up" is +y seen from above, the same).
TEST(SurfacePicture, HasTheSizeOfAParallelProjection) {
  const auto picture = surface_pixels(square(0.0), from_above());
  int columns = 0, rows = 0;
  for (int i = 0; i < 100; ++i) {
    columns += at(picture, i, 45) == white ? 0 : 1;
    rows += at(picture, 45, i) == white ? 0 : 1;
  }
  EXPECT_NEAR(columns, 57.7, 2.0);  // a pixel is covered in part on each side
  EXPECT_NEAR(rows, 76.9, 2.0);
}

TEST(SurfacePicture, ColoursTrianglesAndLetsMarksShineThrough) {
  auto options = from_above();
  options.view_width = options.view_height = 400;  // Lines are three pixels wide.
  options.triangle_colours = {{255, 0, 0}, {0, 255, 0}};
  // Under the square: seen in the second view as it is, in the first through the square.
  options.lines = {{{-3, 0, -1}, {3, 0, -1}, {0, 0, 255}}};
  const auto picture = surface_pixels(square(0.0), options);
  EXPECT_EQ(at(picture, 280, 240), (Colour{255, 0, 0}));  // triangle 0 lies below the diagonal
  EXPECT_EQ(at(picture, 120, 160), (Colour{0, 255, 0}));
  const Colour through = at(picture, 120, 200), direct = at(picture, 520, 200);
  EXPECT_GT(through.blue, 80);
  EXPECT_GT(through.green, 80);
  EXPECT_GT(direct.blue, 200);
  EXPECT_LT(direct.green, 40);
}

TEST(SurfacePicture, IsTheSameEachTimeAndAPngFile) {
  const auto once = surface_picture(square(1e6), from_above());
  EXPECT_EQ(once, surface_picture(square(1e6), from_above()));
  EXPECT_EQ(once.substr(1, 3), "PNG");
}

TEST(SurfacePicture, OfASinglePointIsNotEmptyNorAnError) {
  auto options = from_above();
  options.view_width = options.view_height = 400;  // A ball of seven pixels.
  options.points = {{{5, 5, 5}, {255, 0, 0}}};
  EXPECT_EQ(at(surface_pixels({}, options), 200, 200), (Colour{255, 0, 0}));
}

}  // namespace
}  // namespace meshassay::bridge_embree
