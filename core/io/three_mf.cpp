// SPDX-License-Identifier: GPL-3.0-or-later
// 3MF (core specification 1.3): the meshes of the build's items, placed, in millimetres. Extensions that
// change no triangle (colours, materials) are passed over; objects in other files of the archive are refused.
// Of the types of objects (section 4), "model" and "surface" are the model; "support" and "solidsupport" are
// what is taken off after printing, "other" is not printed.
//
// Hostile files: a document type declaration is refused before an entity can be declared (entity bombs), the
// archive has limits (zip bombs), components may name earlier objects only (no cycles) and are counted before
// they are placed (bombs of components).
#include <expat.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <optional>

#include "core/io/mesh_formats.hpp"
#include "core/io/words.hpp"
#include "core/io/zip_archive.hpp"

namespace meshassay::io {
namespace {

/// Vertices and triangles once all is placed, and components within components.
constexpr std::uint64_t most_elements = 100'000'000;
constexpr int deepest = 100;
constexpr const char* relationships = "_rels/.rels";
constexpr std::string_view model_relationship =
    "http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel";

using Attributes = std::map<std::string, std::string>;

/// The parser that is kept, with our errors: calls back for each start and end of an element, without the
/// name space's prefix.
class Xml {
 public:
  Xml(std::string where, std::function<void(std::string_view, const Attributes&)> start,
      std::function<void(std::string_view)> end)
      : where_(std::move(where)),
        start_(std::move(start)),
        end_(std::move(end)),
        parser_(XML_ParserCreate(nullptr), XML_ParserFree) {
    XML_SetUserData(parser_.get(), this);
    XML_SetElementHandler(parser_.get(), &Xml::on_start, &Xml::on_end);
    XML_SetStartDoctypeDeclHandler(parser_.get(), &Xml::on_doctype);
  }

  void feed(std::string_view bytes, bool last = false) {
    const auto status = XML_Parse(parser_.get(), bytes.data(), static_cast<int>(bytes.size()), last ? 1 : 0);
    if (error_) std::rethrow_exception(error_);  // Nothing may be thrown through the parser.
    if (status == XML_STATUS_OK) return;
    refuse("well-formed XML", XML_ErrorString(XML_GetErrorCode(parser_.get())));
  }
  [[noreturn]] void refuse(const std::string& expected, const std::string& got) const {
    throw InvalidInput({.what = "a 3MF file cannot be understood",
                        .where = where_ + ":" + std::to_string(XML_GetCurrentLineNumber(parser_.get())),
                        .expected = expected,
                        .got = got,
                        .mend = "export the model again"});
  }

 private:
  static std::string_view local_name(const char* name) {
    const char* colon = std::strchr(name, ':');
    return colon == nullptr ? name : colon + 1;
  }
  template <typename Call>
  void guarded(Call&& call) {
    if (error_) return;
    try {
      call();
    } catch (...) {
      error_ = std::current_exception();
      XML_StopParser(parser_.get(), XML_FALSE);
    }
  }
  static void on_start(void* self, const char* name, const char** attributes) {
    auto& xml = *static_cast<Xml*>(self);
    xml.guarded([&] {
      Attributes named;
      for (; *attributes != nullptr; attributes += 2) named[attributes[0]] = attributes[1];
      xml.start_(local_name(name), named);
    });
  }
  static void on_end(void* self, const char* name) {
    auto& xml = *static_cast<Xml*>(self);
    xml.guarded([&] { xml.end_(local_name(name)); });
  }
  static void on_doctype(void* self, const char*, const char*, const char*, int) {
    auto& xml = *static_cast<Xml*>(self);
    xml.guarded([&] { xml.refuse("XML without a document type declaration", "one"); });
  }

  std::string where_;
  std::function<void(std::string_view, const Attributes&)> start_;
  std::function<void(std::string_view)> end_;
  std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser_;
  std::exception_ptr error_;
};

/// Points are rows: p' = p * linear + shift.
struct Placement {
  Matrix3 linear = Matrix3::Identity();
  Eigen::RowVector3d shift = Eigen::RowVector3d::Zero();

  [[nodiscard]] Point3 operator()(const Point3& point) const {
    return (point.transpose() * linear + shift).transpose();
  }
  [[nodiscard]] bool mirrors() const { return linear.determinant() < 0.0; }
  /// First this, then `outer`.
  [[nodiscard]] Placement then(const Placement& outer) const {
    return {linear * outer.linear, shift * outer.linear + outer.shift};
  }
};

struct Component {
  std::string object;
  Placement placement;
};

struct Object {
  TriangleMesh mesh;
  std::vector<Component> components;
  std::uint64_t elements = 0;  ///< Vertices and triangles, its own and those of its components.
  bool has_triangles = false;
  bool is_model = true;  ///< By its type; its components may differ.
  int depth = 0;
};

class ModelReader {
 public:
  explicit ModelReader(const std::string& where)
      : xml_(
            where, [this](std::string_view name, const Attributes& attributes) { start(name, attributes); },
            [this](std::string_view name) { end(name); }) {}

