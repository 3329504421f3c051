// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string_view>

namespace meshassay {

/// Told what long work is at: a step's name and how much of the whole is done, 0 to 1. May be empty.
using Progress = std::function<void(std::string_view step, double fraction)>;

}  // namespace meshassay
