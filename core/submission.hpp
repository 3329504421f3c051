// SPDX-License-Identifier: GPL-3.0-or-later
// What a system returned for a case: its stages as masks and surfaces, and its own account of what it did.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/case_status.hpp"
#include "core/reason.hpp"
#include "core/shared_mask.hpp"
#include "core/system_record.hpp"
#include "core/triangle_mesh.hpp"

namespace meshassay {

/// Stages in the order of the data flow. The final mask is the last of the first two that is there; the
/// surface that counts is `exported`.
inline constexpr std::string_view stage_names[] = {"segmented", "mask_edited", "extracted", "smoothed",
                                                   "decimated", "repaired",    "exported"};

/// One named intermediate. A file that could not be read is there with the reason.
struct Stage {
  std::string name;
  SharedMask mask;
  std::map<std::uint16_t, TriangleMesh> surfaces;  ///< By label.
  /// Sizes of the files that `surfaces` were read from, by label; none for a surface that was in no file.
  std::map<std::uint16_t, std::uint64_t> surface_file_bytes;
  std::optional<Undefined> problem;
};

struct Submission {
  CaseStatus status = CaseStatus::ok;
  std::string status_detail;     ///< "exit code 3", "killed after 60 s", "out of memory limit 512 MiB".
  std::set<std::string> offers;  ///< "mask", "surface", "record", "stages".
  std::vector<Stage> stages;     ///< In the order of stage_names.
  std::optional<SystemRecord> record;
};

}  // namespace meshassay
