// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "core/image.hpp"

namespace meshassay {

/// A mask with labels: 0 is background. Masks that overlap are several maps.
using LabelMap = Image<std::uint16_t>;

}  // namespace meshassay
