// SPDX-License-Identifier: GPL-3.0-or-later
// The page of one mesh: verdicts first, what is wrong and what to do about it, the mesh with its defects.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace meshassay::reports {

/// A verdict or a property, in words.
struct InspectedRow {
  std::string name;
  std::string answer;                  ///< "yes", "no", "not decided"
  std::string meaning;                 ///< One sentence.
  std::vector<std::string> witnesses;  ///< Which triangles, where.
  std::string mend;                    ///< What to do; empty where nothing is wrong.
};

struct LegendRow {
  std::uint8_t red = 0, green = 0, blue = 0;
  std::string text;
};

struct MeasuredRow {
  std::string name, value, interval;
};

struct InspectionPage {
  std::string title, facts;
  std::vector<InspectedRow> verdicts, wrong, right;
  std::vector<MeasuredRow> measured;
  std::vector<LegendRow> legend;
  std::string picture_png;  ///< The bytes of a PNG file.
  std::string identity;     ///< Which program wrote it.
};

/// One HTML file that needs no other. Every text is escaped.
[[nodiscard]] std::string render_inspection_html(const InspectionPage& page);

}  // namespace meshassay::reports
