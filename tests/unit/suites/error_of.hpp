// SPDX-License-Identifier: GPL-3.0-or-later
// What a refusal says.
#pragma once

#include <gtest/gtest.h>

#include "core/errors.hpp"

namespace meshassay::suites {

/// The parts of the InvalidInput that `action` throws; fails where it throws none.
template <typename Action>
ErrorText error_of(Action action) {
  try {
    action();
  } catch (const InvalidInput& error) {
    return error.text();
  }
  ADD_FAILURE() << "expected InvalidInput";
  return {};
}

}  // namespace meshassay::suites
