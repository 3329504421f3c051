// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/dicom_series.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <set>

#include "core/errors.hpp"
#include "core/io/dicom_file.hpp"
#include "core/io/image_files.hpp"
#include "core/text.hpp"

namespace meshassay::io {
namespace {

namespace fs = std::filesystem;
using Headers = std::vector<DicomHeader>;

constexpr double gap_tolerance = 0.01;            // Of the median gap.
constexpr double same_position_mm = 1e-3;         // Closer slices are the same one twice.
constexpr double direction_tolerance = 1e-4;      // Cosines are written with four digits or more.
constexpr double shear_tolerance = 1e-3;          // Sideways, of the way along the normal: 0.06 degrees ...
constexpr double shear_floor_mm = 0.01;           // ... and more than positions are rounded to.
constexpr double pixel_spacing_tolerance = 1e-4;  // Relative.

std::string files_text(const Headers& headers) {
  std::vector<std::string> names;
  for (const auto& header : headers) names.push_back(header.file.filename().string());
  std::sort(names.begin(), names.end());
  const std::size_t count = names.size();
  if (count > 6) names.resize(6);
  return join(names, ", ") + (count > 6 ? ", ... (" + std::to_string(count) + " files)" : "");
}

std::string place_text(const Headers& headers) {
  return headers.front().file.parent_path().string() + ": " + files_text(headers);
}

[[noreturn]] void refuse(const Headers& bad, const std::string& what, const std::string& expected,
                         const std::string& got, const std::string& mend) {
  throw InvalidInput(
      {.what = what, .where = place_text(bad), .expected = expected, .got = got, .mend = mend});
}

template <typename Predicate>
Headers those(const Headers& headers, Predicate predicate) {
  Headers result;
  std::copy_if(headers.begin(), headers.end(), std::back_inserter(result), predicate);
  return result;
}

/// The headers that do not agree with the largest group of those that do.
template <typename Same>
Headers odd_ones(const Headers& headers, Same same) {
  std::vector<Headers> groups;
  for (const auto& header : headers) {
    const auto group = std::find_if(groups.begin(), groups.end(),
                                    [&](const Headers& other) { return same(other.front(), header); });
    if (group == groups.end())
      groups.push_back({header});
    else
      group->push_back(header);
  }
  const auto largest = std::max_element(
      groups.begin(), groups.end(), [](const Headers& a, const Headers& b) { return a.size() < b.size(); });
  Headers odd;
  for (auto group = groups.begin(); group != groups.end(); ++group)
    if (group != largest) odd.insert(odd.end(), group->begin(), group->end());
  return odd;
}

// ---- Which files are a series ----

/// Files that carry voxels, or should. Segmentations and doses are not images of a patient.
bool is_image(const DicomHeader& header) {
  constexpr std::string_view ct = "1.2.840.10008.5.1.4.1.1.2", segmentation = "1.2.840.10008.5.1.4.1.1.66.4",
                             dose = "1.2.840.10008.5.1.4.1.1.481.2";
  if (header.sop_class_uid == segmentation || header.sop_class_uid == dose) return false;
  return header.has_pixel_data || header.sop_class_uid == ct;
}

std::vector<fs::path> sorted_files(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    std::error_code ignored;
    if (entry->is_regular_file(ignored)) files.push_back(entry->path());
  }
  if (error)
    throw InvalidInput({.what = "cannot read the folder",
                        .where = folder.string(),
                        .got = error.message(),
                        .mend = "check its permissions"});
  std::sort(files.begin(), files.end());
  return files;
}

std::string mend_without_image(const fs::path& folder) {
  std::vector<std::string> folders;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error))
    if (entry.is_directory(error)) folders.push_back(entry.path().filename().string());
  std::sort(folders.begin(), folders.end());
  if (folders.empty()) return "give the folder that holds the CT's files";
  if (folders.size() > 6) folders.resize(6);
  return "folders in it are not searched; give one of them: " + join(folders, ", ");
}

