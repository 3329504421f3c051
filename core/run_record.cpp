// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run_record.hpp"

#include <algorithm>
#include <array>

namespace meshassay {
namespace {

constexpr std::array<std::string_view, 3> not_held = {
    "ISO/IEC 16466:2025, methods and metrics for accuracy and precision of CT-based data for 3D printing",
    "ISO/IEC 3532-2:2024", "ISO/ASTM TR 52916:2022"};

bool ended_as_expected(const CaseResult& result) {
  switch (result.status) {
    case CaseStatus::ok: return result.expect != "refused";
    case CaseStatus::refused: return result.expect == "refused";
    case CaseStatus::unsupported: return true;
    case CaseStatus::crashed:
    case CaseStatus::timed_out:
    case CaseStatus::bad_output: break;
  }
  return false;
}

bool says_so(const CheckResult& check) {
  return check.verdict == Verdict::fail || check.verdict == Verdict::inconclusive ||
         check.verdict == Verdict::error;
}

}  // namespace

bool ended_badly_unseen(const CaseResult& result) {
  return !ended_as_expected(result) && std::none_of(result.checks.begin(), result.checks.end(), says_so);
}

std::span<const std::string_view> standards_not_held() { return not_held; }

}  // namespace meshassay
