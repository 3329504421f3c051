// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace meshassay::bridge_vtk {

/// Grey values with an opacity each, row by row from the top left: {grey, opacity, grey, opacity, ...}.
struct GreyPicture {
  int width = 0, height = 0;
  std::vector<std::uint8_t> values;
};

/// Red, green and blue, row by row from the top left.
struct ColourPicture {
  int width = 0, height = 0;
  std::vector<std::uint8_t> values;
};

/// The bytes of a PNG file. Same picture, same bytes. \throw MachineError where VTK cannot write it.
[[nodiscard]] std::string encode_png(const GreyPicture& picture);
[[nodiscard]] std::string encode_png(const ColourPicture& picture);

}  // namespace meshassay::bridge_vtk
