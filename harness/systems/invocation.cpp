// SPDX-License-Identifier: GPL-3.0-or-later
#include "harness/systems/invocation.hpp"

#include <cstdlib>

namespace meshassay::harness {
namespace {

std::string expand_one(const std::string& argument, const Substitutions& substitutions) {
  std::string expanded;
  for (std::size_t at = 0; at < argument.size();) {
    const auto end = argument[at] == '{' ? argument.find('}', at) : std::string::npos;
    const auto found = end == std::string::npos ? substitutions.end()
                                                : substitutions.find(argument.substr(at, end - at + 1));
    if (found == substitutions.end()) {
      expanded += argument[at++];
    } else {
      expanded += found->second;
      at = end + 1;
    }
  }
  return expanded;
}

}  // namespace

std::filesystem::path this_program() { return std::filesystem::read_symlink("/proc/self/exe"); }

std::vector<std::string> expand(const std::vector<std::string>& argv, const Substitutions& substitutions) {
  std::vector<std::string> expanded;
  for (const auto& argument : argv) expanded.push_back(expand_one(argument, substitutions));
  return expanded;
}

std::string search_path_of(const suites::SystemDefinition& system) {
  if (const auto own = system.environment.find("PATH"); own != system.environment.end()) return own->second;
  const char* path = std::getenv("PATH");
  return path != nullptr && *path != '\0' ? path : "/usr/local/bin:/usr/bin:/bin";
}

std::map<std::string, std::string> clean_environment(const suites::SystemDefinition& system,
                                                     const std::filesystem::path& home, int threads) {
  std::map<std::string, std::string> environment = {{"HOME", home.string()},
                                                    {"LANG", "C.UTF-8"},
                                                    {"TMPDIR", (home / "tmp").string()},
                                                    {"OMP_NUM_THREADS", std::to_string(threads)}};
  for (const auto& [name, value] : system.environment) environment[name] = value;
  environment["PATH"] = search_path_of(system);
  return environment;
}

}  // namespace meshassay::harness
