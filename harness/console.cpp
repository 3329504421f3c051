// SPDX-License-Identifier: GPL-3.0-or-later
#include "harness/console.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <memory>

namespace meshassay::harness {
namespace {

std::atomic<bool> verbose_flag = false;
std::atomic<int> thread_count = 1;

}  // namespace

void set_verbose(bool verbose) { verbose_flag = verbose; }
bool is_verbose() { return verbose_flag; }
void set_threads(int threads) { thread_count = threads; }
int threads_in_use() { return thread_count; }

void say(std::string_view text) { fmt::print(stderr, "{}\n", text); }

void say_more(std::string_view text) {
  if (is_verbose()) say(text);
}

ProgressBar::ProgressBar(std::string title, std::size_t total)
    : title_(std::move(title)), total_(total), terminal_(isatty(STDERR_FILENO) == 1) {}

ProgressBar::~ProgressBar() {
  if (terminal_ && done_ > 0) fmt::print(stderr, "\r\033[K");
}

void ProgressBar::advance(std::string_view text) {
  const std::lock_guard lock(mutex_);
  ++done_;
  if (!terminal_) {
    fmt::print(stderr, "[{}/{}] {}\n", done_, total_, text);
    return;
  }
  constexpr std::size_t width = 30;
  const std::size_t filled = total_ == 0 ? width : done_ * width / total_;
  fmt::print(stderr, "\r\033[K{} [{}{}] {}/{} {}", title_, std::string(filled, '#'),
             std::string(width - filled, '.'), done_, total_, text.substr(0, 60));
  std::fflush(stderr);
}

Progress step_progress() {
  const auto last = std::make_shared<std::string>();
  const bool terminal = isatty(STDERR_FILENO) == 1;
  return [last, terminal](std::string_view step, double fraction) {
    if (*last == step) return;
    *last = step;
    if (terminal)
      fmt::print(stderr, "\r\033[K{:3.0f} % {}{}", 100.0 * fraction, step, fraction >= 1.0 ? "\n" : "");
    else
      fmt::print(stderr, "{:3.0f} % {}\n", 100.0 * fraction, step);
    std::fflush(stderr);
  };
}

}  // namespace meshassay::harness
