// SPDX-License-Identifier: GPL-3.0-or-later
// What our DICOM writer makes, as others read it: GDCM through ITK, plastimatch, dcm2niix (which our reader
// and writer, on DCMTK, do not use), and as dciodvfy judges it. The programs are those of
// scripts/install_dependencies.sh --with-tests; a test of one that is not installed fails:
// a second opinion that nobody heard proves nothing.
#include <gtest/gtest.h>
#include <itkGDCMImageIO.h>
#include <itkGDCMSeriesFileNames.h>
#include <itkImageSeriesReader.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <set>
#include <sstream>

#include "core/bridge_itk/convert_image.hpp"
#include "core/io/dicom_defects.hpp"
#include "core/io/dicom_series.hpp"
#include "core/io/files.hpp"
#include "core/io/image_files.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/core/io/asymmetric_volume.hpp"

namespace meshassay::io {
namespace {

namespace fs = std::filesystem;

// ---- the series --------------------------------------------------------------------------------

struct WrittenSeries {
  std::string name;
  CtVolume volume;
  DicomWriteOptions options;
  std::string defect = "none";
  std::string answer = "done";  ///< Of a careful reader: refused | warned | done.
};

/// What GoogleTest prints of it, by a name that it looks for.
void PrintTo(const WrittenSeries& series, std::ostream* out) {  // NOLINT(readability-identifier-naming)
  *out << series.name;
}

/// Seven slices, no two axes alike; every voxel tells its place.
CtVolume seven_slices(const Matrix3& direction) {
  Grid grid = testing::asymmetric_grid();
  grid.size = {12, 9, 7};
  grid.direction = direction;
  CtVolume volume;
  volume.hu = Image<float>(grid);
  for (std::size_t v = 0; v < volume.hu.values.size(); ++v)
    volume.hu.values[v] = static_cast<float>(static_cast<int>(v) - 400);
  return volume;
}

/// Every way in which a scan can lie and be stored, and every defect.
std::vector<WrittenSeries> every_series() {
  const Matrix3 oblique = testing::asymmetric_grid().direction;
  std::vector<WrittenSeries> list;
  const auto add = [&list](const std::string& name, const Matrix3& direction) -> WrittenSeries& {
    list.push_back({.name = name, .volume = seven_slices(direction), .options = {.uid_seed = 7}});
    return list.back();
  };
  add("axial", Matrix3::Identity());
  add("oblique", oblique);
  const Matrix3 falling = Vector3(1.0, 1.0, -1.0).asDiagonal();
  add("left_handed", falling);
  add("left_handed_oblique", oblique * falling);
  Matrix3 sagittal;  // Rows run along y, columns along -z, slices along -x.
  sagittal << 0, 0, -1, 1, 0, 0, 0, -1, 0;
  add("sagittal", sagittal);
  add("feet_first_prone", oblique).volume.acquisition.patient_position = "FFP";
  add("overlapping_slices", oblique).volume.acquisition.slice_thickness_mm = 6.0;
  add("gaps_between_slices", oblique).volume.acquisition.slice_thickness_mm = 1.0;
  add("blind", oblique).options.blind = true;
  auto& steps = add("half_steps_from_minus_1024", oblique).volume;
  steps.acquisition.rescale_slope = 0.5;
  steps.acquisition.rescale_intercept = -1024.0;
  for (float& hu : steps.hu.values) hu += 0.5F;
  auto& padded = add("padded", oblique).volume;
  padded.acquisition.padding_hu = -2000.0;
  padded.hu.values.front() = padded.hu.values.back() = -2000.0F;
  auto& named = add("kernel_and_voltage", oblique).volume.acquisition;
  named.convolution_kernel = "sharp";
  named.kvp = 120.0;
  for (const auto& defect : dicom_defect_catalogue()) {
    add("defect_" + defect.id, oblique).defect = defect.id;
    list.back().answer = defect.answer;
  }
  return list;
}

/// What the programs cannot, as they say themselves: Debian builds plastimatch without the codecs and
/// dcm2niix without JPEG-LS, and dcm2niix knows a DICOM file by its preamble.
const std::map<std::string, std::set<std::string>> beyond = {
    {"plastimatch", {"rle", "jpeg_lossless", "jpegls_lossy"}}, {"dcm2niix", {"jpegls_lossy", "no_preamble"}}};

class DicomSecondOpinion : public ::testing::TestWithParam<WrittenSeries> {
 protected:
  void SetUp() override {
    write_dicom_series(GetParam().volume, folder(), GetParam().options);
    if (GetParam().defect != "none") make_defective(folder(), GetParam().defect, 7);
  }
  [[nodiscard]] fs::path folder() const { return temporary_.path() / "ct"; }
  [[nodiscard]] fs::path beside(const std::string& name) const { return temporary_.path() / name; }
  /// Runs a command line in the folder beside the series. \return what it printed.
  [[nodiscard]] std::string run(const std::string& command) const {
    const std::string line = "cd '" + temporary_.path().string() + "' && " + command + " >printed 2>&1";
    (void)std::system(line.c_str());  // Their status says little; what they made is looked at.
    return read_file(beside("printed"));
  }
  test_support::TemporaryFolder temporary_;
};

INSTANTIATE_TEST_SUITE_P(Series, DicomSecondOpinion, ::testing::ValuesIn(every_series()),
                         [](const auto& series) { return series.param.name; });

/// Those that have a right geometry.
class ReadableDicom : public DicomSecondOpinion {};

std::vector<WrittenSeries> readable_series() {
  auto list = every_series();
  std::erase_if(list, [](const WrittenSeries& series) { return series.answer == "refused"; });
  return list;
}
INSTANTIATE_TEST_SUITE_P(Series, ReadableDicom, ::testing::ValuesIn(readable_series()),
                         [](const auto& series) { return series.param.name; });

constexpr const char* how_to_install = "run ./scripts/install_dependencies.sh --with-tests";
bool installed(const std::string& program) {
  return std::system(("command -v " + program + " >/dev/null").c_str()) == 0;
}

// ---- geometry and Hounsfield units ---------------------------------------------------------------

/// Each voxel that was read lies on one that was written, with its HU; axes may run the other way, or slices
/// be in another order. Files that keep float32 are within 1e-3 voxels, here 2.5 um.
void expect_same_voxels(const Image<float>& read, const WrittenSeries& series) {
  const Image<float>& written = series.volume.hu;
  const double loss = series.defect == "jpegls_lossy" ? 2.0 : 0.0;  // Near-lossless by at most 2.
  ASSERT_EQ(read.values.size(), written.values.size());
  for (int k = 0; k < read.grid.size[2]; ++k)
    for (int j = 0; j < read.grid.size[1]; ++j)
      for (int i = 0; i < read.grid.size[0]; ++i) {
        const Vector3 index = written.grid.to_index(read.grid.to_world(Vector3(i, j, k)));
        const Vector3 nearest = index.array().round();
        ASSERT_LT((index - nearest).cwiseAbs().maxCoeff(), 1e-3) << i << " " << j << " " << k;
        for (int axis = 0; axis < 3; ++axis) {
          ASSERT_GE(nearest[axis], 0.0);
          ASSERT_LT(nearest[axis], written.grid.size[static_cast<std::size_t>(axis)]);
        }
        ASSERT_NEAR(read.at(i, j, k),
                    written.at(static_cast<int>(nearest[0]), static_cast<int>(nearest[1]),
                               static_cast<int>(nearest[2])),
                    loss)
            << i << " " << j << " " << k;
      }
}

TEST_P(ReadableDicom, GdcmSeesTheSameVoxels) {
  const auto names = itk::GDCMSeriesFileNames::New();
  names->SetDirectory(folder().string());
  ASSERT_EQ(names->GetSeriesUIDs().size(), 1u);
  using ItkImage = itk::Image<float, 3>;
  const auto reader = itk::ImageSeriesReader<ItkImage>::New();
  reader->SetImageIO(itk::GDCMImageIO::New());
  reader->SetFileNames(names->GetInputFileNames());
  reader->Update();
  expect_same_voxels(bridge_itk::from_itk(*reader->GetOutput()), GetParam());
}

TEST_P(ReadableDicom, PlastimatchSeesTheSameVoxels) {
  ASSERT_TRUE(installed("plastimatch")) << how_to_install;
  const std::string printed =
      run("plastimatch convert --input ct --output-img read.nrrd --output-type float");
  if (beyond.at("plastimatch").contains(GetParam().defect)) GTEST_SKIP() << "beyond plastimatch";
  ASSERT_TRUE(fs::exists(beside("read.nrrd"))) << printed;
  expect_same_voxels(read_ct_file(beside("read.nrrd")).hu, GetParam());
}

TEST_P(ReadableDicom, Dcm2niixSeesTheSameVoxels) {
  ASSERT_TRUE(installed("dcm2niix")) << how_to_install;
  const std::string printed = run("dcm2niix -b n -z n -f read -o . ct");
  if (beyond.at("dcm2niix").contains(GetParam().defect)) GTEST_SKIP() << "beyond dcm2niix";
  ASSERT_TRUE(fs::exists(beside("read.nii"))) << printed;
  expect_same_voxels(read_ct_file(beside("read.nii")).hu, GetParam());
}

// ---- validity ------------------------------------------------------------------------------------

TEST_P(DicomSecondOpinion, DciodvfyFindsNoError) {
  ASSERT_TRUE(installed("dciodvfy")) << how_to_install;
  const std::string printed = run("for file in ct/*; do echo \"file $file\"; dciodvfy \"$file\"; done");
  std::istringstream lines(printed);
  std::set<std::string> errors;
  std::string file;
  int judged = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("file ")) file = line.substr(5);
    if (line == "CTImage" || line == "MRImage" || line == "SCImage") ++judged;
    if (line.starts_with("Error")) errors.insert(file + ": " + line);
  }
  const std::string all = [&] {
    std::string text;
    for (const auto& error : errors) text += error + "\n";
    return text;
  }();
  // The one file that was cut is the one that it finds fault with, and it finds it.
  const auto files =
      static_cast<int>(std::distance(fs::directory_iterator(folder()), fs::directory_iterator()));
  if (GetParam().defect == "truncated") {
    EXPECT_NE(printed.find("file ct/slice-0004.dcm"), std::string::npos);
    for (const auto& error : errors) EXPECT_TRUE(error.starts_with("ct/slice-0004.dcm")) << error;
    EXPECT_FALSE(errors.empty());
  } else {
    EXPECT_TRUE(errors.empty()) << all;
    EXPECT_EQ(judged, files) << printed;
  }
}

}  // namespace
}  // namespace meshassay::io
