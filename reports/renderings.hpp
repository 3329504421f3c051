// SPDX-License-Identifier: GPL-3.0-or-later
// Renderings of a run record, one file each. A rendering reads the record only and returns the whole file.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/run_record.hpp"

namespace meshassay::reports {

[[nodiscard]] std::string render_html(const RunRecord& record);
[[nodiscard]] std::string render_junit(const RunRecord& record);
[[nodiscard]] std::string render_markdown(const RunRecord& record);
[[nodiscard]] std::string render_csv(const RunRecord& record);
/// The verdict table of a terminal.
[[nodiscard]] std::string render_text(const RunRecord& record);

/// One row of the catalogue of renderings.
struct Rendering {
  std::string option;     ///< "html": as in `report --html`.
  std::string file_name;  ///< "report.html"
  std::string description;
  std::string (*render)(const RunRecord&);
};
[[nodiscard]] std::span<const Rendering> rendering_catalogue();

/// Several systems on the same suite, side by side: a table a metric, a row a case, a column a system.
[[nodiscard]] std::string render_study_markdown(std::span<const RunRecord> runs);
[[nodiscard]] std::string render_study_html(std::span<const RunRecord> runs);
/// The metrics that a check looks at, for a terminal.
[[nodiscard]] std::string render_study_text(std::span<const RunRecord> runs);

}  // namespace meshassay::reports
