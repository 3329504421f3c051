// SPDX-License-Identifier: GPL-3.0-or-later
// All phantoms, in the order of the documentation, and how one is made by name.
#include <fmt/format.h>

#include <array>
#include <cmath>

#include "core/errors.hpp"
#include "core/text.hpp"
#include "phantoms/phantom.hpp"
#include "phantoms/shapes.hpp"

namespace meshassay::phantoms {
namespace {

void check_contrast(const Parameters& resolved, const std::string& where) {
  const double contrast_hu = number(resolved, "hu") - number(resolved, "background_hu");
  if (std::abs(contrast_hu) >= 1.0) return;
  throw InvalidInput({.what = "the object cannot be told from its background",
                      .where = where,
                      .expected = "'hu' and 'background_hu' at least 1 HU apart",
                      .got = fmt::format("hu = {}, background_hu = {}", format_number(number(resolved, "hu")),
                                         format_number(number(resolved, "background_hu"))),
                      .mend = "change one of them"});
}

}  // namespace

std::span<const PhantomDefinition> phantom_catalogue() {
  static const std::array catalogue = {sphere(), step_wedge(), plate_ladder()};
  return catalogue;
}

const PhantomDefinition& find_phantom(const std::string& id, const std::string& where) {
  std::vector<std::string> known;
  for (const auto& definition : phantom_catalogue()) {
    if (definition.id == id) return definition;
    known.push_back(definition.id);
  }
  const std::string nearest = nearest_name(id, known);
  throw InvalidInput({.what = fmt::format("unknown phantom '{}'", id),
                      .where = where,
                      .expected = "one of " + join(known, ", "),
                      .got = id,
                      .mend = nearest.empty() ? "see: meshassay list phantoms"
                                              : fmt::format("did you mean '{}'?", nearest)});
}

Phantom make_phantom(const PhantomDefinition& definition, const Parameters& given, const std::string& where,
                     const TruthOptions& options) {
  const Parameters resolved = resolve_parameters(definition.parameters, given, where);
  check_contrast(resolved, where);
  if (!std::isfinite(options.chordal_error_mm) || options.chordal_error_mm <= 0.0)
    throw InvalidInput({.what = "the chordal error of the truth surface cannot be used",
                        .where = where,
                        .expected = "a positive number of mm",
                        .got = fmt::format("{}", options.chordal_error_mm)});
  try {
    return definition.make(resolved, options);
  } catch (const InvalidInput& error) {
    // A shape knows what is wrong, but not where it was asked for.
    ErrorText text = error.text();
    text.where = fmt::format("{}: phantom '{}'", where, definition.id);
    throw InvalidInput(text);
  }
}

}  // namespace meshassay::phantoms
