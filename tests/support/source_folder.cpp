// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/source_folder.hpp"

namespace test_support {

std::filesystem::path source_folder() { return MESHASSAY_SOURCE_DIR; }
std::filesystem::path shared_data() { return source_folder() / "../shared/data"; }

}  // namespace test_support
