// SPDX-License-Identifier: GPL-3.0-or-later
// What a system says of what it did: is it there, and is it complete?
#pragma once

#include <string>
#include <vector>

#include "core/submission.hpp"

namespace meshassay::metrics {

struct MetricFamily;

/// What clause 5 of ISO/IEC 3532-1:2023 asks a record to hold of the two steps that make a model from a scan.
struct Clause5Completeness {
  std::vector<std::string> missing;  ///< In words, in the order of the steps; empty: complete.
  [[nodiscard]] bool complete() const { return missing.empty(); }
};

/// Looks for the steps "segmentation" and "reconstruction", each with a method and at least one parameter.
/// A step that is recorded several times must be complete each time.
[[nodiscard]] Clause5Completeness clause5_completeness(const SystemRecord& record);

[[nodiscard]] const MetricFamily& system_record_family();

}  // namespace meshassay::metrics
