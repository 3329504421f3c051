// SPDX-License-Identifier: GPL-3.0-or-later
// PLY: text, binary little-endian, binary big-endian. Elements other than vertices and faces, and properties
// other than positions and corner lists, are passed over.
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <optional>

#include "core/io/mesh_formats.hpp"
#include "core/io/words.hpp"

namespace meshassay::io {
namespace {

static_assert(std::endian::native == std::endian::little, "little-endian PLY is copied as it is");

enum class Number { int8, uint8, int16, uint16, int32, uint32, float32, float64 };

struct NumberName {
  const char *name, *old_name;
  Number number;
  std::size_t bytes;
};
constexpr std::array number_names = {
    NumberName{"int8", "char", Number::int8, 1},        NumberName{"uint8", "uchar", Number::uint8, 1},
    NumberName{"int16", "short", Number::int16, 2},     NumberName{"uint16", "ushort", Number::uint16, 2},
    NumberName{"int32", "int", Number::int32, 4},       NumberName{"uint32", "uint", Number::uint32, 4},
    NumberName{"float32", "float", Number::float32, 4}, NumberName{"float64", "double", Number::float64, 8}};

std::size_t bytes_of(Number number) { return number_names[static_cast<std::size_t>(number)].bytes; }

struct Property {
  std::string name;
  std::optional<Number> length;  ///< Of the count before a list; absent: one value.
  Number value = Number::float32;
};

struct Element {
  std::string name;
  std::uint64_t count = 0;
  std::vector<Property> properties;
};

enum class Encoding { text, little_endian, big_endian };

struct Header {
  Encoding encoding = Encoding::text;
  std::vector<Element> elements;
  std::size_t bytes = 0;  ///< Where the data begins.
};

Number number_of(const Words& words, std::string_view word) {
  for (const auto& each : number_names)
    if (word == each.name || word == each.old_name) return each.number;
  words.refuse("a PLY type: char uchar short ushort int uint float double", word);
}

Header read_header(std::string_view bytes, const std::string& where) {
  constexpr std::string_view end = "end_header";
  const auto found = bytes.find(end);
  Words words(bytes.substr(0, found == std::string_view::npos ? bytes.size() : found), where);
  Header header;
  if (found == std::string_view::npos) {
    words.refuse("a PLY header that ends with 'end_header'", {});
  }
  if (const auto magic = words.next(); magic != "ply") words.refuse("'ply'", magic);
  bool has_format = false;
  for (auto word = words.next(); !word.empty(); word = words.next()) {
    if (word == "comment" || word == "obj_info") {
      words.skip_line();
    } else if (word == "format") {
      const auto name = words.next_in_line();
      if (name == "ascii")
        header.encoding = Encoding::text;
      else if (name == "binary_little_endian")
        header.encoding = Encoding::little_endian;
      else if (name == "binary_big_endian")
        header.encoding = Encoding::big_endian;
      else
        words.refuse("ascii, binary_little_endian or binary_big_endian", name);
      has_format = true;
      words.skip_line();
    } else if (word == "element") {
      Element element{.name = std::string(words.next_in_line())};
      const auto count = words.next_in_line();
      const auto number = parse_number(count);
      if (!number || *number < 0.0 || *number > 1e15 || *number != std::floor(*number))
        words.refuse("a number of elements", count);
      element.count = static_cast<std::uint64_t>(*number);
      header.elements.push_back(std::move(element));
    } else if (word == "property") {
      if (header.elements.empty()) words.refuse("'element' before 'property'", word);
      Property property;
      auto type = words.next_in_line();
      if (type == "list") {
        property.length = number_of(words, words.next_in_line());
        if (*property.length == Number::float32 || *property.length == Number::float64)
          words.refuse("a whole-number type for the length of a list", "float");
        type = words.next_in_line();
      }
      property.value = number_of(words, type);
      property.name = words.next_in_line();
      header.elements.back().properties.push_back(std::move(property));
    } else {
      words.refuse("'format', 'element', 'property', 'comment' or 'end_header'", word);
    }
  }
  if (!has_format) words.refuse("'format'", {});
  header.bytes = found + end.size();
  if (header.bytes < bytes.size() && bytes[header.bytes] == '\r') ++header.bytes;
  if (header.bytes < bytes.size() && bytes[header.bytes] == '\n') ++header.bytes;
  return header;
}

/// The numbers of the data, one after the other, whatever the encoding.
class Numbers {
 public:
  Numbers(std::string_view data, const Header& header, const std::string& where)
      : data_(data), words_(data, where), where_(where), encoding_(header.encoding) {}

