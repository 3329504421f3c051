// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/image_files.hpp"

#include <itkImageFileReader.h>
#include <itkImageFileWriter.h>
#include <itkMetaImageIO.h>
#include <itkNiftiImageIO.h>
#include <itkNrrdImageIO.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "core/bridge_itk/convert_image.hpp"
#include "core/errors.hpp"
#include "core/io/files.hpp"
#include "core/io/image_header_check.hpp"
#include "core/text.hpp"

namespace meshassay::io {
namespace {

namespace fs = std::filesystem;

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter;
  });
  return text;
}

// The library beneath ITK takes ".nii" and ".NII", and complains on standard error of others.
void refuse_mixed_case(const fs::path& path) {
  const std::string name = path.filename().string();
  const std::string extension = name.substr(name.size() - (lower_case(name).ends_with(".nii.gz") ? 7 : 4));
  std::string upper = extension;
  std::transform(upper.begin(), upper.end(), upper.begin(), [](char letter) {
    return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 32) : letter;
  });
  if (extension == lower_case(extension) || extension == upper) return;
  throw UnsupportedFormat({.what = "an extension of capital and small letters, which NIfTI's library refuses",
                           .where = path.string(),
                           .expected = lower_case(extension),
                           .got = extension,
                           .mend = "rename the file"});
}

/// By name, not through ITK's factories: what can be read must not depend on what else is linked.
itk::ImageIOBase::Pointer image_io(const fs::path& path) {
  const std::string name = lower_case(path.filename().string());
  if (name.ends_with(".nrrd") || name.ends_with(".nhdr")) return itk::NrrdImageIO::New().GetPointer();
  if (name.ends_with(".nii") || name.ends_with(".nii.gz")) {
    refuse_mixed_case(path);
    return itk::NiftiImageIO::New().GetPointer();
  }
  if (name.ends_with(".mha") || name.ends_with(".mhd")) {
    auto io = itk::MetaImageIO::New();
    io->SetDoublePrecision(17);  // Its text would keep six digits.
    return io.GetPointer();
  }
  throw UnsupportedFormat({.what = "an image format that is not read or written",
                           .where = path.string(),
                           .expected = ".nrrd, .nhdr, .nii, .nii.gz, .mha or .mhd",
                           .got = path.extension().string(),
                           .mend = "convert the image to .nrrd"});
}

[[noreturn]] void refuse(const fs::path& path, const std::string& what, const std::string& expected,
                         const std::string& got) {
  throw InvalidInput({.what = what,
                      .where = path.string(),
                      .expected = expected,
                      .got = got,
                      .mend = "export the image again as a plain 3D volume, for example .nrrd"});
}

// Of a text of several lines, in which a library says ever more precisely what was wrong: the last, without
// names of its functions and addresses. `[nrrd] _nrrdRead: couldn't parse "x"` -> `couldn't parse "x"`.
std::string innermost_reason(const std::string& description) {
  const std::size_t end = description.find_last_not_of(" \t\r\n") + 1;
  std::string reason = description.substr(0, end);
  reason.erase(0, reason.rfind('\n') + 1);
  if (reason.starts_with("itk::ERROR: "))
    reason.erase(0, std::min(reason.find("): "), reason.size() - 3) + 3);
  if (reason.starts_with('[')) reason.erase(0, std::min(reason.find("] "), reason.size() - 2) + 2);
  const std::size_t function = reason.find(": ");
  if (function != std::string::npos && reason.find(' ') > function) reason.erase(0, function + 2);
  return reason.empty() ? "something else" : reason;
}

/// Calls a library; its exceptions become ours.
template <typename Call>
void reading(const fs::path& path, Call call) {
  try {
    call();
  } catch (const itk::ExceptionObject& error) {
    refuse(path, "an image file cannot be read", "a whole file of the format that its name says",
           innermost_reason(error.GetDescription()));
  } catch (const std::bad_alloc&) {
    refuse(path, "an image file cannot be read", "an image that fits into memory", "not enough memory");
  }
}

