// SPDX-License-Identifier: GPL-3.0-or-later
// Against all pairs, on boxes with coordinates from a short list, so that many touch in a face, edge or
// corner.
#include "core/exact/box_tree.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace meshassay::exact {
namespace {

std::vector<FloatBox> boxes_of(std::size_t count, unsigned seed) {
  std::mt19937_64 random(seed);
  std::vector<FloatBox> boxes(count);
  for (auto& box : boxes)
    for (std::size_t i = 0; i < 3; ++i) {
      box.min[i] = static_cast<float>(random() % 12);
      box.max[i] = box.min[i] + static_cast<float>(random() % 3);
    }
  return boxes;
}

bool meet(const FloatBox& a, const FloatBox& b) {
  for (std::size_t i = 0; i < 3; ++i)
    if (a.min[i] > b.max[i] || b.min[i] > a.max[i]) return false;
  return true;
}

TEST(BoxTree, FindsEachPairThatMeetsOnce) {
  std::size_t all_pairs = 0;
  for (const std::size_t count :
       {0u, 1u, 2u, 3u, 4u, 5u, 16u, 17u, 63u, 65u, 700u, 9000u}) {  // Many are sorted in shares.
    const auto boxes = boxes_of(count, static_cast<unsigned>(count));
    const BoxTree tree(boxes);
    BoxTree::Pairs found, expected;
    for (std::size_t block = 0; block < tree.blocks(); ++block) tree.pairs_of_block(block, found);
    std::sort(found.begin(), found.end());
    for (std::uint32_t a = 0; a < count; ++a)
      for (std::uint32_t b = a + 1; b < count; ++b)
        if (meet(boxes[a], boxes[b])) expected.emplace_back(a, b);
    ASSERT_EQ(found, expected) << count;
    all_pairs += expected.size();
  }
  EXPECT_GT(all_pairs, 1000u);
}

TEST(BoxTree, FindsTheBoxesThatMeetAnother) {
  const auto boxes = boxes_of(333, 1), others = boxes_of(200, 2);
  const BoxTree tree(boxes);
  std::size_t none = 0;
  for (auto other : others) {
    for (auto& side : other.min) side += 5.0F;  // Some are beyond all of them.
    for (auto& side : other.max) side += 5.0F;
    std::vector<std::uint32_t> found, expected;
    tree.meeting(other, found);
    std::sort(found.begin(), found.end());
    for (std::uint32_t b = 0; b < boxes.size(); ++b)
      if (meet(boxes[b], other)) expected.push_back(b);
    ASSERT_EQ(found, expected);
    ASSERT_EQ(tree.meets_any(other), !expected.empty());
    none += expected.empty() ? 1 : 0;
  }
  EXPECT_GT(none, 10u);
  EXPECT_LT(none, 190u);
  EXPECT_FALSE(BoxTree(std::vector<FloatBox>{}).meets_any(others.front()));
}

// Every box that holds a point of the segment, of a hundred points of it, is among the candidates.
TEST(BoxTree, FindsTheBoxesAlongASegment) {
  const auto boxes = boxes_of(400, 3);
  const BoxTree tree(boxes);
  std::mt19937_64 random(4);
  const auto coordinate = [&] { return 14.0 * static_cast<double>(random() >> 11) * 0x1p-53; };
  std::size_t candidates = 0;
  for (int n = 0; n < 50; ++n) {
    const Point3 from(coordinate(), coordinate(), coordinate());
    Point3 to(coordinate(), coordinate(), coordinate());
    if (n % 3 == 0) to[n % 2] = from[n % 2];  // Along the faces of an axis.
    std::vector<std::uint32_t> found;
    tree.along_segment(from, to, found);
    ASSERT_TRUE(std::is_sorted(found.begin(), found.end()));
    candidates += found.size();
    for (int step = 0; step <= 100; ++step) {
      const Point3 point = from + 0.01 * step * (to - from);
      for (std::uint32_t b = 0; b < boxes.size(); ++b) {
        bool inside = true;
        for (std::size_t i = 0; i < 3; ++i) {
          const double at = point[static_cast<Eigen::Index>(i)];
          inside = inside && at >= static_cast<double>(boxes[b].min[i]) &&
                   at <= static_cast<double>(boxes[b].max[i]);
        }
        ASSERT_TRUE(!inside || std::binary_search(found.begin(), found.end(), b));
      }
    }
  }
  EXPECT_LT(candidates, 50u * boxes.size() / 2);
}

}  // namespace
}  // namespace meshassay::exact
