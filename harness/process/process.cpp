// SPDX-License-Identifier: GPL-3.0-or-later
#include "harness/process/process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <system_error>

#include "core/errors.hpp"
#include "core/text.hpp"
#include "harness/process/descriptor.hpp"
#include "harness/process/process_group.hpp"

namespace meshassay::harness {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20;
constexpr std::uint64_t output_limit_bytes = 16 * mebibyte;
constexpr auto poll_interval = std::chrono::milliseconds(10);
constexpr auto memory_interval = std::chrono::milliseconds(20);   ///< Of processes that are known.
constexpr auto members_interval = std::chrono::milliseconds(60);  ///< Looking for new ones costs more.
constexpr auto disk_interval = std::chrono::milliseconds(200);

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

[[noreturn]] void refuse_to_start(const std::string& what, int error) {
  throw MachineError({.what = what,
                      .where = "operating system",
                      .got = std::generic_category().message(error),
                      .mend = "check 'ulimit -u' (processes) and free memory"});
}

/// A run's name: never used twice on this machine, so what carries it belongs to the run.
std::string new_marker() {
  static std::atomic<std::uint64_t> count{0};
  return fmt::format("MESHASSAY_RUN={}-{}-{}", getpid(), ++count,
                     std::chrono::system_clock::now().time_since_epoch().count());
}

/// Pointers for execve into texts that outlive them.
std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (auto& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

/// All that the child needs, made before the fork: after it only async-signal-safe calls are allowed, since
/// other threads of this program may hold any lock.
struct Launch {
  const char* program = nullptr;
  char* const* argv = nullptr;
  char* const* environment = nullptr;
  const char* working_directory = nullptr;
  rlim_t largest_file_bytes = 0;
  pid_t parent = 0;
  int null_input = -1, output = -1, errors = -1, failure = -1;
};

[[noreturn]] void become_program(const Launch& launch) {
  setsid();
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != launch.parent) _exit(127);  // The parent died before the line above.
  for (int number = 1; number < NSIG; ++number) signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  umask(022);
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  const rlimit largest_file{launch.largest_file_bytes, launch.largest_file_bytes};
  setrlimit(RLIMIT_FSIZE, &largest_file);
  // Should memory run out, the kernel is to end this process rather than the harness.
  if (const int score = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC); score >= 0) {
    [[maybe_unused]] const ssize_t written = write(score, "1000", 4);
    close(score);
  }
  dup2(launch.null_input, STDIN_FILENO);
  dup2(launch.output, STDOUT_FILENO);
  dup2(launch.errors, STDERR_FILENO);
  close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);  // What libraries opened without the flag.
  if (chdir(launch.working_directory) == 0) execve(launch.program, launch.argv, launch.environment);
  const int error = errno;
  [[maybe_unused]] const ssize_t written = write(launch.failure, &error, sizeof error);
  _exit(127);
}

/// A shell that sleeps on a pipe of which this program alone holds the other end: when that closes without a
/// line, because this program was killed, the shell kills the session's group and all that carry the run's
/// marker. PR_SET_PDEATHSIG reaches only the first process of it.
class Watcher {
 public:
  explicit Watcher(const ProcessGroup& group) : lifeline_(make_pipe()) {
    constexpr const char* script =
        "read line || { kill -9 -\"$1\"; for round in 1 2; do for file in /proc/[0-9]*/environ; do "
        "grep -qzxF \"$2\" \"$file\" && pid=${file#/proc/} && kill -9 \"${pid%/environ}\"; done; done; }";
    std::vector<std::string> argv = {
        "/bin/sh", "-c", script, "meshassay-watcher", std::to_string(group.leader), group.marker};
    char* no_environment[] = {nullptr};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, lifeline_.read_end.number(), STDIN_FILENO);
    for (const int number : {STDOUT_FILENO, STDERR_FILENO})
      posix_spawn_file_actions_addopen(&actions, number, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
    const int error =
        posix_spawn(&shell_, argv[0].c_str(), &actions, &attributes, pointers(argv).data(), no_environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) refuse_to_start("the process that guards a system's processes cannot be started", error);
  }
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;
  ~Watcher() {
    kill(shell_, SIGKILL);
    waitpid(shell_, nullptr, 0);
  }

 private:
  Pipe lifeline_;
  pid_t shell_ = -1;
};

/// What a process prints, into a file up to a limit; the rest is read and thrown away, so that a process that
/// prints too much goes on as if nothing were.
class OutputSink {
 public:
  OutputSink(Descriptor source, const std::filesystem::path& path) : source_(std::move(source)) {
    if (!path.empty()) file_ = create_file(path);
    fcntl(source_.number(), F_SETFL, O_NONBLOCK);
  }
  [[nodiscard]] int source() const { return source_.number(); }

