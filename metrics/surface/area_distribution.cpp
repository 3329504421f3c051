// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/surface/area_distribution.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>

namespace meshassay::metrics {
namespace {

using Elements = std::span<const std::vector<LinearElement>>;

constexpr std::array<Bound, 3> bounds = {Bound::none, Bound::lower, Bound::upper};

// Corners in ascending order.
std::array<double, 3> sorted(std::array<double, 3> values) {
  auto& [a, b, c] = values;
  if (a > b) std::swap(a, b);
  if (b > c) std::swap(b, c);
  if (a > b) std::swap(a, b);
  return values;
}

struct Range {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  void add(double from, double to) {
    low = std::min(low, from);
    high = std::max(high, to);
  }
};

// Sums run over parts of the elements that do not depend on the number of threads, and then over these.
constexpr std::size_t parts = 32;
template <typename Result, typename Visit>
std::vector<Result> by_parts(Elements elements, const Result& start, Visit visit) {
  std::vector<Result> results(parts, start);
  tbb::parallel_for(std::size_t{0}, parts, [&](std::size_t part) {
    Result result = start;
    const std::size_t end = (part + 1) * elements.size() / parts;
    for (std::size_t n = part * elements.size() / parts; n < end; ++n)
      for (const LinearElement& element : elements[n]) visit(element, result);
    results[part] = std::move(result);
  });
  return results;
}

// Areas by bins of values: an area is surely within a limit where the whole element is, and possibly where
// any of it is. By bound.
constexpr std::size_t bins = 2048;
struct Histogram {
  std::array<std::vector<double>, 3> surely, possibly;
  Histogram() {
    for (auto& sums : surely) sums.resize(bins);
    for (auto& sums : possibly) sums.resize(bins);
  }
};

// The area of elements within a limit, for limits in a bracket: most elements run through the bracket in one
// piece of their quadratic function, and these are added up as such.
class AreaInBracket {
 public:
  explicit AreaInBracket(const Range& bracket)
      : bracket_(bracket), middle_(0.5 * (bracket.low + bracket.high)) {}

  void add(const LinearElement& element, Bound bound) {
    auto corners = sorted(element.at_corners);
    for (double& corner : corners) corner += shift_of(element, bound);
    const auto [a, b, c] = corners;
    if (bracket_.low >= c) {
      constant_ += element.area_mm2;
    } else if (bracket_.low >= b && bracket_.high < c) {
      constant_ += element.area_mm2;
      add_square(-element.area_mm2 / ((c - a) * (c - b)), c);
    } else if (bracket_.low >= a && bracket_.high < b) {
      add_square(element.area_mm2 / ((b - a) * (c - a)), a);
    } else if (bracket_.high >= a) {
      open_.push_back({corners, element.area_mm2});
    }
  }
  void add(const AreaInBracket& other) {
    constant_ += other.constant_;
    linear_ += other.linear_;
    quadratic_ += other.quadratic_;
    open_.insert(open_.end(), other.open_.begin(), other.open_.end());
  }
  /// The same for limits in a part of the bracket: most of what was open there is so no longer.
  [[nodiscard]] AreaInBracket narrowed(const Range& bracket) const {
    AreaInBracket result(bracket);
    const double shift = result.middle_ - middle_;
    result.constant_ = constant_ + shift * (linear_ + shift * quadratic_);
    result.linear_ = linear_ + 2.0 * shift * quadratic_;
    result.quadratic_ = quadratic_;
    for (const auto& element : open_) result.add(element, Bound::none);
    return result;
  }
  /// Whether limits in the bracket reach the target, and not all of them do.
  [[nodiscard]] bool reaches(double target) const {
    return within(bracket_.low) < target && within(bracket_.high) >= target;
  }
  [[nodiscard]] const Range& bracket() const { return bracket_; }
  [[nodiscard]] double within(double limit) const {
    const double from_middle = limit - middle_;
    double area = constant_ + from_middle * (linear_ + from_middle * quadratic_);
    for (const auto& element : open_) area += area_within_mm2(element, limit);
    return area;
  }

 private:
  // factor * (limit - root)^2, about the middle.
  void add_square(double factor, double root) {
    const double from_root = middle_ - root;
    constant_ += factor * from_root * from_root;
    linear_ += 2.0 * factor * from_root;
    quadratic_ += factor;
  }

