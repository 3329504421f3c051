// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include "core/ct_volume.hpp"

namespace meshassay::saboteurs {

/// Accepts whatever lies in the folder: every file is a slice, in the order of the names, on the grid of the
/// first, as far apart as the first says that it is thick. What cannot be read is left out; nothing is said
/// about any of it. \throw InvalidInput where not one file can be read.
[[nodiscard]] CtVolume read_carelessly(const std::filesystem::path& folder);

}  // namespace meshassay::saboteurs
