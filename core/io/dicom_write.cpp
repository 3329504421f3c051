// SPDX-License-Identifier: GPL-3.0-or-later
#include <dcmtk/config/osconfig.h>
// DCMTK wants its configuration before anything else of its own.
#include <dcmtk/dcmdata/dctk.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "core/errors.hpp"
#include "core/io/dicom_library.hpp"
#include "core/io/dicom_series.hpp"
#include "core/io/dicom_uid.hpp"
#include "core/io/files.hpp"
#include "core/text.hpp"

namespace meshassay::io {
namespace {

namespace fs = std::filesystem;

/// A decimal string has at most 16 characters.
std::string decimal_string(double value) {
  std::string text = format_number(value);
  for (int digits = 15; text.size() > 16; --digits) text = format_rounded(value, digits);
  return text;
}

std::string decimal_strings(std::initializer_list<double> numbers) {
  std::vector<std::string> texts;
  for (const double number : numbers) texts.push_back(decimal_string(number));
  return join(texts, "\\");
}

/// HU = slope x stored + intercept.
struct Rescale {
  double slope = 1.0, intercept = 0.0;
  [[nodiscard]] double stored(double hu) const { return (hu - intercept) / slope; }
};
Rescale rescale_of(const CtVolume& volume) {
  return {.slope = volume.acquisition.rescale_slope.value_or(1.0),
          .intercept = volume.acquisition.rescale_intercept.value_or(0.0)};
}

void check(const CtVolume& volume, const fs::path& folder, const DicomWriteOptions& options) {
  const auto refuse = [&folder](const std::string& what, const std::string& expected, const std::string& got,
                                const std::string& mend) {
    throw InvalidInput(
        {.what = what, .where = folder.string(), .expected = expected, .got = got, .mend = mend});
  };
  const Grid& grid = volume.hu.grid;
  if (*std::min_element(grid.size.begin(), grid.size.end()) < 1 || volume.hu.values.size() != grid.voxels() ||
      std::max(grid.size[0], grid.size[1]) > 65535)
    refuse("a volume that DICOM cannot hold", "1 to 65535 rows and columns, and at least one slice",
           std::to_string(grid.size[0]) + " x " + std::to_string(grid.size[1]) + " x " +
               std::to_string(grid.size[2]),
           "crop the volume");
  if (!(grid.spacing_mm.array() > 0.0).all() || !grid.origin_mm.allFinite())
    refuse("a grid that DICOM cannot hold", "spacings above 0 and a finite origin", "others",
           "mend the grid");
  const Matrix3 error = grid.direction.transpose() * grid.direction - Matrix3::Identity();
  if (!(error.cwiseAbs().maxCoeff() < 1e-6))
    refuse("a grid that DICOM cannot hold", "axes at right angles", "others", "resample the volume");
  const Rescale rescale = rescale_of(volume);
  if (!(rescale.slope > 0.0) || !std::isfinite(rescale.slope) || !std::isfinite(rescale.intercept))
    refuse("a rescale that DICOM cannot hold", "a slope above 0 and a finite intercept",
           format_number(rescale.slope) + " and " + format_number(rescale.intercept), "mend the slope");
  for (std::size_t v = 0; v < volume.hu.values.size(); ++v) {
    const float hu = volume.hu.values[v];
    const double stored = rescale.stored(hu);
    // A float has 24 bits: what it cannot say of a step is no fraction of one.
    const double slack = std::abs(hu) * 0x1p-22 / rescale.slope;
    if (!(stored >= -32768.0 && stored <= 32767.0 && std::abs(stored - std::round(stored)) <= slack))
      refuse("a value that 16-bit DICOM cannot hold",
             "whole numbers from -32768 to 32767 (of steps of " + format_number(rescale.slope) + " HU from " +
                 format_number(rescale.intercept) + " HU on)",
             format_number(static_cast<double>(hu)) + " at value " + std::to_string(v),
             "round and clamp the volume");
  }
  if (!options.date.empty() &&
      (options.date.size() != 8 || options.date.find_first_not_of("0123456789") != std::string::npos))
    refuse("not a date", "YYYYMMDD", options.date, "write for example 20000101");
  if (options.description.size() > 64 || options.description.find('\\') != std::string::npos)
    refuse("a description that DICOM cannot hold", "at most 64 bytes without a backslash",
           options.description, "shorten it");
}

/// Replaced as a whole: slices of an older, longer series must not stay behind. What we did not write stays.
void remove_older_series(const fs::path& folder) {
  std::error_code error;
  if (!fs::exists(folder, error)) return;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with("slice-") || !name.ends_with(".dcm"))
      throw InvalidInput({.what = "the folder for a DICOM series holds something else",
                          .where = folder.string(),
                          .expected = "no such folder, or one with slice-*.dcm only",
                          .got = name,
                          .mend = "give another folder"});
  }
  fs::remove_all(folder, error);
}

