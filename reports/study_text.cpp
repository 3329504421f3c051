// SPDX-License-Identifier: GPL-3.0-or-later
// A study on a terminal: the metrics that a check looks at, in short columns; the rest by name.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/text.hpp"
#include "reports/case_groups.hpp"
#include "reports/columns.hpp"
#include "reports/renderings.hpp"
#include "reports/study.hpp"
#include "reports/utf8.hpp"

namespace meshassay::reports {
namespace {

constexpr std::size_t max_column_width = 22;

/// Every text of a record, on one line and short enough for a column.
std::string short_cell(const std::string& text) { return shortened(clean_line(text), max_column_width); }

std::vector<std::string> short_names(std::span<const RunRecord> runs) {
  auto names = short_labels(system_labels(runs));
  for (auto& name : names) name = short_cell(name);
  return names;
}

/// "-0.127* ✗"; without a number, the reason.
std::string cell_line(const StudyCell& cell) {
  std::string text = "–";
  if (cell.measurement != nullptr)
    text = cell.measurement->value ? value_text(*cell.measurement->value) : cell.measurement->reason;
  text = short_cell(text);
  if (cell.changed) text += "*";
  if (cell.outcome) text += fmt::format(" {}", words_of(*cell.outcome).symbol);
  return text;
}

std::string systems_text(std::span<const RunRecord> runs, std::span<const std::string> names) {
  const auto labels = system_labels(runs);
  std::size_t name_width = 0;
  std::size_t label_width = 0;
  for (std::size_t system = 0; system < runs.size(); ++system) {
    name_width = std::max(name_width, columns(names[system]));
    label_width = std::max(label_width, columns(shortened(clean_line(labels[system]), 40)));
  }
  std::string text;
  for (std::size_t system = 0; system < runs.size(); ++system) {
    const std::string line =
        fmt::format("  {}  {}  {}  {}", padded(names[system], name_width),
                    padded(shortened(clean_line(labels[system]), 40), label_width),
                    padded(verdict_words(runs[system]), 12), clean_line(verdict_of(runs[system]).why));
    text += wrapped(line, name_width + label_width + 20) + "\n";
  }
  return text;
}

struct CaseNames {
  std::map<std::string, std::string>
      short_names;     ///< By id: the phantom and what tells it from its neighbours.
  std::string shared;  ///< What the short names leave out, a line a phantom.
};

CaseNames case_names(const Study& study) {
  std::vector<std::string> ids;
  for (const auto& table : study.tables)
    for (const auto& row : table.rows)
      if (std::find(ids.begin(), ids.end(), row.case_id) == ids.end()) ids.push_back(row.case_id);
  CaseNames names;
  auto id = ids.begin();
  for (const auto& group : group_cases(ids)) {
    const std::string phantom = group.shared.substr(0, group.shared.find('/'));
    for (const auto& rest : group.rest)
      names.short_names[*id++] = clean_line(rest.empty() ? phantom : phantom + "/" + rest);
    if (phantom != group.shared) names.shared += wrapped("  " + clean_line(group.shared), 4) + "\n";
  }
  return names;
}

std::string table_text(const StudyTable& table, std::span<const std::string> systems,
                       const CaseNames& cases) {
  std::vector<std::size_t> widths;
  for (const auto& system : systems) widths.push_back(columns(system));
  for (const auto& row : table.rows)
    for (std::size_t i = 0; i < widths.size(); ++i)
      widths[i] = std::max(widths[i], columns(cell_line(row.cells[i])));
  const auto cells_text = [&widths](const auto& text_of) {
    std::string line;
    for (std::size_t i = 0; i < widths.size(); ++i) line += "  " + padded(text_of(i), widths[i]);
    return line + "  ";
  };
  std::string text =
      "\n" + clean_line(table.label + (unit_text(table.unit).empty() ? "" : "," + unit_text(table.unit))) +
      "\n";
  text += cells_text([&](std::size_t i) { return systems[i]; }) + "case\n";
  for (const auto& row : table.rows) {
    const std::string cells = cells_text([&](std::size_t i) { return cell_line(row.cells[i]); });
    text += wrapped(cells + cases.short_names.at(row.case_id), columns(cells) + 2) + "\n";
  }
  return text;
}

}  // namespace

std::string render_study_text(std::span<const RunRecord> runs) {
  const auto names = short_names(runs);
  const Study study = study_of(runs);
  std::string text = fmt::format("{} systems on {}\n", runs.size(), clean_line(study_suites(runs)));
  text += systems_text(runs, names);
  const CaseNames cases = case_names(study);
  if (!cases.shared.empty()) text += "\nWhat the cases below share:\n" + cases.shared;
  std::vector<std::string> others;
  for (const auto& table : study.tables) {
    if (table.checked) {
      text += table_text(table, names, cases);
    } else {
      others.push_back(clean_line(table.label));
    }
  }
  if (runs.size() > 1)
    text += "\n* differs from the first system by more than both intervals. ✓ ✗ ? what its check says.\n";
  if (!others.empty())
    text +=
        wrapped(fmt::format("No check looks at these, and they differ: {}.", join(others, ", ")), 2) + "\n";
  if (const std::string left_out = left_out_text(study); !left_out.empty())
    text += wrapped(left_out, 2) + "\n";
  return text + "Every value with its interval: study.html and study.md.\n";
}

}  // namespace meshassay::reports
