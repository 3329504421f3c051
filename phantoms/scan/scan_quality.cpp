// SPDX-License-Identifier: GPL-3.0-or-later
#include "phantoms/scan/scan_quality.hpp"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <numbers>
#include <unsupported/Eigen/FFT>

#include "core/errors.hpp"
#include "core/text.hpp"
#include "phantoms/scan/blur.hpp"
#include "phantoms/scan/scan_noise.hpp"
#include "phantoms/scan/scan_spread.hpp"

namespace meshassay::phantoms {
namespace {

constexpr double pi = std::numbers::pi;

// ---- edges
// -------------------------------------------------------------------------------------------------

/// A plane; inside is where its normal does not point.
ImplicitSurface half_space(const Point3& point_mm, const Vector3& normal) {
  constexpr double far_mm = 1e5;
  return {.signed_distance_mm = [=](const Point3& p) { return normal.dot(p - point_mm); },
          .gradient = [=](const Point3&) { return normal; },
          .flatness_mm = [](const Point3&, double) { return 0.0; },
          .bounds_mm = {.min_mm = Point3::Constant(-far_mm), .max_mm = Point3::Constant(far_mm)}};
}

/// The response to an edge from 1 to 0, and its slope, `step_mm` apart.
struct EdgeResponse {
  double step_mm = 0.0;
  std::vector<double> slope_per_mm;
};

double spread_sigma_mm(const AxisSpread& spread) {
  return std::sqrt(spread.box_mm * spread.box_mm / 12.0 + spread.sigma_mm * spread.sigma_mm);
}

AxisSpread widest_along(const PointSpread& spread, int axis) {
  if (axis == 2) return spread.slice;
  AxisSpread widest;
  for (const auto& part : spread.in_plane)
    if (const auto& along = part.along[static_cast<std::size_t>(axis)]; reach_mm(along) > reach_mm(widest))
      widest = along;
  return widest;
}

AxisSpread narrowest_along(const PointSpread& spread, int axis) {
  return axis == 2 ? spread.slice : spread.in_plane.front().along[static_cast<std::size_t>(axis)];
}

/// The edge runs across `axis` and moves by one voxel over the insert's rows, so that its response is sampled
/// at voxel / rows. Rows enough that the blur along them, seen at this slant, is below a tenth of the one
/// that is measured (0.5 % of its width).
EdgeResponse edge_response(int axis, const Grid& scan_grid, const ScanOptions& options,
                           const PointSpread& spread) {
  const int other = axis == 0 ? 1 : 0;
  const double spacing_mm = scan_grid.spacing_mm[axis];
  const double across_mm = spread_sigma_mm(narrowest_along(spread, axis));
  const double ratio = spacing_mm / across_mm;
  const double along = spread_sigma_mm(widest_along(spread, other)) / scan_grid.spacing_mm[other];
  const int rows =
      static_cast<int>(std::ceil(std::clamp(std::max(10.0 * ratio * along, 16.0 * ratio), 16.0, 1024.0)));
  const int half = static_cast<int>(std::ceil(reach_mm(widest_along(spread, axis)) / spacing_mm)) + 2;
  Grid grid = scan_grid;
  grid.size = {1, 1, 1};
  grid.size[static_cast<std::size_t>(axis)] = 2 * half + 1;
  grid.size[static_cast<std::size_t>(other)] = rows;
  grid.origin_mm = Point3::Zero();

  // In row r the edge crosses at the index half + r / rows - 1/2.
  Vector3 normal = Vector3::Zero();
  normal[axis] = 1.0 / spacing_mm;
  normal[other] = -1.0 / (rows * grid.spacing_mm[other]);
  normal.normalize();
  Vector3 index = Vector3::Zero();
  index[axis] = half - 0.5;
  const double contrast_hu = std::max(1e5, 2e4 * number(options.parameters, "noise_hu"));
  Image<float> hu(grid);
  add_spread(hu, half_space(grid.to_world(index), grid.direction * normal), contrast_hu,
             {.spread = spread, .tolerance = number(options.parameters, "partial_volume_tolerance")});
  add_noise(hu, noise_model_of(options.parameters, spread), options.seed);

  // Sample q = column * rows - row lies at q / rows voxels along the axis: every q once.
  const int count = (grid.size[static_cast<std::size_t>(axis)] - 1) * rows + rows;
  std::vector<double> response(static_cast<std::size_t>(count));
  for (int column = 0; column <= 2 * half; ++column)
    for (int row = 0; row < rows; ++row) {
      std::array<int, 3> at = {0, 0, 0};
      at[static_cast<std::size_t>(axis)] = column;
      at[static_cast<std::size_t>(other)] = row;
      response[static_cast<std::size_t>(column * rows - row + rows - 1)] =
          hu.at(at[0], at[1], at[2]) / contrast_hu;
    }
  EdgeResponse result{.step_mm = spacing_mm / rows * normal[axis], .slope_per_mm = {}};
  for (std::size_t q = 0; q + 1 < response.size(); ++q)
    result.slope_per_mm.push_back((response[q] - response[q + 1]) / result.step_mm);
  return result;
}

/// Modulation at a frequency, normalised to frequency 0; the difference of neighbours is a box of one step.
double modulation(const EdgeResponse& edge, double frequency_per_mm) {
  std::complex<double> sum = 0.0;
  double all = 0.0;
  for (std::size_t q = 0; q < edge.slope_per_mm.size(); ++q) {
    sum += edge.slope_per_mm[q] *
           std::polar(1.0, -2.0 * pi * frequency_per_mm * static_cast<double>(q) * edge.step_mm);
    all += edge.slope_per_mm[q];
  }
  const double turns = pi * frequency_per_mm * edge.step_mm;
  return std::abs(sum) / all * (turns > 0.0 ? turns / std::sin(turns) : 1.0);
}

/// The first frequency, from 0 up in steps of `around / 64`, at which the modulation falls below the level.
std::optional<double> frequency_of_modulation(const EdgeResponse& edge, double level, double around_per_mm) {
  const double step = around_per_mm / 64.0;
  double before = 1.0;
  for (int n = 1; n <= 192; ++n) {
    const double here = modulation(edge, n * step);
    if (here < level) return step * (n - 1 + (before - level) / (before - here));
    before = here;
  }
  return std::nullopt;
}

/// Full width at half maximum of the slope's mean over a tenth of the expected width.
double width_at_half_maximum(const EdgeResponse& edge, double expected_mm) {
  const auto& slope = edge.slope_per_mm;
  const auto window = std::max<std::size_t>(1, static_cast<std::size_t>(0.1 * expected_mm / edge.step_mm));
  std::vector<double> mean;
  for (std::size_t q = 0; q + window <= slope.size(); ++q) {
    double sum = 0.0;
    for (std::size_t w = 0; w < window; ++w) sum += slope[q + w];
    mean.push_back(sum / static_cast<double>(window));
  }
  const auto peak = std::max_element(mean.begin(), mean.end());
  const double half = 0.5 * *peak;
  const auto top = static_cast<std::ptrdiff_t>(peak - mean.begin());
  const auto crossing = [&](std::ptrdiff_t direction) {
    std::ptrdiff_t q = top;
    const auto last = static_cast<std::ptrdiff_t>(mean.size()) - 1;
    while (q > 0 && q < last && mean[static_cast<std::size_t>(q + direction)] >= half) q += direction;
    if (q <= 0 || q >= last) return static_cast<double>(q);
    const double inner = mean[static_cast<std::size_t>(q)];
    const double outer = mean[static_cast<std::size_t>(q + direction)];
    return static_cast<double>(q) + static_cast<double>(direction) * (inner - half) / (inner - outer);
  };
  return (crossing(1) - crossing(-1)) * edge.step_mm;
}

// ---- noise
// -------------------------------------------------------------------------------------------------

constexpr int region = 64;  ///< Voxels along the side of a region of the noise power spectrum.

/// Power in HU^2 mm^2 on the rings of a radial average, `step_per_mm` wide; ring r is about r step_per_mm,
/// and its power stands at the mean of its frequencies.
struct RadialPower {
  double step_per_mm = 0.0;
  std::vector<double> power;
  std::vector<double> mean_per_mm;
  std::vector<double> bins;  ///< How many frequencies are in the ring.
};

double bin_frequency_per_mm(int bin, double spacing_mm) {
  return (bin <= region / 2 ? bin : bin - region) / (region * spacing_mm);
}

/// The rings up to the lower of the two sampling limits.
RadialPower radial_average(const Eigen::ArrayXXd& power, const Grid& grid) {
  const double coarse_mm = grid.in_plane_mm();
  RadialPower result{.step_per_mm = 1.0 / (region * coarse_mm),
                     .power = std::vector<double>(region / 2 + 1, 0.0),
                     .mean_per_mm = std::vector<double>(region / 2 + 1, 0.0),
                     .bins = std::vector<double>(region / 2 + 1, 0.0)};
  for (int v = 0; v < region; ++v)
    for (int u = 0; u < region; ++u) {
      const double frequency = std::hypot(bin_frequency_per_mm(u, grid.spacing_mm[0]),
                                          bin_frequency_per_mm(v, grid.spacing_mm[1]));
      const auto ring = static_cast<std::size_t>(std::lround(frequency / result.step_per_mm));
      if (ring >= result.power.size()) continue;
      result.power[ring] += power(u, v);
      result.mean_per_mm[ring] += frequency;
      result.bins[ring] += 1.0;
    }
  for (std::size_t ring = 0; ring < result.power.size(); ++ring) {
    result.power[ring] /= result.bins[ring];
    result.mean_per_mm[ring] /= result.bins[ring];
  }
  return result;
}

RadialPower declared_power(const NoiseModel& model, const Grid& grid) {
  Eigen::ArrayXXd power(region, region);
  for (int v = 0; v < region; ++v)
    for (int u = 0; u < region; ++u)
      power(u, v) = noise_power(model, bin_frequency_per_mm(u, grid.spacing_mm[0]),
                                bin_frequency_per_mm(v, grid.spacing_mm[1]));
  // The integral over all frequencies is the variance.
  const double area = 1.0 / (region * grid.spacing_mm[0]) / (region * grid.spacing_mm[1]);
  power *= model.level_hu * model.level_hu / (power.sum() * area);
  return radial_average(power, grid);
}

/// Mean over all regions of the slices of |F|^2 pixel / region.
RadialPower measured_power(const Image<float>& hu) {
  const Grid& grid = hu.grid;
  Eigen::ArrayXXd sum = Eigen::ArrayXXd::Zero(region, region);
  int regions = 0;
  Eigen::FFT<double> fft;
  using Complex = std::complex<double>;
  Eigen::Array<Complex, Eigen::Dynamic, Eigen::Dynamic> plane(region, region);
  std::vector<Complex> in(region), out(region);
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j + region <= grid.size[1]; j += region)
      for (int i = 0; i + region <= grid.size[0]; i += region, ++regions) {
        for (int v = 0; v < region; ++v)
          for (int u = 0; u < region; ++u) plane(u, v) = hu.at(i + u, j + v, k);
        plane -= plane.mean();
        for (int v = 0; v < region; ++v) {
          fft.fwd(out.data(), &plane(0, v), region);
          for (int u = 0; u < region; ++u) plane(u, v) = out[static_cast<std::size_t>(u)];
        }
        for (int u = 0; u < region; ++u) {
          for (int v = 0; v < region; ++v) in[static_cast<std::size_t>(v)] = plane(u, v);
          fft.fwd(out.data(), in.data(), region);
          for (int v = 0; v < region; ++v) sum(u, v) += std::norm(out[static_cast<std::size_t>(v)]);
        }
      }
  sum *= grid.spacing_mm[0] * grid.spacing_mm[1] / (static_cast<double>(regions) * region * region);
  return radial_average(sum, grid);
}

/// The maximum of c0 + c1 ln f + c2 f^2 + c3 f^4, which is fitted to ln(power) where it is above half of the
/// largest ring's, each ring by the number of its frequencies: a power of f times the square of an even
/// transfer function. Nothing where the largest is at either end.
std::optional<double> peak_per_mm(const RadialPower& radial) {
  const auto& power = radial.power;
  const auto largest =
      static_cast<std::size_t>(std::max_element(power.begin() + 1, power.end()) - power.begin());
  std::size_t first = largest;
  std::size_t last = largest;
  while (first > 1 && power[first - 1] > 0.5 * power[largest]) --first;
  while (last + 1 < power.size() && power[last + 1] > 0.5 * power[largest]) ++last;
  if (last - first < 4 || largest + 2 >= power.size() || largest < 2) return std::nullopt;
  const auto terms = [&](double frequency_per_mm) {
    const double x = frequency_per_mm / radial.mean_per_mm[largest];
    return Eigen::Vector4d(1.0, std::log(x), x * x, x * x * x * x);
  };
  Eigen::Matrix4d normal = Eigen::Matrix4d::Zero();
  Eigen::Vector4d right = Eigen::Vector4d::Zero();
  for (std::size_t ring = first; ring <= last; ++ring) {
    const Eigen::Vector4d row = terms(radial.mean_per_mm[ring]);
    normal += radial.bins[ring] * row * row.transpose();
    right += radial.bins[ring] * std::log(power[ring]) * row;
  }
  const Eigen::Vector4d fit = normal.ldlt().solve(right);
  const double low = radial.mean_per_mm[first];
  const double high = radial.mean_per_mm[last];
  double best = low;
  constexpr int steps = 2000;
  for (int n = 0; n <= steps; ++n) {
    const double frequency = low + (high - low) * n / steps;
    if (fit.dot(terms(frequency)) > fit.dot(terms(best))) best = frequency;
  }
  return best;
}

// ---- rows
// --------------------------------------------------------------------------------------------------

void add_resolution(const Grid& grid, const ScanOptions& options, const PointSpread& spread,
                    ScanQuality& quality) {
  constexpr double tolerance = 0.02;
  for (int axis = 0; axis < 2; ++axis) {
    const std::string name = axis == 0 ? "i" : "j";
    const EdgeResponse edge = edge_response(axis, grid, options, spread);
    double last_per_mm = 0.0;
    for (const auto& [quantity, level] : {std::pair{"mtf50", 0.5}, std::pair{"mtf10", 0.1}}) {
      const double declared = frequency_of_transfer_per_mm(spread, axis, level);
      quality.rows.push_back({.quantity = quantity,
                              .of = name,
                              .unit = "1/mm",
                              .measured_on = "edge insert",
                              .declared = declared,
                              .measured = frequency_of_modulation(edge, level, declared),
                              .tolerance = tolerance * declared});
      if (!quality.rows.back().measured)
        quality.rows.back().undefined = {"not_converged", "the modulation does not fall to the level"};
      last_per_mm = declared;
    }
    QualityCurve curve{.name = "MTF along " + name, .x_name = "frequency in 1/mm", .y_name = "MTF"};
    for (int n = 0; n <= 60; ++n) {
      const double f = 1.5 * last_per_mm * n / 60.0;
      curve.x.push_back(f);
      curve.declared.push_back(
          std::abs(axis == 0 ? transfer_in_plane(spread, f, 0.0) : transfer_in_plane(spread, 0.0, f)));
      curve.measured.push_back(modulation(edge, f));
    }
    quality.curves.push_back(std::move(curve));
  }
  const EdgeResponse edge = edge_response(2, grid, options, spread);
  const double declared_mm = fwhm_mm(spread.slice);
  quality.rows.push_back({.quantity = "slice_fwhm",
                          .of = "k",
                          .unit = "mm",
                          .measured_on = "edge insert",
                          .declared = declared_mm,
                          .measured = width_at_half_maximum(edge, declared_mm),
                          .tolerance = tolerance * declared_mm});
  QualityCurve curve{.name = "slice profile", .x_name = "distance in mm", .y_name = "1/mm"};
  double sum = 0.0;
  double moment = 0.0;
  for (std::size_t q = 0; q < edge.slope_per_mm.size(); ++q) {
    sum += edge.slope_per_mm[q];
    moment += edge.slope_per_mm[q] * static_cast<double>(q);
  }
  const std::size_t stride = edge.slope_per_mm.size() / 400 + 1;
  for (std::size_t q = 0; q < edge.slope_per_mm.size(); q += stride) {
    const double x = (static_cast<double>(q) - moment / sum) * edge.step_mm;
    if (std::abs(x) > 1.5 * declared_mm) continue;
    curve.x.push_back(x);
    curve.declared.push_back(density_per_mm(spread.slice, x));
    curve.measured.push_back(edge.slope_per_mm[q]);
  }
  quality.curves.push_back(std::move(curve));
}

void add_noise_power(const Grid& scan_grid, const ScanOptions& options, const NoiseModel& model,
                     ScanQuality& quality) {
  QualityRow level{.quantity = "noise", .of = "all", .unit = "HU", .measured_on = "uniform insert"};
  QualityRow peak{.quantity = "nps_peak", .of = "all", .unit = "1/mm", .measured_on = "uniform insert"};
  level.declared = model.level_hu;
  if (model.level_hu == 0.0) {
    level.measured = 0.0;
    peak.undefined = {"rank_deficient", "no noise"};
    quality.rows.insert(quality.rows.end(), {level, peak});
    return;
  }
  const bool ramp = model.spectrum == NoiseSpectrum::ramp;
  Grid grid = scan_grid;
  grid.size = {4 * region, 4 * region, 1};
  // 100 000 independent samples: the level's standard error is 1 / sqrt(2 n) = 0.22 %. For the peak 64
  // slices, 1024 regions. No more than that; the tolerance of the level grows where they do not do.
  const double per_sample = voxels_per_sample(model, grid);
  const double slice_voxels = grid.size[0] * grid.size[1];
  grid.size[2] =
      static_cast<int>(std::ceil(std::clamp(1e5 * per_sample / slice_voxels, ramp ? 64.0 : 2.0, 64.0)));
  Image<float> hu(grid);
  add_noise(hu, model, options.seed);
  double sum = 0.0;
  double squares = 0.0;
  for (const float value : hu.values) {
    sum += value;
    squares += static_cast<double>(value) * value;
  }
  const auto count = static_cast<double>(hu.values.size());
  level.measured = std::sqrt(squares / count - (sum / count) * (sum / count));
  level.tolerance = model.level_hu * std::max(0.01, 5.0 / std::sqrt(2.0 * count / per_sample));
  quality.rows.push_back(level);

  const RadialPower declared = declared_power(model, grid);
  const RadialPower measured = measured_power(hu);
  if (ramp) peak.declared = peak_per_mm(declared);
  if (peak.declared) peak.measured = peak_per_mm(measured);
  // Below the fifth ring a fit has few of them.
  if (peak.declared)
    peak.tolerance = *peak.declared * std::max(0.05, 0.25 * declared.step_per_mm / *peak.declared);
  if (!peak.declared)
    peak.undefined = {"rank_deficient", ramp ? "no peak below the sampling's limit" : "white noise has none"};
  else if (!peak.measured)
    peak.undefined = {"not_converged", "the largest power is at the end of the spectrum"};
  quality.rows.push_back(peak);

  QualityCurve curve{.name = "noise power", .x_name = "frequency in 1/mm", .y_name = "HU2 mm2"};
  for (std::size_t ring = 1; ring < declared.power.size(); ++ring) {
    curve.x.push_back(declared.mean_per_mm[ring]);
    curve.declared.push_back(declared.power[ring]);
    curve.measured.push_back(measured.power[ring]);
  }
  quality.curves.push_back(std::move(curve));
}

/// Of the voxels that lie wholly in one material.
struct Material {
  std::string name;
  double hu = 0.0;
  double voxels = 0.0, sum = 0.0, squares = 0.0;
  [[nodiscard]] double mean() const { return sum / voxels; }
  [[nodiscard]] double deviation() const {
    return std::sqrt(std::max(0.0, squares / voxels - mean() * mean()));
  }
};

/// Adds the scan's voxels that no surface's blur reaches to their materials; about two million are looked at.
/// The last material is the background.
std::vector<Material> materials_of(const Phantom& phantom, const CtVolume& ct, const Parameters& parameters,
                                   const PointSpread& spread) {
  const Vector3 reach(reach_mm(widest_along(spread, 0)), reach_mm(widest_along(spread, 1)),
                      reach_mm(widest_along(spread, 2)));
  const double clear_mm = reach.norm();
  std::vector<Material> materials;
  for (const auto& target : phantom.targets)
    materials.push_back({.name = target.truth.name, .hu = target.hu});
  materials.push_back({.name = "background", .hu = phantom.background_hu});
  const Grid& grid = ct.hu.grid;
  const int stride =
      std::max(1, static_cast<int>(std::ceil(std::cbrt(static_cast<double>(grid.voxels()) / 2e6))));
  for (int k = 0; k < grid.size[2]; k += stride)
    for (int j = 0; j < grid.size[1]; j += stride)
      for (int i = 0; i < grid.size[0]; i += stride) {
        if (!in_field_of_view(grid, parameters, i, j)) continue;
        const Point3 center_mm = grid.to_world(Vector3(i, j, k));
        std::size_t inside = phantom.targets.size();
        bool clear = true;
        for (std::size_t t = 0; t < phantom.targets.size() && clear; ++t) {
          const double distance_mm = phantom.targets[t].truth.implicit->signed_distance_mm(center_mm);
          clear = std::abs(distance_mm) > clear_mm;
          if (distance_mm < 0.0) inside = t;
        }
        if (!clear) continue;
        // About the material's own HU, so that no digits are lost.
        Material& material = materials[inside];
        const double value = ct.hu.at(i, j, k) - material.hu;
        material.voxels += 1.0;
        material.sum += value;
        material.squares += value * value;
      }
  return materials;
}

void add_materials(const Phantom& phantom, const CtVolume& ct, const ScanOptions& options,
                   const NoiseModel& model, ScanQuality& quality) {
  const Parameters& parameters = options.parameters;
  const auto materials = materials_of(phantom, ct, parameters, model.spread);
  const double noise_hu = model.level_hu;
  const double step_hu = boolean(parameters, "quantise") ? number(parameters, "rescale_slope") : 0.0;
  // Rounding adds the variance of a uniform distribution, where the noise spreads over several steps.
  const double deviation_hu = std::sqrt(noise_hu * noise_hu + step_hu * step_hu / 12.0);
  const double per_sample = noise_hu > 0.0 ? voxels_per_sample(model, ct.hu.grid) : 1.0;
  const auto& clip = numbers(parameters, "clip_hu");
  constexpr double fewest = 100.0;
  constexpr double errors = 6.0;  // Standard errors: one in 500 million.
  const Material& background = materials.back();

  const auto row = [](const std::string& quantity, const Material& material, const std::string& unit) {
    return QualityRow{.quantity = quantity, .of = material.name, .unit = unit, .measured_on = "scan"};
  };
  const auto mean_tolerance = [&](const Material& material) {
    return 0.5 * step_hu + 1e-3 + errors * deviation_hu * std::sqrt(per_sample / material.voxels);
  };
  const auto relative_tolerance = [&](const Material& material) {
    return std::max(0.01, errors / std::sqrt(2.0 * material.voxels / per_sample));
  };
  for (const auto& material : materials) {
    QualityRow mean = row("hu_mean", material, "HU");
    QualityRow noise = row("noise", material, "HU");
    QualityRow cnr = row("cnr", material, "1");
    const bool clipped =
        material.hu - errors * noise_hu < clip[0] || material.hu + errors * noise_hu > clip[1];
    if (material.voxels < fewest) {
      const Undefined few{"rank_deficient",
                          fmt::format("{} voxels lie clear of every surface", material.voxels)};
      mean.undefined = noise.undefined = cnr.undefined = few;
    } else {
      mean.measured = material.hu + material.mean();
      noise.measured = material.deviation();
      mean.tolerance = mean_tolerance(material);
      noise.tolerance = deviation_hu * relative_tolerance(material);
      if (clipped) {
        mean.undefined = noise.undefined = {"rank_deficient", "clip_hu cuts off some of the noise"};
      } else {
        mean.declared = material.hu;
        if (noise_hu >= step_hu)
          noise.declared = deviation_hu;
        else
          noise.undefined = {"rank_deficient", "noise below the step of the stored numbers"};
      }
      const bool has_background = background.voxels >= fewest && background.deviation() > 0.0;
      if (has_background) {
        cnr.measured = std::abs(material.hu + material.mean() - background.hu - background.mean()) /
                       background.deviation();
        if (!clipped && noise_hu >= step_hu && noise_hu > 0.0) {
          cnr.declared = std::abs(material.hu - background.hu) / deviation_hu;
          // The second order of 1 / (1 - x) is in the factor.
          cnr.tolerance = 1.2 * *cnr.declared * relative_tolerance(background) +
                          1.2 * (mean_tolerance(material) + mean_tolerance(background)) / deviation_hu;
        }
      }
      if (!cnr.measured || !cnr.declared)
        cnr.undefined = {"rank_deficient", noise_hu == 0.0  ? "no noise"
                                           : has_background ? "noise that is clipped, or below a stored step"
                                                            : "too little background"};
    }
    quality.rows.push_back(mean);
    quality.rows.push_back(noise);
    if (&material != &background) quality.rows.push_back(cnr);
  }
}

std::string value_text(const std::optional<double>& value) {
  return value ? format_rounded(*value, 5) : "none";
}

}  // namespace

