// SPDX-License-Identifier: GPL-3.0-or-later
#include "harness/phantom_pictures.hpp"

#include <algorithm>
#include <array>

#include "core/bridge_embree/surface_picture.hpp"
#include "core/io/files.hpp"
#include "phantoms/phantom.hpp"
#include "phantoms/solids/solid.hpp"

namespace meshassay::harness {
namespace {

using bridge_vtk::ColourPicture;

constexpr int columns = 8;
constexpr int cell_pixels = 150;

struct PaintedSurface {
  TriangleMesh mesh;
  std::vector<bridge_embree::Colour> colours;
};

PaintedSurface surface_of(const phantoms::Phantom& phantom) {
  constexpr std::array<bridge_embree::Colour, 3> palette = {
      {{214, 208, 196}, {205, 120, 100}, {120, 165, 120}}};
  PaintedSurface surface;
  for (std::size_t n = 0; n < phantom.targets.size(); ++n) {
    phantoms::append(surface.mesh, *phantom.targets[n].truth.surface);
    surface.colours.resize(surface.mesh.triangles.size(), palette[n % palette.size()]);
  }
  return surface;
}

ColourPicture picture_of(const PaintedSurface& surface, int pixels) {
  return bridge_embree::surface_pixels(surface.mesh, {.view_width = pixels,
                                                      .view_height = pixels,
                                                      .triangle_colours = surface.colours,
                                                      .most_with_edges = 0});
}

/// The first of the two views, into its cell.
void paste(const ColourPicture& picture, std::size_t cell, ColourPicture& all) {
  const int left = static_cast<int>(cell) % columns * cell_pixels;
  const int top = static_cast<int>(cell) / columns * cell_pixels;
  for (int row = 0; row < cell_pixels; ++row) {
    const auto from = picture.values.begin() + std::ptrdiff_t{3} * row * picture.width;
    std::copy(from, from + std::ptrdiff_t{3} * cell_pixels,
              all.values.begin() + std::ptrdiff_t{3} * ((top + row) * all.width + left));
  }
}

}  // namespace

void write_phantom_pictures(const std::filesystem::path& folder) {
  const auto catalogue = phantoms::phantom_catalogue();
  const int rows = (static_cast<int>(catalogue.size()) + columns - 1) / columns;
  ColourPicture all{.width = columns * cell_pixels, .height = rows * cell_pixels, .values = {}};
  all.values.assign(std::size_t{3} * static_cast<std::size_t>(all.width * all.height), 255);
  for (std::size_t n = 0; n < catalogue.size(); ++n) {
    const auto surface = surface_of(
        phantoms::make_phantom(catalogue[n], {}, "list phantoms --pictures", {.chordal_error_mm = 0.02}));
    io::write_file(folder / (catalogue[n].id + ".png"),
                   bridge_vtk::encode_png(picture_of(surface, 2 * cell_pixels)));
    paste(picture_of(surface, cell_pixels), n, all);
  }
  io::write_file(folder / "all.png", bridge_vtk::encode_png(all));
}

}  // namespace meshassay::harness
