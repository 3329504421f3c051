// SPDX-License-Identifier: GPL-3.0-or-later
#include "harness/process/process.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <sstream>
#include <thread>

#include "tests/support/temporary_folder.hpp"

namespace meshassay::harness {
namespace {

using testing::HasSubstr;

std::string contents(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

/// Whether a living process was started with exactly these arguments.
bool runs(const std::string& program, const std::string& argument) {
  const std::string wanted = program + '\0' + argument + '\0';
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    if (contents(entry.path() / "cmdline") != wanted) continue;
    const std::string stat = contents(entry.path() / "stat");
    if (stat.find(") Z ") == std::string::npos) return true;
  }
  return false;
}

/// A number of seconds that no other sleep on this machine has, so that it can be found again.
std::string unique_seconds(int test) {
  return std::to_string(100000 + test) + "." + std::to_string(getpid());
}

class Process : public testing::Test {
 protected:
  [[nodiscard]] ProcessOptions options(std::vector<std::string> argv) const {
    return {.argv = std::move(argv),
            .working_directory = folder.path(),
            .environment = {{"PATH", "/usr/bin:/bin"}, {"GREETING", "hello you"}},
            .stdout_file = folder.path() / "logs/stdout.txt",
            .stderr_file = folder.path() / "logs/stderr.txt"};
  }
  [[nodiscard]] ProcessResult shell(const std::string& script) const {
    return run_process(options({"sh", "-c", script}));
  }
  [[nodiscard]] std::string output() const { return contents(folder.path() / "logs/stdout.txt"); }

