// SPDX-License-Identifier: GPL-3.0-or-later
// What a metric family looks at, as words: see Need in metrics/registry.hpp; also targets>=N: the truth has
// so many.
#pragma once

#include <string>

#include "core/reason.hpp"
#include "metrics/registry.hpp"

namespace meshassay::metrics {

/// Whether the word is one that is_met() understands.
[[nodiscard]] bool is_known_need(const Need& need);
/// Whether the trial could hold it: offered by the system, or there in the truth.
/// \throw std::logic_error for an unknown word.
[[nodiscard]] bool is_met(const Need& need, const Trial& trial);
/// Why a metric that needs it has no value: `not_offered` for the system's side, `no_reference` for the
/// case's. \throw std::logic_error for an unknown word.
[[nodiscard]] Undefined why_unmet(const Need& need);

}  // namespace meshassay::metrics
