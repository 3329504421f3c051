// SPDX-License-Identifier: GPL-3.0-or-later
// Which characters a text of a file may hold. Not by regular expressions: the standard library's take a call
// a character, and exhaust the stack on texts that are long enough.
#pragma once

#include <algorithm>
#include <string_view>

namespace meshassay::suites {

/// Whether it holds nothing but ASCII letters and digits, and `others`.
[[nodiscard]] inline bool is_plain(std::string_view text, std::string_view others) {
  return std::all_of(text.begin(), text.end(), [others](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || others.find(letter) != std::string_view::npos;
  });
}

}  // namespace meshassay::suites