/// The images by series UID; of one file, those that share its series.
std::map<std::string, Headers> images_by_series(const fs::path& folder_or_file) {
  std::error_code error;
  if (!fs::exists(folder_or_file, error))
    throw InvalidInput({.what = "no such file or folder",
                        .where = folder_or_file.string(),
                        .expected = "a DICOM file, or a folder of them",
                        .mend = "check the path"});
  const bool is_file = !fs::is_directory(folder_or_file, error);
  std::string only_uid;
  if (is_file) {
    const auto header = read_dicom_header(folder_or_file);
    if (!header || !is_image(*header))
      throw InvalidInput(
          {.what = "not a DICOM image",
           .where = folder_or_file.string(),
           .expected = "a file of a CT series",
           .got = header ? "DICOM without an image (" + header->modality + ")" : "no DICOM file",
           .mend = "give a CT file, or the folder that holds the series"});
    only_uid = header->series_uid;
  }
  fs::path folder = is_file ? folder_or_file.parent_path() : folder_or_file;
  if (folder.empty()) folder = ".";
  std::map<std::string, Headers> series;
  const auto files = sorted_files(folder);
  for (const auto& file : files) {
    const auto header = read_dicom_header(file);
    if (!header || !is_image(*header)) continue;
    if (header->series_uid.empty())
      refuse({*header}, "a DICOM image of no series, or one that was cut off", "a SeriesInstanceUID", "none",
             "copy or export the file again, or remove it from the folder");
    if (!is_file || header->series_uid == only_uid) series[header->series_uid].push_back(*header);
  }
  if (series.empty())
    throw InvalidInput(
        {.what = "no DICOM image in the folder",
         .where = folder.string(),
         .expected = "the files of a CT series",
         .got = files.empty() ? "no file" : std::to_string(files.size()) + " files, none a DICOM image",
         .mend = mend_without_image(folder)});
  return series;
}

DicomSeriesInfo info(const std::string& uid, const Headers& headers) {
  DicomSeriesInfo result{.series_uid = uid,
                         .description = headers.front().series_description,
                         .modality = headers.front().modality};
  for (const auto& header : headers) result.files.push_back(header.file);
  return result;
}

Headers pick(const std::map<std::string, Headers>& series, const fs::path& place, const std::string& uid) {
  if (uid.empty() && series.size() == 1) return series.begin()->second;
  if (const auto found = series.find(uid); !uid.empty() && found != series.end()) return found->second;
  std::vector<std::string> lines;
  for (const auto& [known, headers] : series) {
    const auto text = info(known, headers);
    lines.push_back(known + " (" + text.modality + ", " + std::to_string(headers.size()) + " files" +
                    (text.description.empty() ? "" : ", \"" + text.description + "\"") + ")");
  }
  throw InvalidInput({.what = uid.empty() ? "several series and none picked" : "no such series",
                      .where = place.string(),
                      .expected = "one of " + join(lines, "; "),
                      .got = uid.empty() ? std::to_string(series.size()) + " series" : uid,
                      .mend = "pick one: --series " + series.begin()->first});
}

// ---- What each file must be ----

bool is_secondary_capture(const DicomHeader& header) {
  constexpr std::string_view root = "1.2.840.10008.5.1.4.1.1.7";
  return header.sop_class_uid == root || header.sop_class_uid.starts_with(std::string(root) + ".");
}

/// Words of ImageType: "DERIVED\SECONDARY\CT_MIP" -> DERIVED, SECONDARY, CT, MIP.
std::set<std::string> image_type_words(const DicomHeader& header) {
  std::set<std::string> words;
  for (const auto& value : header.image_type)
    for (std::size_t begin = 0; begin <= value.size();) {
      const std::size_t end = std::min(value.find_first_of(" _-", begin), value.size());
      words.insert(value.substr(begin, end - begin));
      begin = end + 1;
    }
  return words;
}

bool is_projection(const DicomHeader& header) {
  const auto words = image_type_words(header);
  for (const char* word : {"MIP", "MINIP", "MAXIP", "PROJECTION"})
    if (words.contains(word)) return true;
  return words.contains("IP") && (words.contains("MIN") || words.contains("MAX"));
}

