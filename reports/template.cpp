// SPDX-License-Identifier: GPL-3.0-or-later
#include "reports/template.hpp"

#include <stdexcept>

#include "reports/utf8.hpp"

namespace meshassay::reports {

void put(TemplateData& data, const std::string& name, std::string_view text) {
  data[name] = TemplateData(clean_text(text));
}

void put_flag(TemplateData& data, const std::string& name, bool flag) {
  data[name] = TemplateData(flag ? TemplateData::type::bool_true : TemplateData::type::bool_false);
}

void put_list(TemplateData& data, const std::string& name, TemplateList list) {
  put_flag(data, "has_" + name, !list.empty());
  data[name] = TemplateData(list);
}

std::string fill_template(const std::string& text, const TemplateData& data) {
  kainjow::mustache::mustache mustache(text);
  std::string result = mustache.render(data);
  if (!mustache.is_valid()) throw std::logic_error("template: " + mustache.error_message());
  return result;
}

}  // namespace meshassay::reports
