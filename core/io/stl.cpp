// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/stl.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "core/blocks.hpp"
#include "core/errors.hpp"
#include "core/io/files.hpp"
#include "core/io/mesh_formats.hpp"
#include "core/io/words.hpp"
#include "core/text.hpp"
#include "core/unfilled.hpp"
#include "core/weld.hpp"

namespace meshassay::io {
namespace {

static_assert(std::endian::native == std::endian::little, "binary STL is little-endian and copied as it is");

constexpr std::size_t header_bytes = 80, prologue_bytes = 84, triangle_bytes = 50;
constexpr std::string_view written_header = "MeshAssay STL, LPS mm";  // Never begins with "solid".

std::uint32_t declared_count(std::string_view bytes) {
  std::uint32_t count = 0;
  std::memcpy(&count, bytes.data() + header_bytes, sizeof count);
  return count;
}

bool has_binary_size(std::string_view bytes) {
  return bytes.size() >= prologue_bytes &&
         bytes.size() == prologue_bytes + triangle_bytes * std::uint64_t{declared_count(bytes)};
}

char lower(char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter; }
bool equals_ignoring_case(std::string_view word, std::string_view lower_case) {
  if (word.size() != lower_case.size()) return false;
  for (std::size_t i = 0; i < word.size(); ++i)
    if (lower(word[i]) != lower_case[i]) return false;
  return true;
}

std::string_view without_byte_order_mark(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  return bytes;
}

/// Text that begins with "solid", after blanks and in any case. A binary file of the wrong length whose
/// header says "solid" has zero bytes early on and is not taken for text.
bool looks_like_ascii(std::string_view bytes) {
  bytes = without_byte_order_mark(bytes);
  if (bytes.substr(0, 1024).find('\0') != std::string_view::npos) return false;
  while (!bytes.empty() && is_blank(bytes.front())) bytes.remove_prefix(1);
  return equals_ignoring_case(bytes.substr(0, 5), "solid");
}

TriangleMesh read_binary(std::string_view bytes, const std::string& where) {
  const std::uint32_t count = declared_count(bytes);
  const auto corners_of = [&](std::size_t t) {
    std::array<float, 9> corners{};
    std::memcpy(corners.data(), bytes.data() + prologue_bytes + triangle_bytes * t + 12, sizeof corners);
    return corners;
  };
  const auto is_finite = [](float each) { return std::isfinite(each); };
  const auto refused = first_of_blocks(count, [&](std::size_t t) {
    const auto corners = corners_of(t);
    return !std::all_of(corners.begin(), corners.end(), is_finite);
  });
  if (!refused)
    return welded_triangles(count, [&](std::size_t t) {
      const auto c = corners_of(t);
      return std::array{Point3(c[0], c[1], c[2]), Point3(c[3], c[4], c[5]), Point3(c[6], c[7], c[8])};
    });
  const auto corners = corners_of(*refused);
  const auto bad = std::find_if_not(corners.begin(), corners.end(), is_finite);
  throw InvalidInput({.what = "an STL coordinate is not finite",
                      .where = where + ": triangle " + std::to_string(*refused + 1),
                      .expected = "finite numbers",
                      .got = std::isnan(*bad) ? "NaN" : "infinity",
                      .mend = "export the surface again without this triangle"});
}

class AsciiReader {
 public:
  AsciiReader(std::string_view text, const std::string& where) : words_(text, where) {}

  [[nodiscard]] TriangleMesh read() {
    for (std::string_view word = words_.next(); !word.empty(); word = words_.next()) {
      if (!equals_ignoring_case(word, "solid")) refuse("'solid' or the end of the file", word);
      words_.skip_line();  // The name, which may hold blanks.
      read_solid();
    }
    return std::move(soup_);
  }

 private:
  void read_solid() {
    for (std::string_view word = words_.next(); !equals_ignoring_case(word, "endsolid");
         word = words_.next()) {
      if (!equals_ignoring_case(word, "facet")) refuse("'facet' or 'endsolid'", word);
      read_facet();
    }
    words_.skip_line();
  }

  void read_facet() {
    expect("normal");
    // The normal says nothing that the corners do not; for flat triangles some programs write "nan" there.
    for (int i = 0; i < 3; ++i)
      if (const auto word = words_.next(); word.empty()) refuse("a number", word);
    expect("outer");
    expect("loop");
    const auto first = static_cast<std::uint32_t>(soup_.vertices_mm.size());
    for (int i = 0; i < 3; ++i) {
      expect("vertex");
      Point3 point;
      for (int axis = 0; axis < 3; ++axis) {
        const std::string_view word = words_.next();
        const auto coordinate = parse_number(word);
        if (!coordinate) refuse("a finite number", word);
        point[axis] = *coordinate;
      }
      soup_.vertices_mm.push_back(point);
    }
    expect("endloop");
    expect("endfacet");
    soup_.triangles.push_back({first, first + 1, first + 2});
  }

  void expect(std::string_view keyword) {
    const std::string_view word = words_.next();
    if (!equals_ignoring_case(word, keyword)) refuse("'" + std::string(keyword) + "'", word);
  }

  [[noreturn]] void refuse(const std::string& expected, std::string_view got) {
    words_.refuse(expected, got);
  }

