// SPDX-License-Identifier: GPL-3.0-or-later
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <random>
#include <thread>

#include "tests/acceptance/program.hpp"

using namespace acceptance;

namespace {

using std::chrono::duration;
using std::chrono::steady_clock;

std::vector<std::string> run_words(const std::string& out_dir, bool resume) {
  std::vector<std::string> words = {"run",   "suites/quick.toml", "--out",
                                    out_dir, "--filter",          "s*spacing_mm=0.5x0.5x2*"};
  if (resume) words.emplace_back("--resume");
  return words;
}

// Starts the program by itself (no shell between) and kills it; true where it had not ended by itself.
bool killed_after(double seconds, const std::vector<std::string>& words) {
  const auto folder = source_dir();
  auto executable = program();
  const pid_t child = fork();
  if (child == 0) {
    if (chdir(folder.c_str()) != 0) _exit(127);
    const int null = open("/dev/null", O_RDWR);
    dup2(null, 1);
    dup2(null, 2);
    std::vector<char*> argv = {executable.data()};
    for (const auto& word : words) argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);
    execv(argv[0], argv.data());
    _exit(127);
  }
  std::this_thread::sleep_for(duration<double>(seconds));
  kill(child, SIGKILL);
  int status = 0;
  waitpid(child, &status, 0);
  return WIFSIGNALED(status);
}

}  // namespace

SCENARIO("A run that was killed goes on where it was", "[resume]") {
  const Scratch scratch;
  const auto start = steady_clock::now();
  const auto undisturbed = meshassay(run_words(scratch / "undisturbed", false));
  const double whole_s = duration<double>(steady_clock::now() - start).count();
  INFO(undisturbed.err);
  REQUIRE(undisturbed.status == 0);
  const auto expected = comparable_record(scratch / "undisturbed");

  GIVEN("a run that is killed at five random moments") {
    std::mt19937_64 random(20260101);
    // A run that came to its end by itself is begun anew, so that five are really killed; each new one is at
    // its beginning, so that it cannot end before half of its time.
    int killed = 0;
    for (int i = 0; i < 50 && killed < 5; ++i) {
      const double moment_s = whole_s * 0.5 * static_cast<double>(random() % 1000) / 1000.0;
      if (killed_after(moment_s, run_words(scratch / "disturbed", i > 0)))
        ++killed;
      else
        std::filesystem::remove_all(scratch / "disturbed");
    }
    CHECK(killed == 5);
    WHEN("it is resumed") {
      const auto resumed = meshassay(run_words(scratch / "disturbed", true));
      INFO(resumed.err);
      THEN("the record is that of an undisturbed run") {
        REQUIRE(resumed.status == 0);
        CHECK(comparable_record(scratch / "disturbed").dump() == expected.dump());
      }
    }
  }
  GIVEN("a finished run") {
    WHEN("it is resumed with another filter") {
      auto words = run_words(scratch / "undisturbed", true);
      words[5] = "sphere/*";
      const auto outcome = meshassay(words);
      THEN("that is refused and nothing is lost") {
        CHECK(outcome.status == 2);
        CHECK(outcome.err.find("filter changed") != std::string::npos);
        CHECK(comparable_record(scratch / "undisturbed").dump() == expected.dump());
      }
    }
    WHEN("it is started again without --resume") {
      const auto outcome = meshassay(run_words(scratch / "undisturbed", false));
      THEN("that is refused and nothing is lost") {
        CHECK(outcome.status == 2);
        CHECK(outcome.err.find("--resume") != std::string::npos);
        CHECK(comparable_record(scratch / "undisturbed").dump() == expected.dump());
      }
    }
    WHEN("its journal ends in half a line, as after a power cut") {
      const auto journal = scratch.path() / "undisturbed/journal.jsonl";
      auto text = read_text(journal);
      text.resize(text.size() - text.size() / 4);
      write_text(journal, text);
      const auto outcome = meshassay(run_words(scratch / "undisturbed", true));
      INFO(outcome.err);
      THEN("what was whole is taken and the rest is done again") {
        REQUIRE(outcome.status == 0);
        CHECK(comparable_record(scratch / "undisturbed").dump() == expected.dump());
      }
    }
  }
}