class SliceWriter {
 public:
  SliceWriter(const CtVolume& volume, const DicomWriteOptions& options)
      : volume_(volume), options_(options) {}

  void write(int slice, const fs::path& path) {
    DcmFileFormat format;
    data_ = format.getDataset();
    patient_study_series();
    frame_and_equipment();
    image(slice);
    const fs::path temporary = temporary_name(path);
    const OFCondition status = format.saveFile(OFFilename(temporary.c_str()), EXS_LittleEndianExplicit);
    check(status, path);
    publish(temporary, path);
  }

 private:
  static void check(const OFCondition& status, const fs::path& path) {
    if (status.bad())
      throw MachineError({.what = "a DICOM file cannot be written",
                          .where = path.string(),
                          .got = status.text(),
                          .mend = "check that the folder is writable and the disk has room"});
  }
  void put(const DcmTagKey& tag, const std::string& value) {
    check(data_->putAndInsertOFStringArray(tag, OFString(value.data(), value.size())),
          tag.toString().c_str());
  }
  void put(const DcmTagKey& tag, int value) {
    check(data_->putAndInsertUint16(tag, static_cast<Uint16>(value)), tag.toString().c_str());
  }
  std::string uid(const std::string& role) const { return derived_uid(options_.uid_seed, role); }

  void patient_study_series() {
    put(DCM_SpecificCharacterSet, "ISO_IR 192");
    const std::string blind_name = "Scan-" + uid("patient").substr(5, 8);
    put(DCM_PatientName, options_.blind ? blind_name : "MeshAssay^Scan");
    put(DCM_PatientID, options_.blind ? blind_name : "MeshAssay");
    put(DCM_PatientBirthDate, "");
    put(DCM_PatientSex, "");
    put(DCM_StudyInstanceUID, uid("study"));
    put(DCM_StudyID, "1");
    put(DCM_AccessionNumber, "");
    put(DCM_ReferringPhysicianName, "");
    put(DCM_Modality, "CT");
    put(DCM_SeriesInstanceUID, uid("series"));
    put(DCM_SeriesNumber, "1");
    put(DCM_SeriesDescription, options_.blind ? "" : options_.description);
    const std::string& position = volume_.acquisition.patient_position;
    put(DCM_PatientPosition, position.empty() ? "HFS" : position);
    // Unknown, but there: no BodyPartExamined says that the part is unpaired, so validators ask for it.
    put(DCM_Laterality, "");
    for (const auto& tag : {DCM_StudyDate, DCM_SeriesDate, DCM_AcquisitionDate, DCM_ContentDate})
      put(tag, options_.date.empty() ? derived_date(options_.uid_seed) : options_.date);
    for (const auto& tag : {DCM_StudyTime, DCM_SeriesTime, DCM_AcquisitionTime, DCM_ContentTime})
      put(tag, "000000");
  }

  void frame_and_equipment() {
    const Acquisition& acquisition = volume_.acquisition;
    put(DCM_FrameOfReferenceUID, uid("frame_of_reference"));
    put(DCM_PositionReferenceIndicator, "");
    put(DCM_Manufacturer, !acquisition.manufacturer.empty() ? acquisition.manufacturer
                          : options_.blind                  ? ""
                                                            : "MeshAssay");
    if (!acquisition.convolution_kernel.empty()) put(DCM_ConvolutionKernel, acquisition.convolution_kernel);
    put(DCM_KVP, acquisition.kvp ? decimal_string(*acquisition.kvp) : "");
  }

