// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <vector>

#include "core/run_record.hpp"
#include "harness/systems/task.hpp"

namespace meshassay::harness {

/// The sections through a case's surfaces, in its folder.
inline constexpr const char* picture_file = "sections.svg";

/// The files of a case with role, size and SHA-256, in a fixed order; paths relative to `run_dir`. A DICOM
/// folder is one artifact: its hash is that of the lines "HASH  NAME\n" of its files, sorted by name, as
/// `sha256sum *` prints them.
[[nodiscard]] std::vector<Artifact> collect_artifacts(const Task& task, const std::filesystem::path& case_dir,
                                                      const std::filesystem::path& run_dir);

}  // namespace meshassay::harness
