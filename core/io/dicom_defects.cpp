// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/dicom_defects.hpp"

#include <dcmtk/config/osconfig.h>
// DCMTK wants its configuration before anything else of its own.
#include <dcmtk/dcmdata/dcpixel.h>
#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>
#include <dcmtk/dcmdata/dcrleerg.h>
#include <dcmtk/dcmdata/dcrlerp.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmjpeg/djencode.h>
#include <dcmtk/dcmjpeg/djrplol.h>
#include <dcmtk/dcmjpls/djencode.h>
#include <dcmtk/dcmjpls/djrparam.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "core/errors.hpp"
#include "core/geometry.hpp"
#include "core/io/dicom_library.hpp"
#include "core/io/dicom_uid.hpp"
#include "core/io/files.hpp"
#include "core/text.hpp"

namespace meshassay::io {
namespace {

namespace fs = std::filesystem;

void check(const OFCondition& status, const fs::path& file) {
  if (status.bad())
    throw MachineError({.what = "a DICOM file cannot be changed",
                        .where = file.string(),
                        .got = status.text(),
                        .mend = "check that the folder is writable and the disk has room"});
}

void put(DcmDataset& data, const DcmTagKey& tag, const std::string& value) {
  check(data.putAndInsertOFStringArray(tag, OFString(value.data(), value.size())), tag.toString().c_str());
}

/// An encoder leaves to chance what stands in the byte that makes the length of its stream even.
void clear_padding(DcmDataset& data) {
  DcmElement* element = nullptr;
  (void)data.findAndGetElement(DCM_PixelData, element);
  auto* pixels = dynamic_cast<DcmPixelData*>(element);
  if (!pixels) return;
  E_TransferSyntax syntax = EXS_Unknown;
  const DcmRepresentationParameter* parameter = nullptr;
  pixels->getCurrentRepresentationKey(syntax, parameter);
  DcmPixelSequence* sequence = nullptr;
  if (pixels->getEncapsulatedRepresentation(syntax, parameter, sequence).bad() || !sequence) return;
  for (unsigned long n = 1; n < sequence->card(); ++n) {  // The first is the table of offsets.
    DcmPixelItem* item = nullptr;
    Uint8* bytes = nullptr;
    if (sequence->getItem(item, n).bad() || item->getUint8Array(bytes).bad() || !bytes) continue;
    const std::size_t length = item->getLength();
    const bool ends_before = length >= 3 && bytes[length - 3] == 0xFF && bytes[length - 2] == 0xD9;
    if (ends_before) bytes[length - 1] = 0;
  }
}

/// Loads, changes and saves one file, to another path where `to` is given.
using Change = std::function<void(DcmDataset&)>;
struct Saving {
  E_TransferSyntax syntax = EXS_LittleEndianExplicit;
  const DcmRepresentationParameter* representation = nullptr;
};
void change(const fs::path& from, const fs::path& to, const Change& call, const Saving& saving = {}) {
  DcmFileFormat format;
  check(format.loadFile(OFFilename(from.c_str())), from);
  check(format.loadAllDataIntoMemory(), from);
  call(*format.getDataset());
  OFString uid;  // An encoder with loss draws a new one by chance; ours are derived.
  (void)format.getDataset()->findAndGetOFString(DCM_SOPInstanceUID, uid);
  check(format.getDataset()->chooseRepresentation(saving.syntax, saving.representation), from);
  put(*format.getDataset(), DCM_SOPInstanceUID, uid.c_str());
  clear_padding(*format.getDataset());
  const fs::path temporary = temporary_name(to);
  check(format.saveFile(OFFilename(temporary.c_str()), saving.syntax, EET_UndefinedLength, EGL_recalcGL,
                        EPD_noChange, 0, 0, EWM_createNewMeta),
        to);
  publish(temporary, to);
}

/// The series as its files in the order of their names, which is that of the slices.
struct Series {
  fs::path folder;
  std::vector<fs::path> files;
  std::uint64_t seed = 0;

