// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/errors.hpp"

namespace meshassay {

std::string format_error(const ErrorText& text) {
  std::string message = text.what;
  const auto add = [&message](const char* name, const std::string& value) {
    if (!value.empty()) message += std::string("\n  ") + name + ": " + value;
  };
  add("where", text.where);
  add("expected", text.expected);
  add("got", text.got);
  add("mend", text.mend);
  return message;
}

}  // namespace meshassay
