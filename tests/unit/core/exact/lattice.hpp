// SPDX-License-Identifier: GPL-3.0-or-later
// All triangles on a lattice of 3 x 3 x 3 points, one of each class that its 48 symmetries make of three of
// them, and what is wrong with our answers about such a soup.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <exception>
#include <map>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "core/exact/outer_hull.hpp"
#include "core/exact/self_intersection.hpp"
#include "tests/unit/core/exact/rational_brute_force.hpp"
#include "tests/unit/core/exact/whole_numbers.hpp"

namespace meshassay::exact {

using Corner = std::array<int, 3>;  ///< Lattice points, ascending.

inline Point3 lattice_point(int n) { return {double(n % 3), double(n / 3 % 3), double(n / 9 % 3)}; }

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
  Lattice(const Lattice&) = delete;  // Has pointers into itself.
  Lattice& operator=(const Lattice&) = delete;
  Lattice() : symmetries_(symmetries()) {
    std::map<Corner, int> numbers;
    for (int a = 0; a < 27; ++a)
      for (int b = a + 1; b < 27; ++b)
        for (int c = b + 1; c < 27; ++c) {
          numbers[{a, b, c}] = size();
          triangles_.push_back({a, b, c});
        }
    for (const auto& moved : symmetries_) {
      std::vector<int> images;
      for (const auto& t : triangles_) {
        Corner image = moved_corners(moved, t);
        std::sort(image.begin(), image.end());
        images.push_back(numbers.at(image));
      }
      images_.push_back(images);
    }
    for (std::size_t t = 0; t < triangles_.size(); ++t) {
      int smallest = static_cast<int>(t);
      for (const auto& image : images_) smallest = std::min(smallest, image[t]);
      smallest_image_.push_back(smallest);
      auto& bringing = bringing_to_smallest_.emplace_back();
      for (const auto& image : images_)
        if (image[t] == smallest) bringing.push_back(image.data());
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
  /// One of each class of three triangles, equal ones allowed, that symmetries and order make one; in a fixed
  /// order, ascending each. Calls `visit({a, b, c})`.
  template <typename Visit>
  void for_each_triple(const Visit& visit) const {
    for (int a = 0; a < size(); ++a) {
      if (smallest_image(a) != a) continue;  // The smallest of a first triple is first itself.
      for (int b = a; b < size(); ++b) {
        if (smallest_image(b) < a) continue;
        for (int c = b; c < size(); ++c)
          if (smallest_image(c) >= a && is_first(a, b, c)) visit(std::array{a, b, c});
      }
    }
  }
  /// How many classes there are of two and of three triangles, by Burnside's lemma: a symmetry keeps so many
  /// sets with repetition as the cycle index of the symmetric group says of the triangles that it, its square
  /// and its cube keep.
  [[nodiscard]] std::uint64_t pairs() const {
    std::uint64_t sum = 0;
    for (const auto& image : images_) sum += (kept(image, 1) * kept(image, 1) + kept(image, 2)) / 2;
    return sum / images_.size();
  }
  [[nodiscard]] std::uint64_t triples() const {
    std::uint64_t sum = 0;
    for (const auto& image : images_) {
      const auto once = kept(image, 1), twice = kept(image, 2), thrice = kept(image, 3);
      sum += (once * once * once + 3 * once * twice + 2 * thrice) / 6;
    }
    return sum / images_.size();
  }

  /// Corners as they stand.
  [[nodiscard]] static TriangleMesh soup(const std::vector<Corner>& triangles) {
    TriangleMesh mesh;
    mesh.vertices_mm.reserve(27);
    for (int n = 0; n < 27; ++n) mesh.vertices_mm.push_back(lattice_point(n));
    for (const auto& t : triangles)
      mesh.triangles.push_back({static_cast<std::uint32_t>(t[0]), static_cast<std::uint32_t>(t[1]),
                                static_cast<std::uint32_t>(t[2])});
    return mesh;
  }
  [[nodiscard]] std::vector<Corner> corners(const std::vector<int>& chosen) const {
    std::vector<Corner> all;
    for (const int t : chosen) all.push_back(triangles_[static_cast<std::size_t>(t)]);
    return all;
  }
  /// One of the forms of a class: under one of the symmetries, in one of the orders, with corners in one of
  /// their orders, as the lot falls.
  [[nodiscard]] std::vector<Corner> form(const std::vector<int>& chosen, std::uint64_t lot) const {
    const auto draw = [&](std::uint64_t below) {  // By splitmix64.
      lot += 0x9e3779b97f4a7c15ULL;
      std::uint64_t z = lot;
      z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
      z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
      return static_cast<std::size_t>((z ^ (z >> 31)) % below);
    };
    const auto shuffle = [&](auto& list) {
      for (std::size_t n = list.size(); n > 1; --n) std::swap(list[n - 1], list[draw(n)]);
    };
    const auto& moved = symmetries_[draw(symmetries_.size())];
    std::vector<Corner> all = corners(chosen);
    for (auto& t : all) {
      t = moved_corners(moved, t);
      shuffle(t);
    }
    shuffle(all);
    return all;
  }

 private:
  static Corner moved_corners(const std::array<int, 27>& moved, const Corner& t) {
    Corner image{};
    for (std::size_t i = 0; i < 3; ++i) image[i] = moved[static_cast<std::size_t>(t[i])];
    return image;
  }
  // `a` is the smallest image of all three. A symmetry that brings none of them to it makes the set larger.
  [[nodiscard]] bool is_first(int a, int b, int c) const {
    const auto is_larger = [&](const int* image) {
      std::array<int, 3> moved{image[a], image[b], image[c]};
      if (moved[1] < moved[0]) std::swap(moved[0], moved[1]);
      if (moved[2] < moved[1]) std::swap(moved[1], moved[2]);
      if (moved[1] < moved[0]) std::swap(moved[0], moved[1]);
      return std::array{a, b, c} <= moved;
    };
    for (const int t : {a, b, c}) {
      if (smallest_image(t) != a) continue;
      const auto& bringing = bringing_to_smallest_[static_cast<std::size_t>(t)];
      if (!std::all_of(bringing.begin(), bringing.end(), is_larger)) return false;
    }
    return true;
  }
  [[nodiscard]] int smallest_image(int triangle) const {
    return smallest_image_[static_cast<std::size_t>(triangle)];
  }
  [[nodiscard]] std::uint64_t kept(const std::vector<int>& image, int times) const {
    std::uint64_t count = 0;
    for (int t = 0; t < size(); ++t) {
      int at = t;
      for (int n = 0; n < times; ++n) at = image[static_cast<std::size_t>(at)];
      count += at == t ? 1 : 0;
    }
    return count;
  }

  std::vector<std::array<int, 27>> symmetries_;
  std::vector<Corner> triangles_;
  std::vector<std::vector<int>> images_;  // Of the triangles under each symmetry.
  std::vector<int> smallest_image_;
  std::vector<std::vector<const int*>>
      bringing_to_smallest_;  // The images of all under a symmetry that does.
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

/// The same by the fault finder in fractions, which knows no degenerate triangles.
inline std::string fault_in_fractions(const TriangleMesh& mesh) {
  if (self_intersections(mesh).pairs != pairs_in_fractions(mesh)) return "intersecting pairs";
  const auto arrangement = arrange(mesh);
  return arrangement.set_aside.empty() ? brute_force::fault_of(mesh, arrangement) : "";
}

inline whole_numbers::LatticeTriangle lattice_triangle(const TriangleMesh& mesh, std::size_t triangle) {
  std::array<whole_numbers::Vector, 3> corners;
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t k = 0; k < 3; ++k)
      corners[i][k] = static_cast<whole_numbers::Whole>(
          mesh.corner(triangle, static_cast<int>(i))[static_cast<Eigen::Index>(k)]);
  return whole_numbers::LatticeTriangle(corners);
}

/// What whole numbers say of a soup: the triangles, what each two of them have in common (0 and 1, 0 and 2, 1
/// and 2), and the pairs that meet in more than a common face of both.
struct Expected {
  std::vector<whole_numbers::LatticeTriangle> sources;
  std::vector<whole_numbers::Polygon> meetings;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
  bool repeated = false;  ///< A triangle is there twice.
};

inline Expected expected_of(const TriangleMesh& mesh) {
  Expected expected;
  auto& sources = expected.sources;
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t) sources.push_back(lattice_triangle(mesh, t));
  for (std::uint32_t a = 0; a < sources.size(); ++a)
    for (std::uint32_t b = a + 1; b < sources.size(); ++b) {
      auto& common = expected.meetings.emplace_back();
      if (std::is_permutation(sources[a].corners.begin(), sources[a].corners.end(),
                              sources[b].corners.begin()))
        expected.repeated = true;
      if (sources[a].is_degenerate() || sources[b].is_degenerate()) continue;
      common = whole_numbers::meeting(sources[a], sources[b]);
      if (!whole_numbers::meet_properly(sources[a], sources[b], common)) expected.pairs.emplace_back(a, b);
    }
  return expected;
}

/// Which two triangles of the lattice meet in more than a common face of both, as whole numbers say.
class IntersectingPairs {
 public:
  explicit IntersectingPairs(const Lattice& lattice)
      : triangles_(static_cast<std::size_t>(lattice.size())), meet_(triangles_ * triangles_, false) {
    std::vector<int> all(triangles_);
    std::iota(all.begin(), all.end(), 0);
    const auto mesh = Lattice::soup(lattice.corners(all));
    std::vector<whole_numbers::LatticeTriangle> triangles;
    for (std::size_t t = 0; t < triangles_; ++t) triangles.push_back(lattice_triangle(mesh, t));
    for (std::size_t a = 0; a < triangles_; ++a)
      for (std::size_t b = a + 1; b < triangles_; ++b) {
        const auto &one = triangles[a], &other = triangles[b];
        if (one.is_degenerate() || other.is_degenerate()) continue;
        if (!whole_numbers::meet_properly(one, other, whole_numbers::meeting(one, other)))
          meet_[a * triangles_ + b] = true;
      }
  }
  /// Of three in ascending order.
  [[nodiscard]] int among(const std::array<int, 3>& chosen) const {
    const auto [a, b, c] = chosen;
    return (at(a, b) ? 1 : 0) + (at(a, c) ? 1 : 0) + (at(b, c) ? 1 : 0);
  }

