// SPDX-License-Identifier: GPL-3.0-or-later
// Series that are wrong, or only unusual, in one way: what a careful reader refuses, warns of, or reads all
// the same.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace meshassay::io {

struct DicomDefect {
  std::string id;      ///< "missing_slice"
  std::string what;    ///< What is done to a good series.
  std::string answer;  ///< Of a careful reader: refused | warned | done.
};

/// In the order of the documentation.
[[nodiscard]] std::span<const DicomDefect> dicom_defect_catalogue();

/// Changes a series that write_dicom_series() wrote, in place; everything else stays valid. New UIDs derive
/// from the seed: same series, same seed, same bytes. \throw InvalidInput for a name that is not in the
/// catalogue (with the nearest one), or where the series has
///   fewer than 4 slices; MachineError where a file cannot be written.
void make_defective(const std::filesystem::path& folder, const std::string& id, std::uint64_t seed);

}  // namespace meshassay::io