  /// Takes what is there now.
  void drain() {
    std::array<char, 1 << 16> buffer;
    for (int chunk = 0; source_.open() && chunk < 64; ++chunk) {  // Then the clock is looked at again.
      const ssize_t got = read(source_.number(), buffer.data(), buffer.size());
      if (got < 0 && errno == EINTR) continue;
      if (got < 0 && errno == EAGAIN) return;
      if (got <= 0) return source_.close();
      keep(buffer.data(), static_cast<std::size_t>(got));
    }
  }

 private:
  void keep(const char* bytes, std::size_t size) {
    size = std::min<std::uint64_t>(size, output_limit_bytes - kept_bytes_);
    kept_bytes_ += size;
    while (file_.open() && size > 0) {
      const ssize_t written = write(file_.number(), bytes, size);
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0)
        throw MachineError({.what = "the output of a system cannot be written to its log",
                            .got = std::generic_category().message(errno),
                            .mend = "check free space"});
      bytes += written;
      size -= static_cast<std::size_t>(written);
    }
  }

  Descriptor source_, file_;
  std::uint64_t kept_bytes_ = 0;
};

/// Bytes that the files below a folder take up. What vanishes meanwhile counts as nothing.
std::uint64_t disk_use_bytes(const std::filesystem::path& folder) {
  std::uint64_t bytes = 0;
  std::error_code error;
  auto entry = std::filesystem::recursive_directory_iterator(
      folder, std::filesystem::directory_options::skip_permission_denied, error);
  for (; !error && entry != std::filesystem::recursive_directory_iterator(); entry.increment(error)) {
    struct stat info {};
    if (lstat(entry->path().c_str(), &info) == 0) bytes += static_cast<std::uint64_t>(info.st_blocks) * 512;
  }
  return bytes;
}

/// When to look again: where a machine has very many processes or a folder very many files, looking may take
/// a tenth of the time and no more.
Clock::duration at_most_a_tenth(Clock::duration interval, Clock::time_point look_began) {
  return std::max(interval, 10 * (Clock::now() - look_began));
}

/// Whether a limit is broken, each looked at as often as it costs little.
class Limits {
 public:
  Limits(const ProcessOptions& options, const ProcessGroup& group) : options_(options), group_(group) {}

  /// Sets `end` and `detail` where a limit is broken.
  [[nodiscard]] bool broken(ProcessResult& result) {
    const auto now = Clock::now();
    if (seconds_since(start_) > options_.timeout_s) {
      result.end = ProcessEnd::timed_out;
      result.detail = fmt::format("killed after {} s", format_number(options_.timeout_s));
      return true;
    }
    if (now >= next_members_) {
      members_ = session_members(group_);
      next_members_ = Clock::now() + at_most_a_tenth(members_interval, now);
    }
    if (now >= next_memory_) {
      const std::uint64_t used_bytes = resident_bytes(members_);
      result.peak_memory_mib = std::max(result.peak_memory_mib, used_bytes / mebibyte);
      next_memory_ = Clock::now() + memory_interval;
      if (used_bytes > options_.memory_mib * mebibyte) {
        result.end = ProcessEnd::out_of_memory;
        result.detail = fmt::format("out of memory limit {} MiB", options_.memory_mib);
        return true;
      }
    }
    if (now >= next_disk_) {
      const bool full = disk_broken(result);
      next_disk_ = Clock::now() + at_most_a_tenth(disk_interval, now);
      return full;
    }
    return false;
  }

  [[nodiscard]] bool disk_broken(ProcessResult& result) const {
    if (disk_use_bytes(options_.working_directory) <= options_.disk_mib * mebibyte) return false;
    set_out_of_disk(result);
    return true;
  }
  void set_out_of_disk(ProcessResult& result) const {
    result.end = ProcessEnd::out_of_disk;
    result.detail = fmt::format("out of disk limit {} MiB", options_.disk_mib);
  }

 private:
  const ProcessOptions& options_;
  const ProcessGroup& group_;
  std::vector<pid_t> members_;
  Clock::time_point start_ = Clock::now();
  Clock::time_point next_members_ = start_, next_memory_ = start_, next_disk_ = start_ + disk_interval;
};

/// The status of a process that has ended, which stays a zombie and keeps its number; nothing while it runs.
std::optional<siginfo_t> ended(pid_t process) {
  siginfo_t info{};
  if (waitid(P_PID, static_cast<id_t>(process), &info, WEXITED | WNOHANG | WNOWAIT) != 0)
    refuse_to_start("a process that was started cannot be waited for", errno);
  if (info.si_pid == 0) return std::nullopt;
  return info;
}

