// SPDX-License-Identifier: GPL-3.0-or-later
// truth.json of a pair of masks: what is known of it ("schema": "meshassay/pair_truth/1"). What is not asked
// is null.
#pragma once

#include <string>

#include "phantoms/mask_pair.hpp"

namespace meshassay::harness {

[[nodiscard]] std::string pair_truth_to_json(const phantoms::MaskPair& pair);

}  // namespace meshassay::harness