  void feed(std::string_view bytes) { xml_.feed(bytes); }

  [[nodiscard]] TriangleMesh finish() {
    xml_.feed({}, true);
    const std::size_t passed_over =
        std::erase_if(build_, [&](const auto& item) { return !object(item.object).is_model; });
    if (build_.empty() && passed_over > 0)
      xml_.refuse("an item of the type model or surface", "supports and other things alone");
    std::uint64_t elements = 0;
    for (const auto& item : build_) elements += object(item.object).elements;
    if (elements > most_elements)
      xml_.refuse("at most " + std::to_string(most_elements) + " vertices and triangles", "more");
    TriangleMesh soup;
    for (const auto& item : build_) place(object(item.object), item.placement, soup);
    for (auto& vertex : soup.vertices_mm) {
      vertex *= unit_mm_;
      if (!vertex.allFinite()) xml_.refuse("coordinates that are finite once they are placed", "infinity");
    }
    return soup;
  }

 private:
  [[nodiscard]] const std::string& attribute(const Attributes& attributes, const std::string& name) const {
    const auto found = attributes.find(name);
    if (found == attributes.end()) xml_.refuse("the attribute '" + name + "'", "an element without it");
    return found->second;
  }
  [[nodiscard]] double number(const std::string& text) const {
    // Blanks about a number are allowed by the schema's type.
    Words words(text, "");
    const auto word = words.next();
    const auto value = parse_number(word);
    if (!value || !words.next().empty()) xml_.refuse("a finite number", shown(text));
    return *value;
  }
  [[nodiscard]] std::uint32_t corner(const Attributes& attributes, const char* name) const {
    const double value = number(attribute(attributes, name));
    const auto count = objects_.at(current_).mesh.vertices_mm.size();
    if (value < 0.0 || value >= static_cast<double>(count) ||
        value != static_cast<double>(static_cast<std::uint32_t>(value)))
      xml_.refuse("a corner below " + std::to_string(count), format_number(value));
    return static_cast<std::uint32_t>(value);
  }
  [[nodiscard]] Placement placement(const Attributes& attributes) const {
    Placement result;
    const auto found = attributes.find("transform");
    if (found == attributes.end()) return result;
    Words words(found->second, "");
    std::array<double, 12> numbers{};
    for (auto& each : numbers) {
      const auto value = parse_number(words.next());
      if (!value) xml_.refuse("a transform of 12 finite numbers", shown(found->second));
      each = *value;
    }
    if (!words.next().empty()) xml_.refuse("a transform of 12 finite numbers", "more");
    for (int row = 0; row < 3; ++row)
      for (int column = 0; column < 3; ++column) result.linear(row, column) = numbers[3 * row + column];
    for (int column = 0; column < 3; ++column) result.shift[column] = numbers[9 + column];
    return result;
  }
  [[nodiscard]] Component component(const Attributes& attributes) const {
    for (const auto& [name, value] : attributes)
      if (name.ends_with(":path")) xml_.refuse("objects in the same file", "one in " + shown(value));
    return {attribute(attributes, "objectid"), placement(attributes)};
  }
  [[nodiscard]] const Object& object(const std::string& id) const {
    const auto found = objects_.find(id);
    if (found == objects_.end()) xml_.refuse("an object that stands earlier in the file", shown(id));
    return found->second;
  }

  void start(std::string_view name, const Attributes& attributes) {
    if (name == "model") {
      set_unit(attributes);
    } else if (name == "object") {
      current_ = attribute(attributes, "id");
      const auto [created, is_new] = objects_.try_emplace(current_);
      if (!is_new) xml_.refuse("each object once", shown(current_));
      created->second.is_model = is_model(attributes);
    } else if (name == "vertex" && in_object()) {
      auto& whole = objects_.at(current_);
      whole.mesh.vertices_mm.emplace_back(number(attribute(attributes, "x")),
                                          number(attribute(attributes, "y")),
                                          number(attribute(attributes, "z")));
      ++whole.elements;
    } else if (name == "triangle" && in_object()) {
      auto& whole = objects_.at(current_);
      whole.mesh.triangles.push_back(
          {corner(attributes, "v1"), corner(attributes, "v2"), corner(attributes, "v3")});
      whole.has_triangles = true;
      ++whole.elements;
    } else if (name == "component" && in_object()) {
      add_component(component(attributes));
    } else if (name == "item") {
      build_.push_back(component(attributes));
    }
  }
  void add_component(Component part) {
    auto& whole = objects_.at(current_);
    if (part.object == current_) xml_.refuse("an object that stands earlier in the file", "the same");
    const auto& added = object(part.object);
    if (!added.is_model) return;
    if (!added.has_triangles) return;  // A tree of nothing would cost time only.
    whole.has_triangles = true;
    whole.elements = std::min(whole.elements + added.elements, most_elements + 1);
    whole.depth = std::max(whole.depth, added.depth + 1);
    if (whole.depth > deepest)
      xml_.refuse("components within components up to a depth of " + std::to_string(deepest), "more");
    whole.components.push_back(std::move(part));
  }
  void end(std::string_view name) {
    if (name == "object") current_.clear();
  }
  [[nodiscard]] bool in_object() const { return !current_.empty(); }

