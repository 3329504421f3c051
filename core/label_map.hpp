// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "core/image.hpp"
#include "core/shared_mask.hpp"

namespace meshassay {

/// A mask with labels: 0 is background. Masks that overlap are several maps.
using LabelMap = Image<std::uint16_t>;

[[nodiscard]] inline SharedMask shared(LabelMap mask) {
  return std::make_shared<const LabelMap>(std::move(mask));
}

}  // namespace meshassay
