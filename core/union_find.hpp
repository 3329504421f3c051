// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

namespace meshassay {

/// Sets that are united; a set is named by its smallest element, whatever the order of uniting.
class UnionFind {
 public:
  /// \pre At most 2^32 elements.
  explicit UnionFind(std::size_t count) : parent_(count) {
    std::iota(parent_.begin(), parent_.end(), std::uint32_t{0});
  }
  [[nodiscard]] std::size_t find(std::size_t element) {
    while (parent_[element] != element) {
      parent_[element] = parent_[parent_[element]];
      element = parent_[element];
    }
    return element;
  }
  void unite(std::size_t a, std::size_t b) {
    a = find(a);
    b = find(b);
    if (a != b) parent_[std::max(a, b)] = static_cast<std::uint32_t>(std::min(a, b));
  }
  /// The number of each element's set; sets are numbered in the order of their smallest elements.
  [[nodiscard]] std::vector<std::uint32_t> take_numbers() && {
    std::uint32_t sets = 0;
    // What is above an element is smaller, and has its number already.
    for (std::size_t e = 0; e < parent_.size(); ++e)
      parent_[e] = parent_[e] == e ? sets++ : parent_[parent_[e]];
    return std::move(parent_);
  }

 private:
  std::vector<std::uint32_t> parent_;
};

}  // namespace meshassay
