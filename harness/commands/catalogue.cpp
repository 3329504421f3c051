// SPDX-License-Identifier: GPL-3.0-or-later
#include "harness/commands/commands.hpp"

namespace meshassay::harness {

std::span<const CommandDefinition* const> command_catalogue() {
  static const CommandDefinition* const catalogue[] = {
      &run_command(),     &measure_command(), &inspect_command(), &repair_command(), &model_command(),
      &phantom_command(), &report_command(),  &compare_command(), &list_command(),
  };
  return catalogue;
}

}  // namespace meshassay::harness
