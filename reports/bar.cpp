// SPDX-License-Identifier: GPL-3.0-or-later
#include "reports/bar.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace meshassay::reports {
namespace {

constexpr double margin = 0.2;  // Of the range, on both sides: room for the zone beyond the limit.

double position(const Scale& scale, double value, double width_px) {
  const double fraction = (value - scale.lo) / (scale.hi - scale.lo);
  return width_px * std::clamp(fraction, 0.0, 1.0);
}

}  // namespace

std::optional<Scale> scale_of(std::span<const double> numbers) {
  if (numbers.empty()) return std::nullopt;
  const auto [smallest, largest] = std::minmax_element(numbers.begin(), numbers.end());
  double pad = margin * (*largest - *smallest);
  if (pad == 0.0) pad = *largest == 0.0 ? 1.0 : margin * std::abs(*largest);
  const Scale scale{*smallest - pad, *largest + pad};
  if (!std::isfinite(scale.hi - scale.lo) || !(scale.hi > scale.lo)) return std::nullopt;
  return scale;
}

std::string position_text(const Scale& scale, double value, double width_px) {
  return fmt::format("{:.1f}", position(scale, value, width_px));
}

std::string extent_text(const Scale& scale, double from, double to, double width_px) {
  const double extent = position(scale, to, width_px) - position(scale, from, width_px);
  return fmt::format("{:.1f}", std::max(1.0, extent));
}

}  // namespace meshassay::reports
