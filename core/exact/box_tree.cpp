// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exact/box_tree.hpp"

#include <tbb/parallel_sort.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/blocks.hpp"
#include "core/dealing.hpp"

namespace meshassay::exact {
namespace {

constexpr std::size_t fan = 4;
constexpr std::size_t wanted_tasks = 512;

float below(double value) {
  const auto rounded = static_cast<float>(value);
  return static_cast<double>(rounded) <= value
             ? rounded
             : std::nextafter(rounded, -std::numeric_limits<float>::infinity());
}
float above(double value) { return -below(-value); }

// Without branches: which comparison fails first is as good as random.
bool meet(const FloatBox& a, const FloatBox& b) {
  unsigned apart = 0;
  for (std::size_t i = 0; i < 3; ++i)
    apart |= static_cast<unsigned>(a.min[i] > b.max[i]) | static_cast<unsigned>(b.min[i] > a.max[i]);
  return apart == 0;
}

FloatBox united(const FloatBox& a, const FloatBox& b) {
  FloatBox both;
  for (std::size_t i = 0; i < 3; ++i) {
    both.min[i] = std::min(a.min[i], b.min[i]);
    both.max[i] = std::max(a.max[i], b.max[i]);
  }
  return both;
}

// Twenty-one bits with two zeros between each.
std::uint64_t spread(std::uint64_t bits) {
  bits &= 0x1fffff;
  bits = (bits | bits << 32) & 0x1f00000000ffffULL;
  bits = (bits | bits << 16) & 0x1f0000ff0000ffULL;
  bits = (bits | bits << 8) & 0x100f00f00f00f00fULL;
  bits = (bits | bits << 4) & 0x10c30c30c30c30c3ULL;
  bits = (bits | bits << 2) & 0x1249249249249249ULL;
  return bits;
}

constexpr unsigned key_bits = 63;

FloatBox box_of_all(std::span<const FloatBox> boxes) {
  std::vector<FloatBox> parts(block_count(boxes.size(), usual_block), boxes.front());
  for_each_block(boxes.size(), usual_block, [&](const Block& block) {
    FloatBox part = boxes[block.from];
    for (std::size_t b = block.from; b < block.to; ++b) part = united(part, boxes[b]);
    parts[block.number] = part;
  });
  return std::accumulate(parts.begin(), parts.end(), parts.front(), united);
}

// Of the middle of each box along a space-filling curve through the box of all.
Unfilled<std::uint64_t> places_along_curve(std::span<const FloatBox> boxes) {
  const FloatBox all = box_of_all(boxes);
  std::array<double, 3> scale{};
  for (std::size_t i = 0; i < 3; ++i) {
    const double size = static_cast<double>(all.max[i]) - static_cast<double>(all.min[i]);
    scale[i] = size > 0.0 ? 2097151.0 / size : 0.0;
  }
  Unfilled<std::uint64_t> keys(boxes.size());
  const auto key_of = [&](const FloatBox& box) {
    std::uint64_t key = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      const double middle = 0.5 * (static_cast<double>(box.min[i]) + static_cast<double>(box.max[i]));
      const double along = (middle - static_cast<double>(all.min[i])) * scale[i];
      key |= spread(along > 0.0 ? static_cast<std::uint64_t>(std::min(along, 2097151.0)) : 0) << i;
    }
    return key;
  };
  for_each_block(boxes.size(), usual_block, [&](const Block& block) {
    for (std::size_t b = block.from; b < block.to; ++b) keys[b] = key_of(boxes[b]);
  });
  return keys;
}

}  // namespace

FloatBox enclosing(const Box3& box) {
  FloatBox result;
  for (int i = 0; i < 3; ++i) {
    result.min[static_cast<std::size_t>(i)] = below(box.min_mm[i]);
    result.max[static_cast<std::size_t>(i)] = above(box.max_mm[i]);
  }
  return result;
}

