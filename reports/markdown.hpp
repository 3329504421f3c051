// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace meshassay::reports {

/// Text of a record as one line of Markdown that shows it as it is, also in a cell of a table: what Markdown
/// or HTML would read as markup is escaped.
[[nodiscard]] std::string markdown_text(std::string_view text);

}  // namespace meshassay::reports
