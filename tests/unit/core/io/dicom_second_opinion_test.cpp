// SPDX-License-Identifier: GPL-3.0-or-later
// What our DICOM writer makes, as GDCM reads it through ITK: a library that our reader and writer do not use.
#include <gtest/gtest.h>
#include <itkGDCMImageIO.h>
#include <itkImageSeriesReader.h>

#include "core/bridge_itk/convert_image.hpp"
#include "core/io/dicom_series.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/core/io/asymmetric_volume.hpp"
#include "tests/unit/core/io/error_message.hpp"

namespace meshassay::io {
namespace {

TEST(DicomSecondOpinion, AgreesOnGeometryAndHounsfieldUnits) {
  const test_support::TemporaryFolder folder;
  const CtVolume written = testing::asymmetric_volume();
  write_dicom_series(written, folder.path() / "ct");
  std::vector<std::string> names;
  const auto list = list_dicom_series(folder.path() / "ct");
  for (const auto& file : list.front().files) names.push_back(file.string());
  ASSERT_EQ(names.size(), 3u);
  using ItkImage = itk::Image<float, 3>;
  const auto reader = itk::ImageSeriesReader<ItkImage>::New();
  reader->SetImageIO(itk::GDCMImageIO::New());
  reader->SetFileNames(names);
  reader->Update();
  const Image<float> read = bridge_itk::from_itk(*reader->GetOutput());
  EXPECT_EQ(read.grid.size, written.hu.grid.size);
  EXPECT_EQ(read.values, written.hu.values);
  EXPECT_LT(testing::largest_difference_mm(read.grid, written.hu.grid), 1e-9);
}

}  // namespace
}  // namespace meshassay::io