  test_support::TemporaryFolder folder;
};

TEST_F(Process, RunsNoForkHandlersOfLibraries) {
  // ITK registers such a handler: it ends the threads of its pool, which may be at work for another case.
  static std::atomic<int> handled = 0;
  ASSERT_EQ(pthread_atfork([] { ++handled; }, [] { ++handled; }, [] { ++handled; }), 0);
  EXPECT_EQ(shell("exit 0").end, ProcessEnd::exited);
  EXPECT_EQ(handled, 0);
  const pid_t child = fork();  // The handlers are there: a plain fork runs two of them in this process.
  if (child == 0) _exit(0);
  waitpid(child, nullptr, 0);
  EXPECT_EQ(handled, 2);
}

TEST_F(Process, ThatExitsReturnsItsCode) {
  const auto done = shell("exit 0");
  EXPECT_EQ(done.end, ProcessEnd::exited);
  EXPECT_EQ(done.code, 0);
  const auto three = shell("exit 3");
  EXPECT_EQ(three.end, ProcessEnd::exited);
  EXPECT_EQ(three.code, 3);
  EXPECT_EQ(three.detail, "exit code 3");
}

TEST_F(Process, ThatASignalEndsReturnsTheSignal) {
  const auto result = shell("kill -SEGV $$");
  EXPECT_EQ(result.end, ProcessEnd::signalled);
  EXPECT_EQ(result.code, SIGSEGV);
  EXPECT_EQ(result.detail, "ended by signal 11 (SIGSEGV)");
}

TEST_F(Process, PrintsIntoItsLogs) {
  EXPECT_EQ(shell("echo out; echo err >&2").code, 0);
  EXPECT_EQ(output(), "out\n");
  EXPECT_EQ(contents(folder.path() / "logs/stderr.txt"), "err\n");
}

TEST_F(Process, SeesArgumentsAsTheyAreWithoutAShell) {
  EXPECT_EQ(run_process(options({"printf", "%s|", "a b", "$HOME", "*", ""})).code, 0);
  EXPECT_EQ(output(), "a b|$HOME|*||");
}

TEST_F(Process, SeesOnlyTheEnvironmentThatIsListed) {
  ASSERT_EQ(setenv("MESHASSAY_TEST_SECRET", "leaks", 1), 0);
  EXPECT_EQ(run_process(options({"env"})).code, 0);
  std::istringstream lines(output());
  std::vector<std::string> names;
  for (std::string line; std::getline(lines, line);) names.push_back(line.substr(0, line.find('=')));
  EXPECT_THAT(names, testing::UnorderedElementsAre("GREETING", "MESHASSAY_RUN", "PATH"));
  EXPECT_THAT(output(), HasSubstr("GREETING=hello you\n"));
}

TEST_F(Process, StartsInItsFolderWithAnEmptyInputAndNoOtherDescriptor) {
  const int leaked = open("/dev/null", O_RDONLY);  // As a library leaves it: without close-on-exec.
  ASSERT_GT(leaked, 2);
  EXPECT_EQ(shell("pwd; cat").code, 0);
  EXPECT_EQ(output(), std::filesystem::canonical(folder.path()).string() + "\n");
  EXPECT_EQ(run_process(options({MESHASSAY_PROCESS_PROBE, "descriptors"})).code, 0);
  EXPECT_EQ(output(), "0\n1\n2\n");
  close(leaked);
}

TEST_F(Process, DoesNotInheritIgnoredSignals) {
  const auto before = signal(SIGPIPE, SIG_IGN);
  EXPECT_EQ(shell("kill -PIPE $$; exit 7").code, SIGPIPE);
  signal(SIGPIPE, before);
}

TEST_F(Process, OverItsTimeIsKilledWithItsChildren) {
  auto slow = options({"sh", "-c", "sleep " + unique_seconds(1) + " & sleep " + unique_seconds(2)});
  slow.timeout_s = 0.3;
  const auto result = run_process(slow);
  EXPECT_EQ(result.end, ProcessEnd::timed_out);
  EXPECT_EQ(result.detail, "killed after 0.3 s");
  EXPECT_GE(result.wall_s, 0.3);
  EXPECT_LT(result.wall_s, 10.0);
  EXPECT_FALSE(runs("sleep", unique_seconds(1)));
  EXPECT_FALSE(runs("sleep", unique_seconds(2)));
}

TEST_F(Process, ThatIgnoresSignalsOrStopsItselfIsKilledToo) {
  auto stubborn = options({"sh", "-c", "trap '' TERM INT HUP; kill -STOP $$; sleep 100"});
  stubborn.timeout_s = 0.2;
  EXPECT_EQ(run_process(stubborn).end, ProcessEnd::timed_out);
}

TEST_F(Process, LeavesNoChildBehindWhenItExits) {
  const auto result = shell("sleep " + unique_seconds(3) + " & echo started; exit 0");
  EXPECT_EQ(result.end, ProcessEnd::exited);
  EXPECT_EQ(result.code, 0);
  EXPECT_EQ(output(), "started\n");
  EXPECT_FALSE(runs("sleep", unique_seconds(3)));
}

TEST_F(Process, CannotSaveAChildBySessionsOfItsOwn) {
  EXPECT_EQ(run_process(options({MESHASSAY_PROCESS_PROBE, "daemonise", unique_seconds(4)})).code, 0);
  EXPECT_FALSE(runs("sleep", unique_seconds(4)));
}

TEST_F(Process, OverItsMemoryIsKilled) {
  auto hungry = options({MESHASSAY_PROCESS_PROBE, "hold_memory", "200"});
  hungry.memory_mib = 100;
  const auto result = run_process(hungry);
  EXPECT_EQ(result.end, ProcessEnd::out_of_memory);
  EXPECT_EQ(result.detail, "out of memory limit 100 MiB");
  EXPECT_GE(result.peak_memory_mib, 100);
  EXPECT_LT(result.wall_s, 20.0);  // It would sleep for a minute.
}

TEST_F(Process, ReckonsTheMemoryOfItsChildrenTogether) {
  const std::string hold = std::string(MESHASSAY_PROCESS_PROBE) + " hold_memory 60";
  auto hungry = options({"sh", "-c", hold + " & " + hold + " & wait"});
  hungry.memory_mib = 100;  // Each child alone stays below.
  EXPECT_EQ(run_process(hungry).end, ProcessEnd::out_of_memory);
}

TEST_F(Process, OverItsDiskIsKilled) {
  auto filler =
      options({"sh", "-c", "i=0; while true; do i=$((i+1)); head -c 1000000 /dev/zero > part-$i; done"});
  filler.disk_mib = 10;
  const auto result = run_process(filler);
  EXPECT_EQ(result.end, ProcessEnd::out_of_disk);
  EXPECT_EQ(result.detail, "out of disk limit 10 MiB");
}

TEST_F(Process, ThatWritesAFileLargerThanItsDiskIsStoppedByTheSystem) {
  auto filler = options({"sh", "-c", "exec head -c 100000000 /dev/zero > big"});
  filler.disk_mib = 10;
  EXPECT_EQ(run_process(filler).end, ProcessEnd::out_of_disk);
  EXPECT_LE(std::filesystem::file_size(folder.path() / "big"), 10u << 20);
}

TEST_F(Process, ThatPrintsTooMuchGoesOnWithItsLogCut) {
  const auto result = run_process(options({MESHASSAY_PROCESS_PROBE, "print", "40"}));
  EXPECT_EQ(result.end, ProcessEnd::exited);
  EXPECT_EQ(result.code, 0);
  EXPECT_EQ(std::filesystem::file_size(folder.path() / "logs/stdout.txt"), 16u << 20);
}

TEST_F(Process, ThatDoesNotExistIsNotStarted) {
  const auto result = run_process(options({"no-such-program-anywhere"}));
  EXPECT_EQ(result.end, ProcessEnd::not_started);
  EXPECT_THAT(result.detail, HasSubstr("no-such-program-anywhere"));
}

TEST_F(Process, ThatTheSystemCannotExecuteIsNotStartedAndSaysWhy) {
  std::ofstream(folder.path() / "text") << "neither a binary nor a script\n";
  std::filesystem::permissions(folder.path() / "text", std::filesystem::perms::owner_all);
  const auto result = run_process(options({(folder.path() / "text").string()}));
  EXPECT_EQ(result.end, ProcessEnd::not_started);
  EXPECT_THAT(result.detail, HasSubstr("Exec format error"));
  auto nowhere = options({"true"});
  nowhere.working_directory = folder.path() / "missing";
  EXPECT_THAT(run_process(nowhere).detail, HasSubstr("No such file or directory"));
}

TEST_F(Process, RunsFromSeveralThreadsAtOnceWithoutMixingThemUp) {
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread)
    threads.emplace_back([this, thread] {
      for (int i = 0; i < 25; ++i) {
        const std::string name = std::to_string(thread) + "-" + std::to_string(i);
        auto one = options({"sh", "-c", "sleep 100 & echo " + name + "; exit " + std::to_string(i)});
        one.stdout_file = folder.path() / name;
        const auto result = run_process(one);
        EXPECT_EQ(result.end, ProcessEnd::exited) << result.detail;
        EXPECT_EQ(result.code, i);
        EXPECT_EQ(contents(one.stdout_file), name + "\n");
      }
    });
  for (auto& thread : threads) thread.join();
}

TEST_F(Process, DiesWithAHarnessThatIsKilled) {
  const std::string child = unique_seconds(5), grandchild = unique_seconds(6), daemon = unique_seconds(7);
  const pid_t harness = fork();
  if (harness == 0) {
    (void)shell("setsid sleep " + daemon + " & sleep " + grandchild + " & sleep " + child);
    _exit(0);
  }
  const auto wait_until = [&](bool running) {
    const auto all = [&] {
      return runs("sleep", child) == running && runs("sleep", grandchild) == running &&
             runs("sleep", daemon) == running;
    };
    for (int i = 0; i < 500 && !all(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return all();
  };
  ASSERT_TRUE(wait_until(true));
  kill(harness, SIGKILL);
  waitpid(harness, nullptr, 0);
  EXPECT_TRUE(wait_until(false));
}

TEST(FindProgram, LooksThroughThePathInOrderAndSkipsWhatCannotBeRun) {
  EXPECT_EQ(find_program("sh", "/nowhere:/bin:/usr/bin"), "/bin/sh");
  EXPECT_EQ(find_program("/bin/sh", ""), "/bin/sh");
  EXPECT_EQ(find_program("passwd", "/etc"), std::nullopt);  // A file, not executable.
  EXPECT_EQ(find_program("bin", "/usr"), std::nullopt);     // A folder.
  EXPECT_EQ(find_program("sh", ".:"), std::nullopt);
  EXPECT_EQ(find_program("", "/bin"), std::nullopt);
}

}  // namespace
}  // namespace meshassay::harness
