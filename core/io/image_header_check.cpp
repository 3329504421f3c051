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
#include <map>
#include <memory>
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

/// Bytes that come out of a gzip or zlib stream which begins at `offset`; the first of them in `head`.
/// \throw InvalidInput where the stream is cut off or damaged.
std::uint64_t inflated_bytes(const fs::path& path, std::uint64_t offset, std::uint64_t expected,
                             std::string& head) {
  std::ifstream file(path, std::ios::binary);
  file.seekg(static_cast<std::streamoff>(offset));
  z_stream stream{};
  if (inflateInit2(&stream, 15 + 32) != Z_OK)  // 32: gzip or zlib, by its own header.
    throw MachineError({.what = "zlib is not available", .where = path.string(), .mend = "free some memory"});
  const std::unique_ptr<z_stream, int (*)(z_stream*)> owner(&stream, &inflateEnd);
  std::vector<char> in(std::size_t{1} << 18), out(std::size_t{1} << 18);
  std::uint64_t total = 0;
  int status = Z_OK;
  const auto read_more = [&] {
    if (stream.avail_in > 0) return true;
    file.read(in.data(), static_cast<std::streamsize>(in.size()));
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(file.gcount());
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

/// The fields of NIfTI-1 (int16 datatype at 70, float vox_offset at 108) or NIfTI-2 (at 12, int64 at 168), in
/// either byte order.
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
    if (header_bytes == 348) {
      offset = value(108, swap, float{});
      datatype = value(70, swap, std::int16_t{});
    }
    if (header_bytes == 540) {
      offset = static_cast<double>(value(168, swap, std::int64_t{}));
      datatype = value(12, swap, std::int16_t{});
    }
    if (offset >= 0.0 && offset < 9e15)
      return {.offset = static_cast<std::uint64_t>(offset), .bytes = voxels.count * stored_bytes(datatype)};
  }
  refuse(path, voxels.bytes(), "a header that does not say where they are");
}

void check_nifti(const fs::path& path, const VoxelData& voxels) {
  std::string head = head_of(path, 1024);
  if (!head.starts_with("\x1f\x8b")) {
    const NiftiData data = nifti_data(head, path, voxels);
    return check_plain(path, data.offset, data.bytes);
  }
  head.clear();
  const std::uint64_t bytes = inflated_bytes(path, 0, voxels.bytes(), head);
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

struct TextHeader {
  std::map<std::string, std::string> fields;  ///< Keys in lower case, values as they stand.
  std::uint64_t bytes = 0;                    ///< Up to the line that ends it.
};

/// How the lines of a format's header are written.
struct TextHeaderFormat {
  const char* separators;  ///< The first of them ends the key.
  std::string last_key;    ///< Ends the header, as an empty line does.
  std::size_t max_line;
};
const TextHeaderFormat nrrd_header{":", "", max_nrrd_line};
const TextHeaderFormat meta_header{"=:", "elementdatafile", max_meta_line};

/// Lines that do not go into a buffer: NRRD's comments and "key:=value" pairs, MetaIO's arrays of numbers.
bool may_be_long(const std::string& line, const TextHeaderFormat& format) {
  if (&format == &nrrd_header) return line.starts_with('#') || line.find(":=") < line.find(": ");
  const std::size_t at = std::min(line.find_first_of(format.separators), line.size());
  constexpr std::array arrays = {"transformmatrix", "rotation",       "orientation",
                                 "offset",          "position",       "origin",
                                 "dimsize",         "elementspacing", "centerofrotation"};
  return std::find(arrays.begin(), arrays.end(), trimmed_lower(line.substr(0, at))) != arrays.end();
}

TextHeader text_header(const fs::path& path, const TextHeaderFormat& format) {
  const std::string head = head_of(path, max_header_bytes);
  TextHeader header;
  while (header.bytes < head.size()) {
    const std::size_t end = std::min(head.find('\n', header.bytes), head.size());
    const std::string line = head.substr(header.bytes, end - header.bytes);
    header.bytes = std::min(end + 1, head.size());
    if (trimmed_lower(line).empty()) break;
    if (line.size() > format.max_line && !may_be_long(line, format))
      throw InvalidInput({.what = "an image file cannot be read: a line of its header is too long",
                          .where = path.string(),
                          .expected = "at most " + std::to_string(format.max_line) + " characters",
                          .got = std::to_string(line.size()) + " characters: " + line.substr(0, 40) + "...",
                          .mend = "export the image again"});
    const std::size_t at = line.find_first_of(format.separators);
    if (line.starts_with('#') || at == std::string::npos) continue;
    const std::string key = trimmed_lower(line.substr(0, at));
    const std::size_t begin = std::min(line.find_first_not_of(" \t", at + 1), line.size());
    header.fields[key] = line.substr(begin, line.find_last_not_of(" \t\r") + 1 - begin);
    if (key == format.last_key) break;
  }
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
  const std::string name = header.fields["elementdatafile"];
  const auto dimensions = parse_number(header.fields["ndims"]);
  if (!dimensions || *dimensions < 1 || *dimensions > max_meta_dimensions)
    throw InvalidInput({.what = "an image file cannot be read: its header has no usable dimensions",
                        .where = path.string(),
                        .expected = "NDims = 3",
                        .got = header.fields["ndims"],
                        .mend = "export the image again"});
  const bool local = trimmed_lower(name) == "local";
  return {.header = header, .data = local ? path : data_file(path, name), .offset = local ? header.bytes : 0};
}

void check_nrrd(const fs::path& path, std::uint64_t expected) {
  auto [header, data, offset] = describe_nrrd(path);
  check_nrrd_space(path, header.fields["space"]);
  const std::string encoding = trimmed_lower(header.fields["encoding"]);
  if (encoding == "raw") return check_plain(data, offset, expected);
  check_ratio(data, expected);
  // What is skipped lies inside the compressed data; text takes more room than the bytes that it stands for,
  // but for single digits. There the reader itself notices data that are cut off.
  const bool skips = header.fields.contains("line skip") || header.fields.contains("lineskip") ||
                     header.fields.contains("byte skip") || header.fields.contains("byteskip");
  if (skips || (encoding != "gzip" && encoding != "gz")) return;
  std::string head;
  const std::uint64_t bytes = inflated_bytes(data, offset, expected, head);
  if (bytes < expected) refuse(data, expected, std::to_string(bytes) + " bytes");
}

void check_meta(const fs::path& path, std::uint64_t expected) {
  auto [header, data, offset] = describe_meta(path);
  if (trimmed_lower(header.fields["binarydata"]) == "false") return check_ratio(data, expected);
  if (trimmed_lower(header.fields["compresseddata"]) != "true") return check_plain(data, offset, expected);
  check_ratio(data, expected);
  std::string head;
  const std::uint64_t bytes = inflated_bytes(data, offset, expected, head);
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