/// Axes that are orthonormal but for rounding are made so exactly; others are refused.
Matrix3 orthonormal(const Matrix3& direction, const fs::path& path) {
  const double error = (direction.transpose() * direction - Matrix3::Identity()).cwiseAbs().maxCoeff();
  if (!(error < 1e-3))
    refuse(path, "an image with sheared or missing axes", "three axes at right angles", "axes that are not");
  if (error < 1e-12) return direction;
  const Eigen::JacobiSVD<Matrix3> svd(direction, Eigen::ComputeFullU | Eigen::ComputeFullV);
  return svd.matrixU() * svd.matrixV().transpose();
}

/// Reads the header and refuses what cannot be used, before any memory is taken for voxels.
itk::ImageIOBase::Pointer checked_header(const fs::path& path) {
  const auto io = image_io(path);
  std::error_code error;
  if (!fs::is_regular_file(path, error))
    throw InvalidInput({.what = "cannot read the image",
                        .where = path.string(),
                        .expected = "a regular file",
                        .got = fs::exists(path, error) ? "no regular file" : "no such file",
                        .mend = "check the path"});
  check_header_text(path);
  reading(path, [&] {
    // MetaIO's looks for small letters in the name, and for what check_header_text() has seen.
    if (dynamic_cast<itk::MetaImageIO*>(io.GetPointer()) == nullptr && !io->CanReadFile(path.c_str()))
      refuse(path, "an image file cannot be read", "a file of the format that its name says",
             "another content");
    io->SetFileName(path.string());
    io->ReadImageInformation();
  });
  const unsigned dimensions = io->GetNumberOfDimensions();
  std::string size_text;
  bool is_volume = dimensions >= 3 && io->GetNumberOfComponents() == 1;
  double voxels = 1.0;
  std::uint64_t bytes_each = 0;
  reading(path, [&] { bytes_each = io->GetComponentSize(); });  // Throws for an unknown type.
  for (unsigned axis = 0; axis < dimensions; ++axis) {
    const auto size = io->GetDimensions(axis);
    size_text += (axis ? " x " : "") + std::to_string(size);
    if (axis >= 3 && size != 1) is_volume = false;
    if (size < 1 || size > static_cast<itk::SizeValueType>(std::numeric_limits<int>::max()))
      is_volume = false;
    voxels *= static_cast<double>(size);
    if (axis < 3 && !(io->GetSpacing(axis) > 0.0 && std::isfinite(io->GetSpacing(axis)) &&
                      std::isfinite(io->GetOrigin(axis))))
      refuse(path, "an image without usable geometry", "a spacing above 0 and a finite origin",
             "spacing " + format_number(io->GetSpacing(axis)) + ", origin " +
                 format_number(io->GetOrigin(axis)) + " along axis " + std::to_string(axis));
  }
  if (!is_volume)
    refuse(path, "an image that is no volume of single values", "three dimensions, one value a voxel",
           size_text + " with " + std::to_string(io->GetNumberOfComponents()) + " values a voxel");
  if (!(voxels * static_cast<double>(bytes_each) < 9e18))
    refuse(path, "an image larger than any file", "a file that holds its voxels", size_text);
  check_image_data(path, {.count = static_cast<std::uint64_t>(voxels), .bytes_each = bytes_each});
  return io;
}

template <typename T>
Image<T> read_voxels(const itk::ImageIOBase::Pointer& io, const fs::path& path) {
  Image<T> image;
  reading(path, [&] {
    const auto reader = itk::ImageFileReader<itk::Image<T, 3>>::New();
    reader->SetImageIO(io);
    reader->SetFileName(path.string());
    reader->Update();
    image = bridge_itk::from_itk(*reader->GetOutput());
  });
  image.grid.direction = orthonormal(image.grid.direction, path);
  return image;
}

std::string voxel_text(const Grid& grid, std::size_t offset) {
  const auto columns = static_cast<std::size_t>(grid.size[0]), rows = static_cast<std::size_t>(grid.size[1]);
  return "voxel (" + std::to_string(offset % columns) + ", " + std::to_string(offset / columns % rows) +
         ", " + std::to_string(offset / columns / rows) + ")";
}