  [[nodiscard]] std::size_t bytes_left() const {
    return encoding_ == Encoding::text ? words_.bytes_left() : data_.size();
  }
  /// At least so many bytes stand for a number of this type.
  [[nodiscard]] std::size_t least_bytes(Number number) const {
    return encoding_ == Encoding::text ? 2 : bytes_of(number);
  }
  [[nodiscard]] double next(Number number) {
    if (encoding_ == Encoding::text) return words_.finite(words_.next());
    const std::size_t bytes = bytes_of(number);
    if (data_.size() < bytes) refuse("more data", "the end of the file");
    std::array<char, 8> buffer{};
    std::copy_n(data_.begin(), bytes, buffer.begin());
    if (encoding_ == Encoding::big_endian)
      std::reverse(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(bytes));
    data_.remove_prefix(bytes);
    const double value = decoded(buffer, number);
    if (!std::isfinite(value)) refuse("finite numbers", std::isnan(value) ? "NaN" : "infinity");
    return value;
  }
  [[noreturn]] void refuse(const std::string& expected, const std::string& got) const {
    if (encoding_ == Encoding::text) words_.refuse(expected, got);
    throw InvalidInput({.what = "a binary PLY file cannot be understood, or was cut off",
                        .where = where_,
                        .expected = expected,
                        .got = got,
                        .mend = "copy or export the file again"});
  }
  void expect_end() {
    if (encoding_ == Encoding::text) {
      if (const auto more = words_.next(); !more.empty()) words_.refuse("the end of the file", more);
    } else if (!data_.empty()) {
      refuse("the end of the file after the elements that the header declares",
             std::to_string(data_.size()) + " bytes more");
    }
  }

 private:
  template <typename T>
  static double as(const std::array<char, 8>& buffer) {
    T value{};
    std::memcpy(&value, buffer.data(), sizeof value);
    return static_cast<double>(value);
  }
  static double decoded(const std::array<char, 8>& buffer, Number number) {
    switch (number) {
      case Number::int8: return as<std::int8_t>(buffer);
      case Number::uint8: return as<std::uint8_t>(buffer);
      case Number::int16: return as<std::int16_t>(buffer);
      case Number::uint16: return as<std::uint16_t>(buffer);
      case Number::int32: return as<std::int32_t>(buffer);
      case Number::uint32: return as<std::uint32_t>(buffer);
      case Number::float32: return as<float>(buffer);
      case Number::float64: return as<double>(buffer);
    }
    return 0.0;
  }

