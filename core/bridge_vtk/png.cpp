// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bridge_vtk/png.hpp"

#include <vtkErrorCode.h>
#include <vtkImageData.h>
#include <vtkNew.h>
#include <vtkPNGWriter.h>
#include <vtkUnsignedCharArray.h>

#include <algorithm>

#include "core/errors.hpp"

namespace meshassay::bridge_vtk {
namespace {

template <typename Picture>
std::string encode(const Picture& picture, int components) {
  vtkNew<vtkImageData> image;
  image->SetDimensions(picture.width, picture.height, 1);
  image->AllocateScalars(VTK_UNSIGNED_CHAR, components);
  // VTK's first row is the lowest.
  const auto row_bytes = static_cast<std::ptrdiff_t>(components) * picture.width;
  for (int row = 0; row < picture.height; ++row)
    std::copy_n(picture.values.begin() + row * row_bytes, row_bytes,
                static_cast<unsigned char*>(image->GetScalarPointer(0, picture.height - 1 - row, 0)));
  vtkNew<vtkPNGWriter> writer;
  writer->SetInputData(image);
  writer->WriteToMemoryOn();
  writer->SetCompressionLevel(9);
  writer->Write();
  vtkUnsignedCharArray* bytes = writer->GetResult();
  if (writer->GetErrorCode() != vtkErrorCode::NoError || bytes == nullptr || bytes->GetNumberOfValues() == 0)
    throw MachineError({.what = "a picture cannot be encoded as PNG",
                        .expected = "VTK's PNG writer",
                        .got = vtkErrorCode::GetStringFromErrorCode(writer->GetErrorCode())});
  return {reinterpret_cast<const char*>(bytes->GetPointer(0)),
          static_cast<std::size_t>(bytes->GetNumberOfValues())};
}

}  // namespace

std::string encode_png(const GreyPicture& picture) { return encode(picture, 2); }
std::string encode_png(const ColourPicture& picture) { return encode(picture, 3); }

}  // namespace meshassay::bridge_vtk
