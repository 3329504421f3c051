// SPDX-License-Identifier: GPL-3.0-or-later
// What the build knows of itself; the source file is written by cmake/build_info.cmake at every build, when
// it changed.
#pragma once

#include <vector>

namespace meshassay::harness::build_info {

struct Library {
  const char* name;
  const char* version;
};

extern const char* const version;
extern const char* const commit;  ///< "unknown" outside a git checkout.
extern const bool clean_tree;
extern const std::vector<Library> libraries;

}  // namespace meshassay::harness::build_info
