// SPDX-License-Identifier: GPL-3.0-or-later
// How each kind of system is given a task. To add one: a file here, a row in the catalogue, its name in
// suites/system_definition.cpp.
#pragma once

#include <filesystem>
#include <span>
#include <string_view>

#include "harness/systems/systems.hpp"

namespace meshassay::harness {

struct Adapter {
  std::string_view name;
  void (*check)(const suites::SystemDefinition& system);
  SystemRun (*run)(const suites::SystemDefinition& system, const Task& task, const SystemRunOptions& options);
  /// The file that is executed; empty where none is.
  std::filesystem::path (*executable)(const suites::SystemDefinition& system);
};

[[nodiscard]] const Adapter& reference_adapter();
[[nodiscard]] const Adapter& command_adapter();
[[nodiscard]] const Adapter& directory_adapter();
/// In the order of the documentation.
[[nodiscard]] std::span<const Adapter* const> adapter_catalogue();

}  // namespace meshassay::harness
