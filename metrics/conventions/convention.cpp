// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/conventions/convention.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "core/errors.hpp"
#include "core/label_map.hpp"
#include "core/text.hpp"
#include "metrics/boundary/boundary_family.hpp"
#include "metrics/masks/mask_runs.hpp"
#include "metrics/measurement_rows.hpp"

namespace meshassay::metrics::conventions {
namespace {

using Member = ConventionValue ConventionRow::*;
// In the order of boundary_family().
constexpr std::array<Member, 5> members = {&ConventionRow::hd_mm, &ConventionRow::hd95_mm,
                                           &ConventionRow::assd_mm, &ConventionRow::masd_mm,
                                           &ConventionRow::nsd};
constexpr std::size_t nsd = 4;

ConventionRow undefined_row(const Undefined& why) {
  ConventionRow row;
  for (const Member member : members) row.*member = ConventionValue::undefined(why);
  return row;
}

// Voxels do not lie apart by more than this share of the smallest spacing: files keep float32 origins.
constexpr double same_grid = 1e-3;

bool is_same_place(const Grid& test, const Grid& reference) {
  const double near_mm = same_grid * reference.spacing_mm.minCoeff();
  const Vector3 last(reference.size[0] - 1, reference.size[1] - 1, reference.size[2] - 1);
  return (test.origin_mm - reference.origin_mm).norm() <= near_mm &&
         (test.to_world(last) - reference.to_world(last)).norm() <= near_mm &&
         (test.direction - reference.direction).cwiseAbs().maxCoeff() <= same_grid;
}

std::optional<Undefined> why_not_by_voxel(const Convention& convention, const Grid& test,
                                          const Grid& reference) {
  if (convention.grids == GridUse::used) return std::nullopt;
  if (test.size != reference.size)
    return Undefined{"different_grids",
                     fmt::format("{} compares voxel by voxel: {} x {} x {} against {} x {} x {}",
                                 convention.name, test.size[0], test.size[1], test.size[2], reference.size[0],
                                 reference.size[1], reference.size[2])};
  if (convention.grids == GridUse::refused && !is_same_place(test, reference))
    return Undefined{"different_grids",
                     convention.name + " compares masks with one origin, spacing and direction only"};
  return std::nullopt;
}

ConventionRow row_of_empty(const Convention& convention, bool test_empty, bool reference_empty) {
  if (test_empty && reference_empty) {
    ConventionRow row = undefined_row({"both_empty", "the tool prints: " + convention.empty.both});
    if (convention.empty.distance_of_both)
      for (std::size_t n = 0; n < nsd; ++n)
        row.*members[n] = ConventionValue::of(*convention.empty.distance_of_both);
    return row;
  }
  ConventionRow row = undefined_row(
      {test_empty ? "test_empty" : "reference_empty", "the tool prints: " + convention.empty.one});
  const auto& nsd_known =
      test_empty ? convention.empty.nsd_of_empty_test : convention.empty.nsd_of_empty_reference;
  if (nsd_known) row.nsd = ConventionValue::of(*nsd_known);
  return row;
}

bool holds(const LabelMap& mask, std::uint16_t label) {
  return std::find(mask.values.begin(), mask.values.end(), label) != mask.values.end();
}

}  // namespace

ConventionValue ConventionValue::not_offered() {
  return undefined({"not_offered", "the tool has no such measure"});
}

std::vector<ConventionRow> measure_by(const Convention& convention, const LabelMap& test,
                                      const LabelMap& reference, const ConventionOptions& options) {
  check_mask(test, "test mask");
  check_mask(reference, "reference mask");
  if (!(options.tolerance_mm >= 0.0 && std::isfinite(options.tolerance_mm)))
    throw InvalidInput({.what = "boundaries cannot be compared so",
                        .where = "tolerance",
                        .expected = "a finite length in mm, 0 or more",
                        .got = fmt::format("{}", options.tolerance_mm),
                        .mend = "choose a value in that range"});
  if (const auto why = why_not_by_voxel(convention, test.grid, reference.grid)) return {undefined_row(*why)};
  const bool test_empty = !holds(test, options.label), reference_empty = !holds(reference, options.label);
  if (test_empty || reference_empty) return {row_of_empty(convention, test_empty, reference_empty)};
  return convention.compute(test, reference, options);
}

std::vector<Measurement> measurements_of(const ConventionRow& row, const std::string& target,
                                         double tolerance_mm) {
  const auto& definitions = boundary_family().metrics;
  std::vector<Measurement> result;
  for (std::size_t n = 0; n < members.size(); ++n) {
    const ConventionValue& value = row.*members[n];
    const Subject subject{.stage = "segmented", .target = target};
    result.push_back(value.value ? measured(definitions[n], subject, *value.value)
                                 : undefined(definitions[n], subject, value.why));
    result.back().interval = value.interval;
  }
  result[nsd].metric += fmt::format("@{}mm", format_number(tolerance_mm));
  return result;
}

ConventionRow mean_over_labels(std::span<const ConventionRow> rows, bool drop_undefined) {
  ConventionRow mean{.variant = rows.front().variant};
  for (const Member member : members) {
    double sum = 0.0;
    int count = 0;
    const ConventionValue* missing = nullptr;
    for (const ConventionRow& row : rows) {
      const ConventionValue& value = row.*member;
      if (value.value) {
        sum += *value.value;
        ++count;
      } else if (missing == nullptr) {
        missing = &value;
      }
    }
    const bool has_mean = count > 0 && (drop_undefined || missing == nullptr);
    mean.*member = has_mean ? ConventionValue::of(sum / count) : ConventionValue::undefined(missing->why);
  }
  return mean;
}

}  // namespace meshassay::metrics::conventions
