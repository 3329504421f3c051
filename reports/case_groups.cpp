// SPDX-License-Identifier: GPL-3.0-or-later
#include "reports/case_groups.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace meshassay::reports {
namespace {

using Parts = std::vector<std::string>;

Parts parts_of(const std::string& id) {
  Parts parts;
  std::size_t begin = 0;
  for (auto end = id.find('/'); end != std::string::npos; end = id.find('/', begin)) {
    parts.push_back(id.substr(begin, end - begin));
    begin = end + 1;
  }
  parts.push_back(id.substr(begin));
  return parts;
}

bool contains(const Parts& parts, const std::string& part) {
  return std::find(parts.begin(), parts.end(), part) != parts.end();
}

CaseGroup group_of(std::span<const Parts> ids) {
  Parts shared = ids.front();
  for (const auto& id : ids) std::erase_if(shared, [&id](const auto& part) { return !contains(id, part); });
  CaseGroup group{.shared = join(shared, "/")};
  for (auto id : ids) {
    std::erase_if(id, [&shared](const auto& part) { return contains(shared, part); });
    group.rest.push_back(join(id, "/"));
  }
  return group;
}

}  // namespace

std::vector<CaseGroup> group_cases(std::span<const std::string> case_ids) {
  std::vector<Parts> ids;
  for (const auto& id : case_ids) ids.push_back(parts_of(id));
  std::vector<CaseGroup> groups;
  for (std::size_t begin = 0; begin < ids.size();) {
    std::size_t end = begin + 1;
    while (end < ids.size() && ids[end].front() == ids[begin].front()) ++end;
    groups.push_back(group_of(std::span(ids).subspan(begin, end - begin)));
    begin = end;
  }
  return groups;
}

}  // namespace meshassay::reports
