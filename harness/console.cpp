// SPDX-License-Identifier: GPL-3.0-or-later
#include "harness/console.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <memory>
#include <system_error>

#include "core/errors.hpp"
#include "reports/utf8.hpp"

namespace meshassay::harness {
namespace {

std::atomic<bool> verbose_flag = false;
std::atomic<int> thread_count = 1;

[[noreturn]] void refuse_output() {
  throw MachineError({.what = "standard output cannot be written",
                      .where = "standard output",
                      .got = std::generic_category().message(errno),
                      .mend = "check the disk, or the program that reads it"});
}

}  // namespace

void set_verbose(bool verbose) { verbose_flag = verbose; }
bool is_verbose() { return verbose_flag; }
void set_threads(int threads) { thread_count = threads; }
int threads_in_use() { return thread_count; }

void secure_standard_streams() {
  std::signal(SIGPIPE, SIG_IGN);
  for (const int number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (fcntl(number, F_GETFD) < 0)  // Closed. Read-only, so that an answer that goes nowhere is noticed.
      (void)open("/dev/null", O_RDONLY);
}

void answer(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) refuse_output();
}

void finish_answer() {
  if (std::fflush(stdout) != 0) refuse_output();
}

void mutter(std::string_view text) {
  (void)std::fwrite(text.data(), 1, text.size(), stderr);
  (void)std::fflush(stderr);
}

// Texts of files that others made reach a terminal here.
void say(std::string_view text) { mutter(reports::clean_text(text) + "\n"); }

void say_more(std::string_view text) {
  if (is_verbose()) say(text);
}

ProgressBar::ProgressBar(std::string title, std::size_t total)
    : title_(std::move(title)), total_(total), terminal_(isatty(STDERR_FILENO) == 1) {}

ProgressBar::~ProgressBar() {
  if (terminal_ && done_ > 0) mutter("\r\033[K");
}

void ProgressBar::advance(std::string_view text) {
  const std::lock_guard lock(mutex_);
  ++done_;
  if (!terminal_) {
    mutter(fmt::format("[{}/{}] {}\n", done_, total_, text));
    return;
  }
  constexpr std::size_t width = 30;
  const std::size_t filled = total_ == 0 ? width : done_ * width / total_;
  mutter(fmt::format("\r\033[K{} [{}{}] {}/{} {}", title_, std::string(filled, '#'),
                     std::string(width - filled, '.'), done_, total_, text.substr(0, 60)));
}

Progress step_progress() {
  const auto last = std::make_shared<std::string>();
  const bool terminal = isatty(STDERR_FILENO) == 1;
  return [last, terminal](std::string_view step, double fraction) {
    if (*last == step) return;
    *last = step;
    if (terminal)
      mutter(fmt::format("\r\033[K{:3.0f} % {}{}", 100.0 * fraction, step, fraction >= 1.0 ? "\n" : ""));
    else
      mutter(fmt::format("{:3.0f} % {}\n", 100.0 * fraction, step));
  };
}

}  // namespace meshassay::harness
