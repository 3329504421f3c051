// SPDX-License-Identifier: GPL-3.0-or-later
#include "reports/renderings.hpp"

namespace meshassay::reports {

std::span<const Rendering> rendering_catalogue() {
  static const Rendering catalogue[] = {
      {"html", "report.html", "one self-contained page for people", render_html},
      {"junit", "junit.xml", "a test case per check, for continuous integration", render_junit},
      {"markdown", "summary.md", "verdict, failures, requirements and cases, for a pull request",
       render_markdown},
      {"csv", "measurements.csv", "every measurement on a row, for spreadsheets", render_csv},
  };
  return catalogue;
}

}  // namespace meshassay::reports