bool QualityRow::agrees() const {
  if (!declared) return true;
  return measured ? std::abs(*measured - *declared) <= tolerance : undefined.reason != "not_converged";
}

ScanQuality measure_scan(const Phantom& phantom, const CtVolume& ct, const ScanOptions& options) {
  const PointSpread spread = point_spread_of(options.parameters);
  const NoiseModel noise = noise_model_of(options.parameters, spread);
  ScanQuality quality;
  add_resolution(ct.hu.grid, options, spread, quality);
  add_noise_power(ct.hu.grid, options, noise, quality);
  add_materials(phantom, ct, options, noise, quality);
  return quality;
}

void require_as_declared(const ScanQuality& quality) {
  std::vector<std::string> expected, got;
  for (const auto& row : quality.rows)
    if (!row.agrees()) {
      const std::string name = row.quantity + " of " + row.of;
      expected.push_back(fmt::format("{} {} +- {} {}", name, value_text(row.declared),
                                     format_rounded(row.tolerance, 2), row.unit));
      got.push_back(fmt::format("{} {}", name, value_text(row.measured)));
    }
  if (got.empty()) return;
  throw MachineError(
      {.what = "the scan that was made is not the one that was declared",
       .where = "measurement of the scan",
       .expected = join(expected, "; "),
       .got = join(got, "; "),
       .mend = "report it with the scan's parameters and seed: it is an error of this program"});
}

}  // namespace meshassay::phantoms
