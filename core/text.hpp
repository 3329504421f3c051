// SPDX-License-Identifier: GPL-3.0-or-later
// Text that must be the same everywhere: numbers, nearest names, globs.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace meshassay {

/// The shortest text that reads back as the same double: 0.1 -> "0.1", 10 -> "10". Independent of the locale.
[[nodiscard]] std::string format_number(double value);
/// Rounded for people, `digits` significant ones: 0.0123456 -> "0.01235".
[[nodiscard]] std::string format_rounded(double value, int digits = 4);
/// The whole text as a number, else nothing. Independent of the locale; refuses "", "1x", "nan", "inf".
[[nodiscard]] std::optional<double> parse_number(std::string_view text);
/// The known name with the smallest edit distance to `name`; empty where none is near (more than half of it
/// differs).
[[nodiscard]] std::string nearest_name(std::string_view name, std::span<const std::string> known);
/// Whether the whole text matches a shell glob of `*`, `?` and `[...]`; `*` crosses slashes.
[[nodiscard]] bool matches_glob(const std::string& text, const std::string& glob);
[[nodiscard]] std::string join(std::span<const std::string> parts, std::string_view separator);

}  // namespace meshassay
