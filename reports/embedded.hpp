// SPDX-License-Identifier: GPL-3.0-or-later
// Files of this folder that travel inside the program (generated from embedded.cpp.in).
#pragma once

#include <string>

namespace meshassay::reports::embedded {

extern const std::string run_schema;
extern const std::string report_template;
extern const std::string study_template;
extern const std::string inspection_template;
extern const std::string style;

}  // namespace meshassay::reports::embedded
