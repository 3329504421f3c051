// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace meshassay {

/// A label to be made.
struct Target {
  std::uint16_t label = 1;
  std::string name = "target";
  std::array<double, 2> hu_range = {
      0.0, 0.0};  ///< Of the material: what a phantom is made of, or a person's choice.
  friend bool operator==(const Target&, const Target&) = default;
};

}  // namespace meshassay
