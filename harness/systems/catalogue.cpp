// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>

#include "core/errors.hpp"
#include "core/io/files.hpp"
#include "harness/systems/adapters.hpp"

namespace meshassay::harness {
namespace {

const Adapter& adapter_of(const suites::SystemDefinition& system) {
  const auto catalogue = adapter_catalogue();
  const auto found = std::find_if(catalogue.begin(), catalogue.end(),
                                  [&](const Adapter* adapter) { return adapter->name == system.adapter; });
  if (found != catalogue.end()) return **found;
  throw InvalidInput({.what = "unknown adapter",
                      .where = system.file.string(),
                      .expected = "reference, command or directory",
                      .got = system.adapter,
                      .mend = "change 'adapter'"});
}

}  // namespace

std::span<const Adapter* const> adapter_catalogue() {
  static const std::array<const Adapter*, 3> catalogue = {&reference_adapter(), &command_adapter(),
                                                          &directory_adapter()};
  return catalogue;
}

void check_system(const suites::SystemDefinition& system) { adapter_of(system).check(system); }

SystemRun run_system(const suites::SystemDefinition& system, const Task& task,
                     const SystemRunOptions& options) {
  return adapter_of(system).run(system, task, options);
}

std::string executable_sha256(const suites::SystemDefinition& system) {
  const auto executable = adapter_of(system).executable(system);
  return executable.empty() ? "" : io::sha256_of_file(executable);
}

}  // namespace meshassay::harness
