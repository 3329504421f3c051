// SPDX-License-Identifier: GPL-3.0-or-later
#include "harness/phantom_of_file.hpp"

#include <fmt/format.h>

#include "core/errors.hpp"
#include "core/io/mesh_files.hpp"
#include "core/text.hpp"
#include "metrics/meshes/printability.hpp"
#include "phantoms/solids/mesh_solid.hpp"

namespace meshassay::harness {
namespace {

std::string lacking(const metrics::Certificate& certificate) {
  std::vector<std::string> names;
  for (const auto& predicate : certificate.predicates) {
    if (predicate.holds && !*predicate.holds)
      names.push_back(fmt::format("not {} ({} places)", predicate.name, predicate.count));
    if (!predicate.holds) names.push_back(fmt::format("{} not decided", predicate.name));
  }
  return join(names, ", ");
}

}  // namespace

phantoms::Phantom phantom_of_file(const std::filesystem::path& path, const Parameters& given) {
  const TriangleMesh mesh = io::read_mesh(path);
  const auto certificate = metrics::certify(mesh);
  if (!certificate.bounds_solid.value_or(false))
    throw InvalidInput({.what = "the mesh does not bound a solid, so it cannot be a phantom",
                        .where = path.string(),
                        .expected = "a closed surface without intersections, oriented outwards",
                        .got = lacking(certificate),
                        .mend = "see 'meshassay inspect', and 'meshassay repair'"});
  if (!certificate.two_manifold.value_or(false))
    throw InvalidInput({.what = "the mesh touches itself, so its distance has no sure sign",
                        .where = path.string(),
                        .expected = "a two-manifold surface",
                        .got = lacking(certificate),
                        .mend = "separate what touches along an edge or at a vertex"});
  return phantoms::phantom_of_mesh(path.stem().string(), mesh, given, "--set");
}

}  // namespace meshassay::harness
