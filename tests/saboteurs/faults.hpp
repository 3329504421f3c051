// SPDX-License-Identifier: GPL-3.0-or-later
// Faults of the geometry: mistakes that real programs made, done to the stages of a pipeline.
#pragma once

#include <span>
#include <string_view>

#include "core/grid.hpp"
#include "core/submission.hpp"

namespace meshassay::saboteurs {

struct Fault {
  std::string_view name;
  void (*apply)(Stage& stage, const Grid& scan_grid);
  /// The stage whose making is at fault: a result that has none is right. Empty: every result is wrong.
  std::string_view enters_at;
};

[[nodiscard]] std::span<const Fault> fault_catalogue();

}  // namespace meshassay::saboteurs
