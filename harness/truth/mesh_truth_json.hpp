// SPDX-License-Identifier: GPL-3.0-or-later
// truth.json of a mesh phantom: its row of expected predicates, counts, and what a repair must come to
// ("schema": "meshassay/mesh_truth/1"). What is not derived is null.
#pragma once

#include <string>

#include "phantoms/mesh_phantom.hpp"

namespace meshassay::harness {

[[nodiscard]] std::string mesh_truth_to_json(const phantoms::MeshPhantom& phantom);

}  // namespace meshassay::harness
