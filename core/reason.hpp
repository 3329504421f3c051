// SPDX-License-Identifier: GPL-3.0-or-later
// Why a measurement has no value, and whose fault that is: the owner decides the verdict of a check on it.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace meshassay {

enum class ReasonOwner {
  submission,     ///< The system under test caused it: a check fails.
  case_or_ruler,  ///< The case or the measurement caused it: a check is inconclusive.
  not_offered,    ///< The system does not offer what the metric looks at: a check is not applicable.
};

struct ReasonDefinition {
  std::string_view id;
  ReasonOwner owner;
  std::string_view text;  ///< For people.
};

/// Every reason that an undefined measurement may carry, in the order of the documentation.
[[nodiscard]] std::span<const ReasonDefinition> reason_catalogue();
/// \throw std::logic_error for a reason that is not in the catalogue.
[[nodiscard]] const ReasonDefinition& find_reason(std::string_view id);

/// Instead of a value.
struct Undefined {
  std::string reason;  ///< An id of the catalogue.
  std::string detail;  ///< What exactly, for people: a path, a count. May be empty.
};

}  // namespace meshassay
