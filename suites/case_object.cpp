// SPDX-License-Identifier: GPL-3.0-or-later
#include "suites/case_object.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <vector>

#include "core/errors.hpp"
#include "core/label_map.hpp"
#include "core/text.hpp"
#include "phantoms/mask_pair.hpp"
#include "phantoms/mesh_phantom.hpp"
#include "phantoms/phantom.hpp"
#include "phantoms/scan/scan.hpp"

namespace meshassay::suites {
namespace {

std::span<const ParameterDefinition> parameters_of_scanned(const std::string& phantom,
                                                           const std::string& where) {
  return phantoms::find_phantom(phantom, where).parameters;
}

std::optional<Grid> check_scanned(const SuiteCase& suite_case, const std::string& where) {
  // Coarse triangles: only the bounds are looked at.
  const auto phantom =
      phantoms::make_phantom(phantoms::find_phantom(suite_case.phantom, where), suite_case.phantom_parameters,
                             where, {.chordal_error_mm = 1.0});
  return phantoms::scan_grid(
      phantom, resolve_parameters(phantoms::scan_parameters(), suite_case.scan_parameters, where));
}

const phantoms::MeshPhantomDefinition& mesh_definition(const std::string& phantom, const std::string& where) {
  if (const auto* found = phantoms::find_mesh_phantom(phantom)) return *found;
  std::vector<std::string> known;
  for (const auto& definition : phantoms::mesh_phantom_catalogue()) known.push_back(definition.id);
  const std::string nearest = nearest_name(phantom, known);
  throw InvalidInput({.what = "unknown mesh phantom '" + phantom + "'",
                      .where = where,
                      .expected = "a phantom of kind mesh that `meshassay list phantoms` prints: the task is "
                                  "given a mesh",
                      .got = phantom,
                      .mend = nearest.empty() ? "choose one of them" : "did you mean '" + nearest + "'?"});
}

std::span<const ParameterDefinition> parameters_of_mesh(const std::string& phantom,
                                                        const std::string& where) {
  return mesh_definition(phantom, where).parameters;
}

std::optional<Grid> check_mesh(const SuiteCase& suite_case, const std::string& where) {
  (void)phantoms::make_mesh_phantom(mesh_definition(suite_case.phantom, where), suite_case.phantom_parameters,
                                    where);
  return std::nullopt;
}

std::span<const ParameterDefinition> parameters_of_masks(const std::string& phantom,
                                                         const std::string& where) {
  return phantoms::find_mask_pair(phantom, where).parameters;
}

std::optional<Grid> check_masks(const SuiteCase& suite_case, const std::string& where) {
  return phantoms::make_mask_pair(phantoms::find_mask_pair(suite_case.phantom, where),
                                  suite_case.phantom_parameters, where)
      .reference->grid;
}

constexpr std::array objects = {CaseObject{Given::scan, true, parameters_of_scanned, check_scanned},
                                CaseObject{Given::mask, true, parameters_of_scanned, check_scanned},
                                CaseObject{Given::surface, true, parameters_of_scanned, check_scanned},
                                CaseObject{Given::mesh, false, parameters_of_mesh, check_mesh},
                                CaseObject{Given::masks, false, parameters_of_masks, check_masks}};

}  // namespace

const CaseObject& case_object(Given given) {
  const auto found = std::find_if(objects.begin(), objects.end(),
                                  [&](const CaseObject& object) { return object.given == given; });
  if (found == objects.end()) throw std::logic_error("a task is given something that no case is made into");
  return *found;
}

}  // namespace meshassay::suites
