// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/saboteurs/careless_reader.hpp"

#include <itkGDCMImageIO.h>
#include <itkImageFileReader.h>

#include <algorithm>
#include <vector>

#include "core/bridge_itk/convert_image.hpp"
#include "core/errors.hpp"

namespace meshassay::saboteurs {

CtVolume read_carelessly(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  CtVolume ct;
  for (const auto& file : files) {
    using ItkImage = itk::Image<float, 3>;
    const auto reader = itk::ImageFileReader<ItkImage>::New();
    reader->SetImageIO(itk::GDCMImageIO::New());
    reader->SetFileName(file.string());
    try {
      reader->Update();
    } catch (const itk::ExceptionObject&) {
      continue;
    }
    const Image<float> slice = bridge_itk::from_itk(*reader->GetOutput());
    if (ct.hu.values.empty())
      ct.hu = slice;
    else
      ct.hu.values.insert(ct.hu.values.end(), slice.values.begin(), slice.values.end());
  }
  const std::size_t slice_voxels =
      static_cast<std::size_t>(ct.hu.grid.size[0]) * static_cast<std::size_t>(ct.hu.grid.size[1]);
  if (slice_voxels == 0)
    throw InvalidInput({.what = "no file can be read",
                        .where = folder.string(),
                        .expected = "slices in DICOM",
                        .mend = "give another folder"});
  ct.hu.grid.size[2] = static_cast<int>(ct.hu.values.size() / slice_voxels);
  ct.acquisition.modality = "CT";
  return ct;
}

}  // namespace meshassay::saboteurs
