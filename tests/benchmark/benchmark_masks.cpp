// SPDX-License-Identifier: GPL-3.0-or-later
// The whole set of overlap.* and boundary.* for two shells of 512^3 voxels against ITK's Hausdorff distance
// and plastimatch's, which give two and some of the numbers, on the same masks in the same run.
//   benchmark_masks [SIDE] [ours]     (default: 512; "ours": without the peers, for a profiler)
#include <fmt/format.h>
#include <itkHausdorffDistanceImageFilter.h>
#include <sys/resource.h>
#include <tbb/global_control.h>

#include <cstdlib>
#include <string>

#include "core/bridge_itk/convert_image.hpp"
#include "core/io/image_files.hpp"
#include "core/label_map.hpp"
#include "metrics/boundary/boundary_distance.hpp"
#include "metrics/masks/overlap.hpp"
#include "tests/benchmark/contest.hpp"
#include "tests/support/temporary_folder.hpp"

namespace meshassay {
namespace {

// Its result is looked at, so that no work is left out.
volatile double sink;

constexpr int pairs = 3;  // Of which the medians are printed.

// Radii as shares of the side; the middle is moved by `shift` voxels along each axis.
LabelMap shell(int side, double inner, double outer, double shift) {
  Grid grid{.size = {side, side, side}, .spacing_mm = Vector3::Constant(0.4)};
  LabelMap mask(grid);
  const double middle = 0.5 * (side - 1) + shift;
  const double low = inner * side * inner * side, high = outer * side * outer * side;
  for (int k = 0; k < side; ++k)
    for (int j = 0; j < side; ++j)
      for (int i = 0; i < side; ++i) {
        const double square = (Vector3(i, j, k) - Vector3::Constant(middle)).squaredNorm();
        if (square >= low && square <= high) mask.at(i, j, k) = 1;
      }
  return mask;
}

double most_memory_mb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

double itk_hausdorff(const LabelMap& test, const LabelMap& reference) {
  using Mask = itk::Image<std::uint16_t, 3>;
  const auto filter = itk::HausdorffDistanceImageFilter<Mask, Mask>::New();
  filter->SetInput1(bridge_itk::to_itk(reference));
  filter->SetInput2(bridge_itk::to_itk(test));
  filter->SetUseImageSpacing(true);
  filter->Update();
  return filter->GetHausdorffDistance();
}

void run(int side, bool only_ours) {
  const LabelMap reference = shell(side, 0.38, 0.42, 0.0), test = shell(side, 0.385, 0.425, 1.3);
  const auto ours = [&] {
    const auto common = metrics::overlap(test, reference);
    const auto result = metrics::boundary_distance(test, reference);
    sink = common.volumes.dice() + result.hausdorff_mm().value + result.percentile_mm().value +
           result.mean_of_means_mm().value + result.pooled_mean_mm().value + result.share_within(0).value;
  };
  const double inputs_mb = most_memory_mb();
  fmt::print("overlap.* and boundary.*, first time: {:.2f} s\n", benchmark::seconds(ours));
  fmt::print("memory beyond the inputs: {:.2f} bytes a voxel\n",
             (most_memory_mb() - inputs_mb) * 1048576.0 / static_cast<double>(reference.values.size()));
  if (only_ours) return;
  benchmark::compare({fmt::format("overlap.*, boundary.* of shells of {}^3, two threads", side), ours},
                     {"the same, one thread",
                      [&] {
                        const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, 1);
                        ours();
                      }},
                     pairs);
  benchmark::compare({fmt::format("overlap.*, boundary.* of shells of {}^3", side), ours},
                     {"ITK HausdorffDistanceImageFilter", [&] { sink = itk_hausdorff(test, reference); }},
                     pairs);
  const test_support::TemporaryFolder folder;
  const std::string of_test = (folder.path() / "test.nrrd").string(),
                    of_reference = (folder.path() / "reference.nrrd").string();
  io::write_label_map(test, of_test);
  io::write_label_map(reference, of_reference);
  const std::string command = "plastimatch dice --all '" + of_reference + "' '" + of_test + "' >/dev/null";
  benchmark::compare({fmt::format("overlap.*, boundary.* of shells of {}^3", side), ours},
                     {"plastimatch dice --all", [&] { sink = std::system(command.c_str()); }}, pairs);
}

}  // namespace
}  // namespace meshassay

int main(int count, char** words) {
  const int side = count > 1 ? std::atoi(words[1]) : 512;
  meshassay::run(side, count > 2 && std::string(words[2]) == "ours");
}