  std::string_view data_;
  Words words_;
  std::string where_;
  Encoding encoding_;
};

void check_count(const Numbers& numbers, const Element& element) {
  std::size_t least = 0;
  for (const auto& property : element.properties)
    least += numbers.least_bytes(property.length.value_or(property.value));
  // The last number of a text needs no blank behind it.
  if (least > 0 && element.count <= (numbers.bytes_left() + 1) / least) return;
  if (element.count == 0) return;
  numbers.refuse("a count of '" + shown(element.name) + "' that the file has room for",
                 std::to_string(element.count));
}

std::uint64_t list_length(Numbers& numbers, const Property& property) {
  const double length = numbers.next(*property.length);
  const auto room = static_cast<double>(numbers.bytes_left() + 1) /
                    static_cast<double>(numbers.least_bytes(property.value));
  if (length < 0.0 || length != std::floor(length) || length > room)
    numbers.refuse("the length of a list that the file has room for", format_number(length));
  return static_cast<std::uint64_t>(length);
}

void read_vertex(Numbers& numbers, const Element& element, TriangleMesh& soup) {
  Point3 point = Point3::Zero();
  for (const auto& property : element.properties) {
    if (property.length) {
      for (auto n = list_length(numbers, property); n > 0; --n) (void)numbers.next(property.value);
      continue;
    }
    const double value = numbers.next(property.value);
    if (property.name == "x") point[0] = value;
    if (property.name == "y") point[1] = value;
    if (property.name == "z") point[2] = value;
  }
  soup.vertices_mm.push_back(point);
}

bool is_corner_list(const Property& property) {
  return property.length && (property.name == "vertex_indices" || property.name == "vertex_index");
}

void read_other(Numbers& numbers, const Element& element, const TriangleMesh& soup, Polygon& polygon) {
  for (const auto& property : element.properties) {
    if (!property.length) {
      (void)numbers.next(property.value);
      continue;
    }
    for (auto n = list_length(numbers, property); n > 0; --n) {
      const double corner = numbers.next(property.value);
      if (element.name != "face" || !is_corner_list(property)) continue;
      if (corner < 0.0 || corner >= static_cast<double>(soup.vertices_mm.size()) ||
          corner != std::floor(corner))
        numbers.refuse("a corner below " + std::to_string(soup.vertices_mm.size()), format_number(corner));
      polygon.add(static_cast<std::uint32_t>(corner));
    }
  }
}

void check_elements(const Header& header, const std::string& where) {
  const auto refuse = [&](const char* expected, const std::string& got) {
    throw InvalidInput({.what = "a PLY file without triangles that can be read",
                        .where = where,
                        .expected = expected,
                        .got = got,
                        .mend = "export the surface as vertices and faces"});
  };
  bool vertices = false, faces = false;
  for (const auto& element : header.elements) {
    if (element.name == "tristrips") refuse("element 'face'", "element 'tristrips'");
    const auto has = [&](const char* name) {
      return std::any_of(element.properties.begin(), element.properties.end(),
                         [&](const Property& each) { return !each.length && each.name == name; });
    };
    if (element.name == "vertex") {
      if (vertices || !has("x") || !has("y") || !has("z"))
        refuse("one element 'vertex' with the properties x, y and z", "another header");
      vertices = true;
    }
    if (element.name == "face") {
      if (!vertices) refuse("element 'vertex' before 'face'", "'face' first");
      faces = std::any_of(element.properties.begin(), element.properties.end(), is_corner_list);
    }
  }
  if (!vertices || !faces) refuse("elements 'vertex' and 'face' with a list 'vertex_indices'", "neither");
}

}  // namespace

TriangleMesh parse_ply(std::string_view bytes, const std::string& where) {
  const Header header = read_header(bytes, where);
  check_elements(header, where);
  Numbers numbers(bytes.substr(header.bytes), header, where + " (lines after the header)");
  TriangleMesh soup;
  Polygon polygon;
  for (const auto& element : header.elements) {
    check_count(numbers, element);
    for (std::uint64_t n = 0; n < element.count; ++n) {
      if (element.name == "vertex") {
        read_vertex(numbers, element, soup);
      } else {
        polygon.clear();
        read_other(numbers, element, soup, polygon);
        polygon.cut_into(soup);
      }
    }
  }
  numbers.expect_end();
  return soup;
}

std::string to_ply(const TriangleMesh& mesh) {
  std::string bytes = "ply\nformat binary_little_endian 1.0\ncomment MeshAssay, LPS mm\nelement vertex " +
                      std::to_string(mesh.vertices_mm.size()) +
                      "\nproperty double x\nproperty double y\nproperty double z\nelement face " +
                      std::to_string(mesh.triangles.size()) +
                      "\nproperty list uchar uint vertex_indices\nend_header\n";
  for (const auto& vertex : mesh.vertices_mm)
    bytes.append(reinterpret_cast<const char*>(vertex.data()), 3 * sizeof(double));
  for (const auto& triangle : mesh.triangles) {
    bytes.push_back(3);
    bytes.append(reinterpret_cast<const char*>(triangle.data()), 3 * sizeof(std::uint32_t));
  }
  return bytes;
}

}  // namespace meshassay::io
