// SPDX-License-Identifier: GPL-3.0-or-later
// truth.json: what is known exactly of a phantom, and how it was scanned ("schema": "meshassay/truth/1").
#pragma once

#include <cstdint>
#include <string>

#include "core/grid.hpp"
#include "phantoms/phantom.hpp"
#include "phantoms/scan/scan_quality.hpp"

namespace meshassay::harness {

struct ScannedPhantom {
  const phantoms::Phantom* phantom = nullptr;
  Parameters scan_parameters;
  std::uint64_t seed = 0;
  Grid grid;
  const phantoms::ScanQuality* quality = nullptr;  ///< Left out where null.
};

[[nodiscard]] std::string truth_to_json(const ScannedPhantom& scanned);

}  // namespace meshassay::harness
