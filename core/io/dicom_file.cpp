// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/dicom_file.hpp"

#include <dcmtk/config/osconfig.h>
// DCMTK wants its configuration before anything else of its own.
#include <dcmtk/dcmdata/dcrledrg.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmjpeg/djdecode.h>
#include <dcmtk/dcmjpls/djdecode.h>

#include <cstdint>
#include <fstream>
#include <string_view>

#include "core/errors.hpp"
#include "core/io/dicom_library.hpp"
#include "core/text.hpp"

namespace meshassay::io {
namespace {

namespace fs = std::filesystem;

void register_decoders() {
  static const bool once = [] {
    initialise_dicom_library();
    DcmRLEDecoderRegistration::registerCodecs();
    DJDecoderRegistration::registerCodecs();
    DJLSDecoderRegistration::registerCodecs();
    return true;
  }();
  (void)once;
}

[[noreturn]] void refuse(const fs::path& file, const std::string& expected, const std::string& got) {
  throw InvalidInput({.what = "a DICOM file is cut off or damaged",
                      .where = file.string(),
                      .expected = expected,
                      .got = got,
                      .mend = "copy or export the file again, or remove it from the folder"});
}

/// "DICM" after 128 bytes; or, in files from before DICOM had such a prologue, an element of the first
/// groups. A file that is called .dcm and has neither is damaged.
bool is_dicom(const fs::path& file) {
  std::string head(132, '\0');
  std::error_code error;
  const bool is_regular = std::filesystem::is_regular_file(file, error);  // Opening a pipe waits for ever.
  std::ifstream stream;
  if (is_regular) stream.open(file, std::ios::binary);
  if (!stream.is_open())
    throw InvalidInput({.what = "cannot read the file",
                        .where = file.string(),
                        .expected = "a readable regular file",
                        .got = is_regular ? "one that may not be read" : "no regular file",
                        .mend = "check the path and its permissions"});
  stream.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(stream.gcount()));
  if (head.size() == 132 && head.ends_with("DICM")) return true;
  const std::string_view first = std::string_view(head).substr(0, 2);
  if (head.size() >= 8 && (first == std::string_view("\x02\0", 2) || first == std::string_view("\x08\0", 2)))
    return true;
  if (file.extension() == ".dcm" || file.extension() == ".DCM")
    refuse(file, "\"DICM\" at byte 128",
           head.size() < 132 ? "only " + std::to_string(head.size()) + " bytes" : "other bytes");
  return false;
}

std::string trimmed(std::string_view text) {
  const auto begin = std::min(text.find_first_not_of(" \t\0"), text.size());
  const auto end = text.find_last_not_of(std::string_view(" \t\0", 3));
  return end == std::string_view::npos || end < begin ? "" : std::string(text.substr(begin, end + 1 - begin));
}

std::vector<std::string> values(DcmItem& item, const DcmTagKey& tag) {
  OFString whole;
  std::vector<std::string> result;
  if (item.findAndGetOFStringArray(tag, whole).bad() || whole.empty()) return result;
  const std::string_view text(whole.c_str(), whole.size());
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('\\', begin), text.size());
    result.push_back(trimmed(text.substr(begin, end - begin)));
    begin = end + 1;
  }
  return result;
}

std::string text(DcmItem& item, const DcmTagKey& tag) { return join(values(item, tag), "\\"); }

std::vector<double> numbers(DcmItem& item, const DcmTagKey& tag) {
  std::vector<double> result;
  for (const std::string& value : values(item, tag)) {
    const auto number_value = parse_number(value);
    if (!number_value) return {};
    result.push_back(*number_value);
  }
  return result;
}

std::optional<double> number(DcmItem& item, const DcmTagKey& tag) {
  const auto all = numbers(item, tag);
  return all.empty() ? std::nullopt : std::optional(all.front());
}

int integer(DcmItem& item, const DcmTagKey& tag, int otherwise) {
  const auto value = number(item, tag);
  return value && *value >= 0.0 && *value <= 1e9 ? static_cast<int>(*value) : otherwise;
}

/// As the prologue says it too, so that a file which was cut off early is still known for what it was.
std::string sop_class(DcmFileFormat& format) {
  const std::string uid = text(*format.getDataset(), DCM_SOPClassUID);
  return uid.empty() ? text(*format.getMetaInfo(), DCM_MediaStorageSOPClassUID) : uid;
}

/// All elements; those with more than a few bytes stay in the file until they are asked for.
void load(DcmFileFormat& format, const fs::path& file) {
  register_decoders();
  const OFCondition status = format.loadFile(OFFilename(file.c_str()));
  if (status.bad()) refuse(file, "all the elements that it begins", status.text());
}

}  // namespace

