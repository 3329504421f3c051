// SPDX-License-Identifier: GPL-3.0-or-later
// JSON of limited depth. The library reads any depth, and then exhausts the stack when the document is
// walked, as for the excerpt in an error.
#pragma once

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

namespace meshassay::io {

/// \throw std::exception where it is not JSON, or nested deeper than any document of ours.
template <typename Json>
[[nodiscard]] Json parse_shallow_json(const std::string& text) {
  constexpr int max_depth = 16;
  return Json::parse(text, [](int depth, typename Json::parse_event_t, Json&) {
    if (depth > max_depth) throw std::length_error("nested more than " + std::to_string(max_depth) + " deep");
    return true;
  });
}

}  // namespace meshassay::io
