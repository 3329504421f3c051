// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "metrics/meshes/printability.hpp"

namespace meshassay::harness {

/// All that breaks a property, as a JSON object: triangle ids, pairs by kind, borders as loops and arcs,
/// internal triangles and sheets with their areas, parts and cavities with their volumes, weak edges and
/// vertices. `{}` where the certificate knows of none.
[[nodiscard]] std::string witnesses_to_json(const metrics::Certificate& certificate,
                                            std::string_view property);

}  // namespace meshassay::harness
