// SPDX-License-Identifier: GPL-3.0-or-later
// What a program that compares masks says of a pair: its own numbers, to be held against what is known of the
// pair.
#pragma once

namespace meshassay::metrics {

struct MetricFamily;

/// `evaluation.*`: numbers under `findings` of the record of a system that offers `values`, as it gives them.
[[nodiscard]] const MetricFamily& evaluation_family();

}  // namespace meshassay::metrics
