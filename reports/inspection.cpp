// SPDX-License-Identifier: GPL-3.0-or-later
#include "reports/inspection.hpp"

#include <fmt/format.h>

#include "reports/base64.hpp"
#include "reports/embedded.hpp"
#include "reports/template.hpp"

namespace meshassay::reports {
namespace {

// The classes of the style sheet for verdicts of checks.
const char* badge(const std::string& answer) {
  return answer == "yes" ? "pass" : answer == "no" ? "fail" : "inconclusive";
}

TemplateList rows_of(const std::vector<InspectedRow>& rows) {
  TemplateList list;
  for (const auto& row : rows) {
    TemplateData data;
    put(data, "row_name", row.name);
    put(data, "row_answer", row.answer);
    put(data, "row_badge", badge(row.answer));
    put(data, "row_meaning", row.meaning);
    put(data, "row_mend", row.mend);
    put_flag(data, "has_mend", !row.mend.empty());
    TemplateList witnesses;
    for (const auto& witness : row.witnesses) {
      TemplateData item;
      put(item, "witness", witness);
      witnesses.push_back(std::move(item));
    }
    put_list(data, "witnesses", std::move(witnesses));
    list.push_back(std::move(data));
  }
  return list;
}

}  // namespace

std::string render_inspection_html(const InspectionPage& page) {
  TemplateData data;
  put(data, "style", embedded::style);
  put(data, "title", page.title);
  put(data, "facts", page.facts);
  put(data, "identity", page.identity);
  put_list(data, "verdicts", rows_of(page.verdicts));
  put_list(data, "wrong", rows_of(page.wrong));
  put_list(data, "right", rows_of(page.right));
  TemplateList measured;
  for (const auto& row : page.measured) {
    TemplateData item;
    put(item, "measured_name", row.name);
    put(item, "measured_value", row.value);
    put(item, "measured_interval", row.interval);
    measured.push_back(std::move(item));
  }
  put_list(data, "measured", std::move(measured));
  TemplateList legend;
  for (const auto& row : page.legend) {
    TemplateData item;
    put(item, "legend_colour", fmt::format("#{:02x}{:02x}{:02x}", row.red, row.green, row.blue));
    put(item, "legend_text", row.text);
    legend.push_back(std::move(item));
  }
  put_list(data, "legend", std::move(legend));
  put_flag(data, "has_picture", !page.picture_png.empty());
  put(data, "picture", base64(page.picture_png));
  return fill_template(embedded::inspection_template, data);
}

}  // namespace meshassay::reports
