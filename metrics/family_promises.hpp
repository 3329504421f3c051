// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "metrics/registry.hpp"

namespace meshassay::metrics {

/// What a family promises of each measurement that it returns: an id, unit and type of its own; finite; a
/// known reason where there is no value, and none where there is one; an interval that holds the value.
/// \throw std::logic_error for a breach: a fault of the family, not of its input.
void check_promises(const MetricFamily& family, const std::vector<Measurement>& rows);

}  // namespace meshassay::metrics
