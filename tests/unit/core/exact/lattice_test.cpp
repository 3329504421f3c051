// SPDX-License-Identifier: GPL-3.0-or-later
// Soups of up to three triangles on a lattice of 3 x 3 x 3 points, up to the 48 symmetries of the cube and
// the order of triangles, against a brute force in whole numbers, and that against one in fractions.
#include "tests/unit/core/exact/lattice.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>

namespace meshassay::exact {
namespace {

// Small numbers, so that nothing is rounded.
whole_numbers::Polygon in_lowest_terms(const std::vector<brute_force::Point>& polygon) {
  whole_numbers::Polygon places;
  for (const auto& p : polygon) {
    const brute_force::Fraction w(p[0].denominator() * p[1].denominator() * p[2].denominator());
    const auto whole = [&](const brute_force::Fraction& x) {
      return static_cast<whole_numbers::Whole>(CGAL::to_double(brute_force::Fraction(w * x)));
    };
    const auto at = whole_numbers::place({whole(p[0]), whole(p[1]), whole(p[2])}, whole(1));
    if (std::find(places.begin(), places.end(), at) == places.end()) places.push_back(at);
  }
  return places;
}

// Pairs, twice the same triangle included, so single ones too.
TEST(Lattice, EveryPairOfTrianglesMeetsAsFractionsSayAndIsCutRight) {
  const Lattice lattice;
  std::size_t soups = 0, intersecting = 0;
  std::array<std::size_t, 7> of_size{};  // What they have in common: corners of it.
  for (int a = 0; a < lattice.size(); ++a)
    for (int b = a; b < lattice.size(); ++b) {
      if (!lattice.is_first(a, b)) continue;
      ++soups;
      const auto mesh = Lattice::soup(lattice.corners({a, b}));
      std::vector<std::uint32_t> degenerate;
      for (std::uint32_t t = 0; t < 2; ++t)
        if (degenerate_in_fractions(mesh, t)) degenerate.push_back(t);
      ASSERT_EQ(degenerate_triangles(mesh), degenerate);
      const auto verdict = verdict_of_soup(mesh);
      ASSERT_EQ(verdict.fault, "") << "triangles " << a << " and " << b;
      if (!degenerate.empty()) continue;
      const auto one = brute_force::corners_of(mesh, 0), other = brute_force::corners_of(mesh, 1);
      const auto common = brute_force::intersection(one, other);
      const auto in_whole_numbers =
          whole_numbers::meeting(lattice_triangle(mesh, 0), lattice_triangle(mesh, 1));
      ASSERT_EQ(in_whole_numbers, in_lowest_terms(common)) << "triangles " << a << " and " << b;
      const bool properly = brute_force::meet_properly(one, other, common);
      ASSERT_EQ(self_intersections(mesh).pairs.empty(), properly) << "triangles " << a << " and " << b;
      intersecting += properly ? 0 : 1;
      ++of_size.at(in_whole_numbers.size());
    }
  EXPECT_EQ(soups, lattice.pairs());
  // About 2925 * 2926 / 2 / 48 = 89150 and more, for soups that are symmetric themselves.
  EXPECT_GT(soups, 89150u);
  for (std::size_t size = 0; size <= 4; ++size) EXPECT_GT(of_size[size], 100u) << size;
  EXPECT_GT(intersecting, 10000u);
}

// Three triangles close nothing off: whatever they do, all pieces are sheets about one cell. Here every
// 4001st class; all of them, in shards: lattice_triples (tests/README.md).
TEST(Lattice, TriplesAreCutRightAndCloseNothingOff) {
  const Lattice lattice;
  std::uint64_t classes = 0;
  std::array<std::size_t, 4> with_pairs{};
  lattice.for_each_triple([&](const std::array<int, 3>& chosen) {
    const auto number = classes++;
    if (number % 4001 != 0) return;
    const auto mesh = Lattice::soup(lattice.form({chosen.begin(), chosen.end()}, number));
    const auto verdict = verdict_of_soup(mesh);
    ++with_pairs.at(verdict.intersecting_pairs);
    ASSERT_EQ(verdict.fault, "") << "class " << number;
    if (number % (std::uint64_t{16} * 4001) == 0) {
      ASSERT_EQ(fault_in_fractions(mesh), "") << "class " << number;
    }
  });
  for (const auto count : with_pairs) EXPECT_GT(count, 500u);
  // About 2925 * 2926 * 2927 / 6 / 48 = 86982207 and more.
  EXPECT_EQ(classes, lattice.triples());
  EXPECT_GT(classes, 86'982'207u);
}

// --- What the fault finders must find ---

void take_out(Arrangement& arrangement, std::uint32_t piece) {
  arrangement.triangles.erase(arrangement.triangles.begin() + piece);
  arrangement.source.erase(arrangement.source.begin() + piece);
  std::erase_if(arrangement.further_sources, [&](const auto& further) { return further.triangle == piece; });
  for (auto& further : arrangement.further_sources)
    if (further.triangle > piece) --further.triangle;
}

struct Mischief {
  const char* what;
  // False where it cannot be done to this arrangement. `lot` says which piece.
  std::function<bool(Arrangement&, std::uint32_t lot)> done;
};

const std::vector<Mischief> mischiefs{
    {"a piece is missing",
     [](Arrangement& arrangement, std::uint32_t lot) {
       take_out(arrangement, lot % static_cast<std::uint32_t>(arrangement.triangles.size()));
       return true;
     }},
    {"a piece is there twice",
     [](Arrangement& arrangement, std::uint32_t lot) {
       const auto piece = lot % static_cast<std::uint32_t>(arrangement.triangles.size());
       arrangement.triangles.push_back(arrangement.triangles[piece]);
       arrangement.source.push_back(arrangement.source[piece]);
       return true;
     }},
    {"a piece is turned round",
     [](Arrangement& arrangement, std::uint32_t lot) {
       auto& piece = arrangement.triangles[lot % arrangement.triangles.size()];
       std::swap(piece[0], piece[1]);
       return true;
     }},
    {"a corner is another vertex",
     [](Arrangement& arrangement, std::uint32_t lot) {
       auto& piece = arrangement.triangles[lot % arrangement.triangles.size()];
       auto& corner = piece[lot % 3];
       corner = (corner + 1) % static_cast<std::uint32_t>(arrangement.vertices_mm.size());
       return true;
     }},
    {"a piece has no area",
     [](Arrangement& arrangement, std::uint32_t lot) {
       auto& piece = arrangement.triangles[lot % arrangement.triangles.size()];
       piece[0] = piece[1];
       return true;
     }},
    {"a piece is another source's",
     [](Arrangement& arrangement, std::uint32_t lot) {
       auto& source = arrangement.source[lot % arrangement.source.size()];
       source = (source + 1) % 3;
       return true;
     }},
    {"a further source is forgotten",
     [](Arrangement& arrangement, std::uint32_t) {
       if (arrangement.further_sources.empty()) return false;
       arrangement.further_sources.pop_back();
       return true;
     }},
    {"a further source runs the other way",
     [](Arrangement& arrangement, std::uint32_t) {
       if (arrangement.further_sources.empty()) return false;
       auto& further = arrangement.further_sources.back();
       further.same_orientation = !further.same_orientation;
       return true;
     }},
    {"a source is not cut at all",
     [](Arrangement& arrangement, std::uint32_t lot) {
       const std::uint32_t source = lot % 3;
       const auto pieces = std::count(arrangement.source.begin(), arrangement.source.end(), source);
       if (pieces < 2 || !arrangement.further_sources.empty()) return false;
       for (auto piece = static_cast<std::uint32_t>(arrangement.triangles.size()); piece-- > 0;)
         if (arrangement.source[piece] == source) take_out(arrangement, piece);
       arrangement.triangles.push_back(arrangement.exact->input().triangles[source]);
       arrangement.source.push_back(source);
       return true;
     }},
};

TEST(Lattice, BothFaultFindersFindWhatIsWrong) {
  const Lattice lattice;
  std::mt19937_64 random(1);
  std::vector<std::size_t> done(mischiefs.size(), 0);
  for (int soup = 0; soup < 400; ++soup) {
    std::vector<int> chosen;
    for (int t = 0; t < 3; ++t)
      chosen.push_back(static_cast<int>(random() % static_cast<std::uint64_t>(lattice.size())));
    const auto mesh = Lattice::soup(lattice.corners(chosen));
    const auto right = arrange(mesh);
    if (!right.set_aside.empty()) continue;
    const auto [sources, meetings, pairs, repeated] = expected_of(mesh);
    ASSERT_EQ(brute_force::fault_of(mesh, right), "");
    ASSERT_EQ(whole_numbers::fault_of(sources, meetings, right), "");
    for (std::size_t m = 0; m < mischiefs.size(); ++m) {
      auto wrong = right;
      if (!mischiefs[m].done(wrong, static_cast<std::uint32_t>(random()))) continue;
      ++done[m];
      EXPECT_NE(brute_force::fault_of(mesh, wrong), "") << mischiefs[m].what << ", soup " << soup;
      EXPECT_NE(whole_numbers::fault_of(sources, meetings, wrong), "")
          << mischiefs[m].what << ", soup " << soup;
    }
  }
  for (std::size_t m = 0; m < mischiefs.size(); ++m) EXPECT_GT(done[m], 10u) << mischiefs[m].what;
}

}  // namespace
}  // namespace meshassay::exact
