// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bridge_cgal/exact_numbers.hpp"

#include <gtest/gtest.h>

namespace meshassay::exact {
namespace {

TEST(Residue, TimesItsInverseIsOne) {
  for (const double value : {1.0, -1.0, 2.0, 0.5, 3.0, -7.0, 0.1, 1e300, 1e-300, 332.0, 1e6 + 1.0 / 3.0})
    EXPECT_EQ((Residue(value) * Residue(value).inverse()).value(), 1u) << value;
}

TEST(Residue, OfAFractionIsThatOfItsPartsDivided) {
  // 3 / 8 is a double; so is 0.375.
  EXPECT_EQ((Residue(3.0) * Residue(8.0).inverse()).value(), Residue(0.375).value());
  // 2^61 = 1, so that a half is 2^60.
  EXPECT_EQ(Residue(2.0).inverse().value(), std::uint64_t{1} << 60);
}

TEST(Residue, ZeroHasTheInverseZero) { EXPECT_EQ(Residue(0.0).inverse().value(), 0u); }

}  // namespace
}  // namespace meshassay::exact
