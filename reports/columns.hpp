// SPDX-License-Identifier: GPL-3.0-or-later
// Text in columns of a terminal: characters, not bytes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace meshassay::reports {

inline constexpr std::size_t terminal_width = 100;

[[nodiscard]] std::size_t columns(std::string_view text);
[[nodiscard]] std::string padded(const std::string& text, std::size_t width);
/// At most `width` columns; the last is an ellipsis where something is cut off.
[[nodiscard]] std::string shortened(const std::string& text, std::size_t width);
/// Broken after spaces and slashes to lines of at most terminal_width where that is possible; every line but
/// the first begins with `indent` spaces. No newline at the end.
[[nodiscard]] std::string wrapped(std::string_view text, std::size_t indent);

}  // namespace meshassay::reports
