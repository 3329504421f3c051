// SPDX-License-Identifier: GPL-3.0-or-later
// What can go wrong with input, files and the machine. What a *system under test* does wrong is data, never
// an exception.
#pragma once

#include <stdexcept>
#include <string>

namespace meshassay {

/// What an error tells a person: what went wrong, where, what was expected, what was found, and how to mend
/// it.
struct ErrorText {
  std::string what;
  std::string where;  ///< File and place in it: "suites/quick.toml:12", "out/ct/000.dcm".
  std::string expected;
  std::string got;
  std::string mend;
};

/// "what\n  where: ...\n  expected: ...\n  got: ...\n  mend: ..." with the empty lines left out.
[[nodiscard]] std::string format_error(const ErrorText& text);

/// Base of our own exceptions.
class Error : public std::runtime_error {
 public:
  explicit Error(const ErrorText& text) : std::runtime_error(format_error(text)), text_(text) {}
  [[nodiscard]] const ErrorText& text() const { return text_; }

 private:
  ErrorText text_;
};

/// Bad usage or bad input, named before anything is written: exit status 2.
class InvalidInput : public Error {
 public:
  using Error::Error;
};

/// Input of a kind that we do not read, or not for this purpose: exit status 2.
class UnsupportedFormat : public InvalidInput {
 public:
  using InvalidInput::InvalidInput;
};

/// The harness or the machine could not finish (disk full, missing tool): exit status 3.
class MachineError : public Error {
 public:
  using Error::Error;
};

}  // namespace meshassay
