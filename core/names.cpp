// SPDX-License-Identifier: GPL-3.0-or-later
// The words that enumerations have in files.
#include <stdexcept>

#include "core/measurement.hpp"
#include "core/submission.hpp"
#include "core/verdict.hpp"

namespace meshassay {

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass: return "pass";
    case Verdict::fail: return "fail";
    case Verdict::inconclusive: return "inconclusive";
    case Verdict::not_applicable: return "not_applicable";
    case Verdict::error: return "error";
  }
  throw std::logic_error("no such verdict");
}

std::string_view to_string(Expectation expectation) {
  switch (expectation) {
    case Expectation::none: return "none";
    case Expectation::waived: return "waived";
  }
  throw std::logic_error("no such expectation");
}

std::string_view to_string(IntervalKind kind) {
  switch (kind) {
    case IntervalKind::enclosure: return "enclosure";
    case IntervalKind::expanded_k2: return "expanded_k2";
    case IntervalKind::range: return "range";
  }
  throw std::logic_error("no such kind of interval");
}

std::string_view to_string(CaseStatus status) {
  switch (status) {
    case CaseStatus::ok: return "ok";
    case CaseStatus::refused: return "refused";
    case CaseStatus::unsupported: return "unsupported";
    case CaseStatus::crashed: return "crashed";
    case CaseStatus::timed_out: return "timed_out";
    case CaseStatus::bad_output: return "bad_output";
  }
  throw std::logic_error("no such case status");
}

}  // namespace meshassay