 private:
  [[nodiscard]] bool at(int a, int b) const {
    return meet_[static_cast<std::size_t>(a) * triangles_ + static_cast<std::size_t>(b)];
  }
  std::size_t triangles_;
  std::vector<bool> meet_;
};

struct SoupVerdict {
  std::size_t intersecting_pairs = 0;
  std::string fault;  ///< Empty: none.
};

/// What is wrong with our answers about up to three triangles on the lattice, which close nothing off.
inline SoupVerdict verdict_of_soup(const TriangleMesh& mesh) {
  SoupVerdict verdict;
  try {
    const Expected expected = expected_of(mesh);
    verdict.intersecting_pairs = expected.pairs.size();
    const auto found = self_intersections(mesh);
    if (found.pairs != expected.pairs) {
      verdict.fault = "intersecting pairs";
      return verdict;
    }
    // Where a triangle is there twice, arrange() looks for the pairs of the first only.
    const auto arrangement = arrange(mesh, {.found = expected.repeated ? nullptr : &found});
    verdict.fault = whole_numbers::fault_of(expected.sources, expected.meetings, arrangement);
    if (verdict.fault.empty() && outer_hull(arrangement).cells.size() != 1)
      verdict.fault = "a cell is closed off";
  } catch (const std::exception& error) {
    verdict.fault = error.what();
  }
  return verdict;
}

}  // namespace meshassay::exact