bool has_geometry(const DicomHeader& header) {
  if (header.position_mm.size() != 3 || header.orientation.size() != 6 || header.pixel_spacing_mm.size() != 2)
    return false;
  if (!(header.pixel_spacing_mm[0] > 0.0 && header.pixel_spacing_mm[1] > 0.0)) return false;
  const Vector3 i(header.orientation.data()), j(header.orientation.data() + 3);
  constexpr double tolerance = 1e-3;  // Of cosines that were written with three digits.
  return std::abs(i.norm() - 1.0) < tolerance && std::abs(j.norm() - 1.0) < tolerance &&
         std::abs(i.dot(j)) < tolerance;
}

bool has_usable_bits(const DicomHeader& header) {
  return (header.bits_allocated == 8 || header.bits_allocated == 16) && header.bits_stored >= 1 &&
         header.bits_stored <= header.bits_allocated && header.high_bit < header.bits_allocated &&
         header.high_bit + 1 >= header.bits_stored;
}

/// Memory is taken by the header's word, so that is held against the file. Of the compressions that are read,
/// JPEG-LS gets furthest: a row of equal pixels takes a bit, which makes 2^16 bytes of 1 where a slice of
/// 4096 x 4096 is all one value.
bool holds_too_few_bytes(const DicomHeader& header) {
  const std::uint64_t pixels =
      static_cast<std::uint64_t>(header.rows) * static_cast<std::uint64_t>(header.columns);
  const std::uint64_t bytes = pixels * static_cast<std::uint64_t>(header.bits_allocated / 8);
  return header.is_compressed ? bytes / 65536 > header.file_bytes : bytes > header.file_bytes;
}

bool is_rescaled_to_something_else(const DicomHeader& header) {
  return !header.rescale_type.empty() && header.rescale_type != "HU" && header.rescale_type != "US";
}

/// A fault of single files, in the order in which they are looked for.
struct FileRule {
  std::function<bool(const DicomHeader&)> is_broken_by;
  const char* what;
  const char* expected;
  std::function<std::string(const DicomHeader&)> got;
  const char* mend;
};

const std::vector<FileRule>& file_rules() {
  static const std::vector<FileRule> rules = {
      {is_secondary_capture, "secondary captures are no CT slices", "CT Image Storage",
       [](const auto&) { return "Secondary Capture Image Storage"; },
       "remove these files, or pick another series"},
      {[](const auto& h) { return h.modality != "CT"; }, "not a CT",
       "modality CT, where values are Hounsfield units",
       [](const auto& h) { return "modality " + (h.modality.empty() ? "missing" : h.modality); },
       "give a CT series"},
      {is_projection, "projections (MIP, MinIP) are no CT slices", "slices of the scan",
       [](const auto& h) { return "ImageType " + join(h.image_type, "\\"); },
       "remove these files, or pick the series that they were made from"},
      {[](const auto& h) { return image_type_words(h).contains("LOCALIZER"); },
       "localizer images are no CT slices", "slices of the scan",
       [](const auto& h) { return "ImageType " + join(h.image_type, "\\"); },
       "remove these files, or pick another series"},
      {[](const auto& h) { return h.frames != 1; }, "multi-frame DICOM is not read", "one slice a file",
       [](const auto& h) { return std::to_string(h.frames) + " frames"; },
       "export the series as single-frame CT, or convert it to .nrrd or .nii.gz (dcm2niix)"},
      {[](const auto& h) { return !h.has_pixel_data || h.rows < 1 || h.columns < 1; }, "missing pixel data",
       "PixelData with Rows and Columns",
       [](const auto& h) {
         return std::string(h.has_pixel_data ? "" : "no ") + "PixelData, " + std::to_string(h.rows) +
                " rows, " + std::to_string(h.columns) + " columns";
       },
       "export the series again with its images"},
      {[](const auto& h) { return !has_geometry(h); }, "missing or unusable geometry",
       "ImagePositionPatient, ImageOrientationPatient (two unit vectors at right angles) and PixelSpacing "
       "above 0",
       [](const auto& h) {
         return std::to_string(h.position_mm.size()) + ", " + std::to_string(h.orientation.size()) + " and " +
                std::to_string(h.pixel_spacing_mm.size()) + " numbers, of 3, 6 and 2";
       },
       "export the original series; nothing else says where the slices are"},
      {[](const auto& h) { return h.samples_per_pixel != 1 || !h.photometric.starts_with("MONOCHROME"); },
       "a colour image is no CT slice", "MONOCHROME2 with one sample a pixel",
       [](const auto& h) {
         return h.photometric + " with " + std::to_string(h.samples_per_pixel) + " samples";
       },
       "pick the original series"},
      {[](const auto& h) { return !has_usable_bits(h); }, "a layout of bits that is not read",
       "8 or 16 bits allocated, and stored bits that fit in them",
       [](const auto& h) {
         return std::to_string(h.bits_allocated) + " allocated, " + std::to_string(h.bits_stored) +
                " stored, high bit " + std::to_string(h.high_bit);
       },
       "export the series again"},
      {holds_too_few_bytes, "a DICOM file is cut off or damaged",
       "as many voxels as its Rows and Columns say",
       [](const auto& h) {
         return std::to_string(h.file_bytes) + " bytes for " + std::to_string(h.rows) + " rows and " +
                std::to_string(h.columns) + " columns";
       },
       "copy or export the file again, or remove it from the folder"},
      {[](const auto& h) { return !h.slope || !h.intercept || *h.slope == 0.0; },
       "the way to Hounsfield units is missing", "RescaleSlope other than 0 and RescaleIntercept",
       [](const auto& h) {
         return std::string(h.slope ? "slope " + format_number(*h.slope) : "no slope") + ", " +
                (h.intercept ? "intercept " + format_number(*h.intercept) : "no intercept");
       },
       "export the original series"},
      {is_rescaled_to_something_else, "the values are no Hounsfield units", "RescaleType HU",
       [](const auto& h) { return h.rescale_type; }, "pick the series with Hounsfield units"},
  };
  return rules;
}