  [[nodiscard]] std::size_t middle() const { return files.size() / 2; }
  [[nodiscard]] std::string uid(const std::string& role) const { return derived_uid(seed, "defect/" + role); }
  void change_each(const std::function<void(DcmDataset&, std::size_t)>& call,
                   const Saving& saving = {}) const {
    for (std::size_t n = 0; n < files.size(); ++n)
      change(
          files[n], files[n], [&](DcmDataset& data) { call(data, n); }, saving);
  }
  void change_upper_half(const Change& call) const {
    for (std::size_t n = middle(); n < files.size(); ++n) change(files[n], files[n], call);
  }
};

Vector3 vector_at(DcmDataset& data, const DcmTagKey& tag, unsigned long first) {
  Vector3 vector = Vector3::Zero();
  for (unsigned long n = 0; n < 3; ++n) {
    Float64 value = 0.0;
    (void)data.findAndGetFloat64(tag, value, first + n);
    vector[static_cast<int>(n)] = value;
  }
  return vector;
}

std::string decimal_strings(const Vector3& vector) {
  std::vector<std::string> texts;
  for (int axis = 0; axis < 3; ++axis) texts.push_back(format_rounded(vector[axis], 10));
  return join(texts, "\\");
}

void move(DcmDataset& data, const Vector3& way_mm) {
  put(data, DCM_ImagePositionPatient, decimal_strings(vector_at(data, DCM_ImagePositionPatient, 0) + way_mm));
}

Vector3 columns_axis(DcmDataset& data) { return vector_at(data, DCM_ImageOrientationPatient, 3); }

/// From the first slice to the second.
Vector3 slice_step(const Series& series) {
  std::array<Vector3, 2> positions;
  for (std::size_t n = 0; n < 2; ++n) {
    DcmFileFormat format;
    check(format.loadFile(OFFilename(series.files[n].c_str())), series.files[n]);
    positions[n] = vector_at(*format.getDataset(), DCM_ImagePositionPatient, 0);
  }
  return positions[1] - positions[0];
}

void tilt(const Series& series, const std::string& tag_degrees) {
  // The slices are sheared by 12 degrees whatever the tag's sign: makers differ in it.
  const double sideways_mm = std::tan(12.0 * 3.14159265358979323846 / 180.0) * slice_step(series).norm();
  series.change_each([&](DcmDataset& data, std::size_t n) {
    move(data, static_cast<double>(n) * sideways_mm * columns_axis(data));
    put(data, DCM_GantryDetectorTilt, tag_degrees);
  });
}

void rename_by_chance(const Series& series) {
  std::vector<std::pair<std::string, fs::path>> by_hash;
  for (const auto& file : series.files)
    by_hash.emplace_back(sha256_of_bytes(std::to_string(series.seed) + "/" + file.filename().string()), file);
  std::sort(by_hash.begin(), by_hash.end());
  const auto aside = [](const fs::path& file) { return fs::path(file.string() + ".aside"); };
  for (const auto& file : series.files) fs::rename(file, aside(file));
  for (std::size_t n = 0; n < by_hash.size(); ++n) fs::rename(aside(by_hash[n].second), series.files[n]);
}

void make_localizer(const Series& series) {
  change(series.files.front(), series.folder / "slice-0000.dcm", [&](DcmDataset& data) {
    put(data, DCM_SOPInstanceUID, series.uid("localizer"));
    put(data, DCM_ImageType, "ORIGINAL\\PRIMARY\\LOCALIZER");
    put(data, DCM_ImageOrientationPatient, "1\\0\\0\\0\\0\\-1");
    put(data, DCM_InstanceNumber, "0");
  });
}

void make_secondary_capture(const Series& series) {
  series.change_each([](DcmDataset& data, std::size_t) {
    put(data, DCM_SOPClassUID, UID_SecondaryCaptureImageStorage);
    put(data, DCM_ImageType, "DERIVED\\SECONDARY");
    put(data, DCM_ConversionType, "WSD");
    put(data, DCM_PatientOrientation, "");  // The class has no ImageOrientationPatient: there, if unknown.
  });
}

void make_magnetic_resonance(const Series& series) {
  series.change_each([](DcmDataset& data, std::size_t) {
    put(data, DCM_SOPClassUID, UID_MRImageStorage);
    put(data, DCM_Modality, "MR");
    put(data, DCM_ImageType, "ORIGINAL\\PRIMARY\\OTHER");
    put(data, DCM_ScanningSequence, "SE");
    put(data, DCM_SequenceVariant, "NONE");
    put(data, DCM_ScanOptions, "");
    put(data, DCM_MRAcquisitionType, "3D");
    put(data, DCM_EchoTime, "10");
    put(data, DCM_EchoTrainLength, "1");
    put(data, DCM_RepetitionTime, "500");
    for (const auto& tag : {DCM_RescaleIntercept, DCM_RescaleSlope, DCM_RescaleType, DCM_KVP})
      (void)data.findAndDeleteElement(tag);
  });
}

void add_second_series(const Series& series) {
  for (std::size_t n = 0; n < series.files.size(); ++n)
    change(series.files[n], series.folder / ("slice-b" + series.files[n].filename().string().substr(6)),
           [&](DcmDataset& data) {
             put(data, DCM_SeriesInstanceUID, series.uid("series"));
             put(data, DCM_SOPInstanceUID, series.uid("instance/" + std::to_string(n)));
             put(data, DCM_SeriesNumber, "2");
           });
}

/// Every second file says the same HU with another intercept.
void rescale_by_file(const Series& series) {
  constexpr int shift = 1024;
  series.change_each([](DcmDataset& data, std::size_t n) {
    if (n % 2 == 0) return;
    const Uint16* words = nullptr;
    unsigned long count = 0;
    check(data.findAndGetUint16Array(DCM_PixelData, words, &count), "PixelData");
    Float64 slope = 1.0, intercept = 0.0;
    (void)data.findAndGetFloat64(DCM_RescaleSlope, slope);
    (void)data.findAndGetFloat64(DCM_RescaleIntercept, intercept);
    std::vector<Uint16> shifted(words, words + count);
    for (Uint16& word : shifted) {
      const int stored = static_cast<Sint16>(word) + shift;
      if (stored > 32767)
        throw InvalidInput({.what = "stored numbers leave no room for another intercept",
                            .where = "defect rescale_by_file",
                            .expected = "at most " + std::to_string(32767 - shift),
                            .got = std::to_string(stored - shift),
                            .mend = "clip the scan with clip_hu"});
      word = static_cast<Uint16>(static_cast<Sint16>(stored));
    }
    check(data.putAndInsertUint16Array(DCM_PixelData, shifted.data(), count), "PixelData");
    put(data, DCM_RescaleIntercept, format_number(intercept - shift * slope));
  });
}

void set_feet_first(const Series& series) {
  const std::size_t count = series.files.size();
  series.change_each([count](DcmDataset& data, std::size_t n) {
    put(data, DCM_PatientPosition, "FFS");
    put(data, DCM_InstanceNumber, std::to_string(count - n));
  });
}

void remove_preamble(const Series& series) {
  for (const auto& file : series.files) write_file(file, read_file(file).substr(132));
}

void truncate(const Series& series) {
  const fs::path& file = series.files[series.middle()];
  const std::string bytes = read_file(file);
  write_file(file, bytes.substr(0, bytes.size() * 6 / 10));
}

void duplicate(const Series& series) {
  change(series.files[series.middle()], series.folder / "slice-copy.dcm", [&](DcmDataset& data) {
    put(data, DCM_SOPInstanceUID, series.uid("copy"));
    put(data, DCM_InstanceNumber, std::to_string(series.files.size() + 1));
  });
}

void compress(const Series& series, const Saving& saving, const Change& before = {}) {
  static const bool once = [] {
    DJEncoderRegistration::registerCodecs();
    DJLSEncoderRegistration::registerCodecs();
    DcmRLEEncoderRegistration::registerCodecs();
    return true;
  }();
  (void)once;
  series.change_each(
      [&](DcmDataset& data, std::size_t) {
        if (before) before(data);
      },
      saving);
}

/// The same HU from numbers without a sign: the encoder with loss takes no others.
void remove_sign(DcmDataset& data) {
  const Uint16* words = nullptr;
  unsigned long count = 0;
  check(data.findAndGetUint16Array(DCM_PixelData, words, &count), "PixelData");
  constexpr int shift = 32768;
  std::vector<Uint16> shifted(words, words + count);
  for (Uint16& word : shifted) word = static_cast<Uint16>(static_cast<Sint16>(word) + shift);
  check(data.putAndInsertUint16Array(DCM_PixelData, shifted.data(), count), "PixelData");
  check(data.putAndInsertUint16(DCM_PixelRepresentation, 0), "PixelRepresentation");
  Float64 slope = 1.0, intercept = 0.0;
  (void)data.findAndGetFloat64(DCM_RescaleSlope, slope);
  (void)data.findAndGetFloat64(DCM_RescaleIntercept, intercept);
  put(data, DCM_RescaleIntercept, format_number(intercept - shift * slope));
  (void)data.findAndDeleteElement(DCM_PixelPaddingValue);  // Its type would follow the sign.
}

void compress_with_loss(const Series& series) {
  const DJLSRepresentationParameter off_by_two(2, OFFalse);
  compress(series, {.syntax = EXS_JPEGLSLossy, .representation = &off_by_two}, [&](DcmDataset& data) {
    OFString number;
    (void)data.findAndGetOFString(DCM_InstanceNumber, number);
    put(data, DCM_SOPInstanceUID, series.uid(std::string("lossy/") + number.c_str()));
    remove_sign(data);
  });
}

struct Recipe {
  DicomDefect defect;
  std::function<void(const Series&)> make;
};

const std::vector<Recipe>& recipes() {
  static const std::vector<Recipe> list = {
      {{"missing_slice", "the middle slice is not there", "refused"},
       [](const Series& s) { fs::remove(s.files[s.middle()]); }},
      {{"uneven_gaps", "the upper half lies 0.4 slice distances farther away", "refused"},
       [](const Series& s) {
         const Vector3 way_mm = 0.4 * slice_step(s);
         s.change_upper_half([&](DcmDataset& data) { move(data, way_mm); });
       }},
      {{"two_thicknesses", "SliceThickness of the upper half is 1.75 times that of the lower", "warned"},
       [](const Series& s) {
         s.change_upper_half([](DcmDataset& data) {
           Float64 thickness_mm = 1.0;
           (void)data.findAndGetFloat64(DCM_SliceThickness, thickness_mm);
           put(data, DCM_SliceThickness, format_rounded(1.75 * thickness_mm, 10));
         });
       }},
      {{"gantry_tilt_plus", "slices sheared by 12 degrees, GantryDetectorTilt 12", "refused"},
       [](const Series& s) { tilt(s, "12"); }},
      {{"gantry_tilt_minus", "the same slices, GantryDetectorTilt -12", "refused"},
       [](const Series& s) { tilt(s, "-12"); }},
      {{"shuffled_names", "the names of the files say nothing of their order", "done"}, rename_by_chance},
      {{"duplicate_slice", "the middle slice is there twice, as two instances", "refused"}, duplicate},
      {{"localizer", "a localizer lies in the series", "refused"}, make_localizer},
      {{"secondary_capture", "the images are secondary captures", "refused"}, make_secondary_capture},
      {{"mip", "the images are a maximum intensity projection", "refused"},
       [](const Series& s) {
         s.change_each([](DcmDataset& data, std::size_t) {
           put(data, DCM_ImageType, "DERIVED\\SECONDARY\\AXIAL\\MIP");
         });
       }},
      {{"minip", "the images are a minimum intensity projection", "refused"},
       [](const Series& s) {
         s.change_each([](DcmDataset& data, std::size_t) {
           put(data, DCM_ImageType, "DERIVED\\SECONDARY\\AXIAL\\MINIP");
         });
       }},
      {{"mr", "the images are from magnetic resonance", "refused"}, make_magnetic_resonance},
      {{"two_series", "a second series lies in the folder", "refused"}, add_second_series},
      {{"rescale_by_file", "every second file has another RescaleIntercept, for the same HU", "done"},
       rescale_by_file},
      {{"feet_first", "PatientPosition FFS, instances numbered from the other end", "done"}, set_feet_first},
      {{"no_preamble", "the files begin without their preamble", "done"}, remove_preamble},
      {{"truncated", "the middle file ends after 60 % of its bytes", "refused"}, truncate},
      {{"frame_of_reference", "the upper half has another frame of reference", "refused"},
       [](const Series& s) {
         s.change_upper_half([&](DcmDataset& data) { put(data, DCM_FrameOfReferenceUID, s.uid("frame")); });
       }},
      {{"rle", "compressed without loss, run lengths", "done"},
       [](const Series& s) { compress(s, {.syntax = EXS_RLELossless}); }},
      {{"jpeg_lossless", "compressed without loss, JPEG", "done"},
       [](const Series& s) {
         const DJ_RPLossless predictor(1, 0);
         compress(s, {.syntax = EXS_JPEGProcess14SV1, .representation = &predictor});
       }},
      {{"jpegls_lossy", "compressed with loss: stored numbers are off by up to 2", "warned"},
       compress_with_loss},
  };
  return list;
}

}  // namespace

std::span<const DicomDefect> dicom_defect_catalogue() {
  static const std::vector<DicomDefect> list = [] {
    std::vector<DicomDefect> defects;
    for (const auto& recipe : recipes()) defects.push_back(recipe.defect);
    return defects;
  }();
  return list;
}

void make_defective(const fs::path& folder, const std::string& id, std::uint64_t seed) {
  initialise_dicom_library();
  const auto& list = recipes();
  const auto found =
      std::find_if(list.begin(), list.end(), [&](const Recipe& recipe) { return recipe.defect.id == id; });
  if (found == list.end()) {
    std::vector<std::string> names;
    for (const auto& recipe : list) names.push_back(recipe.defect.id);
    const std::string nearest = nearest_name(id, names);
    throw InvalidInput({.what = "no such defect of a series",
                        .where = "defect",
                        .expected = "one of " + join(names, ", "),
                        .got = id,
                        .mend = nearest.empty() ? "take one of these" : "did you mean '" + nearest + "'?"});
  }
  Series series{.folder = folder, .files = {}, .seed = seed};
  for (const auto& entry : fs::directory_iterator(folder)) series.files.push_back(entry.path());
  std::sort(series.files.begin(), series.files.end());
  if (series.files.size() < 4)
    throw InvalidInput({.what = "too few slices for a defect",
                        .where = folder.string(),
                        .expected = "at least 4",
                        .got = std::to_string(series.files.size()),
                        .mend = "take a smaller slice distance or a larger phantom"});
  found->make(series);
}

}  // namespace meshassay::io
