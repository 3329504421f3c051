// SPDX-License-Identifier: GPL-3.0-or-later
// What a system's program is started with: its arguments and its environment.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "suites/system_definition.hpp"

namespace meshassay::harness {

/// The file of this program: `{program}`.
[[nodiscard]] std::filesystem::path this_program();

/// "{input}" -> "/run/cases/sphere/input"
using Substitutions = std::map<std::string, std::string>;
/// Each placeholder by its value, also within a longer argument; what is put in is not looked at again.
[[nodiscard]] std::vector<std::string> expand(const std::vector<std::string>& argv,
                                              const Substitutions& substitutions);

/// Where programs are looked for: PATH of the system file where it has one, else of this program.
[[nodiscard]] std::string search_path_of(const suites::SystemDefinition& system);
/// All that the system's processes see: PATH, HOME, LANG, TMPDIR, OMP_NUM_THREADS and what its file adds.
[[nodiscard]] std::map<std::string, std::string> clean_environment(const suites::SystemDefinition& system,
                                                                   const std::filesystem::path& home,
                                                                   int threads);

}  // namespace meshassay::harness
