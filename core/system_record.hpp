// SPDX-License-Identifier: GPL-3.0-or-later
// A system's own account of what it did: record.json.
#pragma once

#include <string>
#include <vector>

#include "core/parameters.hpp"

namespace meshassay {

/// One step as the system tells it, in the vocabulary of clause 5.
struct RecordedStep {
  std::string step;  ///< "segmentation", "reconstruction", "smoothing", "export", ...
  std::string method;
  Parameters parameters;
  friend bool operator==(const RecordedStep&, const RecordedStep&) = default;
};

/// record.json of a system.
struct SystemRecord {
  std::string status = "done";  ///< done | refused | unsupported
  std::string reason;
  std::vector<std::string> warnings;
  std::vector<RecordedStep> steps;
  Parameters findings;  ///< What it counted: "components", "cavities", "touches_border".
  friend bool operator==(const SystemRecord&, const SystemRecord&) = default;
};

}  // namespace meshassay