SegmentSlabs::SegmentSlabs(const Point3& from, const Point3& to, double size)
    : margin_(1e-10 * std::max({size, from.cwiseAbs().maxCoeff(), to.cwiseAbs().maxCoeff()})) {
  for (std::size_t i = 0; i < 3; ++i) {
    const auto axis = static_cast<Eigen::Index>(i);
    from_[i] = from[axis];
    way_[i] = to[axis] - from[axis];
    is_across_[i] = std::abs(way_[i]) <= margin_;
  }
}

BoxTree::FourBoxes::FourBoxes() {
  for (std::size_t i = 0; i < 3; ++i) {
    min[i].fill(std::numeric_limits<float>::infinity());
    max[i].fill(-std::numeric_limits<float>::infinity());
  }
}
void BoxTree::FourBoxes::set(std::size_t lane, const FloatBox& box) {
  for (std::size_t i = 0; i < 3; ++i) {
    min[i][lane] = box.min[i];
    max[i][lane] = box.max[i];
  }
}
FloatBox BoxTree::FourBoxes::at(std::size_t lane) const {
  return {{min[0][lane], min[1][lane], min[2][lane]}, {max[0][lane], max[1][lane], max[2][lane]}};
}
unsigned BoxTree::FourBoxes::meeting(const FloatBox& box) const {
  std::array<std::int32_t, fan> apart{};
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t lane = 0; lane < fan; ++lane)
      apart[lane] |= static_cast<std::int32_t>(min[i][lane] > box.max[i]) |
                     static_cast<std::int32_t>(box.min[i] > max[i][lane]);
  const auto bit = [&](std::size_t lane) { return static_cast<unsigned>(1 - apart[lane]) << lane; };
  return bit(0) | bit(1) | bit(2) | bit(3);
}
FloatBox BoxTree::FourBoxes::joined() const {
  FloatBox all = at(0);
  for (std::size_t lane = 1; lane < fan; ++lane) all = united(all, at(lane));
  return all;
}

BoxTree::BoxTree(std::span<const FloatBox> boxes) {
  if (boxes.empty()) return;
  const auto keys = places_along_curve(boxes);
  // What is near along the curve is sorted by itself.
  const unsigned share_bits = boxes.size() < 1 << 13 ? 0 : 12;
  const auto near = dealt(boxes.size(), std::size_t{1} << share_bits,
                          [&](std::size_t b) { return keys[b] >> (key_bits - share_bits); });
  order_.resize(boxes.size());
  for_each_block(std::size_t{1} << share_bits, 1, [&](const Block& block) {
    std::vector<std::pair<std::uint64_t, std::uint32_t>> share;
    for (const auto box : near.share(block.number)) share.emplace_back(keys[box], box);
    tbb::parallel_sort(share.begin(), share.end());
    for (std::size_t n = 0; n < share.size(); ++n) order_[near.begin[block.number] + n] = share[n].second;
  });
  levels_.push_back({boxes.size(), fours_of(boxes.size(), [&](std::size_t n) { return boxes[order_[n]]; })});
  while (levels_.back().nodes > 1) {
    const auto& finer = levels_.back().fours;
    levels_.push_back(
        {finer.size(), fours_of(finer.size(), [&](std::size_t n) { return finer[n].joined(); })});
  }
  plan();
}

template <typename BoxOf>
Unfilled<BoxTree::FourBoxes> BoxTree::fours_of(std::size_t nodes, const BoxOf& box_of) {
  Unfilled<FourBoxes> fours(block_count(nodes, fan));
  for_each_block(fours.size(), usual_block / fan, [&](const Block& block) {
    for (std::size_t f = block.from; f < block.to; ++f) {
      fours[f] = FourBoxes();
      for (std::size_t n = fan * f; n < std::min(fan * f + fan, nodes); ++n) fours[f].set(n % fan, box_of(n));
    }
  });
  return fours;
}

std::pair<std::size_t, std::size_t> BoxTree::children(std::size_t level, std::size_t node) const {
  return {fan * node, std::min(fan * node + fan, levels_[level - 1].nodes)};
}