void check_files(const Headers& headers) {
  for (const auto& rule : file_rules())
    if (const auto bad = those(headers, rule.is_broken_by); !bad.empty())
      refuse(bad, rule.what, rule.expected, rule.got(bad.front()), rule.mend);
}

// ---- What the files must be together ----

bool near(const std::vector<double>& a, const std::vector<double>& b, double relative, double absolute) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](double x, double y) { return std::abs(x - y) <= absolute + relative * std::abs(x); });
}

void check_agreement(const Headers& headers) {
  const auto rule = [&](const char* what, const char* expected, auto same, auto got, const char* mend) {
    if (const auto odd = odd_ones(headers, same); !odd.empty())
      refuse(odd, what, expected, got(odd.front()), mend);
  };
  rule(
      "slices of different orientations in one series (a localizer?)", "one ImageOrientationPatient",
      [](const auto& a, const auto& b) {
        return near(a.orientation, b.orientation, 0.0, direction_tolerance);
      },
      [&](const auto& h) {
        std::vector<std::string> cosines;
        for (const double cosine : h.orientation) cosines.push_back(format_number(cosine));
        return join(cosines, "\\") + " in these, another in the rest of the " +
               std::to_string(headers.size()) + " files";
      },
      "remove these files, or pick another series");
  rule(
      "slices of different sizes in one series", "the same Rows and Columns",
      [](const auto& a, const auto& b) { return a.rows == b.rows && a.columns == b.columns; },
      [](const auto& h) {
        return std::to_string(h.rows) + " rows, " + std::to_string(h.columns) + " columns in these";
      },
      "remove these files, or pick another series");
  rule(
      "slices with different PixelSpacing in one series", "the same PixelSpacing",
      [](const auto& a, const auto& b) {
        return near(a.pixel_spacing_mm, b.pixel_spacing_mm, pixel_spacing_tolerance, 0.0);
      },
      [](const auto& h) {
        return format_number(h.pixel_spacing_mm[0]) + "\\" + format_number(h.pixel_spacing_mm[1]) +
               " in these";
      },
      "remove these files, or pick another series");
  rule(
      "slices in different frames of reference in one series", "one FrameOfReferenceUID",
      [](const auto& a, const auto& b) { return a.frame_of_reference_uid == b.frame_of_reference_uid; },
      [](const auto& h) {
        return h.frame_of_reference_uid.empty() ? "none in these" : h.frame_of_reference_uid;
      },
      "remove these files: their positions cannot be compared");
}

