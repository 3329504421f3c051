// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace meshassay::reports {

/// Text that every rendering can hold: valid UTF-8 without control characters (tab, line feed and carriage
/// return stay) and without the noncharacters that XML 1.0 forbids. What cannot stay becomes U+FFFD. The
/// records of systems and the output of their programs hold anything.
[[nodiscard]] std::string clean_text(std::string_view text);
/// The same on one line: tabs and line ends become spaces.
[[nodiscard]] std::string clean_line(std::string_view text);
/// Cleaned, for the text of an XML element and for attributes between double quotes. Line ends are
/// references, so that attributes keep them.
[[nodiscard]] std::string escape_xml(std::string_view text);

}  // namespace meshassay::reports
