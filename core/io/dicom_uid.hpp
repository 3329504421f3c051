// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace meshassay::io {

/// "2.25." and a UUID as a decimal number, made from the SHA-256 of the seed and the UID's role: same seed
/// and role, same UID.
[[nodiscard]] std::string derived_uid(std::uint64_t seed, const std::string& role);
/// YYYYMMDD within the 20 years from 2000-01-01, from the seed.
[[nodiscard]] std::string derived_date(std::uint64_t seed);

}  // namespace meshassay::io
