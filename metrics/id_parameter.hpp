// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "metrics/registry.hpp"

namespace meshassay::metrics {

/// The parameter that stands behind '@' in a metric's id, a number with or without the unit that the
/// parameter's name ends in: "1mm" and "1" for tolerance_mm.
/// \param id  the part before '@', for the message.
/// \throw InvalidInput where the family takes none, or the text is no such number.
[[nodiscard]] Parameters parse_id_parameter(const MetricFamily& family, const std::string& id,
                                            const std::string& text_value, const std::string& where);

/// The id with its parameter and unit behind '@', as "boundary.nsd@1mm" for tolerance_mm.
[[nodiscard]] std::string id_with_parameter(const std::string& id, const std::string& parameter,
                                            double value);

}  // namespace meshassay::metrics
