// SPDX-License-Identifier: GPL-3.0-or-later
// Soups of up to three triangles on a lattice of 3 x 3 x 3 points, up to the 48 symmetries of the cube and
// the order of triangles, against clipping in fractions.
#include "tests/unit/core/exact/lattice.hpp"

#include <gtest/gtest.h>

#include <random>

namespace meshassay::exact {
namespace {

TEST(Lattice, EveryPairOfTrianglesMeetsAsFractionsSay) {
  const Lattice lattice;
  std::size_t soups = 0, intersecting = 0;
  for (int a = 0; a < lattice.size(); ++a)
    for (int b = a; b < lattice.size(); ++b) {
      if (!lattice.is_first(a, b)) continue;
      const auto mesh = lattice.soup({a, b});
      const auto found = self_intersections(mesh).pairs;
      ASSERT_EQ(found, pairs_in_fractions(mesh)) << "triangles " << a << " and " << b;
      std::vector<std::uint32_t> degenerate;
      for (std::uint32_t t = 0; t < 2; ++t)
        if (degenerate_in_fractions(mesh, t)) degenerate.push_back(t);
      ASSERT_EQ(degenerate_triangles(mesh), degenerate);
      ++soups;
      intersecting += found.size();
    }
  // Burnside: about 2925 * 2926 / 2 / 48 = 89150 and more, for soups that are symmetric themselves.
  EXPECT_GT(soups, 89150u);
  EXPECT_GT(intersecting, 10000u);
}

// Three triangles close nothing off: whatever they do, all pieces are sheets about one cell. Here a sample by
// lot; one of each class of them all, in shards: lattice_triples (tests/README.md).
TEST(Lattice, TriplesAreCutRightAndCloseNothingOff) {
  const Lattice lattice;
  std::mt19937_64 random(1);
  const auto any = [&] { return static_cast<int>(random() % static_cast<std::uint64_t>(lattice.size())); };
  std::size_t intersecting = 0;
  for (int soup = 0; soup < 6000; ++soup) {
    const int a = any(), b = any(), c = any();
    const auto mesh = lattice.soup({a, b, c});
    ASSERT_EQ(fault_of_soup(mesh), "") << a << " " << b << " " << c;
    intersecting += self_intersections(mesh).pairs.empty() ? 0 : 1;
  }
  EXPECT_GT(intersecting, 3000u);
}

}  // namespace
}  // namespace meshassay::exact
