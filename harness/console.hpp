// SPDX-License-Identifier: GPL-3.0-or-later
// What a person sees while work goes on: on standard error only; a bar on a terminal, plain lines otherwise.
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

/// One line on standard error.
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
