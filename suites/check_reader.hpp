// SPDX-License-Identifier: GPL-3.0-or-later
// Reads one check of a suite file: metric, limit with its unit, requirements and rationale.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "suites/requirements.hpp"
#include "suites/suite.hpp"
#include "suites/toml_reader.hpp"

namespace meshassay::suites {

/// \param extra_keys  what this kind of check may say beyond the common keys.
/// \throw InvalidInput
[[nodiscard]] CheckDefinition read_check(const TomlNode& table, std::span<const Requirement> requirements,
                                         std::span<const std::string> extra_keys = {});

}  // namespace meshassay::suites
