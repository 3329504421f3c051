// SPDX-License-Identifier: GPL-3.0-or-later
#include "reports/ticks.hpp"

#include <cmath>

#include "core/text.hpp"

namespace meshassay::reports {
namespace {

double step_for(double range) {
  const double power = std::pow(10.0, std::floor(std::log10(range / 5.0)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (range / (factor * power) <= 6.0) return factor * power;
  return 10.0 * power;
}

}  // namespace

std::vector<Tick> ticks_between(double low, double high) {
  const double step = step_for(high - low);
  std::vector<Tick> ticks;
  for (double n = std::ceil(low / step - 1e-9); n * step <= high + 1e-9 * step; n += 1.0)
    ticks.push_back({.value = n * step, .text = format_rounded(n * step + 0.0, 3)});
  return ticks;
}

}  // namespace meshassay::reports
