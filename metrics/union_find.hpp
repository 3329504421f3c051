// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/union_find.hpp"

namespace meshassay::metrics {

using meshassay::UnionFind;

}  // namespace meshassay::metrics
