// SPDX-License-Identifier: GPL-3.0-or-later
// study.md: a table a metric, a row a case, a column a system.
#include <fmt/format.h>

#include "reports/markdown.hpp"
#include "reports/renderings.hpp"
#include "reports/study.hpp"

namespace meshassay::reports {
namespace {

std::string cell_markdown(const StudyCell& cell) {
  std::string text = markdown_text(cell_text(cell));
  if (cell.changed) text = "**" + text + "**";
  if (const std::string interval = cell_interval(cell); !interval.empty())
    text += " " + markdown_text(interval);
  if (cell.outcome)
    text += fmt::format(" {} {}", words_of(*cell.outcome).symbol, words_of(*cell.outcome).text);
  return text;
}

void add_table(std::string& out, const StudyTable& table, std::span<const std::string> labels) {
  out += fmt::format("\n### {}{}\n\n| case |", markdown_text(table.label),
                     table.checked ? "" : ", which no check looks at");
  for (const auto& label : labels) out += " " + markdown_text(label) + " |";
  out += "\n|---|";
  for (std::size_t system = 0; system < labels.size(); ++system) out += "---|";
  out += "\n";
  for (const auto& row : table.rows) {
    out += fmt::format("| {} |", markdown_text(row.case_id));
    for (const auto& cell : row.cells) out += " " + cell_markdown(cell) + " |";
    out += "\n";
  }
}

}  // namespace

std::string render_study_markdown(std::span<const RunRecord> runs) {
  const auto labels = system_labels(runs);
  std::string out = fmt::format("# {} systems on {}\n\n", runs.size(), markdown_text(study_suites(runs)));
  for (std::size_t system = 0; system < runs.size(); ++system)
    out += fmt::format("- {}: {}. {}\n", markdown_text(labels[system]), verdict_words(runs[system]),
                       markdown_text(verdict_of(runs[system]).why));
  out += fmt::format("\n**Bold**: differs from the first system by more than both intervals. {}\n", meaning);
  const Study study = study_of(runs);
  for (const auto& table : study.tables) add_table(out, table, labels);
  if (const std::string left_out = left_out_text(study); !left_out.empty())
    out += "\n" + markdown_text(left_out) + "\n";
  return out;
}

}  // namespace meshassay::reports
