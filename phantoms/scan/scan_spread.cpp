// SPDX-License-Identifier: GPL-3.0-or-later
// Kernels are two round Gaussians, the second twice as wide as the first: the only round functions that are
// also products along the axes. With v = 2 (pi sigma f)^2 the transfer is
//   T(v) = (1 + a) exp(-v) - a exp(-4 v).
// The ratio of MTF10 to MTF50 fixes a, and MTF50 then sigma. a = 0 is a Gaussian (ratio 1.823); a < 0 has
// skirts (up to 2.24 at a = -1/2); T rises above one, and edges overshoot, where a > 1/3, since T' (0) = 3 a
// - 1 (ratio below 1.62).
#include "phantoms/scan/scan_spread.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/errors.hpp"
#include "core/text.hpp"

namespace meshassay::phantoms {
namespace {

constexpr double pi = std::numbers::pi;
constexpr double sigmas_of_reach = 5.0;  // 6e-7 of a Gaussian lies beyond.
constexpr double least_overshoot = -0.5;
constexpr double most_overshoot = 3.0;
constexpr double ratio_of_widths = 2.0;

double normal_cumulative(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }
double normal_density(double z) { return std::exp(-0.5 * z * z) / std::sqrt(2.0 * pi); }
double sigma_of_fwhm(double fwhm) { return fwhm / (2.0 * std::sqrt(2.0 * std::numbers::ln2)); }

/// The root of a function that falls from above zero at `low` to below zero at `high`.
template <typename Function>
double falling_root(double low, double high, const Function& function) {
  for (int step = 0; step < 80; ++step) {
    const double middle = 0.5 * (low + high);
    (function(middle) > 0.0 ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

double kernel_transfer(double overshoot, double v) {
  return (1.0 + overshoot) * std::exp(-v) - overshoot * std::exp(-ratio_of_widths * ratio_of_widths * v);
}

/// v at which the transfer falls to the level. It rises first where there is overshoot, up to at most v =
/// ln(4) / 3 (its slope is zero where exp(3 v) = 4 a / (1 + a)), and only falls from there on.
double argument_of_transfer(double overshoot, double level) {
  return falling_root(overshoot > 0.0 ? std::log(4.0) / 3.0 : 0.0, 50.0,
                      [&](double v) { return kernel_transfer(overshoot, v) - level; });
}

double ratio_of_kernel(double overshoot) {
  return std::sqrt(argument_of_transfer(overshoot, 0.1) / argument_of_transfer(overshoot, 0.5));
}

/// MTF50 and MTF10 of the named kernels, per mm: of the order of a body, a bone and an inner ear kernel.
struct Kernel {
  const char* name;
  double mtf50_per_mm, mtf10_per_mm;
};
constexpr std::array<Kernel, 3> kernels = {
    {{"soft", 0.30, 0.60}, {"standard", 0.42, 0.70}, {"sharp", 0.80, 1.15}}};

[[noreturn]] void refuse(const std::string& what, const std::string& where, const std::string& expected,
                         const std::string& got, const std::string& mend) {
  throw InvalidInput({.what = what, .where = where, .expected = expected, .got = got, .mend = mend});
}

std::vector<InPlanePart> gaussian_pair(double mtf50_per_mm, double mtf10_per_mm) {
  const double ratio = mtf10_per_mm / mtf50_per_mm;
  const double least = ratio_of_kernel(most_overshoot);
  const double most = ratio_of_kernel(least_overshoot);
  if (!(ratio >= least && ratio <= most))
    refuse("no kernel has such an MTF", "mtf50_per_mm and mtf10_per_mm",
           fmt::format("mtf10_per_mm between {} and {} times mtf50_per_mm", format_rounded(least, 3),
                       format_rounded(most, 3)),
           fmt::format("{} and {}: {} times", format_number(mtf50_per_mm), format_number(mtf10_per_mm),
                       format_rounded(ratio)),
           "1.82 is a Gaussian, less has overshoot, more has skirts");
  const double overshoot =
      falling_root(least_overshoot, most_overshoot, [&](double a) { return ratio_of_kernel(a) - ratio; });
  const double sigma_mm = std::sqrt(0.5 * argument_of_transfer(overshoot, 0.5)) / (pi * mtf50_per_mm);
  const AxisSpread narrow{.sigma_mm = sigma_mm};
  const AxisSpread wide{.sigma_mm = ratio_of_widths * sigma_mm};
  return {{.weight = 1.0 + overshoot, .along = {narrow, narrow}},
          {.weight = -overshoot, .along = {wide, wide}}};
}

std::vector<InPlanePart> in_plane_parts(const Parameters& resolved) {
  const std::string& name = text(resolved, "kernel");
  double mtf50_per_mm = number(resolved, "mtf50_per_mm");
  double mtf10_per_mm = number(resolved, "mtf10_per_mm");
  const double blur_fwhm_mm = number(resolved, "blur_fwhm_mm");
  if (name == "voxel") {
    if (mtf50_per_mm > 0.0 || mtf10_per_mm > 0.0)
      refuse("an MTF needs a kernel", "mtf50_per_mm, mtf10_per_mm", "0, as the kernel is voxel",
             fmt::format("{} and {}", format_number(mtf50_per_mm), format_number(mtf10_per_mm)),
             "set kernel to soft, standard or sharp");
    const auto& spacing_mm = numbers(resolved, "spacing_mm");
    const double sigma_mm = sigma_of_fwhm(blur_fwhm_mm);
    return {{.along = {AxisSpread{spacing_mm[0], sigma_mm}, AxisSpread{spacing_mm[1], sigma_mm}}}};
  }
  if (blur_fwhm_mm > 0.0)
    refuse("a kernel is all of the blur in plane", "blur_fwhm_mm",
           fmt::format("0, as the kernel is {}", name), format_number(blur_fwhm_mm),
           "leave blur_fwhm_mm out, or set kernel to voxel");
  const auto& kernel =
      *std::find_if(kernels.begin(), kernels.end(), [&](const Kernel& each) { return name == each.name; });
  // One of the two alone keeps the kernel's shape.
  if (mtf50_per_mm == 0.0 && mtf10_per_mm == 0.0) mtf50_per_mm = kernel.mtf50_per_mm;
  if (mtf50_per_mm == 0.0) mtf50_per_mm = mtf10_per_mm * kernel.mtf50_per_mm / kernel.mtf10_per_mm;
  if (mtf10_per_mm == 0.0) mtf10_per_mm = mtf50_per_mm * kernel.mtf10_per_mm / kernel.mtf50_per_mm;
  return gaussian_pair(mtf50_per_mm, mtf10_per_mm);
}

}  // namespace

double density_per_mm(const AxisSpread& spread, double x_mm) {
  const auto [box_mm, sigma_mm] = spread;
  if (box_mm == 0.0) return normal_density(x_mm / sigma_mm) / sigma_mm;
  if (sigma_mm == 0.0) return std::abs(x_mm) < 0.5 * box_mm ? 1.0 / box_mm : 0.0;
  return (normal_cumulative((x_mm + 0.5 * box_mm) / sigma_mm) -
          normal_cumulative((x_mm - 0.5 * box_mm) / sigma_mm)) /
         box_mm;
}

double cumulative(const AxisSpread& spread, double x_mm) {
  const auto [box_mm, sigma_mm] = spread;
  if (box_mm == 0.0) return normal_cumulative(x_mm / sigma_mm);
  if (sigma_mm == 0.0) return std::clamp(x_mm / box_mm + 0.5, 0.0, 1.0);
  const auto integral = [sigma = sigma_mm](double x) {
    return x * normal_cumulative(x / sigma) + sigma * normal_density(x / sigma);
  };
  return (integral(x_mm + 0.5 * box_mm) - integral(x_mm - 0.5 * box_mm)) / box_mm;
}

double transfer(const AxisSpread& spread, double frequency_per_mm) {
  const double turns = pi * frequency_per_mm * spread.box_mm;
  const double of_box = turns == 0.0 ? 1.0 : std::sin(turns) / turns;
  const double of_gaussian = pi * frequency_per_mm * spread.sigma_mm;
  return of_box * std::exp(-2.0 * of_gaussian * of_gaussian);
}

double reach_mm(const AxisSpread& spread) { return 0.5 * spread.box_mm + sigmas_of_reach * spread.sigma_mm; }

double fwhm_mm(const AxisSpread& spread) {
  if (spread.sigma_mm == 0.0) return spread.box_mm;
  const double half = 0.5 * density_per_mm(spread, 0.0);
  return 2.0 *
         falling_root(0.0, reach_mm(spread), [&](double x) { return density_per_mm(spread, x) - half; });
}

double transfer_in_plane(const PointSpread& spread, double along_i_per_mm, double along_j_per_mm) {
  double sum = 0.0;
  for (const auto& part : spread.in_plane)
    sum += part.weight * transfer(part.along[0], along_i_per_mm) * transfer(part.along[1], along_j_per_mm);
  return sum;
}

double frequency_of_transfer_per_mm(const PointSpread& spread, int axis, double level) {
  const auto at = [&](double frequency) {
    return axis == 0 ? transfer_in_plane(spread, frequency, 0.0) : transfer_in_plane(spread, 0.0, frequency);
  };
  double widest_mm = 0.0;
  for (const auto& part : spread.in_plane)
    widest_mm = std::max(widest_mm, reach_mm(part.along[static_cast<std::size_t>(axis)]));
  // No transfer of these has a feature that is narrower than a fraction of 1 / reach.
  const double step = 0.02 / widest_mm;
  double high = step;
  while (at(high) > level) high += step;
  return falling_root(high - step, high, [&](double frequency) { return at(frequency) - level; });
}

double slice_thickness_mm(const Parameters& resolved) {
  const double given_mm = number(resolved, "slice_thickness_mm");
  return given_mm > 0.0 ? given_mm : numbers(resolved, "spacing_mm")[2];
}

PointSpread point_spread_of(const Parameters& resolved) {
  PointSpread spread{.in_plane = in_plane_parts(resolved), .slice = {}};
  const double thickness_mm = slice_thickness_mm(resolved);
  const double blur_mm = sigma_of_fwhm(number(resolved, "blur_fwhm_mm"));
  if (text(resolved, "slice_profile") == "rectangle")
    spread.slice = {.box_mm = thickness_mm, .sigma_mm = blur_mm};
  else
    spread.slice = {.sigma_mm = std::hypot(sigma_of_fwhm(thickness_mm), blur_mm)};
  return spread;
}

}  // namespace meshassay::phantoms
