// SPDX-License-Identifier: GPL-3.0-or-later
// What the program prints: its answer on standard output; what a person sees while work goes on, on standard
// error: a bar on a terminal, plain lines otherwise.
#pragma once

#include <mutex>
#include <string>
#include <string_view>

#include "core/progress.hpp"

namespace meshassay::harness {

void set_verbose(bool verbose);
[[nodiscard]] bool is_verbose();
void set_threads(int threads);
[[nodiscard]] int threads_in_use();

/// Makes sure that no file which is opened later gets the number of a standard stream that was closed, and
/// that a reader who goes away is an error of writing, not a death.
void secure_standard_streams();
/// On standard output. \throw MachineError where it cannot be written.
void answer(std::string_view text);
/// Writes what is still held back. \throw MachineError
void finish_answer();

/// On standard error as it stands. Lost where that cannot be written: no reason to give up the work.
void mutter(std::string_view text);
/// One line on standard error, without bytes that a terminal would act on.
void say(std::string_view text);
/// One line on standard error with --verbose only.
void say_more(std::string_view text);

/// Shows how far a list of work items is. Safe from several threads.
class ProgressBar {
 public:
  ProgressBar(std::string title, std::size_t total);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  /// One more item is done; `text` says which and how.
  void advance(std::string_view text);

 private:
  std::mutex mutex_;
  std::string title_;
  std::size_t total_, done_ = 0;
  bool terminal_;
};

/// Says each new step of long work once (a line each; on a terminal the line is rewritten).
[[nodiscard]] Progress step_progress();

}  // namespace meshassay::harness
