// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace meshassay::reports {

/// For pictures within a page (data: URLs). \pre Less than 1 GiB.
[[nodiscard]] std::string base64(const std::string& bytes);

}  // namespace meshassay::reports
