// SPDX-License-Identifier: GPL-3.0-or-later
// A certificate in words: what each property means, what breaks it where, what to do about it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "metrics/meshes/printability.hpp"

namespace meshassay::harness {

struct Finding {
  std::string name;
  std::optional<bool> holds;
  std::string meaning;                 ///< What holds where it holds.
  std::vector<std::string> witnesses;  ///< The first that break it; the rest are counted.
  std::string mend;                    ///< What to do where it does not hold.
};

/// Of the properties, in the certificate's order.
[[nodiscard]] std::vector<Finding> findings_of(const metrics::Certificate& certificate);
/// Of the five verdicts, the three that a person asks for first: bounds_solid, printable, strict.
[[nodiscard]] std::vector<Finding> verdicts_of(const metrics::Certificate& certificate);

[[nodiscard]] const char* answer_word(const std::optional<bool>& holds);

}  // namespace meshassay::harness
