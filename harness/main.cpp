// SPDX-License-Identifier: GPL-3.0-or-later
// The program: finds the command, sets the threads, turns what went wrong into an exit status. Never a
// signal.
#include <fmt/format.h>
#include <tbb/global_control.h>

#include <new>
#include <string>
#include <thread>
#include <vector>

#include "core/errors.hpp"
#include "core/text.hpp"
#include "harness/commands/commands.hpp"
#include "harness/console.hpp"
#include "harness/identity.hpp"

namespace meshassay::harness {
namespace {

constexpr int done = 0, bad_input = 2, could_not_finish = 3;

std::string overview() {
  std::string text =
      "MeshAssay grades software that turns CT scans into printable 3D models.\n\n"
      "Usage: meshassay COMMAND ...\n\nCommands:\n";
  for (const auto* command : command_catalogue())
    text += fmt::format("  {:<10} {}\n", command->name, command->summary);
  text +=
      "\n  --help     this text; 'meshassay COMMAND --help' shows a command with an example\n"
      "  --version  version, commit and libraries\n\n"
      "Exit status: 0 done, and where graded, passed; 1 graded and not passed; 2 bad usage or input; 3 could "
      "not finish.\n\n"
      "Example:\n  meshassay run quick --out out/quick\n";
  return text;
}

const CommandDefinition& find_command(const std::string& name) {
  std::vector<std::string> known;
  for (const auto* command : command_catalogue()) {
    if (command->name == name) return *command;
    known.push_back(command->name);
  }
  const std::string nearest = nearest_name(name, known);
  throw InvalidInput(
      {.what = "unknown command",
       .where = "command line",
       .expected = "one of " + join(known, ", "),
       .got = name,
       .mend = nearest.empty() ? "see meshassay --help" : fmt::format("did you mean '{}'?", nearest)});
}

int dispatch(const std::vector<std::string>& words) {
  if (words.empty()) {
    mutter(overview());
    return bad_input;
  }
  if (words[0] == "--help" || words[0] == "-h" || words[0] == "help") {
    answer(overview());
    return done;
  }
  if (words[0] == "--version") {
    answer(version_text());
    return done;
  }
  const auto& command = find_command(words[0]);
  const auto arguments = parse_arguments(command, {words.begin() + 1, words.end()});
  if (arguments.has("help")) {
    answer(help_text(command));
    return done;
  }
  set_verbose(arguments.has("verbose"));
  const int cores = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  set_threads(arguments.whole_number("threads", 1).value_or(cores));
  const tbb::global_control threads(tbb::global_control::max_allowed_parallelism,
                                    static_cast<std::size_t>(threads_in_use()));
  return command.run(arguments);
}

int guarded(const std::vector<std::string>& words) {
  try {
    const int status = dispatch(words);
    finish_answer();
    return status;
  } catch (const InvalidInput& error) {
    say(fmt::format("meshassay: {}", error.what()));
    return bad_input;
  } catch (const MachineError& error) {
    say(fmt::format("meshassay: {}", error.what()));
  } catch (const std::bad_alloc&) {
    say("meshassay: out of memory\n  mend: close other programs, lower --jobs, or use a smaller input");
  } catch (const std::exception& error) {
    say(fmt::format("meshassay: internal error: {}\n  mend: please report this with the command line",
                    error.what()));
  }
  return could_not_finish;
}

}  // namespace
}  // namespace meshassay::harness

int main(int argc, char** argv) {
  meshassay::harness::secure_standard_streams();
  return meshassay::harness::guarded({argv + 1, argv + argc});
}
