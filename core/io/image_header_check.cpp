// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/image_header_check.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cctype>
#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/errors.hpp"
#include "core/io/files.hpp"
#include "core/text.hpp"

namespace meshassay::io {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t max_deflate_ratio =
    1032;  // Of the format: 258 bytes from 2 bits, and blocks' overhead.
constexpr std::size_t max_header_bytes = std::size_t{1} << 20;
// Teem and MetaIO, beneath ITK, put lines and file names into buffers of fixed size, and write past their
// ends.
constexpr std::size_t max_nrrd_line = 500, max_meta_line = 200, max_path = 500;
constexpr int max_meta_dimensions = 10;  // MetaIO's arrays; it does not look before it fills them.

[[noreturn]] void refuse(const fs::path& path, std::uint64_t expected, const std::string& got) {
  throw InvalidInput({.what = "an image file is cut off or its header is wrong",
                      .where = path.string(),
                      .expected = std::to_string(expected) + " bytes of voxels",
                      .got = got,
                      .mend = "copy or export the file again"});
}

std::uint64_t size_of(const fs::path& path) {
  std::error_code error;
  const std::uint64_t bytes = fs::file_size(path, error);
  if (error)
    throw InvalidInput({.what = "the file with an image's voxels cannot be read",
                        .where = path.string(),
                        .got = error.message(),
                        .mend = "keep header and data files together"});
  return bytes;
}

void check_plain(const fs::path& path, std::uint64_t offset, std::uint64_t expected) {
  const std::uint64_t bytes = size_of(path);
  if (bytes < offset || bytes - offset < expected)
    refuse(path, expected, std::to_string(bytes < offset ? 0 : bytes - offset) + " bytes");
}

void check_ratio(const fs::path& path, std::uint64_t expected) {
  const std::uint64_t bytes = size_of(path);
  if (expected / max_deflate_ratio > bytes)
    refuse(path, expected, std::to_string(bytes) + " bytes, which cannot hold that many even if compressed");
}

/// A gzip or zlib stream in a file.
struct Packed {
  std::uint64_t offset = 0;
  std::uint64_t bytes = std::numeric_limits<std::uint64_t>::max();  ///< At most; else up to the file's end.
};

/// Bytes that come out of the stream; the first of them in `head`.
/// \throw InvalidInput where the stream is cut off or damaged.
std::uint64_t inflated_bytes(const fs::path& path, Packed packed, std::uint64_t expected, std::string& head) {
  std::ifstream file(path, std::ios::binary);
  file.seekg(static_cast<std::streamoff>(packed.offset));
  z_stream stream{};
  if (inflateInit2(&stream, 15 + 32) != Z_OK)  // 32: gzip or zlib, by its own header.
    throw MachineError({.what = "zlib is not available", .where = path.string(), .mend = "free some memory"});
  const std::unique_ptr<z_stream, int (*)(z_stream*)> owner(&stream, &inflateEnd);
  std::vector<char> in(std::size_t{1} << 18), out(std::size_t{1} << 18);
  std::uint64_t total = 0;
  int status = Z_OK;
  const auto read_more = [&] {
    if (stream.avail_in > 0) return true;
    file.read(in.data(), static_cast<std::streamsize>(std::min<std::uint64_t>(in.size(), packed.bytes)));
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(file.gcount());
    packed.bytes -= stream.avail_in;
    return stream.avail_in > 0;
  };
  while (read_more()) {
    if (status == Z_STREAM_END) {  // gzip files may hold several streams; anything else is padding.
      if (stream.avail_in < 2 || stream.next_in[0] != 0x1f || stream.next_in[1] != 0x8b) return total;
      inflateReset(&stream);
    }
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    status = inflate(&stream, Z_NO_FLUSH);
    if (status != Z_OK && status != Z_STREAM_END)
      refuse(path, expected, "damaged compression after " + std::to_string(total) + " bytes");
    const std::size_t produced = out.size() - stream.avail_out;
    head.append(out.data(), std::min(produced, 1024 - std::min<std::size_t>(head.size(), 1024)));
    total += produced;
  }
  // A full buffer may leave output behind with all input taken.
  while (status == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    status = inflate(&stream, Z_NO_FLUSH);
    if (status == Z_OK || status == Z_STREAM_END) total += out.size() - stream.avail_out;
  }
  if (status != Z_STREAM_END)
    refuse(path, expected, "compressed data that ends after " + std::to_string(total) + " bytes");
  return total;
}

std::string head_of(const fs::path& path, std::size_t bytes) {
  std::string head(bytes, '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(head.data(), static_cast<std::streamsize>(bytes));
  head.resize(static_cast<std::size_t>(file.gcount()));
  return head;
}

/// What a NIfTI header says of the voxels in its file. A slope makes floats of them only in the reader.
struct NiftiData {
  std::uint64_t offset = 0;  ///< Where they begin.
  std::uint64_t bytes = 0;   ///< All of them, as stored.
};

/// The fields of NIfTI-1 (int16 datatype at 70, float vox_offset at 108, magic at 344) or NIfTI-2 (at 12,
/// int64 at 168, magic at 4), in either byte order. Without the magic of a single file the library would take
/// voxels from another, or the header for voxels.
NiftiData nifti_data(const std::string& head, const fs::path& path, const VoxelData& voxels) {
  const auto value = [&]<typename T>(std::size_t place, bool swap, T result) {
    std::string bytes = head.substr(place, sizeof(T));
    if (swap) std::reverse(bytes.begin(), bytes.end());
    std::memcpy(&result, bytes.data(), sizeof(T));
    return result;
  };
  const auto stored_bytes = [&voxels](std::int16_t datatype) -> std::uint64_t {
    switch (datatype) {
      case 2:
      case 256: return 1;  // 8 bits.
      case 4:
      case 512: return 2;  // 16.
      case 8:
      case 16:
      case 768: return 4;  // 32, and float.
      case 64:
      case 1024:
      case 1280: return 8;                // 64, and double.
      default: return voxels.bytes_each;  // The library has read the header; it knows no others.
    }
  };
  if (head.size() < 348)
    refuse(path, voxels.bytes(), std::to_string(head.size()) + " bytes, less than a header");
  for (const bool swap : {false, true}) {
    double offset = -1.0;
    std::int16_t datatype = 0;
    const auto header_bytes = value(0, swap, std::int32_t{});
    if (header_bytes == 348 && head.compare(344, 4, "n+1\0", 4) == 0) {
      offset = value(108, swap, float{});
      datatype = value(70, swap, std::int16_t{});
    }
    if (header_bytes == 540 && head.compare(4, 4, "n+2\0", 4) == 0) {
      offset = static_cast<double>(value(168, swap, std::int64_t{}));
      datatype = value(12, swap, std::int16_t{});
    }
    // Voxels that are said to begin within the header are read behind it.
    if (offset >= 0.0 && offset < 9e15)
      return {.offset = static_cast<std::uint64_t>(std::max<double>(offset, header_bytes)),
              .bytes = voxels.count * stored_bytes(datatype)};
  }
  refuse(path, voxels.bytes(), "a header that does not say where in this file they are");
}

void check_nifti(const fs::path& path, const VoxelData& voxels) {
  std::string head = head_of(path, 1024);
  if (!head.starts_with("\x1f\x8b")) {
    const NiftiData data = nifti_data(head, path, voxels);
    return check_plain(path, data.offset, data.bytes);
  }
  head.clear();
  const std::uint64_t bytes = inflated_bytes(path, {}, voxels.bytes(), head);
  const NiftiData data = nifti_data(head, path, voxels);
  if (bytes < data.offset || bytes - data.offset < data.bytes)
    refuse(path, data.bytes, std::to_string(bytes < data.offset ? 0 : bytes - data.offset) + " bytes");
}

std::string trimmed_lower(std::string text) {
  const auto blank = [](unsigned char letter) { return std::isspace(letter) != 0; };
  text.erase(text.begin(), std::find_if_not(text.begin(), text.end(), blank));
  text.erase(std::find_if_not(text.rbegin(), text.rend(), blank).base(), text.end());
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return text;
}

std::string trimmed(const std::string& text) {
  constexpr const char* blanks = " \t\r";
  const std::size_t begin = text.find_first_not_of(blanks);
  return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(blanks) + 1 - begin);
}

struct TextHeader {
  std::map<std::string, std::string> fields;  ///< Values as they stand, without the blanks about them.
  std::uint64_t bytes = 0;                    ///< Up to the line that ends it.
};

/// How the lines of a format's header are written.
struct TextHeaderFormat {
  const char* separators;  ///< The first of them ends the key.
  bool keys_have_case;     ///< To the library, which passes over a key that is written otherwise.
  std::string last_key;    ///< Ends the header, as an empty line does.
  std::size_t max_line;
};
const TextHeaderFormat nrrd_header{":", false, "", max_nrrd_line};
const TextHeaderFormat meta_header{"=:", true, "ElementDataFile", max_meta_line};

/// Lines that do not go into a buffer: NRRD's comments and "key:=value" pairs, MetaIO's arrays of numbers.
bool may_be_long(const std::string& line, const TextHeaderFormat& format) {
  if (&format == &nrrd_header) return line.starts_with('#') || line.find(":=") < line.find(": ");
  const std::size_t at = std::min(line.find_first_of(format.separators), line.size());
  constexpr std::array arrays = {"TransformMatrix", "Rotation",       "Orientation",
                                 "Offset",          "Position",       "Origin",
                                 "DimSize",         "ElementSpacing", "CenterOfRotation"};
  return std::find(arrays.begin(), arrays.end(), trimmed(line.substr(0, at))) != arrays.end();
}

/// The libraries end lines and names at other bytes than the end of a line, and MetaIO reads on in the next
/// line where one has no separator: either could hide the name of a data file from the checks here.
void check_line(const fs::path& path, const std::string& line, const TextHeaderFormat& format) {
  const auto refuse_line = [&](const char* what, const std::string& expected) {
    throw InvalidInput({.what = std::string("an image file cannot be read: ") + what,
                        .where = path.string(),
                        .expected = expected,
                        .got = std::to_string(line.size()) + " characters: " + line.substr(0, 40) +
                               (line.size() > 40 ? "..." : ""),
                        .mend = "export the image again"});
  };
  if (line.size() > format.max_line && !may_be_long(line, format))
    refuse_line("a line of its header is too long",
                "at most " + std::to_string(format.max_line) + " characters");
  const std::size_t end = line.ends_with('\r') ? line.size() - 1 : line.size();
  const auto is_control = [](unsigned char letter) {
    return (letter < ' ' && letter != '\t') || letter == 0x7f;
  };
  if (std::any_of(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(end), is_control))
    refuse_line("its header holds control characters", "lines of text that end with a line feed");
  if (&format == &meta_header && line.find_first_of(format.separators) == std::string::npos)
    refuse_line("a line of its header has no value", "KEY = VALUE");
}

TextHeader text_header(const fs::path& path, const TextHeaderFormat& format) {
  const std::string head = head_of(path, max_header_bytes);
  TextHeader header;
  while (header.bytes < head.size()) {
    const std::size_t end = std::min(head.find('\n', header.bytes), head.size());
    const std::string line = head.substr(header.bytes, end - header.bytes);
    header.bytes = std::min(end + 1, head.size());
    if (trimmed(line).empty()) return header;
    check_line(path, line, format);
    const std::size_t at = line.find_first_of(format.separators);
    if (at == std::string::npos) continue;
    const bool is_pair =
        line.compare(at, 2, ":=") == 0;  // NRRD's "key:=value" is no field, whatever its key.
    if (&format == &nrrd_header && (line.starts_with('#') || is_pair)) continue;
    const std::string written = trimmed(line.substr(0, at));
    const std::string key = format.keys_have_case ? written : trimmed_lower(written);
    // MetaIO fills arrays of fixed size by the NDims that stands before them, and so past their ends where a
    // second NDims is the one that is looked at.
    if (!header.fields.emplace(key, trimmed(line.substr(at + 1))).second)
      throw InvalidInput({.what = "an image file cannot be read: its header says something twice",
                          .where = path.string(),
                          .expected = "each key once",
                          .got = "'" + key + "' again",
                          .mend = "export the image again"});
    if (key == format.last_key) return header;
  }
  if (head.size() == max_header_bytes)
    throw InvalidInput(
        {.what = "an image file cannot be read: its header is too long",
         .where = path.string(),
         .expected = "a header that ends within " + std::to_string(max_header_bytes) + " bytes",
         .got = "one that goes on",
         .mend = "export the image again without long comments"});
  return header;
}

/// The one file that a header names, beside the header.
fs::path data_file(const fs::path& header, const std::string& name) {
  if (name.starts_with("LIST") || name.find_first_of("% ") != std::string::npos)
    throw UnsupportedFormat({.what = "an image whose voxels are spread over several files",
                             .where = header.string(),
                             .expected = "one data file",
                             .got = name,
                             .mend = "convert it to one .nrrd file"});
  try {
    const fs::path data = path_inside(header.parent_path().empty() ? "." : header.parent_path(), name);
    (void)size_of(data);
    return data;
  } catch (const InvalidInput& error) {
    throw InvalidInput({.what = "an image whose data file cannot be used",
                        .where = header.string(),
                        .expected = "the name of a file in the header's folder",
                        .got = name,
                        .mend = "keep header and data file together: " + error.text().what});
  }
}

/// ITK 5.2 converts right-anterior-superior, and takes x for y in left-anterior-superior.
void check_nrrd_space(const fs::path& path, const std::string& space) {
  for (const char* known : {"", "left-posterior-superior", "lps", "right-anterior-superior", "ras"})
    if (trimmed_lower(space) == known) return;
  throw UnsupportedFormat({.what = "an NRRD file in a space that is not read",
                           .where = path.string(),
                           .expected = "left-posterior-superior or right-anterior-superior",
                           .got = space,
                           .mend = "save the image again in left-posterior-superior space"});
}

/// An axis of `none` has no length and no direction; the library would make it one of 1 mm.
void check_nrrd_directions(const fs::path& path, const std::string& directions) {
  if (directions.empty() || std::count(directions.begin(), directions.end(), '(') >= 3) return;
  throw InvalidInput({.what = "an image with sheared or missing axes",
                      .where = path.string(),
                      .expected = "three space directions",
                      .got = directions,
                      .mend = "export the image again as a plain 3D volume"});
}

/// A header and where the voxels are that it describes.
struct Described {
  TextHeader header;
  fs::path data;
  std::uint64_t offset = 0;
};

Described describe_nrrd(const fs::path& path) {
  auto header = text_header(path, nrrd_header);
  const auto& name =
      header.fields.contains("datafile") ? header.fields["datafile"] : header.fields["data file"];
  const std::uint64_t offset = name.empty() ? header.bytes : 0;
  return {.header = header, .data = name.empty() ? path : data_file(path, name), .offset = offset};
}

Described describe_meta(const fs::path& path) {
  auto header = text_header(path, meta_header);
  const std::string name = header.fields["ElementDataFile"];
  const auto dimensions = parse_number(header.fields["NDims"]);
  if (!dimensions || *dimensions < 1 || *dimensions > max_meta_dimensions)
    throw InvalidInput({.what = "an image file cannot be read: its header has no usable dimensions",
                        .where = path.string(),
                        .expected = "NDims = 3",
                        .got = header.fields["NDims"],
                        .mend = "export the image again"});
  const bool local = name == "LOCAL" || name == "Local" || name == "local";
  return {.header = header, .data = local ? path : data_file(path, name), .offset = local ? header.bytes : 0};
}

void check_nrrd(const fs::path& path, std::uint64_t expected) {
  auto [header, data, offset] = describe_nrrd(path);
  check_nrrd_space(path, header.fields["space"]);
  check_nrrd_directions(path, header.fields["space directions"]);
  const std::string encoding = trimmed_lower(header.fields["encoding"]);
  if (encoding == "raw") return check_plain(data, offset, expected);
  check_ratio(data, expected);
  // What is skipped lies inside the compressed data; text takes more room than the bytes that it stands for,
  // but for single digits. There the reader itself notices data that are cut off.
  const bool skips = header.fields.contains("line skip") || header.fields.contains("lineskip") ||
                     header.fields.contains("byte skip") || header.fields.contains("byteskip");
  if (skips || (encoding != "gzip" && encoding != "gz")) return;
  std::string head;
  const std::uint64_t bytes = inflated_bytes(data, {.offset = offset}, expected, head);
  if (bytes < expected) refuse(data, expected, std::to_string(bytes) + " bytes");
}

/// MetaIO goes by the first letter.
bool is_true(const std::string& value) {
  return value.starts_with('T') || value.starts_with('t') || value.starts_with('1');
}

/// A field that counts bytes; nothing where it is absent, or 0 or below, which mean that too.
std::optional<std::uint64_t> bytes_field(const TextHeader& header, const std::string& key) {
  const auto found = header.fields.find(key);
  const auto value = found == header.fields.end() ? std::nullopt : parse_number(found->second);
  if (!value || !(*value >= 1.0 && *value < 9e15)) return std::nullopt;
  return static_cast<std::uint64_t>(*value);
}

void check_meta(const fs::path& path, std::uint64_t expected) {
  auto [header, data, offset] = describe_meta(path);
  const bool local = data == path;
  if (header.fields.contains("BinaryData") && !is_true(header.fields["BinaryData"]))
    return check_ratio(data, expected);
  offset = bytes_field(header, "HeaderSize").value_or(offset);
  if (!is_true(header.fields["CompressedData"])) return check_plain(data, offset, expected);
  check_ratio(data, expected);
  // MetaIO unpacks what it has read, however little, and hands out memory that was never written where that
  // fails.
  const auto packed = bytes_field(header, "CompressedDataSize");
  const std::uint64_t there = size_of(data);
  if (local && !packed) refuse(path, expected, "a header without CompressedDataSize");
  if (packed && (there < offset || there - offset < *packed))
    refuse(data, expected, std::to_string(*packed) + " compressed bytes in the header, fewer in the file");
  std::string head;
  const std::uint64_t bytes =
      inflated_bytes(data, {.offset = offset, .bytes = packed.value_or(there)}, expected, head);
  if (bytes < expected) refuse(data, expected, std::to_string(bytes) + " bytes");
}

}  // namespace

void check_header_text(const fs::path& path) {
  if (path.native().size() > max_path)
    throw InvalidInput({.what = "a path that is too long for the image library",
                        .where = path.string(),
                        .expected = "at most " + std::to_string(max_path) + " bytes",
                        .got = std::to_string(path.native().size()) + " bytes",
                        .mend = "move the file, or give a relative path"});
  const std::string extension = trimmed_lower(path.extension().string());
  if (extension == ".nrrd" || extension == ".nhdr") (void)describe_nrrd(path);
  if (extension == ".mha" || extension == ".mhd") (void)describe_meta(path);
}

void check_image_data(const fs::path& path, const VoxelData& voxels) {
  const std::string extension = trimmed_lower(path.extension().string());
  if (extension == ".nrrd" || extension == ".nhdr") return check_nrrd(path, voxels.bytes());
  if (extension == ".mha" || extension == ".mhd") return check_meta(path, voxels.bytes());
  check_nifti(path, voxels);
}

}  // namespace meshassay::io