/// Columns: along rows, along columns, and the normal, right-handed and orthonormal.
Matrix3 direction_of(const DicomHeader& header) {
  const Vector3 i = Vector3(header.orientation.data()).normalized();
  const Vector3 k = i.cross(Vector3(header.orientation.data() + 3)).normalized();
  Matrix3 direction;
  direction << i, k.cross(i), k;
  return direction;
}

Vector3 position_of(const DicomHeader& header) { return Vector3(header.position_mm.data()); }

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// Sorts along the normal. \return the slice distance. \throw InvalidInput where it is not one straight, even
/// stack.
double stack(Headers& slices) {
  if (slices.size() < 2)
    refuse(slices, "a series of one slice has no slice distance", "at least two slices", "1",
           "export the whole series (SliceThickness is not the distance)");
  const Vector3 normal = direction_of(slices.front()).col(2);
  const auto along = [&normal](const DicomHeader& h) { return normal.dot(position_of(h)); };
  std::stable_sort(slices.begin(), slices.end(),
                   [&](const DicomHeader& a, const DicomHeader& b) { return along(a) < along(b); });

  std::vector<double> gaps_mm;
  for (std::size_t s = 1; s < slices.size(); ++s) gaps_mm.push_back(along(slices[s]) - along(slices[s - 1]));
  Headers twice;
  for (std::size_t s = 1; s < slices.size(); ++s)
    if (gaps_mm[s - 1] <= same_position_mm) {
      if (twice.empty() || twice.back().file != slices[s - 1].file) twice.push_back(slices[s - 1]);
      twice.push_back(slices[s]);
    }
  if (!twice.empty())
    refuse(twice,
           "several slices at the same position (duplicate files, or several phases or reconstructions in "
           "one series)",
           "one slice a position",
           std::to_string(twice.size()) + " files at positions that others have too, the first " +
               format_rounded(along(twice.front()), 7) + " mm along the normal",
           "keep one file a position");

  // Sideways first: in a sheared stack the gaps along the normal are even.
  const Vector3 first = position_of(slices.front());
  Headers sideways;
  double worst_mm = 0.0, worst_deg = 0.0;
  for (const auto& slice : slices) {
    const Vector3 way = position_of(slice) - first;
    const double along_mm = normal.dot(way), sideways_mm = (way - along_mm * normal).norm();
    if (sideways_mm <= std::max(shear_floor_mm, shear_tolerance * along_mm)) continue;
    sideways.push_back(slice);
    if (sideways_mm > worst_mm) {
      worst_mm = sideways_mm;
      worst_deg = std::atan2(sideways_mm, along_mm) * 180.0 / 3.14159265358979323846;
    }
  }
  if (!sideways.empty())
    refuse(sideways, "sheared slices (gantry tilt)", "slices stacked along their normal",
           "slices up to " + format_rounded(worst_mm) + " mm sideways, a tilt of " +
               format_rounded(worst_deg, 3) + " degrees",
           "resample the series to a straight stack first (for example dcm2niix), and read the .nii.gz");

  const double usual_mm = median(gaps_mm);
  for (std::size_t s = 1; s < slices.size(); ++s) {
    const double gap_mm = gaps_mm[s - 1], ratio = gap_mm / usual_mm;
    if (std::abs(ratio - 1.0) <= gap_tolerance) continue;
    const double whole = std::round(ratio);
    const bool missing = whole >= 2.0 && std::abs(ratio - whole) <= gap_tolerance * whole;
    refuse({slices[s - 1], slices[s]}, missing ? "missing slices" : "uneven gaps between slices",
           "gaps of " + format_rounded(usual_mm, 6) + " mm, to 1 %",
           format_rounded(gap_mm, 6) + " mm between these two" +
               (missing ? ": room for " + format_rounded(whole - 1.0) + " more" : ""),
           missing ? "find the missing files, or export the series again"
                   : "export the part with even gaps, or resample the series");
  }
  return (along(slices.back()) - along(slices.front())) / static_cast<double>(slices.size() - 1);
}

