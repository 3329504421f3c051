// SPDX-License-Identifier: GPL-3.0-or-later
// A text file word by word, with the line that each stands in.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "core/errors.hpp"
#include "core/text.hpp"

namespace meshassay::io {

[[nodiscard]] constexpr bool is_blank(char letter) {
  return letter == ' ' || letter == '\t' || letter == '\r' || letter == '\n' || letter == '\f' ||
         letter == '\v';
}

/// The first of it for an error, without bytes that a terminal would act on.
[[nodiscard]] inline std::string shown(std::string_view bytes) {
  std::string text(bytes.substr(0, 40));
  for (char& letter : text)
    if (letter < ' ' || letter > '~') letter = '?';
  return "'" + text + "'";
}

class Words {
 public:
  /// \param where  the file, for errors. \param comment  begins what is skipped to the end of a line; 0:
  /// none.
  Words(std::string_view text, std::string where, char comment = '\0')
      : rest_(text), where_(std::move(where)), comment_(comment) {}

  [[nodiscard]] int line() const { return line_; }
  [[nodiscard]] std::size_t bytes_left() const { return rest_.size(); }
  /// Empty at the end of the text.
  [[nodiscard]] std::string_view next() {
    while (!rest_.empty() && (is_blank(rest_.front()) || at_comment())) {
      if (at_comment()) {
        skip_line();
        continue;
      }
      line_ += rest_.front() == '\n' ? 1 : 0;
      rest_.remove_prefix(1);
    }
    return take_word();
  }
  /// Empty at the end of the line, which is not passed.
  [[nodiscard]] std::string_view next_in_line() {
    while (!rest_.empty() && rest_.front() != '\n' && is_blank(rest_.front())) rest_.remove_prefix(1);
    if (rest_.empty() || rest_.front() == '\n' || at_comment()) return {};
    return take_word();
  }
  /// The end of the line stays.
  void skip_line() { rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size())); }

  /// \throw InvalidInput for anything but a finite number.
  [[nodiscard]] double finite(std::string_view word) const {
    const auto value = parse_number(word);
    if (!value) refuse("a finite number", word);
    return *value;
  }
  [[noreturn]] void refuse(const std::string& expected, std::string_view got) const {
    throw InvalidInput(
        {.what = got.empty() ? "a mesh file ends too early" : "a mesh file cannot be understood",
         .where = where_ + ":" + std::to_string(line_),
         .expected = expected,
         .got = got.empty() ? "the end of the line or of the file" : shown(got),
         .mend = got.empty() ? "the file was cut off: copy or export it again"
                             : "mend the line, or export the surface again"});
  }

 private:
  [[nodiscard]] bool at_comment() const {
    return comment_ != '\0' && !rest_.empty() && rest_.front() == comment_;
  }
  [[nodiscard]] std::string_view take_word() {
    std::size_t length = 0;
    while (length < rest_.size() && !is_blank(rest_[length])) ++length;
    const std::string_view word = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return word;
  }

  std::string_view rest_;
  std::string where_;
  char comment_;
  int line_ = 1;
};

}  // namespace meshassay::io
