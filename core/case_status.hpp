// SPDX-License-Identifier: GPL-3.0-or-later
// How a system's work on a case ended.
#pragma once

#include <string_view>

namespace meshassay {

enum class CaseStatus { ok, refused, unsupported, crashed, timed_out, bad_output };
[[nodiscard]] std::string_view to_string(CaseStatus status);

}  // namespace meshassay
