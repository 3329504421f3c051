// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "metrics/meshes/printability.hpp"

namespace meshassay::harness {

/// What breaks a property, for people: the first few, the rest counted. Empty where the certificate has no
/// more than the predicate itself says.
[[nodiscard]] std::vector<std::string> witness_lines(const metrics::Certificate& certificate,
                                                     std::string_view property);

}  // namespace meshassay::harness
