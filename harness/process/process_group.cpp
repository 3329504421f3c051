// SPDX-License-Identifier: GPL-3.0-or-later
#include "harness/process/process_group.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <functional>
#include <optional>
#include <string_view>
#include <thread>

#include "core/errors.hpp"

namespace meshassay::harness {
namespace {

/// A file of /proc, up to `max_bytes`; empty where the process is gone or not ours to read.
std::string read_proc(const std::string& path, std::size_t max_bytes) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return {};
  std::string text(max_bytes, '\0');
  std::size_t size = 0;
  while (size < max_bytes) {
    const ssize_t got = read(file, text.data() + size, max_bytes - size);
    if (got <= 0) break;
    size += static_cast<std::size_t>(got);
  }
  close(file);
  text.resize(size);
  return text;
}

struct ProcessState {
  char state = 'X';
  pid_t session = 0;
  std::uint64_t resident_pages = 0;
  [[nodiscard]] bool living() const { return state != 'Z' && state != 'X' && state != 'x'; }
};

std::optional<ProcessState> process_state(pid_t pid) {
  const std::string text = read_proc(fmt::format("/proc/{}/stat", pid), 1024);
  // "pid (name) state ppid pgrp session ...": the name may hold spaces and brackets, so start after the last
  // one. proc(5) numbers the fields from 1; the state is field 3, the session 6, resident pages 24.
  const auto name_end = text.rfind(')');
  if (name_end == std::string::npos || name_end + 2 >= text.size()) return std::nullopt;
  ProcessState state;
  std::string_view rest = std::string_view(text).substr(name_end + 2);
  for (int field = 3; !rest.empty(); ++field) {
    const auto token = rest.substr(0, rest.find(' '));
    if (field == 3) state.state = token.front();
    if (field == 6) std::from_chars(token.data(), token.data() + token.size(), state.session);
    if (field == 24) {
      std::from_chars(token.data(), token.data() + token.size(), state.resident_pages);
      break;
    }
    rest.remove_prefix(std::min(token.size() + 1, rest.size()));
  }
  return state;
}

std::vector<pid_t> processes(const std::function<bool(pid_t)>& wanted) {
  std::vector<pid_t> result;
  DIR* folder = opendir("/proc");
  if (folder == nullptr)
    throw MachineError({.what = "the list of processes cannot be read", .where = "/proc"});
  while (const dirent* entry = readdir(folder)) {
    const std::string_view name = entry->d_name;
    pid_t pid = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (error == std::errc{} && end == name.data() + name.size() && wanted(pid)) result.push_back(pid);
  }
  closedir(folder);
  return result;
}

bool carries_marker(pid_t pid, const std::string& marker) {
  const std::string environment = '\0' + read_proc(fmt::format("/proc/{}/environ", pid), 1 << 18);
  return environment.find('\0' + marker + '\0') != std::string::npos;
}

}  // namespace

std::vector<pid_t> session_members(const ProcessGroup& group) {
  return processes([&](pid_t pid) {
    const auto state = process_state(pid);
    return state && state->living() && state->session == group.leader;
  });
}

std::uint64_t resident_bytes(const std::vector<pid_t>& members) {
  std::uint64_t pages = 0;
  for (const pid_t pid : members)
    if (const auto state = process_state(pid)) pages += state->resident_pages;
  return pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

void kill_group(const ProcessGroup& group) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (true) {
    kill(-group.leader, SIGKILL);
    const auto left = processes([&](pid_t pid) {
      if (pid == getpid()) return false;
      const auto state = process_state(pid);
      return state && state->living() &&
             (state->session == group.leader || carries_marker(pid, group.marker));
    });
    if (left.empty()) return;
    for (const pid_t pid : left) kill(pid, SIGKILL);
    if (std::chrono::steady_clock::now() > deadline)
      throw MachineError(
          {.what = "a process does not end after SIGKILL",
           .where = fmt::format("process {}", left.front()),
           .mend = "see what it waits for (ps -o pid,stat,wchan,cmd): often a dead file system"});
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

}  // namespace meshassay::harness
