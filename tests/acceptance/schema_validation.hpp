// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

namespace acceptance {

/// What of a JSON document breaks a JSON Schema, by a validator that is not ours; empty where nothing does.
[[nodiscard]] std::string schema_violations(const std::filesystem::path& schema,
                                            const std::filesystem::path& document);

}  // namespace acceptance
