// SPDX-License-Identifier: GPL-3.0-or-later
// The shapes of the catalogue, one file each.
#pragma once

#include "phantoms/phantom.hpp"

namespace meshassay::phantoms {

[[nodiscard]] PhantomDefinition sphere();
[[nodiscard]] PhantomDefinition step_wedge();
[[nodiscard]] PhantomDefinition plate_ladder();

}  // namespace meshassay::phantoms
