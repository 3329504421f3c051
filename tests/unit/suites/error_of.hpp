// SPDX-License-Identifier: GPL-3.0-or-later
// What a refusal says.
#pragma once

#include <gmock/gmock.h>

#include <ostream>
#include <string>

#include "core/errors.hpp"

namespace meshassay::suites {

/// The parts of the InvalidInput that `action` throws; fails where it throws none.
template <typename Action>
ErrorText error_of(Action action) {
  try {
    action();
  } catch (const InvalidInput& error) {
    return error.text();
  }
  ADD_FAILURE() << "expected InvalidInput";
  return {};
}

/// A good file with one text in it replaced, and what the refusal has to say.
struct FileFault {
  const char *from, *to, *what, *mend;
};
inline void PrintTo(const FileFault& fault, std::ostream* out) {  // NOLINT(readability-identifier-naming)
  *out << fault.from << " -> " << fault.to;
}

/// Expects that `read(text)` refuses the good text with the fault in it, and names the place in `file`.
template <typename Read>
void expect_refusal(std::string text, const FileFault& fault, const std::string& file, Read read) {
  const auto at = text.find(fault.from);
  ASSERT_NE(at, std::string::npos);
  text.replace(at, std::string(fault.from).size(), fault.to);
  const auto error = error_of([&] { (void)read(text); });
  EXPECT_THAT(error.what, testing::HasSubstr(fault.what));
  EXPECT_THAT(error.mend, testing::HasSubstr(fault.mend));
  EXPECT_THAT(error.where, testing::HasSubstr(file + ":"));
  EXPECT_FALSE(error.expected.empty());
  EXPECT_FALSE(error.got.empty());
}

}  // namespace meshassay::suites