  [[nodiscard]] bool is_model(const Attributes& attributes) const {
    const auto found = attributes.find("type");
    if (found == attributes.end() || found->second == "model" || found->second == "surface") return true;
    if (found->second != "support" && found->second != "solidsupport" && found->second != "other")
      xml_.refuse("a type: model, surface, support, solidsupport or other", shown(found->second));
    return false;
  }
  void set_unit(const Attributes& attributes) {
    const auto found = attributes.find("unit");
    if (found == attributes.end()) return;  // Millimetre.
    struct Unit {
      const char* name;
      double mm;
    };
    constexpr std::array units = {Unit{"micron", 0.001}, Unit{"millimeter", 1.0}, Unit{"centimeter", 10.0},
                                  Unit{"inch", 25.4},    Unit{"foot", 304.8},     Unit{"meter", 1000.0}};
    for (const auto& unit : units)
      if (found->second == unit.name) {
        unit_mm_ = unit.mm;
        return;
      }
    xml_.refuse("a unit: micron, millimeter, centimeter, inch, foot or meter", shown(found->second));
  }

  void place(const Object& object_to_place, const Placement& where, TriangleMesh& soup) const {
    const auto first = static_cast<std::uint32_t>(soup.vertices_mm.size());
    for (const auto& vertex : object_to_place.mesh.vertices_mm) soup.vertices_mm.push_back(where(vertex));
    const bool mirrored = where.mirrors();
    for (Triangle triangle : object_to_place.mesh.triangles) {
      for (auto& vertex : triangle) vertex += first;
      // An object is a solid, and so is its mirror image: what faced outwards does so still.
      if (mirrored) std::swap(triangle[1], triangle[2]);
      soup.triangles.push_back(triangle);
    }
    for (const auto& part : object_to_place.components)
      place(object(part.object), part.placement.then(where), soup);
  }

  std::map<std::string, Object> objects_;
  std::vector<Component> build_;
  std::string current_;
  double unit_mm_ = 1.0;
  Xml xml_;
};

// The model that the archive's relationships name as its first part.
std::string model_entry(const std::filesystem::path& path) {
  std::string entry;
  Xml xml(
      path.string() + ": " + relationships,
      [&](std::string_view name, const Attributes& attributes) {
        if (name != "Relationship" || !attributes.contains("Type") || !attributes.contains("Target")) return;
        if (entry.empty() && attributes.at("Type") == model_relationship) entry = attributes.at("Target");
      },
      [](std::string_view) {});
  unpack(path, relationships, [&](std::string_view bytes) { xml.feed(bytes); },
         {.free_bytes = 1 << 20, .ratio = 1, .most_bytes = 1 << 20});
  xml.feed({}, true);
  if (entry.empty()) xml.refuse("a relationship to a 3D model", "none");
  return entry;
}

}  // namespace

TriangleMesh read_3mf(const std::filesystem::path& path) {
  const std::string entry = model_entry(path);
  ModelReader reader(path.string() + ": " + entry);
  unpack(path, entry, [&](std::string_view bytes) { reader.feed(bytes); });
  return reader.finish();
}

void write_3mf(const TriangleMesh& mesh, const std::filesystem::path& path) {
  std::string model =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<model unit=\"millimeter\" xml:lang=\"en-US\" "
      "xmlns=\"http://schemas.microsoft.com/3dmanufacturing/core/2015/02\">\n"
      "<resources>\n<object id=\"1\" type=\"model\">\n<mesh>\n<vertices>\n";
  for (const auto& vertex : mesh.vertices_mm)
    model += "<vertex x=\"" + format_number(vertex[0]) + "\" y=\"" + format_number(vertex[1]) + "\" z=\"" +
             format_number(vertex[2]) + "\"/>\n";
  model += "</vertices>\n<triangles>\n";
  for (const auto& [a, b, c] : mesh.triangles)
    model += "<triangle v1=\"" + std::to_string(a) + "\" v2=\"" + std::to_string(b) + "\" v3=\"" +
             std::to_string(c) + "\"/>\n";
  model +=
      "</triangles>\n</mesh>\n</object>\n</resources>\n<build>\n<item objectid=\"1\"/>\n</build>\n</model>\n";
  write_zip(path, {{"[Content_Types].xml",
                    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                    "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
                    "<Default Extension=\"rels\" "
                    "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
                    "<Default Extension=\"model\" "
                    "ContentType=\"application/vnd.ms-package.3dmanufacturing-3dmodel+xml\"/>"
                    "</Types>\n"},
                   {relationships,
                    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
                    "<Relationship Target=\"/3D/3dmodel.model\" Id=\"rel0\" Type=\"" +
                        std::string(model_relationship) + "\"/></Relationships>\n"},
                   {"3D/3dmodel.model", std::move(model)}});
}

}  // namespace meshassay::io
