// SPDX-License-Identifier: GPL-3.0-or-later
// What an error says to a person.
#pragma once

#include <gtest/gtest.h>

#include <string>

namespace meshassay::testing {

/// What the error says, all of it; fails where there is none.
template <typename Expected, typename Call>
std::string message_of(Call&& call) {
  try {
    call();
  } catch (const Expected& error) {
    EXPECT_FALSE(error.text().where.empty()) << error.what();
    EXPECT_FALSE(error.text().mend.empty()) << error.what();
    return error.what();
  } catch (const std::exception& error) {
    ADD_FAILURE() << "another exception: " << error.what();
    return "";
  }
  ADD_FAILURE() << "no exception";
  return "";
}

}  // namespace meshassay::testing
