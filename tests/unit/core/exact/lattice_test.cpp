// SPDX-License-Identifier: GPL-3.0-or-later
// Soups of up to three triangles on a lattice of 3 x 3 x 3 points, up to the 48 symmetries of the cube and
// the order of triangles, against clipping in fractions. Here: all pairs, and a sample of the triples; with
// MESHASSAY_LATTICE_TRIPLES=N in the environment every N-th triple (1: all of them, hours).
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "core/exact/outer_hull.hpp"
#include "core/exact/self_intersection.hpp"
#include "tests/unit/core/exact/rational_brute_force.hpp"

namespace meshassay::exact {
namespace {

using Corner = std::array<int, 3>;  // Lattice points, ascending.

Point3 lattice_point(int n) { return {double(n % 3), double(n / 3 % 3), double(n / 9)}; }

// How each of the 48 symmetries moves the 27 points.
std::vector<std::array<int, 27>> symmetries() {
  std::vector<std::array<int, 27>> all;
  std::array<int, 3> axes{0, 1, 2};
  do {
    for (int mirrored = 0; mirrored < 8; ++mirrored) {
      std::array<int, 27> moved{};
      for (int n = 0; n < 27; ++n) {
        const std::array<int, 3> from{n % 3, n / 3 % 3, n / 9};
        std::array<int, 3> to{};
        for (std::size_t i = 0; i < 3; ++i) {
          const int value = from[static_cast<std::size_t>(axes[i])];
          to[i] = (mirrored >> i & 1) != 0 ? 2 - value : value;
        }
        moved[static_cast<std::size_t>(n)] = to[0] + 3 * to[1] + 9 * to[2];
      }
      all.push_back(moved);
    }
  } while (std::next_permutation(axes.begin(), axes.end()));
  return all;
}

class Lattice {
 public:
  Lattice() {
    for (int a = 0; a < 27; ++a)
      for (int b = a + 1; b < 27; ++b)
        for (int c = b + 1; c < 27; ++c) {
          numbers_[{a, b, c}] = static_cast<int>(triangles_.size());
          triangles_.push_back({a, b, c});
        }
    for (const auto& moved : symmetries()) {
      std::vector<int> images;
      for (const auto& t : triangles_) {
        Corner image{};
        for (std::size_t i = 0; i < 3; ++i) image[i] = moved[static_cast<std::size_t>(t[i])];
        std::sort(image.begin(), image.end());
        images.push_back(numbers_.at(image));
      }
      images_.push_back(images);
    }
  }
  [[nodiscard]] int size() const { return static_cast<int>(triangles_.size()); }
  // Whether a pair is the smallest of those that the symmetries make of it.
  [[nodiscard]] bool is_first(int a, int b) const {
    for (const auto& image : images_) {
      const auto one = image[static_cast<std::size_t>(a)], other = image[static_cast<std::size_t>(b)];
      if (std::pair(std::min(one, other), std::max(one, other)) < std::pair(a, b)) return false;
    }
    return true;
  }
  [[nodiscard]] TriangleMesh soup(const std::vector<int>& chosen) const {
    TriangleMesh mesh;
    for (int n = 0; n < 27; ++n) mesh.vertices_mm.push_back(lattice_point(n));
    for (const int t : chosen) {
      const auto& corners = triangles_[static_cast<std::size_t>(t)];
      mesh.triangles.push_back({static_cast<std::uint32_t>(corners[0]),
                                static_cast<std::uint32_t>(corners[1]),
                                static_cast<std::uint32_t>(corners[2])});
    }
    return mesh;
  }

 private:
  std::vector<Corner> triangles_;
  std::map<Corner, int> numbers_;
  std::vector<std::vector<int>> images_;
};

bool degenerate_in_fractions(const TriangleMesh& mesh, std::size_t triangle) {
  return brute_force::is_zero(brute_force::normal(brute_force::corners_of(mesh, triangle)));
}

std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs_in_fractions(const TriangleMesh& mesh) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
  for (std::uint32_t a = 0; a < mesh.triangles.size(); ++a)
    for (std::uint32_t b = a + 1; b < mesh.triangles.size(); ++b)
      if (!degenerate_in_fractions(mesh, a) && !degenerate_in_fractions(mesh, b) &&
          !brute_force::meet_properly(brute_force::corners_of(mesh, a), brute_force::corners_of(mesh, b)))
        pairs.emplace_back(a, b);
  return pairs;
}

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

// Three triangles close nothing off: whatever they do, all pieces are sheets about one cell.
TEST(Lattice, TriplesAreCutRightAndCloseNothingOff) {
  const char* given = std::getenv("MESHASSAY_LATTICE_TRIPLES");
  const std::size_t every = given != nullptr ? std::max(1ul, std::strtoul(given, nullptr, 10)) : 200003;
  const Lattice lattice;
  std::size_t number = 0, soups = 0;
  for (int a = 0; a < lattice.size(); ++a)
    for (int b = a; b < lattice.size(); ++b) {
      if (!lattice.is_first(a, b)) continue;
      // Each triple holds a smallest pair; with the third not smaller than the second some are met twice,
      // none is left out.
      for (int c = 0; c < lattice.size(); ++c) {
        if (number++ % every != 0) continue;
        const auto mesh = lattice.soup({a, b, c});
        ASSERT_EQ(self_intersections(mesh).pairs, pairs_in_fractions(mesh)) << a << " " << b << " " << c;
        const auto arrangement = arrange(mesh);
        // The fault finder knows no degenerate or equivalent triangles.
        if (arrangement.set_aside.empty()) {
          ASSERT_EQ(brute_force::fault_of(mesh, arrangement), "") << a << " " << b << " " << c;
        }
        const auto hull = outer_hull(arrangement);
        ASSERT_EQ(hull.cells.size(), 1u) << a << " " << b << " " << c;
        ++soups;
      }
    }
  EXPECT_GT(soups, 1000u);
}

}  // namespace
}  // namespace meshassay::exact
