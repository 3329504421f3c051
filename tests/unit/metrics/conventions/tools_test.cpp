// SPDX-License-Identifier: GPL-3.0-or-later
// The conventions against the tools themselves: ITK is linked, plastimatch is run.
#include <gtest/gtest.h>
#include <itkHausdorffDistanceImageFilter.h>

#include <array>
#include <cstdio>
#include <map>
#include <memory>
#include <string>

#include "core/bridge_itk/convert_image.hpp"
#include "core/io/image_files.hpp"
#include "metrics/conventions/convention.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/metrics/masks.hpp"
#include "tests/unit/metrics/voxel_balls.hpp"

namespace meshassay::metrics::conventions {
namespace {

struct NamedPair {
  std::string name;
  MaskPair masks;
  bool isotropic = true;
};

// Noise in the middle of a grid, with some voxels to its border.
LabelMap noise(const Grid& grid, double share, std::uint64_t seed, int margin) {
  LabelMap mask = random_voxels(grid, share, seed);
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i)
        if (!grid.contains(i - margin, j - margin, k - margin) ||
            !grid.contains(i + margin, j + margin, k + margin))
          mask.at(i, j, k) = 0;
  return mask;
}

// Smooth and rough ones, isotropic and not.
std::vector<NamedPair> pairs(int margin) {
  std::vector<NamedPair> all;
  all.push_back({"balls", balls_of_21_and_20({1, 1, 1}, {0.1, 0.2, 0.3})});
  all.push_back({"thick slices", balls_of_21_and_20({0.7, 0.7, 5.0}, {0.3, 0.2, 0.1}), false});
  const Grid grid = grid_of({19, 17, 15}), thick = grid_of({19, 17, 15}, {0.5, 0.7, 2.0}, {3, -4, 5});
  all.push_back({"noise", {noise(grid, 0.1, 1, margin), noise(grid, 0.3, 2, margin)}});
  all.push_back({"thick noise", {noise(thick, 0.05, 3, margin), noise(thick, 0.5, 4, margin)}, false});
  return all;
}

TEST(Itk, PrintsWhatItsConventionSays) {
  using Mask = itk::Image<std::uint16_t, 3>;
  for (const auto& [name, masks, isotropic] : pairs(0)) {
    const auto filter = itk::HausdorffDistanceImageFilter<Mask, Mask>::New();
    filter->SetInput1(bridge_itk::to_itk(masks.reference));
    filter->SetInput2(bridge_itk::to_itk(masks.test));
    filter->SetUseImageSpacing(true);
    filter->Update();
    const auto row = measure_by(find_convention("itk", "test"), masks.test, masks.reference).front();
    // ITK keeps distances in double and squares them on the way.
    EXPECT_NEAR(*row.hd_mm.value, filter->GetHausdorffDistance(), 1e-6) << name;
    EXPECT_NEAR(*row.masd_mm.value, filter->GetAverageHausdorffDistance(), 1e-6) << name;
  }
}

// "Hausdorff distance (boundary) = 1.414214": by what stands before the sign.
std::map<std::string, double> plastimatch_dice(const LabelMap& reference, const LabelMap& test) {
  const test_support::TemporaryFolder folder;
  const std::string of_reference = (folder.path() / "reference.nrrd").string(),
                    of_test = (folder.path() / "test.nrrd").string();
  io::write_label_map(reference, of_reference);
  io::write_label_map(test, of_test);
  const std::string command = "plastimatch dice --all '" + of_reference + "' '" + of_test + "'";
  const std::unique_ptr<FILE, int (*)(FILE*)> output(popen(command.c_str(), "r"), pclose);
  std::map<std::string, double> values;
  std::array<char, 512> line{};
  while (output && fgets(line.data(), static_cast<int>(line.size()), output.get()) != nullptr) {
    const std::string text(line.data());
    const auto sign = text.find(" = ");
    if (sign != std::string::npos) values[text.substr(0, sign)] = std::stod(text.substr(sign + 3));
  }
  return values;
}

TEST(Plastimatch, PrintsWhatItsConventionSays) {
  for (const auto& [name, masks, isotropic] : pairs(3)) {
    const auto printed = plastimatch_dice(masks.reference, masks.test);
    ASSERT_TRUE(printed.contains("Hausdorff distance")) << "apt-get install plastimatch";
    const auto rows = measure_by(find_convention("plastimatch", "test"), masks.test, masks.reference);
    ASSERT_EQ(rows.size(), 2u);
    // Six decimals of a single precision number. On anisotropic voxels the tool's distance map propagates
    // nearest voxels from neighbour to neighbour and misses some: what it prints is a little too large. Near
    // the border of the image it is too small; hence the margin.
    for (const auto& row : rows) {
      const std::string suffix = row.variant == "boundary" ? " (boundary)" : "";
      // clang 14 captures no structured binding by reference.
      const auto compare = [&, name = name, isotropic = isotropic](const std::string& key, double value) {
        const double got = printed.at(key + suffix);
        EXPECT_GE(got, value - 2e-6) << name << ": " << key << suffix;
        EXPECT_LE(got, value + 2e-6 + (isotropic ? 0.0 : 0.01 * value)) << name << ": " << key << suffix;
      };
      compare("Hausdorff distance", *row.hd_mm.value);
      compare("Avg average Hausdorff distance", *row.masd_mm.value);
      compare("Percent (0.95) Hausdorff distance", *row.hd95_mm.value);
    }
  }
}

}  // namespace
}  // namespace meshassay::metrics::conventions
