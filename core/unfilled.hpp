// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

namespace meshassay {

/// Leaves elements that are made without a value as the memory was.
template <typename T>
struct UnfilledAllocator : std::allocator<T> {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);
  UnfilledAllocator() = default;
  template <typename Other>
  UnfilledAllocator(const UnfilledAllocator<Other>& /*other*/) noexcept {}  // NOLINT(*-explicit-*)

  template <typename Other>
  void construct(Other* /*place*/) noexcept {}
  template <typename Other, typename... Value>
  void construct(Other* place, Value&&... value) {
    std::construct_at(place, std::forward<Value>(value)...);
  }
};

/// A vector that is not filled when it is made or grown: each element is to be written before it is read. For
/// large arrays that many threads write: filling is done by one, which is then the first to touch the memory.
template <typename T>
using Unfilled = std::vector<T, UnfilledAllocator<T>>;

}  // namespace meshassay
