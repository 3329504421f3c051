// SPDX-License-Identifier: GPL-3.0-or-later
// How deep a JSON document nests. The library reads any depth, and then exhausts the stack when the document
// is walked, as for the excerpt in an error.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace meshassay::io {

constexpr int max_json_depth = 16;  ///< Of documents of ours, and ample.

/// Arrays and objects within each other; brackets within texts do not count. Of what is no JSON, any number.
[[nodiscard]] inline int json_depth(std::string_view text) {
  int depth = 0, deepest = 0;
  bool in_text = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char letter = text[at];
    if (in_text && letter == '\\')
      ++at;
    else if (letter == '"')
      in_text = !in_text;
    else if (!in_text && (letter == '[' || letter == '{'))
      deepest = std::max(deepest, ++depth);
    else if (!in_text && (letter == ']' || letter == '}'))
      --depth;
  }
  return deepest;
}

}  // namespace meshassay::io
