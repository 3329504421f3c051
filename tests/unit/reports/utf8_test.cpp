// SPDX-License-Identifier: GPL-3.0-or-later
#include "reports/utf8.hpp"

#include <gtest/gtest.h>

namespace meshassay::reports {
namespace {

using namespace std::string_literals;

constexpr const char* replacement = "\xEF\xBF\xBD";

TEST(CleanText, KeepsWhatIsWellFormed) {
  for (const char* text : {"", "plain", "é 骨 😀 ±", "tab\tand\nline\r", "\xEE\x80\x80", "\xF4\x8F\xBF\xBF"})
    EXPECT_EQ(clean_text(text), text);
}

TEST(CleanText, ReplacesEveryByteThatIsNotUtf8) {
  EXPECT_EQ(clean_text("a\xFFz"), "a"s + replacement + "z");
  EXPECT_EQ(clean_text("\xC0\xAF"), replacement + ""s + replacement);                    // Overlong '/'.
  EXPECT_EQ(clean_text("\xED\xA0\x80"), replacement + ""s + replacement + replacement);  // A surrogate.
  EXPECT_EQ(clean_text("\xF4\x90\x80\x80").size(), 4u * 3u);                             // Beyond U+10FFFF.
  EXPECT_EQ(clean_text("cut \xE9\xAA"), "cut "s + replacement + replacement);  // Ends within a character.
}

TEST(CleanText, ReplacesControlCharactersAndWhatXmlForbids) {
  EXPECT_EQ(clean_text("\0"s), replacement);
  EXPECT_EQ(clean_text("\x1B[31m"), replacement + "[31m"s);
  EXPECT_EQ(clean_text("\x7F"), replacement);
  EXPECT_EQ(clean_text("\xC2\x9B"), replacement);      // U+009B: an escape sequence in one character.
  EXPECT_EQ(clean_text("\xEF\xBF\xBE"), replacement);  // U+FFFE.
}

TEST(CleanLine, IsOnOneLine) { EXPECT_EQ(clean_line("a\nb\r\tc"), "a b  c"); }

}  // namespace
}  // namespace meshassay::reports
