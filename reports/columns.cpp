// SPDX-License-Identifier: GPL-3.0-or-later
#include "reports/columns.hpp"

#include <algorithm>

namespace meshassay::reports {
namespace {

/// Bytes that continue a character of UTF-8 take no column.
bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

}  // namespace

std::size_t columns(std::string_view text) {
  return text.size() - static_cast<std::size_t>(std::count_if(text.begin(), text.end(), continues));
}

std::string padded(const std::string& text, std::size_t width) {
  const std::size_t used = columns(text);
  return used < width ? text + std::string(width - used, ' ') : text;
}

std::string shortened(const std::string& text, std::size_t width) {
  if (columns(text) <= width) return text;
  std::size_t end = 0;
  for (std::size_t kept = 0; end < text.size(); ++end)
    if (!continues(text[end]) && kept++ == width - 1) break;
  return text.substr(0, end) + "…";
}

std::string wrapped(std::string_view text, std::size_t indent) {
  std::string result;
  std::size_t used = 0;
  while (!text.empty()) {
    const auto end = text.find_first_of(" /");
    const auto word = end == std::string_view::npos ? text : text.substr(0, end + 1);
    const std::size_t width = columns(word.ends_with(' ') ? word.substr(0, word.size() - 1) : word);
    if (used > indent && used + width > terminal_width) {
      while (result.ends_with(' ')) result.pop_back();
      result += "\n" + std::string(indent, ' ');
      used = indent;
    }
    result += word;
    used += columns(word);
    text.remove_prefix(word.size());
  }
  return result;
}

}  // namespace meshassay::reports
