// SPDX-License-Identifier: GPL-3.0-or-later
// A mask that several values hold together, never to be changed: who only passes it on need not know of
// images.
#pragma once

#include <cstdint>
#include <memory>

namespace meshassay {

template <typename T>
struct Image;
using LabelMap = Image<std::uint16_t>;

using SharedMask = std::shared_ptr<const LabelMap>;  ///< Null: there is no mask.

}  // namespace meshassay