template <typename T>
void write_voxels(const Image<T>& image, const fs::path& path) {
  const auto io = image_io(path);
  const std::string extension = lower_case(path.extension().string());
  if (extension == ".mhd" || extension == ".nhdr")
    throw UnsupportedFormat({.what = "an image format that is not written",
                             .where = path.string(),
                             .expected = "one file: .nrrd, .nii, .nii.gz or .mha",
                             .got = extension,
                             .mend = "use .nrrd"});
  if (image.grid.voxels() == 0 || image.values.size() != image.grid.voxels())
    throw InvalidInput({.what = "an image without voxels cannot be written",
                        .where = path.string(),
                        .expected = "at least one voxel",
                        .got = std::to_string(image.values.size()),
                        .mend = "check the step that made the image"});
  // Libraries look for small letters.
  const fs::path temporary = temporary_name(path.parent_path() / lower_case(path.filename().string()));
  std::error_code ignored;
  try {
    if (!path.parent_path().empty()) fs::create_directories(path.parent_path());
    const auto writer = itk::ImageFileWriter<itk::Image<T, 3>>::New();
    writer->SetImageIO(io);
    writer->SetInput(bridge_itk::to_itk(image));
    writer->SetFileName(temporary.string());
    writer->SetUseCompression(true);
    writer->Update();
    publish(temporary, path);
  } catch (const Error&) {
    fs::remove(temporary, ignored);
    throw;
  } catch (const std::exception& error) {  // ITK's and the file system's.
    fs::remove(temporary, ignored);
    throw MachineError({.what = "an image cannot be written",
                        .where = path.string(),
                        .got = error.what(),
                        .mend = "check that the folder is writable and the disk has room"});
  }
}

}  // namespace

bool has_image_extension(const fs::path& path) {
  const std::string name = lower_case(path.filename().string());
  constexpr std::array extensions = {".nrrd", ".nhdr", ".nii", ".nii.gz", ".mha", ".mhd"};
  return std::any_of(extensions.begin(), extensions.end(),
                     [&](const char* extension) { return name.ends_with(extension); });
}

CtVolume read_ct_file(const fs::path& path) {
  CtVolume volume;
  volume.hu = read_voxels<float>(checked_header(path), path);
  const auto& values = volume.hu.values;
  const auto bad = std::find_if_not(values.begin(), values.end(), [](float hu) { return std::isfinite(hu); });
  if (bad != values.end())
    refuse(path, "a CT value is not finite", "a number of Hounsfield units",
           (std::isnan(*bad) ? "NaN at " : "infinity at ") +
               voxel_text(volume.hu.grid, static_cast<std::size_t>(bad - values.begin())));
  return volume;
}

LabelMap read_label_map(const fs::path& path) {
  const auto io = checked_header(path);
  using Component = itk::IOComponentEnum;
  if (io->GetComponentType() == Component::UCHAR || io->GetComponentType() == Component::USHORT)
    return read_voxels<std::uint16_t>(io, path);
  // A double holds every value of the other types that could be a label.
  const Image<double> read = read_voxels<double>(io, path);
  LabelMap mask(read.grid);
  for (std::size_t offset = 0; offset < read.values.size(); ++offset) {
    const double value = read.values[offset];
    if (!(value >= 0.0 && value <= 65535.0 && value == std::trunc(value)))
      refuse(path, "a value that is no label", "whole numbers from 0 to 65535",
             format_number(value) + " at " + voxel_text(read.grid, offset));
    mask.values[offset] = static_cast<std::uint16_t>(value);
  }
  return mask;
}

void write_ct_file(const CtVolume& volume, const fs::path& path) {
  bool fits_int16 = true;
  for (std::size_t offset = 0; offset < volume.hu.values.size(); ++offset) {
    const float hu = volume.hu.values[offset];
    if (!std::isfinite(hu))
      refuse(path, "a CT value is not finite", "a number of Hounsfield units",
             voxel_text(volume.hu.grid, offset));
    fits_int16 = fits_int16 && hu == std::trunc(hu) && hu >= -32768.0f && hu <= 32767.0f;
  }
  if (!fits_int16) return write_voxels(volume.hu, path);
  Image<std::int16_t> integers(volume.hu.grid);
  std::transform(volume.hu.values.begin(), volume.hu.values.end(), integers.values.begin(),
                 [](float hu) { return static_cast<std::int16_t>(hu); });
  write_voxels(integers, path);
}

void write_label_map(const LabelMap& mask, const fs::path& path) { write_voxels(mask, path); }

}  // namespace meshassay::io
