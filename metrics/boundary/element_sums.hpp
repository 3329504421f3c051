// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace meshassay::metrics {

/// What lies in a slice or in a connected part.
struct ElementSum {
  std::int64_t key = 0;
  double area_mm2 = 0.0, moment = 0.0;  ///< moment: integral of the distance.
  double max_mm = 0.0;
};

/// Sums by key, for elements of which neighbours have the same key, or one that is near it.
class ElementSums {
 public:
  void add(std::int64_t key, double area_mm2, double mean_mm, double max_mm) {
    add({.key = key, .area_mm2 = area_mm2, .moment = area_mm2 * mean_mm, .max_mm = max_mm});
  }
  void add(const ElementSum& part);
  void add(const ElementSums& parts);
  [[nodiscard]] std::vector<ElementSum> by_key() const;  ///< Ascending.

 private:
  // Where the sum of a key is, as far as it has been asked for lately: by the key's last digits.
  struct Recent {
    std::int64_t key = 0;
    std::size_t place = none;
  };
  static constexpr std::size_t none = ~std::size_t{0};
  std::vector<ElementSum> sums_;
  std::map<std::int64_t, std::size_t> places_;
  std::array<Recent, 16> recent_;
};

inline void ElementSums::add(const ElementSum& part) {
  Recent& recent = recent_[static_cast<std::size_t>(part.key) % 16];
  if (recent.place == none || recent.key != part.key) {
    const auto [at, is_new] = places_.try_emplace(part.key, sums_.size());
    if (is_new) sums_.push_back({.key = part.key});
    recent = {part.key, at->second};
  }
  ElementSum& sum = sums_[recent.place];
  sum.area_mm2 += part.area_mm2;
  sum.moment += part.moment;
  sum.max_mm = std::max(sum.max_mm, part.max_mm);
}

inline void ElementSums::add(const ElementSums& parts) {
  for (const ElementSum& part : parts.sums_) add(part);
}

inline std::vector<ElementSum> ElementSums::by_key() const {
  std::vector<ElementSum> result;
  result.reserve(sums_.size());
  for (const auto& [key, place] : places_) result.push_back(sums_[place]);
  return result;
}

}  // namespace meshassay::metrics
