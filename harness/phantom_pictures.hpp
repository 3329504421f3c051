// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

namespace meshassay::harness {

/// A picture of each phantom of the catalogue with its defaults, NAME.png, and `all.png`: all of them in the
/// order of the catalogue, eight in a row. Targets have a colour each.
void write_phantom_pictures(const std::filesystem::path& folder);

}  // namespace meshassay::harness
