// SPDX-License-Identifier: GPL-3.0-or-later
// The surface that a family measures, if it is one that can be measured.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>

#include "core/reason.hpp"
#include "core/trial.hpp"
#include "metrics/registry.hpp"

namespace meshassay::metrics {

/// Why nothing can be measured on a mesh: `unreadable` where an index has no vertex or a coordinate is not
/// finite or farther than 1e9 mm from the origin, `test_empty` where no triangle has an area.
[[nodiscard]] std::optional<Undefined> why_unmeasurable(const TriangleMesh& mesh);

/// The surface of a label at the stage asked for, as find_surface() gives it, and measurable.
[[nodiscard]] std::variant<const TriangleMesh*, Undefined> find_measurable_surface(
    const Trial& trial, const MetricRequest& request, std::uint16_t label);

}  // namespace meshassay::metrics
