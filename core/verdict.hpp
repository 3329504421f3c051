// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace meshassay {

enum class Verdict { pass, fail, inconclusive, not_applicable, error };
enum class Expectation { none, waived };

[[nodiscard]] std::string_view to_string(Verdict verdict);
[[nodiscard]] std::string_view to_string(Expectation expectation);

}  // namespace meshassay
