// SPDX-License-Identifier: GPL-3.0-or-later
// Which boxes of many overlap, and which ones a segment may meet: candidates for exact predicates.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "core/geometry.hpp"
#include "core/unfilled.hpp"

namespace meshassay::exact {

/// Single precision, rounded outwards.
struct FloatBox {
  std::array<float, 3> min{}, max{};
};
[[nodiscard]] FloatBox enclosing(const Box3& box);

/// A segment that boxes are held against.
class SegmentSlabs {
 public:
  /// `size`: no coordinate of a box has a larger magnitude.
  SegmentSlabs(const Point3& from, const Point3& to, double size);
  /// True where the box meets the segment, and for few others: boxes are grown by 1e-10 of the size, much
  /// more than what rounding can do.
  template <typename Number>
  [[nodiscard]] bool may_meet(const std::array<Number, 3>& min, const std::array<Number, 3>& max) const {
    double enter = 0.0, leave = 1.0;
    for (std::size_t i = 0; i < 3; ++i) {
      const double low = static_cast<double>(min[i]) - margin_ - from_[i];
      const double high = static_cast<double>(max[i]) + margin_ - from_[i];
      if (is_across_[i]) {
        if (low > margin_ || high < -margin_) return false;
        continue;
      }
      const double one = low / way_[i], other = high / way_[i];
      enter = std::max(enter, std::min(one, other));
      leave = std::min(leave, std::max(one, other));
    }
    return enter <= leave;
  }

 private:
  std::array<double, 3> from_{}, way_{};
  std::array<bool, 3> is_across_{};  // Runs along the faces of this axis.
  double margin_;
};

/// A hierarchy with four children a node over boxes in the order of a space-filling curve; nodes have no
/// pointers, their place says who their children are.
class BoxTree {
 public:
  explicit BoxTree(std::span<const FloatBox> boxes);

  using Pairs = std::vector<std::pair<std::uint32_t, std::uint32_t>>;
  /// Pairs of closed boxes that meet, the smaller number first, in blocks that may be worked on at once:
  /// `blocks()` of them, the same whatever the number of threads.
  [[nodiscard]] std::size_t blocks() const { return tasks_.size(); }
  void pairs_of_block(std::size_t block, Pairs& pairs) const;

  /// Boxes that meet the closed box, in no order that means anything but always the same.
  void meeting(const FloatBox& box, std::vector<std::uint32_t>& found) const;
  [[nodiscard]] bool meets_any(const FloatBox& box) const;

  /// Boxes that a segment may meet: all that it does, and few more.
  void along_segment(const Point3& from, const Point3& to, std::vector<std::uint32_t>& found) const;

 private:
  struct Task {
    std::size_t level = 0, first = 0, second = 0;
  };
  // Four boxes that are held against one at once; those that are not there meet nothing.
  struct FourBoxes {
    FourBoxes();
    void set(std::size_t lane, const FloatBox& box);
    [[nodiscard]] FloatBox at(std::size_t lane) const;
    // A bit for each that meets the box.
    [[nodiscard]] unsigned meeting(const FloatBox& box) const;
    [[nodiscard]] FloatBox joined() const;
    std::array<std::array<float, 4>, 3> min, max;
  };
  // Nodes 4 n to 4 n + 3 are the n-th four: the children of the n-th node above.
  struct Level {
    std::size_t nodes = 0;
    Unfilled<FourBoxes> fours;
    [[nodiscard]] FloatBox at(std::size_t node) const { return fours[node / 4].at(node % 4); }
  };
  // Of the boxes of nodes 0 to `nodes` - 1.
  template <typename BoxOf>
  static Unfilled<FourBoxes> fours_of(std::size_t nodes, const BoxOf& box_of);
  void plan();
  void self(std::size_t level, std::size_t node, Pairs& pairs) const;
  void cross(std::size_t level, std::size_t first, std::size_t second, Pairs& pairs) const;
  // Calls `found` for boxes below the node that meet the box, until it returns true. \return whether it did.
  template <typename Found>
  bool visit_meeting(std::size_t level, std::size_t node, const FloatBox& box, const Found& found) const;
  [[nodiscard]] std::pair<std::size_t, std::size_t> children(std::size_t level, std::size_t node) const;

  Unfilled<std::uint32_t> order_;  // Box numbers along the curve.
  std::vector<Level> levels_;      // Level 0: the boxes in order; then four by four.
  std::vector<Task> tasks_;
};

}  // namespace meshassay::exact
