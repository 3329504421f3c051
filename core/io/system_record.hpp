// SPDX-License-Identifier: GPL-3.0-or-later
// record.json: what a system says of what it did ("schema": "meshassay/record/1").
#pragma once

#include <filesystem>
#include <string>

#include "core/system_record.hpp"

namespace meshassay::io {

/// Unknown keys are ignored. \throw InvalidInput with file and place.
[[nodiscard]] SystemRecord read_system_record(const std::filesystem::path& path);
[[nodiscard]] std::string system_record_to_json(const SystemRecord& record);
void write_system_record(const SystemRecord& record, const std::filesystem::path& path);

}  // namespace meshassay::io
