// SPDX-License-Identifier: GPL-3.0-or-later
#include "reports/utf8.hpp"

#include <algorithm>
#include <cstdint>

namespace meshassay::reports {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

/// Bytes of the well-formed character at the start of `text`, 0 if there is none. `code_point` gets its
/// value.
std::size_t decode(std::string_view text, std::uint32_t& code_point) {
  const auto byte = [text](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t first = byte(0);
  std::size_t length = 1;
  std::uint32_t smallest = 0;
  if (first < 0x80) {
    code_point = first;
  } else if ((first & 0xE0) == 0xC0) {
    length = 2, smallest = 0x80, code_point = first & 0x1F;
  } else if ((first & 0xF0) == 0xE0) {
    length = 3, smallest = 0x800, code_point = first & 0x0F;
  } else if ((first & 0xF8) == 0xF0) {
    length = 4, smallest = 0x10000, code_point = first & 0x07;
  } else {
    return 0;
  }
  if (text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
    code_point = (code_point << 6) | (byte(i) & 0x3Fu);
  }
  const bool surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
  return code_point < smallest || code_point > 0x10FFFF || surrogate ? 0 : length;
}

bool allowed(std::uint32_t code_point) {
  if (code_point < 0x20) return code_point == '\t' || code_point == '\n' || code_point == '\r';
  if (code_point >= 0x7F && code_point < 0xA0) return false;
  return code_point != 0xFFFE && code_point != 0xFFFF;
}

}  // namespace

std::string clean_text(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    std::uint32_t code_point = 0;
    const std::size_t length = decode(text, code_point);
    if (length > 0 && allowed(code_point)) {
      result += text.substr(0, length);
    } else {
      result += replacement;
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return result;
}

std::string clean_line(std::string_view text) {
  std::string result = clean_text(text);
  for (char& c : result)
    if (c == '\t' || c == '\n' || c == '\r') c = ' ';
  return result;
}

std::string escape_xml(std::string_view text) {
  std::string result;
  for (const char c : clean_text(text)) {
    switch (c) {
      case '&': result += "&amp;"; break;
      case '<': result += "&lt;"; break;
      case '>': result += "&gt;"; break;
      case '"': result += "&quot;"; break;
      case '\n': result += "&#10;"; break;
      case '\r': result += "&#13;"; break;
      case '\t': result += "&#9;"; break;
      default: result += c;
    }
  }
  return result;
}

}  // namespace meshassay::reports