std::vector<std::string> warnings(const Headers& slices, double distance_mm) {
  std::vector<std::string> result;
  const auto warn = [&](const Headers& found, const std::string& text) {
    if (!found.empty()) result.push_back(text + " (" + files_text(found) + ")");
  };
  warn(
      those(slices, [](const auto& h) { return !h.image_type.empty() && h.image_type.front() == "DERIVED"; }),
      "ImageType says DERIVED: not the values that the scanner reconstructed");
  warn(those(slices, [](const auto& h) { return h.is_lossy; }), "the images were compressed with loss");
  warn(those(slices, [](const auto& h) { return h.rescale_type == "US"; }),
       "RescaleType is unspecified: Hounsfield units are assumed");
  warn(those(slices, [](const auto& h) { return h.photometric == "MONOCHROME1"; }),
       "MONOCHROME1, which only says how to show the values: read as they are");
  warn(those(slices, [](const auto& h) { return h.gantry_tilt_deg && std::abs(*h.gantry_tilt_deg) > 0.01; }),
       "GantryDetectorTilt is not 0, but the slices are stacked straight: the tilt is taken as corrected");
  warn(odd_ones(slices,
                [](const auto& a, const auto& b) { return a.slice_thickness_mm == b.slice_thickness_mm; }),
       "SliceThickness differs within the series");
  const auto thickness_mm = slices.front().slice_thickness_mm;
  if (thickness_mm && std::abs(*thickness_mm - distance_mm) > gap_tolerance * distance_mm)
    result.push_back("SliceThickness is " + format_number(*thickness_mm) + " mm, the slices are " +
                     format_rounded(distance_mm, 6) + " mm apart: the distance counts");
  return result;
}

}  // namespace

std::vector<DicomSeriesInfo> list_dicom_series(const fs::path& folder_or_file) {
  std::vector<DicomSeriesInfo> list;
  for (const auto& [uid, headers] : images_by_series(folder_or_file)) list.push_back(info(uid, headers));
  return list;
}

CtVolume read_dicom_series(const fs::path& folder_or_file, const DicomReadOptions& options) {
  Headers slices = pick(images_by_series(folder_or_file), folder_or_file, options.series_uid);
  check_files(slices);
  check_agreement(slices);
  const double distance_mm = stack(slices);

  const DicomHeader& first = slices.front();
  CtVolume volume;
  volume.hu = Image<float>({.size = {first.columns, first.rows, static_cast<int>(slices.size())},
                            .spacing_mm = {first.pixel_spacing_mm[1], first.pixel_spacing_mm[0], distance_mm},
                            .origin_mm = position_of(first),
                            .direction = direction_of(first)});
  const std::size_t slice_voxels = volume.hu.values.size() / slices.size();
  for (std::size_t s = 0; s < slices.size(); ++s)
    read_dicom_hu(slices[s], std::span(volume.hu.values).subspan(s * slice_voxels, slice_voxels));
  volume.acquisition = {.modality = first.modality,
                        .study_uid = first.study_uid,
                        .series_uid = first.series_uid,
                        .frame_of_reference_uid = first.frame_of_reference_uid,
                        .series_description = first.series_description,
                        .manufacturer = first.manufacturer,
                        .convolution_kernel = first.convolution_kernel,
                        .image_type = join(first.image_type, "\\"),
                        .kvp = first.kvp,
                        .slice_thickness_mm = first.slice_thickness_mm};
  volume.warnings = warnings(slices, distance_mm);
  return volume;
}

CtVolume read_ct(const fs::path& path, const DicomReadOptions& options) {
  std::error_code error;
  const bool is_folder = fs::is_directory(path, error);
  if (!is_folder && has_image_extension(path)) return read_ct_file(path);
  if (is_folder || !fs::exists(path, error) || read_dicom_header(path))
    return read_dicom_series(path, options);
  throw UnsupportedFormat({.what = "a CT in a format that is not read",
                           .where = path.string(),
                           .expected = "a DICOM folder or file, .nrrd, .nhdr, .nii, .nii.gz, .mha or .mhd",
                           .got = "another file",
                           .mend = "check the path, or convert the image to .nrrd"});
}

}  // namespace meshassay::io
