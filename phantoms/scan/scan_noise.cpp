// SPDX-License-Identifier: GPL-3.0-or-later
// Ramp: complex white numbers in the frequency domain, times the root of the power, through Eigen's FFT: real
// and imaginary part are two independent slices with that power. The transform is a little longer than the
// slice, so that opposite borders are not neighbours.
#include "phantoms/scan/scan_noise.hpp"

#include <fmt/format.h>
#include <oneapi/tbb/parallel_for.h>

#include <Eigen/Core>
#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <numbers>
#include <unsupported/Eigen/FFT>
#include <vector>

#include "core/errors.hpp"
#include "core/text.hpp"
#include "phantoms/scan/noise.hpp"

namespace meshassay::phantoms {
namespace {

/// The next length whose only prime factors are 2, 3 and 5.
int fast_length(int at_least) {
  for (int length = at_least;; ++length) {
    int rest = length;
    for (const int prime : {2, 3, 5})
      while (rest % prime == 0) rest /= prime;
    if (rest == 1) return length;
  }
}

/// Frequency of bin `bin` of `length` samples that are `spacing_mm` apart.
double frequency_per_mm(int bin, int length, double spacing_mm) {
  return (bin <= length / 2 ? bin : bin - length) / (length * spacing_mm);
}

struct Spectrum {
  int columns = 0, rows = 0;
  Eigen::ArrayXXd amplitude;  ///< (column bin, row bin); the squares sum to one.
};

/// On a transform that is longer than the slice by what the noise is correlated over.
Spectrum spectrum_of(const NoiseModel& model, const Grid& grid) {
  double reach_mm_in_plane = 0.0;
  for (const auto& part : model.spread.in_plane)
    for (const auto& along : part.along) reach_mm_in_plane = std::max(reach_mm_in_plane, reach_mm(along));
  const auto padded = [&](std::size_t axis) {
    const double reach = 2.0 * reach_mm_in_plane / grid.spacing_mm[static_cast<int>(axis)];
    return fast_length(grid.size[axis] + static_cast<int>(std::min(std::ceil(reach), 256.0)));
  };
  Spectrum spectrum{.columns = padded(0), .rows = padded(1)};
  spectrum.amplitude.resize(spectrum.columns, spectrum.rows);
  for (int v = 0; v < spectrum.rows; ++v)
    for (int u = 0; u < spectrum.columns; ++u)
      spectrum.amplitude(u, v) = noise_power(model, frequency_per_mm(u, spectrum.columns, grid.spacing_mm[0]),
                                             frequency_per_mm(v, spectrum.rows, grid.spacing_mm[1]));
  const double sum = spectrum.amplitude.sum();
  if (!(sum > 0.0))
    throw InvalidInput({.what = "the noise has no power on this grid",
                        .where = "noise_spectrum",
                        .expected = "a grid with frequencies that pass the kernel",
                        .got = fmt::format("{} x {} voxels", grid.size[0], grid.size[1]),
                        .mend = "take more voxels, or white noise"});
  spectrum.amplitude = (spectrum.amplitude / sum).sqrt();
  return spectrum;
}

/// What a slice takes of the white slices about it; the squares sum to one. An odd number of them.
std::vector<double> slice_weights(const PointSpread& spread, double slice_mm) {
  const int reach = static_cast<int>(std::ceil(reach_mm(spread.slice) / slice_mm));
  std::vector<double> weights;
  double squares = 0.0;
  for (int t = -reach; t <= reach; ++t) {
    const double weight =
        cumulative(spread.slice, (t + 0.5) * slice_mm) - cumulative(spread.slice, (t - 0.5) * slice_mm);
    weights.push_back(weight < 1e-4 ? 0.0 : weight);
    squares += weights.back() * weights.back();
  }
  for (double& weight : weights) weight /= std::sqrt(squares);
  while (weights.size() > 1 && weights.front() == 0.0) {
    weights.erase(weights.begin());
    weights.pop_back();
  }
  return weights;
}

using Complex = std::complex<double>;
using Plane = Eigen::Array<Complex, Eigen::Dynamic, Eigen::Dynamic>;

/// Slices 2 pair and 2 pair + 1 of the noise before slices are mixed.
struct SlicePair {
  std::array<Eigen::ArrayXXf, 2> slices;
};

SlicePair slice_pair(const Spectrum& spectrum, const Grid& grid, std::uint32_t pair, std::uint64_t seed) {
  Plane plane(spectrum.columns, spectrum.rows);
  for (int v = 0; v < spectrum.rows; ++v)
    for (int u = 0; u < spectrum.columns; ++u) {
      const auto at = static_cast<std::uint32_t>(v) * static_cast<std::uint32_t>(spectrum.columns) +
                      static_cast<std::uint32_t>(u);
      const double amplitude = spectrum.amplitude(u, v);
      plane(u, v) = amplitude == 0.0 ? Complex(0.0) : amplitude * complex_normal(seed, at, pair);
    }
  Eigen::FFT<double> fft;
  fft.SetFlag(Eigen::FFT<double>::Unscaled);
  std::vector<Complex> in(static_cast<std::size_t>(std::max(spectrum.rows, spectrum.columns)));
  std::vector<Complex> out(in.size());
  for (int u = 0; u < spectrum.columns; ++u) {
    for (int v = 0; v < spectrum.rows; ++v) in[static_cast<std::size_t>(v)] = plane(u, v);
    fft.inv(out.data(), in.data(), spectrum.rows);
    for (int v = 0; v < grid.size[1]; ++v) plane(u, v) = out[static_cast<std::size_t>(v)];
  }
  SlicePair result;
  for (auto& slice : result.slices) slice.resize(grid.size[0], grid.size[1]);
  for (int v = 0; v < grid.size[1]; ++v) {
    fft.inv(out.data(), &plane(0, v), spectrum.columns);
    for (int u = 0; u < grid.size[0]; ++u) {
      result.slices[0](u, v) = static_cast<float>(out[static_cast<std::size_t>(u)].real());
      result.slices[1](u, v) = static_cast<float>(out[static_cast<std::size_t>(u)].imag());
    }
  }
  return result;
}

void add_white(Image<float>& hu, double level_hu, std::uint64_t seed) {
  const Grid& grid = hu.grid;
  tbb::parallel_for(0, grid.size[2], [&](int k) {
    for (std::size_t voxel = grid.offset(0, 0, k); voxel < grid.offset(0, 0, k + 1); ++voxel)
      hu.values[voxel] = static_cast<float>(hu.values[voxel] + level_hu * standard_normal(seed, voxel));
  });
}

void add_ramp(Image<float>& hu, const NoiseModel& model, std::uint64_t seed) {
  const Grid& grid = hu.grid;
  const Spectrum spectrum = spectrum_of(model, grid);
  const std::vector<double> weights = slice_weights(model.spread, grid.slice_mm());
  const int taps = static_cast<int>(weights.size());
  constexpr int slices_at_once = 16;
  const Eigen::Index slice_voxels = static_cast<Eigen::Index>(grid.size[0]) * grid.size[1];
  for (int first = 0; first < grid.size[2]; first += slices_at_once) {
    const int end = std::min(first + slices_at_once, grid.size[2]);
    // Slice k mixes the white slices k ... k + taps - 1.
    const int first_pair = first / 2;
    const int end_pair = (end + taps - 2) / 2 + 1;
    std::vector<SlicePair> pairs(static_cast<std::size_t>(end_pair - first_pair));
    tbb::parallel_for(first_pair, end_pair, [&](int pair) {
      pairs[static_cast<std::size_t>(pair - first_pair)] =
          slice_pair(spectrum, grid, static_cast<std::uint32_t>(pair), seed);
    });
    tbb::parallel_for(first, end, [&](int k) {
      Eigen::ArrayXf sum = Eigen::ArrayXf::Zero(slice_voxels);
      for (int t = 0; t < taps; ++t) {
        const auto& pair = pairs[static_cast<std::size_t>((k + t) / 2 - first_pair)];
        sum += static_cast<float>(model.level_hu * weights[static_cast<std::size_t>(t)]) *
               pair.slices[static_cast<std::size_t>((k + t) % 2)].reshaped();
      }
      Eigen::Map<Eigen::ArrayXf>(&hu.at(0, 0, k), slice_voxels) += sum;
    });
  }
}

}  // namespace

NoiseModel noise_model_of(const Parameters& resolved, const PointSpread& spread) {
  return {.spectrum = text(resolved, "noise_spectrum") == "ramp" ? NoiseSpectrum::ramp : NoiseSpectrum::white,
          .level_hu = number(resolved, "noise_hu"),
          .spread = spread};
}

double noise_power(const NoiseModel& model, double along_i_per_mm, double along_j_per_mm) {
  if (model.spectrum == NoiseSpectrum::white) return 1.0;
  const double transfer = transfer_in_plane(model.spread, along_i_per_mm, along_j_per_mm);
  return std::hypot(along_i_per_mm, along_j_per_mm) * transfer * transfer;
}

double voxels_per_sample(const NoiseModel& model, const Grid& grid) {
  if (model.spectrum == NoiseSpectrum::white) return 1.0;
  // By Parseval's theorem, from the powers p = amplitude^2, which sum to one: N sum p^2.
  const Spectrum spectrum = spectrum_of(model, grid);
  double in_plane = spectrum.amplitude.square().square().sum() * spectrum.columns * spectrum.rows;
  const std::vector<double> weights = slice_weights(model.spread, grid.slice_mm());
  double along_slices = 0.0;
  const auto taps = static_cast<int>(weights.size());
  for (int shift = 1 - taps; shift < taps; ++shift) {
    double correlation = 0.0;
    for (int t = std::max(0, shift); t < std::min(taps, taps + shift); ++t)
      correlation += weights[static_cast<std::size_t>(t)] * weights[static_cast<std::size_t>(t - shift)];
    along_slices += correlation * correlation;
  }
  return in_plane * along_slices;
}

void add_noise(Image<float>& hu, const NoiseModel& model, std::uint64_t seed) {
  if (model.level_hu <= 0.0 || hu.grid.voxels() == 0) return;
  if (model.spectrum == NoiseSpectrum::white)
    add_white(hu, model.level_hu, seed);
  else
    add_ramp(hu, model, seed);
}

}  // namespace meshassay::phantoms