// Splits the pairs of nodes, level by level, until there are enough of them for many threads.
void BoxTree::plan() {
  tasks_ = {{levels_.size() - 1, 0, 0}};
  while (tasks_.size() < wanted_tasks && tasks_.front().level > 1) {
    std::vector<Task> finer;
    for (const Task& task : tasks_) {
      const auto [a, a_end] = children(task.level, task.first);
      const auto [b, b_end] = children(task.level, task.second);
      for (std::size_t i = a; i < a_end; ++i)
        for (std::size_t j = task.first == task.second ? i : b; j < b_end; ++j)
          if (i == j || meet(levels_[task.level - 1].at(i), levels_[task.level - 1].at(j)))
            finer.push_back({task.level - 1, i, j});
    }
    tasks_ = std::move(finer);
  }
}

void BoxTree::pairs_of_block(std::size_t block, Pairs& pairs) const {
  const Task& task = tasks_[block];
  if (task.first == task.second)
    self(task.level, task.first, pairs);
  else
    cross(task.level, task.first, task.second, pairs);
}

void BoxTree::self(std::size_t level, std::size_t node, Pairs& pairs) const {
  if (level == 0) return;
  const FourBoxes& four = levels_[level - 1].fours[node];
  const auto [from, to] = children(level, node);
  for (std::size_t i = from; i < to; ++i) {
    self(level - 1, i, pairs);
    // Those after it.
    unsigned others = four.meeting(four.at(i - from)) & (~1U << (i - from));
    for (; others != 0; others &= others - 1)
      cross(level - 1, i, from + static_cast<std::size_t>(std::countr_zero(others)), pairs);
  }
}

void BoxTree::cross(std::size_t level, std::size_t first, std::size_t second, Pairs& pairs) const {
  if (level == 0) {
    pairs.push_back(std::minmax(order_[first], order_[second]));
    return;
  }
  const FourBoxes &one = levels_[level - 1].fours[first], &other = levels_[level - 1].fours[second];
  for (std::size_t i = 0; i < fan; ++i) {
    unsigned others = other.meeting(one.at(i));
    for (; others != 0; others &= others - 1)
      cross(level - 1, fan * first + i, fan * second + static_cast<std::size_t>(std::countr_zero(others)),
            pairs);
  }
}

template <typename Found>
bool BoxTree::visit_meeting(std::size_t level, std::size_t node, const FloatBox& box,
                            const Found& found) const {
  if (level == 0) return found(order_[node]);
  unsigned met = levels_[level - 1].fours[node].meeting(box);
  for (; met != 0; met &= met - 1)
    if (visit_meeting(level - 1, fan * node + static_cast<std::size_t>(std::countr_zero(met)), box, found))
      return true;
  return false;
}

void BoxTree::meeting(const FloatBox& box, std::vector<std::uint32_t>& found) const {
  if (levels_.empty() || !meet(levels_.back().at(0), box)) return;
  visit_meeting(levels_.size() - 1, 0, box, [&](std::uint32_t number) {
    found.push_back(number);
    return false;
  });
}

bool BoxTree::meets_any(const FloatBox& box) const {
  return !levels_.empty() && meet(levels_.back().at(0), box) &&
         visit_meeting(levels_.size() - 1, 0, box, [](std::uint32_t) { return true; });
}

void BoxTree::along_segment(const Point3& from, const Point3& to, std::vector<std::uint32_t>& found) const {
  if (levels_.empty()) return;
  const FloatBox all = levels_.back().at(0);
  double size = 0.0;
  for (std::size_t i = 0; i < 3; ++i)
    size = std::max(
        {size, std::abs(static_cast<double>(all.min[i])), std::abs(static_cast<double>(all.max[i]))});
  const SegmentSlabs segment(from, to, size);
  std::vector<std::pair<std::size_t, std::size_t>> open;  // Level, node.
  open.emplace_back(levels_.size() - 1, 0);
  while (!open.empty()) {
    const auto [level, node] = open.back();
    open.pop_back();
    const FloatBox box = levels_[level].at(node);
    if (!segment.may_meet(box.min, box.max)) continue;
    if (level == 0) {
      found.push_back(order_[node]);
      continue;
    }
    const auto [a, b] = children(level, node);
    for (std::size_t c = a; c < b; ++c) open.emplace_back(level - 1, c);
  }
  std::sort(found.begin(), found.end());
}

}  // namespace meshassay::exact
