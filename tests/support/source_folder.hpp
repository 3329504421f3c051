// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

namespace test_support {

/// This project's root. A function rather than a definition for each source, so that a compiler's cache
/// serves every checkout.
[[nodiscard]] std::filesystem::path source_folder();
/// Real inputs beside the checkout; tests that need them skip, saying so, where the folder is absent.
[[nodiscard]] std::filesystem::path shared_data();

}  // namespace test_support