  Words words_;
  TriangleMesh soup_;
};

[[noreturn]] void refuse_size(std::string_view bytes, const std::string& where) {
  if (bytes.size() < prologue_bytes)
    throw InvalidInput({.what = "not an STL file, or one that was cut off",
                        .where = where,
                        .expected = "text that begins with 'solid', or at least 84 bytes of binary STL",
                        .got = std::to_string(bytes.size()) + " bytes",
                        .mend = "check the path, or export the surface again"});
  const std::uint32_t count = declared_count(bytes);
  const std::uint64_t expected = prologue_bytes + triangle_bytes * std::uint64_t{count};
  throw InvalidInput({.what = bytes.size() < expected ? "a binary STL file is cut off, or is no STL file"
                                                      : "a binary STL file has bytes after its last triangle",
                      .where = where,
                      .expected = std::to_string(expected) + " bytes for the " + std::to_string(count) +
                                  " triangles that it declares",
                      .got = std::to_string(bytes.size()) + " bytes",
                      .mend = "copy or export the file again"});
}

void refuse_count(const TriangleMesh& mesh, const std::filesystem::path& path) {
  if (!mesh.triangles.empty() && mesh.triangles.size() <= std::uint32_t(-1)) return;
  throw InvalidInput({.what = "a surface that STL cannot hold",
                      .where = path.string(),
                      .expected = "1 to 4294967295 triangles",
                      .got = std::to_string(mesh.triangles.size()),
                      .mend = "check the step that made the surface: was the segmentation empty?"});
}

[[noreturn]] void refuse_corner(const TriangleMesh& mesh, std::size_t t, const std::filesystem::path& path) {
  int i = 0;
  while (i < 2 && mesh.corner(t, i).cast<float>().allFinite()) ++i;
  const Point3& corner = mesh.corner(t, i);
  throw InvalidInput(
      {.what = "a coordinate that STL cannot hold",
       .where = path.string() + ": triangle " + std::to_string(t + 1),
       .expected = "finite numbers of at most 3.4e38 mm",
       .got = format_number(corner[0]) + ", " + format_number(corner[1]) + ", " + format_number(corner[2]),
       .mend = "check the step that made the surface"});
}

std::string in_words(const Vector3& vector) {
  return format_number(vector[0]) + " " + format_number(vector[1]) + " " + format_number(vector[2]);
}

}  // namespace

TriangleMesh parse_stl(std::string_view bytes, const std::string& where) {
  if (has_binary_size(bytes)) return read_binary(bytes, where);
  if (looks_like_ascii(bytes)) return welded(AsciiReader(without_byte_order_mark(bytes), where).read());
  refuse_size(bytes, where);
}

TriangleMesh read_stl(const std::filesystem::path& path) {
  auto mesh = parse_stl(read_file(path), path.string());
  if (mesh.triangles.empty())
    throw InvalidInput({.what = "an STL file holds no triangle",
                        .where = path.string(),
                        .expected = "at least one triangle",
                        .got = "0",
                        .mend = "check the step that wrote it: was the segmentation empty?"});
  return mesh;
}

void write_stl(const TriangleMesh& mesh, const std::filesystem::path& path) {
  refuse_count(mesh, path);
  std::array<char, prologue_bytes> prologue{};
  std::copy(written_header.begin(), written_header.end(), prologue.begin());
  const auto count = static_cast<std::uint32_t>(mesh.triangles.size());
  std::memcpy(prologue.data() + header_bytes, &count, sizeof count);
  Unfilled<char> bytes(prologue_bytes + triangle_bytes * mesh.triangles.size());
  std::copy(prologue.begin(), prologue.end(), bytes.begin());
  const auto refused = first_of_blocks(mesh.triangles.size(), [&](std::size_t t) {
    std::array<Eigen::Vector3f, 4> record;  // The normal and three corners.
    for (int i = 0; i < 3; ++i) record[static_cast<std::size_t>(i) + 1] = mesh.corner(t, i).cast<float>();
    // From the corners as written; in double, where products of float coordinates cannot overflow.
    const Vector3 a = record[1].cast<double>();
    const Vector3 normal = (record[2].cast<double>() - a).cross(record[3].cast<double>() - a);
    const double length = normal.norm();
    record[0] = length > 0.0 ? (normal / length).eval().cast<float>() : Eigen::Vector3f::Zero().eval();
    char* const place = bytes.data() + prologue_bytes + triangle_bytes * t;
    std::memcpy(place, record.data(), 48);
    place[48] = place[49] = '\0';  // Attributes.
    return !(record[1].allFinite() && record[2].allFinite() && record[3].allFinite());
  });
  if (refused) refuse_corner(mesh, *refused, path);
  write_file(path, {bytes.data(), bytes.size()});
}

void write_stl_text(const TriangleMesh& mesh, const std::filesystem::path& path) {
  refuse_count(mesh, path);
  std::string text = "solid meshassay\n";
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
    const Vector3 area_mm2 = area_vector_mm2(mesh, t);
    const Vector3 normal = area_mm2.norm() > 0.0 ? area_mm2.normalized().eval() : Vector3::Zero().eval();
    text += "facet normal " + in_words(normal) + "\nouter loop\n";
    for (int i = 0; i < 3; ++i) {
      if (!mesh.corner(t, i).cast<float>().allFinite()) refuse_corner(mesh, t, path);
      text += "vertex " + in_words(mesh.corner(t, i)) + "\n";
    }
    text += "endloop\nendfacet\n";
  }
  write_file(path, text + "endsolid meshassay\n");
}

}  // namespace meshassay::io
