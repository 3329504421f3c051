// SPDX-License-Identifier: GPL-3.0-or-later
// All triangles on a lattice of 3 x 3 x 3 points, and what fractions say of them.
#pragma once

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <vector>

#include "core/exact/outer_hull.hpp"
#include "core/exact/self_intersection.hpp"
#include "tests/unit/core/exact/rational_brute_force.hpp"

namespace meshassay::exact {

using Corner = std::array<int, 3>;  ///< Lattice points, ascending.

inline Point3 lattice_point(int n) { return {double(n % 3), double(n / 3 % 3), double(n / 9)}; }

/// How each of the 48 symmetries moves the 27 points.
inline std::vector<std::array<int, 27>> symmetries() {
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
  /// Whether a pair is the smallest of those that the symmetries make of it.
  [[nodiscard]] bool is_first(int a, int b) const {
    for (const auto& image : images_) {
      const auto one = image[static_cast<std::size_t>(a)], other = image[static_cast<std::size_t>(b)];
      if (std::pair(std::min(one, other), std::max(one, other)) < std::pair(a, b)) return false;
    }
    return true;
  }
  /// The same of three in ascending order.
  [[nodiscard]] bool is_first(int a, int b, int c) const {
    for (const auto& image : images_) {
      std::array<int, 3> moved{image[static_cast<std::size_t>(a)], image[static_cast<std::size_t>(b)],
                               image[static_cast<std::size_t>(c)]};
      std::sort(moved.begin(), moved.end());
      if (moved < std::array{a, b, c}) return false;
    }
    return true;
  }
  /// One of each class of three triangles, equal ones allowed, that symmetries and order make one; in a fixed
  /// order. Calls `visit(a, b, c)`.
  template <typename Visit>
  void for_each_triple(const Visit& visit) const {
    for (int a = 0; a < size(); ++a) {
      if (!is_first(a, a)) continue;  // The smallest of a first triple is first itself.
      for (int b = a; b < size(); ++b)
        for (int c = b; c < size(); ++c)
          if (is_first(a, b, c)) visit(a, b, c);
    }
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

inline bool degenerate_in_fractions(const TriangleMesh& mesh, std::size_t triangle) {
  return brute_force::is_zero(brute_force::normal(brute_force::corners_of(mesh, triangle)));
}

/// Pairs that meet in more than a common face of both.
inline std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs_in_fractions(const TriangleMesh& mesh) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
  for (std::uint32_t a = 0; a < mesh.triangles.size(); ++a)
    for (std::uint32_t b = a + 1; b < mesh.triangles.size(); ++b)
      if (!degenerate_in_fractions(mesh, a) && !degenerate_in_fractions(mesh, b) &&
          !brute_force::meet_properly(brute_force::corners_of(mesh, a), brute_force::corners_of(mesh, b)))
        pairs.emplace_back(a, b);
  return pairs;
}

/// What is wrong with our answers about three triangles, which close nothing off; empty: nothing.
inline std::string fault_of_soup(const TriangleMesh& mesh) {
  if (self_intersections(mesh).pairs != pairs_in_fractions(mesh)) return "intersecting pairs";
  const auto arrangement = arrange(mesh);
  // The fault finder knows no degenerate triangles.
  if (arrangement.set_aside.empty())
    if (auto fault = brute_force::fault_of(mesh, arrangement); !fault.empty()) return fault;
  return outer_hull(arrangement).cells.size() == 1 ? "" : "a cell is closed off";
}

}  // namespace meshassay::exact
