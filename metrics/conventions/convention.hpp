// SPDX-License-Identifier: GPL-3.0-or-later
// What other tools mean by the distance of two masks: each definition by its name.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/measurement.hpp"
#include "core/reason.hpp"
#include "core/shared_mask.hpp"

namespace meshassay::metrics::conventions {

struct ConventionOptions {
  std::uint16_t label = 1;
  double tolerance_mm = 1.0;  ///< Of the normalised surface distance.
  bool tool_bugs = false;     ///< Switches the known bugs of the tool on.
};

/// A number as a tool defines it, or why there is none.
struct ConventionValue {
  std::optional<double> value;
  std::optional<Interval> interval;  ///< Of the surfaces' conventions; what a tool prints has none.
  Undefined why;                     ///< Where there is no value.

  static ConventionValue of(double value) { return {value, std::nullopt, {}}; }
  static ConventionValue undefined(Undefined why) { return {std::nullopt, std::nullopt, std::move(why)}; }
  /// The tool has no such measure.
  static ConventionValue not_offered();
};

/// What a tool prints of two masks. A tool that looks at several boundaries has a row for each.
struct ConventionRow {
  std::string variant;  ///< Empty where there is one.
  ConventionValue hd_mm, hd95_mm;
  ConventionValue assd_mm;  ///< Mean over the elements of both boundaries together.
  ConventionValue masd_mm;  ///< Mean of the two directed means.
  ConventionValue nsd;
};

/// A known fault of a tool; off unless asked for.
struct ToolBug {
  std::string name;    ///< "early_stopped_quantile"
  std::string effect;  ///< One sentence.
  std::string source;
};

/// What a tool does with masks on different grids.
enum class GridUse {
  ignored,  ///< Arrays of the same size are compared voxel by voxel, wherever they lie.
  refused,  ///< Origin, spacing and direction must be the same.
  used,     ///< Compared in physical space.
};

/// What a tool prints where a mask is empty.
struct EmptyRule {
  std::string both, one;                   ///< In words.
  std::optional<double> distance_of_both;  ///< Where it is a finite number.
  std::optional<double> nsd_of_empty_test, nsd_of_empty_reference;
};

struct Convention {
  std::string name;        ///< "itk"
  std::string tool;        ///< "ITK, HausdorffDistanceImageFilter"
  std::string version;     ///< Whose definition this is; empty for our own.
  std::string boundary;    ///< What the elements are, and what counts as their weight.
  std::string percentile;  ///< How HD95 is taken.
  std::string definition;  ///< All of it in one sentence.
  std::string source;
  GridUse grids = GridUse::ignored;
  EmptyRule empty;
  std::vector<ToolBug> bugs;
  bool has_mean_over_labels = false;  ///< The tool also gives one number for all labels.
  /// \pre neither mask is empty, and the grids are such as `grids` allows.
  std::vector<ConventionRow> (*compute)(const LabelMap& test, const LabelMap& reference,
                                        const ConventionOptions& options) = nullptr;
};

/// All conventions, in the order in which they are shown.
[[nodiscard]] std::span<const Convention> convention_catalogue();
/// \throw InvalidInput with the nearest known name.
[[nodiscard]] const Convention& find_convention(const std::string& name, const std::string& where);

/// Measures one label by a convention; undefined values carry a reason of core/reason.cpp, never NaN.
/// \throw InvalidInput for a mask whose grid cannot be, or a tolerance that is not a length.
[[nodiscard]] std::vector<ConventionRow> measure_by(const Convention& convention, const LabelMap& test,
                                                    const LabelMap& reference,
                                                    const ConventionOptions& options = {});

/// A row as measurements `boundary.hd`, `.hd95`, `.assd`, `.masd`, `.nsd@T`, of that target.
[[nodiscard]] std::vector<Measurement> measurements_of(const ConventionRow& row, const std::string& target,
                                                       double tolerance_mm);

/// The mean over labels, value by value. Where a label has no value there is no mean, for that label's
/// reason; `drop_undefined` leaves such labels out. \pre there is a row.
[[nodiscard]] ConventionRow mean_over_labels(std::span<const ConventionRow> rows, bool drop_undefined);

}  // namespace meshassay::metrics::conventions
