// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/surface/area_distribution.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

namespace meshassay::metrics {
namespace {

double shift_of(const LinearElement& element, Bound bound) {
  if (bound == Bound::none) return 0.0;
  return bound == Bound::upper ? element.above : -static_cast<double>(element.below);
}

struct Range {
  double low, high;
};

Range range_of(const LinearElement& element, Bound bound) {
  const auto [low, high] = std::minmax({element.at_corners[0], element.at_corners[1], element.at_corners[2]});
  const double shift = shift_of(element, bound);
  return {low + shift, high + shift};
}

}  // namespace

double area_within_mm2(const LinearElement& element, double limit, Bound bound) {
  limit -= shift_of(element, bound);
  auto [a, b, c] = element.at_corners;
  if (a > b) std::swap(a, b);
  if (b > c) std::swap(b, c);
  if (a > b) std::swap(a, b);
  if (limit >= c) return element.area_mm2;
  if (limit < a) return 0.0;
  if (limit < b) return element.area_mm2 * ((limit - a) / (b - a)) * ((limit - a) / (c - a));
  return element.area_mm2 * (1.0 - ((c - limit) / (c - a)) * ((c - limit) / (c - b)));
}

double area_percentile(std::span<const std::vector<LinearElement>> elements, double total_mm2, double percent,
                       Bound bound) {
  const double target = percent / 100.0 * total_mm2 * (1.0 - 1e-12);
  double low = 0.0, high = 0.0;
  bool any = false;
  for (const auto& part : elements)
    for (const auto& element : part) {
      const Range range = range_of(element, bound);
      low = any ? std::min(low, range.low) : range.low;
      high = any ? std::max(high, range.high) : range.high;
      any = true;
    }
  if (percent >= 100.0) return high;
  // Which bins the percentile may lie in: an area is surely within a limit where the whole element is, and
  // possibly where any of it is.
  constexpr std::size_t bins = 512;
  const double width = (high - low) / static_cast<double>(bins);
  if (!(width > 0.0)) return high;
  std::vector<double> surely(bins + 1, 0.0), possibly(bins + 1, 0.0);
  const auto bin_of = [&](double value) {
    return std::min(bins - 1, static_cast<std::size_t>((value - low) / width));
  };
  for (const auto& part : elements)
    for (const auto& element : part) {
      const Range range = range_of(element, bound);
      surely[bin_of(range.high) + 1] += element.area_mm2;
      possibly[bin_of(range.low)] += element.area_mm2;
    }
  std::size_t first = 0, last = bins;  // The percentile lies between the lower edges of these two bins.
  double sum = 0.0;
  for (std::size_t bin = 0; bin <= bins && sum + possibly[bin] < target; ++bin) {
    sum += possibly[bin];
    first = bin;
  }
  sum = 0.0;
  for (std::size_t bin = 0; bin <= bins; ++bin) {
    sum += surely[bin];
    last = bin;
    if (sum >= target) break;
  }
  double below = low + (static_cast<double>(first) - 1.0) * width;  // A bin more for what rounding may move.
  double above = std::min(high, low + (static_cast<double>(last) + 1.0) * width);

  double settled = 0.0;  // Area of elements that lie below the bracket.
  std::vector<LinearElement> open;
  for (const auto& part : elements)
    for (const auto& element : part) {
      const Range range = range_of(element, bound);
      if (range.high <= below)
        settled += element.area_mm2;
      else if (range.low <= above)
        open.push_back(element);
    }
  const auto within = [&](double limit) {
    double area = settled;
    for (const auto& element : open) area += area_within_mm2(element, limit, bound);
    return area;
  };
  // Secants within a bracket, with a halving where they do not shrink it; a step is never shorter than the
  // tolerance, so that the bracket closes from both sides.
  const double tolerance = 1e-12 * std::max(std::abs(low), std::abs(high));
  double area_below = within(below), area_above = within(above);
  if (area_above < target) return high;
  for (int step = 0; above - below > tolerance && step < 200; ++step) {
    double next = 0.5 * (below + above);
    if (step % 3 != 2 && area_above > area_below)
      next = below + (target - area_below) / (area_above - area_below) * (above - below);
    next = std::clamp(next, below + 0.5 * tolerance, above - 0.5 * tolerance);
    const double area = within(next);
    if (area >= target) {
      above = next;
      area_above = area;
    } else {
      below = next;
      area_below = area;
    }
  }
  return above;
}

}  // namespace meshassay::metrics
