// SPDX-License-Identifier: GPL-3.0-or-later
// A scan of 512 x 512 x 400 voxels against ITK's recursive Gaussian on the same grid in the same run, its
// memory, and how its time grows with the voxels. A program of its own, so that the peak of its memory is the
// scan's.
#include <fmt/format.h>
#include <itkImage.h>
#include <itkSmoothingRecursiveGaussianImageFilter.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <vector>

#include "phantoms/phantom.hpp"
#include "phantoms/scan/scan.hpp"

namespace meshassay {
namespace {

double seconds(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

double peak_mb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

/// A ball that fills 70 % of the field, blurred by a standard kernel and a Gaussian profile, with shaped
/// noise. `size` 1: 512 x 512 x 400 voxels or one more; 0.5: half of that along each axis, at the same
/// spacing.
Image<float> scanned(double size, std::uint64_t seed) {
  const auto phantom =
      phantoms::make_phantom(phantoms::find_phantom("sphere", "benchmark"), {{"radius_mm", 90.0 * size}},
                             "benchmark", {.chordal_error_mm = 1.0});
  const auto parameters = resolve_parameters(phantoms::scan_parameters(),
                                             {{"spacing_mm", std::vector<double>{0.5, 0.5, 0.64}},
                                              {"margin_mm", 36.5 * size},
                                              {"kernel", std::string("standard")},
                                              {"slice_thickness_mm", 1.0},
                                              {"slice_profile", std::string("gaussian")},
                                              {"noise_hu", 20.0},
                                              {"noise_spectrum", std::string("ramp")}},
                                             "benchmark");
  return std::move(phantoms::scan(phantom, {.parameters = parameters, .seed = seed}).hu);
}

using ItkImage = itk::Image<float, 3>;

ItkImage::Pointer itk_image(const Grid& grid) {
  auto image = ItkImage::New();
  ItkImage::SizeType size;
  ItkImage::SpacingType spacing;
  for (unsigned axis = 0; axis < 3; ++axis) {
    size[axis] = static_cast<itk::SizeValueType>(grid.size[axis]);
    spacing[axis] = grid.spacing_mm[static_cast<int>(axis)];
  }
  image->SetRegions(ItkImage::RegionType(size));
  image->SetSpacing(spacing);
  image->Allocate();
  image->FillBuffer(1.0F);
  return image;
}

void smooth(const ItkImage::Pointer& image) {
  auto filter = itk::SmoothingRecursiveGaussianImageFilter<ItkImage, ItkImage>::New();
  filter->SetInput(image);
  filter->SetSigma(0.45);  // Of the kernel.
  filter->Update();
}

}  // namespace
}  // namespace meshassay

int main() {
  using namespace meshassay;
  const double before_mb = peak_mb();
  Grid grid;
  std::vector<double> ours_s, half_s, itk_s, ratios;
  ours_s.push_back(seconds([&] { grid = scanned(1.0, 0).grid; }));
  const double scan_mb = peak_mb() - before_mb;
  const double volume_mb = static_cast<double>(grid.voxels()) * sizeof(float) / 1048576.0;
  const auto image = itk_image(grid);
  std::size_t half_voxels = 0;
  for (std::uint64_t pair = 0; pair < 3; ++pair) {
    if (pair > 0) ours_s.push_back(seconds([&] { (void)scanned(1.0, pair); }));
    itk_s.push_back(seconds([&] { smooth(image); }));
    ratios.push_back(ours_s.back() / itk_s.back());
    half_s.push_back(seconds([&] { half_voxels = scanned(0.5, pair).grid.voxels(); }));
  }
  fmt::print(
      "scan of {} x {} x {} voxels {:.1f} s   ITK SmoothingRecursiveGaussian {:.1f} s   ratio {:.2f} (limit "
      "5)\n",
      grid.size[0], grid.size[1], grid.size[2], median(ours_s), median(itk_s), median(ratios));
  fmt::print("memory of the scan {:.0f} MB   volume {:.0f} MB   ratio {:.2f} (limit 2)\n", scan_mb, volume_mb,
             scan_mb / volume_mb);
  fmt::print("{:.2f} times the voxels take {:.2f} times the time (linear or less)\n",
             static_cast<double>(grid.voxels()) / static_cast<double>(half_voxels),
             median(ours_s) / median(half_s));
}
