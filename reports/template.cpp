// SPDX-License-Identifier: GPL-3.0-or-later
#include "reports/template.hpp"

#include <kainjow/mustache.hpp>
#include <stdexcept>

#include "reports/utf8.hpp"

namespace meshassay::reports {
namespace {

namespace mustache = kainjow::mustache;

mustache::data to_mustache(const TemplateData& data) {
  mustache::data result;
  for (const auto& [name, text] : data.texts) result[name] = mustache::data(text);
  for (const auto& [name, flag] : data.flags)
    result[name] = mustache::data(flag ? mustache::data::type::bool_true : mustache::data::type::bool_false);
  for (const auto& [name, sections] : data.lists) {
    mustache::list list;
    for (const auto& section : sections) list.push_back(to_mustache(section));
    result[name] = mustache::data(list);
  }
  return result;
}

}  // namespace

void put(TemplateData& data, const std::string& name, std::string_view text) {
  data.texts[name] = clean_text(text);
}

void put_breakable(TemplateData& data, const std::string& name, std::string_view text) {
  put(data, name, text);
  TemplateList parts;
  while (!text.empty()) {
    const auto slash = text.find('/');
    const auto part = slash == std::string_view::npos ? text : text.substr(0, slash + 1);
    put(parts.emplace_back(), "part", part);
    text.remove_prefix(part.size());
  }
  put_list(data, name + "_parts", std::move(parts));
}

void put_flag(TemplateData& data, const std::string& name, bool flag) { data.flags[name] = flag; }

void put_list(TemplateData& data, const std::string& name, TemplateList list) {
  put_flag(data, "has_" + name, !list.empty());
  data.lists[name] = std::move(list);
}

std::string fill_template(const std::string& text, const TemplateData& data) {
  mustache::mustache page(text);
  std::string result = page.render(to_mustache(data));
  if (!page.is_valid()) throw std::logic_error("template: " + page.error_message());
  return result;
}

}  // namespace meshassay::reports
