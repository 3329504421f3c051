// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/mesh_files.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <string_view>

#include "core/errors.hpp"
#include "core/io/files.hpp"
#include "core/io/mesh_formats.hpp"
#include "core/io/stl.hpp"
#include "core/text.hpp"

namespace meshassay::io {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse_extension(const fs::path& path) {
  throw UnsupportedFormat({.what = "a file of a kind that holds no mesh",
                           .where = path.string(),
                           .expected = "a name that ends with .stl .obj .ply .off or .3mf",
                           .got = path.extension().empty() ? "no extension" : path.extension().string(),
                           .mend = "convert it to one of these"});
}

// What the first bytes leave no doubt about; a binary STL may begin with anything, but not by chance with
// these words and a line's end.
std::string kind_by_content(std::string_view bytes) {
  if (bytes.starts_with("ply\n") || bytes.starts_with("ply\r")) return ".ply";
  if (bytes.starts_with("OFF\n") || bytes.starts_with("OFF\r")) return ".off";
  if (bytes.starts_with("PK\x03\x04")) return ".3mf";
  return {};
}

TriangleMesh read_welded(const fs::path& path) {
  const std::string extension = lower_extension(path);
  if (!has_mesh_extension(path)) refuse_extension(path);
  const std::string bytes = read_file(path);
  const std::string by_content = kind_by_content(bytes);
  const std::string kind = by_content.empty() ? extension : by_content;
  if (kind == ".ply") return welded(parse_ply(bytes, path.string()));
  if (kind == ".off") return welded(parse_off(bytes, path.string()));
  if (kind == ".obj") return welded(parse_obj(bytes, path.string()));
  if (kind == ".stl") return parse_stl(bytes, path.string());
  return welded(read_3mf(path));
}

// Volumes are products of three lengths, and double ends at 1.8e308.
constexpr double largest_coordinate_mm = 1e100;

void refuse_too_large(const TriangleMesh& mesh, const fs::path& path) {
  for (const auto& vertex : mesh.vertices_mm)
    if (vertex.cwiseAbs().maxCoeff() > largest_coordinate_mm)
      throw InvalidInput({.what = "a coordinate that is too large to compute with",
                          .where = path.string(),
                          .expected = "at most 1e100 mm",
                          .got = format_number(vertex.cwiseAbs().maxCoeff()),
                          .mend = "check the unit of the mesh, or export the surface again"});
}

}  // namespace

std::span<const char* const> mesh_extensions() {
  static constexpr std::array extensions = {".stl", ".obj", ".ply", ".off", ".3mf"};
  return extensions;
}

std::string lower_extension(const fs::path& path) {
  std::string extension = path.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return extension;
}

bool has_mesh_extension(const fs::path& path) {
  const auto all = mesh_extensions();
  const std::string extension = lower_extension(path);
  return std::any_of(all.begin(), all.end(), [&](const char* each) { return extension == each; });
}

TriangleMesh read_mesh(const fs::path& path) {
  auto mesh = read_welded(path);
  if (mesh.triangles.empty())
    throw InvalidInput({.what = "a mesh file holds no triangle",
                        .where = path.string(),
                        .expected = "at least one triangle",
                        .got = "0",
                        .mend = "check the step that wrote it: was the segmentation empty?"});
  refuse_too_large(mesh, path);
  return mesh;
}

void write_mesh(const TriangleMesh& mesh, const fs::path& path) {
  const std::string extension = lower_extension(path);
  if (!has_mesh_extension(path)) refuse_extension(path);
  if (extension == ".stl") return write_stl(mesh, path);
  if (mesh.triangles.empty())
    throw InvalidInput({.what = "a surface without triangles is not written",
                        .where = path.string(),
                        .expected = "at least one triangle",
                        .got = "0",
                        .mend = "check the step that made the surface: was the segmentation empty?"});
  for (const auto& vertex : mesh.vertices_mm)
    if (!vertex.allFinite())
      throw InvalidInput({.what = "a coordinate that is not finite is not written",
                          .where = path.string(),
                          .expected = "finite numbers",
                          .got = "NaN or infinity",
                          .mend = "check the step that made the surface"});
  if (extension == ".obj") return write_file(path, to_obj(mesh));
  if (extension == ".off") return write_file(path, to_off(mesh));
  if (extension == ".ply") return write_file(path, to_ply(mesh));
  write_3mf(mesh, path);
}

}  // namespace meshassay::io