  Range bracket_;
  double middle_;
  double constant_ = 0.0, linear_ = 0.0, quadratic_ = 0.0;
  std::vector<LinearElement> open_;  // Shifted already.
};

// Between which values the percentile lies, by bins.
Range bracket_of(const std::vector<double>& surely, const std::vector<double>& possibly, double target,
                 const Range& range) {
  const double width = (range.high - range.low) / static_cast<double>(bins);
  std::size_t first = 0, last = 0;
  double sum = 0.0;
  for (; first + 1 < bins && sum + possibly[first] < target; ++first) sum += possibly[first];
  sum = surely[0];
  while (last + 1 < bins && sum < target) sum += surely[++last];
  // A bin more for what rounding may move.
  return {range.low + (static_cast<double>(first) - 1.0) * width,
          range.low + (static_cast<double>(last) + 2.0) * width};
}

// Secants within the bracket, with a halving where they do not shrink it; a step is never shorter than the
// tolerance, so that the bracket closes from both sides.
double solve(AreaInBracket area_in, double target, double tolerance) {
  Range bracket = area_in.bracket();
  double narrowed_to = bracket.high - bracket.low;
  double area_below = area_in.within(bracket.low), area_above = area_in.within(bracket.high);
  for (int step = 0; bracket.high - bracket.low > tolerance && step < 200; ++step) {
    if (bracket.high - bracket.low < 0.25 * narrowed_to) {
      narrowed_to = bracket.high - bracket.low;
      area_in = area_in.narrowed(bracket);
    }
    double next = 0.5 * (bracket.low + bracket.high);
    if (step % 3 != 2 && area_above > area_below)
      next = bracket.low + (target - area_below) / (area_above - area_below) * (bracket.high - bracket.low);
    next = std::clamp(next, bracket.low + 0.5 * tolerance, bracket.high - 0.5 * tolerance);
    const double area = area_in.within(next);
    if (area >= target) {
      bracket.high = next;
      area_above = area;
    } else {
      bracket.low = next;
      area_below = area;
    }
  }
  return bracket.high;
}

using Ranges = std::array<Range, 3>;  // By bound.

Ranges ranges_of(Elements elements) {
  Ranges ranges;
  for (const auto& of_part : by_parts(elements, ranges, [](const LinearElement&element, Ranges&into) {
         const auto [a, b, c] = sorted(element.at_corners);
         for (std::size_t n = 0; n < bounds.size(); ++n)
           into[n].add(a + shift_of(element, bounds[n]), c + shift_of(element, bounds[n]));
       }))
    for (std::size_t n = 0; n < bounds.size(); ++n) ranges[n].add(of_part[n].low, of_part[n].high);
  return ranges;
}

double target_of(double percent, double total_mm2) { return percent / 100.0 * total_mm2 * (1.0 - 1e-12); }

double tolerance_of(const Range& range) {
  return 1e-12 * std::max(std::abs(range.low), std::abs(range.high)) + 1e-300;
}

// Brackets that hold the percentiles, by bins: about as wide as what an element spans.
Ranges sure_brackets(Elements elements, const Ranges& ranges, double target) {
  std::array<double, 3> bins_per_mm{};
  for (std::size_t n = 0; n < bounds.size(); ++n) {
    const double width = ranges[n].high - ranges[n].low;
    if (width > tolerance_of(ranges[n])) bins_per_mm[n] = static_cast<double>(bins) / width;
  }
  Histogram areas;
  for (const auto& of_part : by_parts(elements, areas, [&](const LinearElement&element, Histogram&into) {
         const auto [a, b, c] = sorted(element.at_corners);
         for (std::size_t n = 0; n < bounds.size(); ++n) {
           const auto bin_of = [&](double value) {
             return std::min(bins - 1, static_cast<std::size_t>((value - ranges[n].low) * bins_per_mm[n]));
           };
           into.surely[n][bin_of(c + shift_of(element, bounds[n]))] += element.area_mm2;
           into.possibly[n][bin_of(a + shift_of(element, bounds[n]))] += element.area_mm2;
         }
       }))
    for (std::size_t n = 0; n < bounds.size(); ++n)
      for (std::size_t bin = 0; bin < bins; ++bin) {
        areas.surely[n][bin] += of_part.surely[n][bin];
        areas.possibly[n][bin] += of_part.possibly[n][bin];
      }
  Ranges brackets;
  for (std::size_t n = 0; n < bounds.size(); ++n)
    brackets[n] = bracket_of(areas.surely[n], areas.possibly[n], target, ranges[n]);
  return brackets;
}

std::vector<AreaInBracket> areas_in(Elements elements, const Ranges& brackets) {
  std::vector<AreaInBracket> areas(brackets.begin(), brackets.end());
  for (const auto& of_part : by_parts(elements, areas, [](const LinearElement&element, auto&into) {
         for (std::size_t n = 0; n < bounds.size(); ++n) into[n].add(element, bounds[n]);
       }))
    for (std::size_t n = 0; n < bounds.size(); ++n) areas[n].add(of_part[n]);
  return areas;
}

// Brackets that most likely hold the percentiles, and are much narrower: those of a sample, a little to
// either side.
Ranges likely_brackets(Elements elements, double share) {
  constexpr std::size_t every = 61;
  constexpr double to_either_side = 0.0025;
  std::vector<std::vector<LinearElement>> sample(1);
  double total_mm2 = 0.0;
  std::size_t skip = 0;
  for (const auto& some : elements) {
    for (; skip < some.size(); skip += every) {
      sample[0].push_back(some[skip]);
      total_mm2 += some[skip].area_mm2;
    }
    skip -= some.size();
  }
  const Ranges ranges = ranges_of(sample);
  Ranges result;
  for (const bool upper : {false, true}) {
    const double beside = std::clamp(share + (upper ? to_either_side : -to_either_side), 0.0, 1.0);
    const double target = beside * total_mm2;
    const auto areas = areas_in(sample, sure_brackets(sample, ranges, target));
    for (std::size_t n = 0; n < bounds.size(); ++n)
      (upper ? result[n].high : result[n].low) =
          solve(areas[n], target, 1e-6 * (ranges[n].high - ranges[n].low));
  }
  return result;
}

// By bound, the smallest value with at least the target within.
std::array<double, 3> percentiles_at(Elements elements, const Ranges& ranges, double target,
                                     double total_mm2) {
  auto areas = areas_in(elements, likely_brackets(elements, target / total_mm2));
  if (!std::all_of(areas.begin(), areas.end(),
                   [&](const AreaInBracket& area) { return area.reaches(target); }))
    areas = areas_in(elements, sure_brackets(elements, ranges, target));
  std::array<double, 3> result{};
  tbb::parallel_for(std::size_t{0}, bounds.size(), [&](std::size_t n) {
    result[n] = std::min(ranges[n].high, solve(areas[n], target, tolerance_of(ranges[n])));
  });
  return result;
}

}  // namespace

double area_within_mm2(const LinearElement& element, double limit, Bound bound) {
  limit -= shift_of(element, bound);
  const auto [a, b, c] = sorted(element.at_corners);
  if (limit >= c) return element.area_mm2;
  if (limit < a) return 0.0;
  if (limit < b) return element.area_mm2 * ((limit - a) / (b - a)) * ((limit - a) / (c - a));
  return element.area_mm2 * (1.0 - ((c - limit) / (c - a)) * ((c - limit) / (c - b)));
}

BoundedPercentile area_percentile(Elements elements, double total_mm2, double percent) {
  const Ranges ranges = ranges_of(elements);
  if (percent >= 100.0) return {ranges[0].high, ranges[1].high, ranges[2].high};
  const auto [value, lower, upper] =
      percentiles_at(elements, ranges, target_of(percent, total_mm2), total_mm2);
  return {value, lower, upper};
}

std::optional<BoundedPercentile> area_percentile(Elements elements, const KeptElements& kept,
                                                 double total_mm2, double percent) {
  const Ranges ranges = ranges_of(elements);
  std::array<double, 3> result{};
  if (percent >= 100.0) {
    result = {ranges[0].high, ranges[1].high, ranges[2].high};
  } else {
    double kept_mm2 = 0.0;
    for (const auto& some : elements)
      for (const LinearElement& element : some) kept_mm2 += element.area_mm2;
    const double target = target_of(percent, total_mm2) - kept.below_mm2;
    if (!(target > 0.0 && target <= kept_mm2)) return std::nullopt;
    result = percentiles_at(elements, ranges, target, kept_mm2);
  }
  for (const double value : result)
    if (!(value >= kept.from && value <= kept.to)) return std::nullopt;
  return BoundedPercentile{result[0], result[1], result[2]};
}

}  // namespace meshassay::metrics