std::optional<DicomHeader> read_dicom_header(const fs::path& file) {
  if (!is_dicom(file)) return std::nullopt;
  DcmFileFormat format;
  load(format, file);
  DcmDataset& data = *format.getDataset();
  const DcmXfer syntax(data.getOriginalXfer());
  DicomHeader header{.file = file,
                     .sop_class_uid = sop_class(format),
                     .transfer_syntax_uid = syntax.getXferID(),
                     .study_uid = text(data, DCM_StudyInstanceUID),
                     .series_uid = text(data, DCM_SeriesInstanceUID),
                     .frame_of_reference_uid = text(data, DCM_FrameOfReferenceUID),
                     .modality = text(data, DCM_Modality),
                     .series_description = text(data, DCM_SeriesDescription),
                     .manufacturer = text(data, DCM_Manufacturer),
                     .convolution_kernel = text(data, DCM_ConvolutionKernel),
                     .photometric = text(data, DCM_PhotometricInterpretation),
                     .rescale_type = text(data, DCM_RescaleType),
                     .image_type = values(data, DCM_ImageType),
                     .has_pixel_data = data.tagExistsWithValue(DCM_PixelData) == OFTrue,
                     .is_lossy = text(data, DCM_LossyImageCompression) == "01",
                     .is_signed = integer(data, DCM_PixelRepresentation, 0) == 1,
                     .is_compressed = syntax.isEncapsulated() || syntax.getStreamCompression() != ESC_none,
                     .file_bytes = fs::file_size(file),
                     .rows = integer(data, DCM_Rows, 0),
                     .columns = integer(data, DCM_Columns, 0),
                     .samples_per_pixel = integer(data, DCM_SamplesPerPixel, 1),
                     .frames = integer(data, DCM_NumberOfFrames, 1),
                     .bits_allocated = integer(data, DCM_BitsAllocated, 0),
                     .bits_stored = integer(data, DCM_BitsStored, 0),
                     .high_bit = integer(data, DCM_HighBit, -1),
                     .position_mm = numbers(data, DCM_ImagePositionPatient),
                     .orientation = numbers(data, DCM_ImageOrientationPatient),
                     .pixel_spacing_mm = numbers(data, DCM_PixelSpacing),
                     .slope = number(data, DCM_RescaleSlope),
                     .intercept = number(data, DCM_RescaleIntercept),
                     .kvp = number(data, DCM_KVP),
                     .slice_thickness_mm = number(data, DCM_SliceThickness),
                     .gantry_tilt_deg = number(data, DCM_GantryDetectorTilt)};
  return header;
}

void read_dicom_hu(const DicomHeader& header, std::span<float> hu) {
  DcmFileFormat format;
  load(format, header.file);
  DcmDataset& data = *format.getDataset();
  const DcmXfer transfer_syntax(data.getOriginalXfer());
  const OFCondition decoded = data.chooseRepresentation(EXS_LittleEndianExplicit, nullptr);
  if (decoded == EC_CannotChangeRepresentation || decoded == EC_UnsupportedEncoding)
    throw UnsupportedFormat({.what = "a DICOM compression that is not read",
                             .where = header.file.string(),
                             .expected = "uncompressed, RLE, JPEG or JPEG-LS",
                             .got = transfer_syntax.getXferName(),
                             .mend = "decompress the series first: gdcmconv --raw IN OUT"});
  if (decoded.bad()) refuse(header.file, "voxels that can be decompressed", decoded.text());

  DcmElement* element = nullptr;
  (void)data.findAndGetElement(DCM_PixelData, element);
  const std::size_t voxels = hu.size();
  const std::size_t bytes_each = static_cast<std::size_t>(header.bits_allocated) / 8;
  Uint8* bytes = nullptr;
  Uint16* words = nullptr;
  if (element && element->getLength() >= voxels * bytes_each) {
    const OFCondition status =
        bytes_each == 1 ? element->getUint8Array(bytes) : element->getUint16Array(words);
    if (status.bad()) refuse(header.file, "readable voxels", status.text());
  }
  if (!bytes && !words)
    refuse(header.file,
           std::to_string(voxels * bytes_each) + " bytes for " + std::to_string(header.rows) + " rows and " +
               std::to_string(header.columns) + " columns",
           (element ? std::to_string(element->getLength()) : "no") + std::string(" bytes"));

  // Bits above the stored ones may hold an overlay.
  const int shift = header.high_bit + 1 - header.bits_stored;
  const std::uint32_t mask = (std::uint32_t{1} << header.bits_stored) - 1;
  const std::uint32_t sign = header.is_signed ? std::uint32_t{1} << (header.bits_stored - 1) : 0;
  for (std::size_t i = 0; i < voxels; ++i) {
    const std::uint32_t stored = ((bytes ? bytes[i] : words[i]) >> shift) & mask;
    const double value =
        static_cast<double>(stored) - ((stored & sign) ? static_cast<double>(mask) + 1.0 : 0.0);
    hu[i] = static_cast<float>(value * *header.slope + *header.intercept);
  }
}

}  // namespace meshassay::io