void set_ending(ProcessResult& result, const siginfo_t& info, const Limits& limits) {
  result.code = info.si_status;
  if (info.si_code == CLD_EXITED) {
    result.end = ProcessEnd::exited;
    result.detail = fmt::format("exit code {}", result.code);
  } else if (result.code == SIGXFSZ) {
    limits.set_out_of_disk(result);
  } else {
    result.end = ProcessEnd::signalled;
    const char* name = sigabbrev_np(result.code);
    result.detail = fmt::format("ended by signal {} (SIG{})", result.code, name ? name : "?");
  }
}

/// Kills the group and reaps its leader, however the scope is left.
class GroupGuard {
 public:
  explicit GroupGuard(pid_t leader) : leader_(leader) {}
  GroupGuard(const GroupGuard&) = delete;
  GroupGuard& operator=(const GroupGuard&) = delete;
  ~GroupGuard() {
    kill(-leader_, SIGKILL);
    waitpid(leader_, nullptr, 0);
  }

 private:
  pid_t leader_;
};

}  // namespace

std::optional<std::filesystem::path> find_program(const std::string& name, const std::string& search_path) {
  const auto usable = [](const std::filesystem::path& path) {
    std::error_code error;
    return std::filesystem::is_regular_file(path, error) && access(path.c_str(), X_OK) == 0;
  };
  if (name.find('/') != std::string::npos) return usable(name) ? std::optional(name) : std::nullopt;
  for (std::size_t begin = 0; !name.empty() && begin <= search_path.size();) {
    const auto end = std::min(search_path.find(':', begin), search_path.size());
    const auto candidate = std::filesystem::path(search_path.substr(begin, end - begin)) / name;
    // A relative or empty entry would mean another program in each working folder.
    if (candidate.is_absolute() && usable(candidate)) return candidate;
    begin = end + 1;
  }
  return std::nullopt;
}

ProcessResult run_process(const ProcessOptions& options) {
  ProcessResult result;
  const auto search_path = options.environment.find("PATH");
  const auto program =
      options.argv.empty()
          ? std::nullopt
          : find_program(options.argv[0],
                         search_path == options.environment.end() ? "" : search_path->second);
  if (!program) {
    result.detail = fmt::format("'{}' is not a program in PATH", options.argv.empty() ? "" : options.argv[0]);
    return result;
  }

  ProcessGroup group{.leader = 0, .marker = new_marker()};
  std::vector<std::string> argv = options.argv, environment = {group.marker};
  for (const auto& [name, value] : options.environment) environment.push_back(name + "=" + value);
  const auto argv_pointers = pointers(argv), environment_pointers = pointers(environment);
  const Descriptor null_input = open_null();
  Pipe output = make_pipe(), errors = make_pipe(), failure = make_pipe();
  OutputSink output_sink(std::move(output.read_end), options.stdout_file);
  OutputSink error_sink(std::move(errors.read_end), options.stderr_file);
  const Launch launch{.program = program->c_str(),
                      .argv = argv_pointers.data(),
                      .environment = environment_pointers.data(),
                      .working_directory = options.working_directory.c_str(),
                      .largest_file_bytes = options.disk_mib * mebibyte,
                      .parent = getpid(),
                      .null_input = null_input.number(),
                      .output = output.write_end.number(),
                      .errors = errors.write_end.number(),
                      .failure = failure.write_end.number()};
  const auto start = Clock::now();
  // Not fork(): it would run the handlers of pthread_atfork, and ITK's ends the threads of its pool in the
  // midst of another case's work, which then waits for ever.
  group.leader = _Fork();
  if (group.leader == 0) become_program(launch);
  if (group.leader < 0) refuse_to_start("a process cannot be started", errno);
  const GroupGuard guard(group.leader);
  output.write_end.close();
  errors.write_end.close();
  failure.write_end.close();
  int error = 0;
  ssize_t got = 0;
  do got = read(failure.read_end.number(), &error, sizeof error);  // Ends with the exec or the failure.
  while (got < 0 && errno == EINTR);
  if (got == sizeof error) {
    result.detail = fmt::format("{} cannot be started in {}: {}", program->string(),
                                options.working_directory.string(), std::generic_category().message(error));
    return result;
  }

  {
    const Watcher watcher(group);
    Limits limits(options, group);
    while (true) {
      pollfd sources[] = {{output_sink.source(), POLLIN, 0}, {error_sink.source(), POLLIN, 0}};
      poll(sources, std::size(sources), static_cast<int>(poll_interval.count()));  // Skips those closed (-1).
      output_sink.drain();
      error_sink.drain();
      if (const auto info = ended(group.leader)) {
        if (!limits.disk_broken(result)) set_ending(result, *info, limits);
        break;
      }
      if (limits.broken(result)) break;
    }
    result.wall_s = seconds_since(start);
    kill_group(group);
  }
  output_sink.drain();  // What was still in the pipes, which hold no more than one call takes.
  error_sink.drain();
  return result;
}

}  // namespace meshassay::harness
