// SPDX-License-Identifier: GPL-3.0-or-later
#include "harness/console.hpp"

#include <gtest/gtest.h>

namespace meshassay::harness {
namespace {

TEST(Console, SaysNothingThatATerminalWouldActOn) {
  ::testing::internal::CaptureStderr();
  say("series \x1b]0;title\x07 of\n  \xff 1 mm²");  // Sets a window's title; and no UTF-8.
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "series \uFFFD]0;title\uFFFD of\n  \uFFFD 1 mm²\n");
}

}  // namespace
}  // namespace meshassay::harness
