// SPDX-License-Identifier: GPL-3.0-or-later
// Filling a mustache template. Every text of a record goes through put(), which cleans it; the template
// escapes it
// ({{name}}). No template of ours writes a record's text unescaped.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace meshassay::reports {

/// What one section of a template shows, by name. Filled by put(), put_flag() and put_list().
struct TemplateData {
  std::map<std::string, std::string> texts;
  std::map<std::string, bool> flags;
  std::map<std::string, std::vector<TemplateData>> lists;
};
using TemplateList = std::vector<TemplateData>;

/// A name that an inner section does not set is looked up in the outer ones: set every name that a section
/// shows.
void put(TemplateData& data, const std::string& name, std::string_view text);
/// Sets `name`, and `<name>_parts`, a list of `part`: a long case id may break between them, after its
/// slashes.
void put_breakable(TemplateData& data, const std::string& name, std::string_view text);
void put_flag(TemplateData& data, const std::string& name, bool flag);
/// Sets `name`, and `has_<name>`, so that a heading can depend on the list.
void put_list(TemplateData& data, const std::string& name, TemplateList list);

/// \throw std::logic_error where the template itself is wrong.
[[nodiscard]] std::string fill_template(const std::string& text, const TemplateData& data);

}  // namespace meshassay::reports
