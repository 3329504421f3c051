// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace meshassay {

/// A closed interval that holds the quantity, in the measurement's unit.
struct Interval {
  double lo = 0.0, hi = 0.0;
  [[nodiscard]] double width() const { return hi - lo; }
  friend bool operator==(const Interval&, const Interval&) = default;
};

enum class IntervalKind {
  enclosure,    ///< Rigorous: the quantity cannot lie outside.
  expanded_k2,  ///< Value +- expanded uncertainty (statistical or estimated parts).
  range,        ///< Of observed values.
};

/// One contribution to an interval's half-width.
struct UncertaintySource {
  std::string name;         ///< "quadrature", "truth", "discretisation".
  double half_width = 0.0;  ///< In the measurement's unit.
  friend bool operator==(const UncertaintySource&, const UncertaintySource&) = default;
};

using MeasuredValue = std::variant<double, bool, std::string, std::vector<double>>;

/// One number (or truth value, or text) about a submission, with its interval, or undefined with a reason.
struct Measurement {
  std::string metric;                  ///< With its parameter: "boundary.nsd@1mm".
  std::string stage;                   ///< What it looked at: "exported", "smoothed"; empty where none.
  std::string target;                  ///< Name of the target; empty where there is one only.
  std::optional<MeasuredValue> value;  ///< Absent: undefined, and `reason` says why.
  std::string unit;                    ///< "mm mm2 mm3 deg HU 1".
  std::optional<Interval> interval;    ///< Counts and exact predicates have none (width 0).
  IntervalKind interval_kind = IntervalKind::enclosure;
  std::vector<UncertaintySource> sources;
  std::string reason;  ///< An id of reason_catalogue(), where undefined.
  std::string detail;  ///< About the reason, for people.
  /// Where and how, in a fixed order: ("slice_position_mm", 12.5), ("components", [..]).
  std::vector<std::pair<std::string, MeasuredValue>> witnesses;
  friend bool operator==(const Measurement&, const Measurement&) = default;
};

[[nodiscard]] std::string_view to_string(IntervalKind kind);

}  // namespace meshassay