  void image(int slice) {
    const Grid& grid = volume_.hu.grid;
    const Point3 position = grid.to_world(Vector3(0.0, 0.0, slice));
    const Matrix3& d = grid.direction;
    put(DCM_SOPClassUID, UID_CTImageStorage);
    put(DCM_SOPInstanceUID, uid("instance/" + std::to_string(slice + 1)));
    put(DCM_InstanceNumber, std::to_string(slice + 1));
    put(DCM_AcquisitionNumber, "1");
    put(DCM_ImageType, "ORIGINAL\\PRIMARY\\AXIAL");
    put(DCM_ImagePositionPatient, decimal_strings({position[0], position[1], position[2]}));
    put(DCM_ImageOrientationPatient, decimal_strings({d(0, 0), d(1, 0), d(2, 0), d(0, 1), d(1, 1), d(2, 1)}));
    put(DCM_PixelSpacing,
        decimal_strings({grid.spacing_mm[1], grid.spacing_mm[0]}));  // Rows' distance first.
    put(DCM_SliceThickness,
        decimal_string(options_.slice_thickness_mm > 0.0
                           ? options_.slice_thickness_mm
                           : volume_.acquisition.slice_thickness_mm.value_or(grid.spacing_mm[2])));
    put(DCM_SpacingBetweenSlices, decimal_string(grid.spacing_mm[2]));
    put(DCM_SamplesPerPixel, 1);
    put(DCM_PhotometricInterpretation, "MONOCHROME2");
    put(DCM_Rows, grid.size[1]);
    put(DCM_Columns, grid.size[0]);
    put(DCM_BitsAllocated, 16);
    put(DCM_BitsStored, 16);
    put(DCM_HighBit, 15);
    put(DCM_PixelRepresentation, 1);
    const Rescale rescale = rescale_of(volume_);
    put(DCM_RescaleIntercept, decimal_string(rescale.intercept));
    put(DCM_RescaleSlope, decimal_string(rescale.slope));
    put(DCM_RescaleType, "HU");
    const std::size_t count = static_cast<std::size_t>(grid.size[0]) * static_cast<std::size_t>(grid.size[1]);
    const float* hu = volume_.hu.values.data() + static_cast<std::size_t>(slice) * count;
    std::vector<Uint16> stored(count);
    std::transform(hu, hu + count, stored.begin(), [&rescale](float value) {
      return static_cast<Uint16>(static_cast<std::int16_t>(std::round(rescale.stored(value))));
    });
    // Signed, as the numbers are.
    if (const auto padding_hu = volume_.acquisition.padding_hu)
      check(data_->putAndInsertSint16(DCM_PixelPaddingValue,
                                      static_cast<Sint16>(std::round(rescale.stored(*padding_hu)))),
            "PixelPaddingValue");
    check(data_->putAndInsertUint16Array(DCM_PixelData, stored.data(), static_cast<unsigned long>(count)),
          "PixelData");
  }

  const CtVolume& volume_;
  const DicomWriteOptions& options_;
  DcmDataset* data_ = nullptr;
};

}  // namespace

void write_dicom_series(const CtVolume& volume, const fs::path& folder, const DicomWriteOptions& options) {
  initialise_dicom_library();
  check(volume, folder, options);
  // All slices into a folder with a temporary name, so that there is never half a series.
  const fs::path target = folder.filename().empty() ? folder.parent_path() : folder;
  const fs::path temporary = temporary_name(target);
  std::error_code ignored;
  try {
    remove_older_series(target);
    fs::create_directories(temporary);
    SliceWriter writer(volume, options);
    for (int slice = 0; slice < volume.hu.grid.size[2]; ++slice) {
      const std::string number = std::to_string(slice + 1);
      const std::string zeros(number.size() < 4 ? 4 - number.size() : 0, '0');
      writer.write(slice, temporary / ("slice-" + zeros + number + ".dcm"));
    }
    publish(temporary, target);
  } catch (const fs::filesystem_error& error) {
    fs::remove_all(temporary, ignored);
    throw MachineError({.what = "a DICOM series cannot be written",
                        .where = folder.string(),
                        .got = error.what(),
                        .mend = "check that the folder is writable and the disk has room"});
  } catch (const Error&) {
    fs::remove_all(temporary, ignored);
    throw;
  }
}

}  // namespace meshassay::io
