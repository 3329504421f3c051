// SPDX-License-Identifier: GPL-3.0-or-later
// The phantom that a case names, by what its task gives to a system: where it is looked for, and whether it
// can be made.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "core/grid.hpp"
#include "core/parameters.hpp"
#include "suites/suite.hpp"
#include "suites/task_kind.hpp"

namespace meshassay::suites {

/// How phantoms of one kind are found and tried.
struct CaseObject {
  Given given = Given::scan;
  bool is_scanned = true;  ///< Whether a case may have `scan`.
  /// The parameters of a phantom. \throw InvalidInput with the nearest known name.
  std::span<const ParameterDefinition> (*parameters_of)(const std::string& phantom, const std::string& where);
  /// Makes it, coarsely where that is enough; the grid whose voxels limits may be given in, where there is
  /// one. \throw InvalidInput for parameters out of range, and grids that cannot be.
  std::optional<Grid> (*check)(const SuiteCase& suite_case, const std::string& where);
};

[[nodiscard]] const CaseObject& case_object(Given given);

}  // namespace meshassay::suites
