// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/meshes/repair_score.hpp"

#include <fmt/format.h>
#include <tbb/parallel_invoke.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numbers>
#include <utility>
#include <vector>

#include "core/bridge_cgal/nearest_point.hpp"
#include "core/distance/exposed_segments.hpp"
#include "core/distance/mesh_distance.hpp"
#include "core/errors.hpp"
#include "core/exact/arrangement.hpp"
#include "core/exact/outer_hull.hpp"
#include "core/text.hpp"
#include "metrics/deviation/deviation_cells.hpp"
#include "metrics/deviation/farthest_point.hpp"
#include "metrics/meshes/mesh_difference.hpp"
#include "metrics/meshes/printability.hpp"
#include "metrics/surface/distance_field.hpp"

namespace meshassay::metrics {
namespace {

constexpr double least_wall = 0.99;  // Of epsilon.
constexpr std::size_t max_wall_samples = 500;

double float_ulp(double value) {
  const auto nearest = static_cast<float>(value);
  return static_cast<double>(std::nextafter(nearest, std::numeric_limits<float>::max())) -
         static_cast<double>(nearest);
}

double tolerance_of(const Box3& box) {
  const double largest = std::max(box.min_mm.cwiseAbs().maxCoeff(), box.max_mm.cwiseAbs().maxCoeff());
  return std::max(1e-5 * box.diagonal_mm(), 4.0 * float_ulp(largest));
}

double distance_to_segment_mm(const Point3& point, const meshassay::Segment& segment) {
  const Vector3 along = segment.to - segment.from;
  const double t = std::clamp((point - segment.from).dot(along) / along.squaredNorm(), 0.0, 1.0);
  return (point - segment.from - t * along).norm();
}

// Parts that another field has cut, with this one's distances.
std::vector<Cell> as_seen_by(const DistanceField& field, std::vector<Cell> parts) {
  for (auto& part : parts) {
    for (std::size_t i = 0; i < 3; ++i) part.at_corners[i] = field.sample(part.corners[i]).signed_mm;
    field.describe(part);
  }
  return parts;
}

// Unsigned distance to triangles and segments; infinite where there are none. Rigorous bounds, since the
// distance to one triangle or segment is convex.
class ShapeField final : public DistanceField {
 public:
  ShapeField(const TriangleMesh& mesh, std::vector<meshassay::Segment> segments)
      : segments_(std::move(segments)) {
    if (mesh.triangles.empty()) return;
    distance_ = std::make_unique<MeshDistance>(mesh);
    field_ = std::make_unique<MeshField>(*distance_, 0.0);
  }

  using DistanceField::sample;
  [[nodiscard]] DistanceSample sample(const Point3& point_mm, std::size_t hint) const override {
    DistanceSample result{.signed_mm = std::numeric_limits<double>::max()};
    if (field_) {
      result = field_->sample(point_mm, hint);
      result.signed_mm = std::abs(result.signed_mm);
    }
    for (const auto& segment : segments_) {
      const double mm = distance_to_segment_mm(point_mm, segment);
      if (mm < result.signed_mm) result.signed_mm = mm;
    }
    return result;
  }

  void describe(Cell& cell) const override {
    if (field_) field_->describe(cell);
    const double center_mm = sample(cell.center()).signed_mm;
    cell.at_center = center_mm;
    cell.upper_mm =
        field_ ? std::min(cell.upper_mm, center_mm + cell.radius_mm()) : center_mm + cell.radius_mm();
    cell.upper_mm = std::min(cell.upper_mm, farthest_from_a_segment_mm(cell));
  }

  [[nodiscard]] std::vector<Cell> natural_parts(const Cell& cell) const override {
    return field_ ? as_seen_by(*this, field_->natural_parts(cell)) : std::vector<Cell>{};
  }
  [[nodiscard]] bool estimates_are_bounds() const override { return false; }
  [[nodiscard]] bool has_inside() const override { return false; }

  /// The distance, where there are triangles and no segments; else null.
  [[nodiscard]] const MeshDistance* of_triangles_only() const {
    return segments_.empty() ? distance_.get() : nullptr;
  }

  /// A bound of the distance on the whole cell.
  [[nodiscard]] double upper_mm(const Cell& cell) const {
    double upper_mm =
        std::min(sample(cell.center()).signed_mm + cell.radius_mm(), farthest_from_a_segment_mm(cell));
    if (!field_) return upper_mm;
    const auto nearest = distance_->sample(cell.center()).triangle;
    double farthest_mm = 0.0;
    for (const auto& corner : cell.corners)
      farthest_mm = std::max(farthest_mm, distance_->distance_to_triangle_mm(corner, nearest));
    return std::min(upper_mm, farthest_mm);
  }

 private:
  [[nodiscard]] double farthest_from_a_segment_mm(const Cell& cell) const {
    double least_mm = std::numeric_limits<double>::max();
    for (const auto& segment : segments_) {
      double farthest_mm = 0.0;
      for (const auto& corner : cell.corners)
        farthest_mm = std::max(farthest_mm, distance_to_segment_mm(corner, segment));
      least_mm = std::min(least_mm, farthest_mm);
    }
    return least_mm;
  }

  std::vector<meshassay::Segment> segments_;
  std::unique_ptr<MeshDistance> distance_;
  std::unique_ptr<MeshField> field_;
};

// Another field, 0 near a shape.
class FieldAway final : public DistanceField {
 public:
  FieldAway(const ShapeField& field, const ShapeField& shape, double near_mm)
      : field_(field), shape_(shape), near_mm_(near_mm) {}

  using DistanceField::sample;
  [[nodiscard]] DistanceSample sample(const Point3& point_mm, std::size_t hint) const override {
    if (shape_.sample(point_mm).signed_mm <= near_mm_) return {};
    return field_.sample(point_mm, hint);
  }
  void describe(Cell& cell) const override {
    field_.describe(cell);
    if (shape_.sample(cell.center()).signed_mm <= near_mm_) cell.at_center = 0.0;
    if (shape_.upper_mm(cell) <= near_mm_) cell.upper_mm = 0.0;
  }
  [[nodiscard]] std::vector<Cell> natural_parts(const Cell& cell) const override {
    return as_seen_by(*this, field_.natural_parts(cell));
  }
  [[nodiscard]] bool estimates_are_bounds() const override { return false; }
  [[nodiscard]] bool has_inside() const override { return false; }

 private:
  const ShapeField& field_;
  const ShapeField& shape_;
  double near_mm_;
};

bool every_triangle_has_area(const TriangleMesh& mesh) {
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t)
    if (is_degenerate(mesh, t)) return false;
  return true;
}

bool has_area(const TriangleMesh& mesh) {
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t)
    if (!is_degenerate(mesh, t)) return true;
  return false;
}

// Segments as triangles without area, which cells may be.
TriangleMesh with_segments(TriangleMesh mesh, const std::vector<meshassay::Segment>& segments) {
  for (const auto& [from, to] : segments) {
    const auto first = static_cast<std::uint32_t>(mesh.vertices_mm.size());
    mesh.vertices_mm.insert(mesh.vertices_mm.end(), {from, to});
    mesh.triangles.push_back({first, first + 1, first + 1});
  }
  return mesh;
}

// H and F of the input.
struct Expected {
  TriangleMesh solid, sheets;
  std::vector<meshassay::Segment> wires;
  std::uint32_t parts = 0;
  std::int64_t euler = 0;
};

TriangleMesh joined(TriangleMesh mesh, const TriangleMesh& other) {
  const auto first = static_cast<std::uint32_t>(mesh.vertices_mm.size());
  mesh.vertices_mm.insert(mesh.vertices_mm.end(), other.vertices_mm.begin(), other.vertices_mm.end());
  for (const auto& [a, b, c] : other.triangles) mesh.triangles.push_back({first + a, first + b, first + c});
  return mesh;
}

Expected expected_of(const exact::SortedComplex& input, double tolerance_mm) {
  const auto& [arrangement, hull] = input;
  Expected expected{.solid = exact::solid_surface(arrangement, hull),
                    .sheets = exact::sheet_surface(arrangement, hull),
                    .wires = {},
                    .parts = hull.parts,
                    .euler = hull.euler_characteristic};
  std::vector<meshassay::Segment> segments;
  for (const auto& each : arrangement.set_aside)
    if (each.from != each.to)
      segments.push_back({arrangement.vertices_mm[each.from], arrangement.vertices_mm[each.to]});
  if (segments.empty()) return expected;
  // A wire on a sheet is part of it.
  std::vector<meshassay::Segment> exposed = exposed_segments(segments, expected.solid, tolerance_mm);
  if (!expected.sheets.triangles.empty()) exposed = exposed_segments(exposed, expected.sheets, tolerance_mm);
  expected.wires = std::move(exposed);
  return expected;
}

// The limits are those that the distance is compared with.
Enclosed greatest(const TriangleMesh& from, const DistanceField& to, const RefinementOptions& refinement,
                  std::vector<double> limits_mm) {
  if (from.triangles.empty()) return {};
  return greatest_distance(
             make_cells(from, to), to, refinement,
             {.limits_mm = std::move(limits_mm), .bisections_once_decided = refinement.max_bisections / 100})
      .distance_mm;
}

// Diameter of the largest ball in R whose centre is one of a few places across the sheet and that holds the
// point.
double wall_at_mm(const Point3& point, const std::vector<Vector3>& across, const MeshDistance& repaired,
                  double epsilon_mm) {
  double widest_mm = 0.0;
  for (const auto& direction : across)
    for (int step = -8; step <= 8; ++step) {
      const double aside_mm = 0.5 * epsilon_mm * step / 8.0;
      const double radius_mm = -repaired.sample(point + aside_mm * direction).signed_mm;
      if (radius_mm >= std::abs(aside_mm) * (1.0 - 1e-3)) widest_mm = std::max(widest_mm, 2.0 * radius_mm);
    }
  return widest_mm;
}

double least_wall_mm(const Expected& expected, const MeshDistance& repaired, double epsilon_mm) {
  double least_mm = std::numeric_limits<double>::max();
  const std::size_t stride = 1 + expected.sheets.triangles.size() / max_wall_samples;
  for (std::size_t t = 0; t < expected.sheets.triangles.size(); t += stride) {
    const auto& sheets = expected.sheets;
    const Point3 middle = (sheets.corner(t, 0) + sheets.corner(t, 1) + sheets.corner(t, 2)) / 3.0;
    const Vector3 normal = area_vector_mm2(sheets, t).normalized();
    if (normal.isZero()) continue;
    least_mm = std::min(least_mm, wall_at_mm(middle, {normal}, repaired, epsilon_mm));
  }
  const std::size_t wire_stride = 1 + expected.wires.size() / max_wall_samples;
  for (std::size_t w = 0; w < expected.wires.size(); w += wire_stride) {
    const auto& [from, to] = expected.wires[w];
    const Vector3 along = (to - from).normalized();
    Eigen::Index axis = 0;
    along.cwiseAbs().minCoeff(&axis);
    const Vector3 across = along.cross(Vector3::Unit(axis)).normalized();
    least_mm = std::min(least_mm,
                        wall_at_mm(0.5 * (from + to), {across, along.cross(across)}, repaired, epsilon_mm));
  }
  return least_mm;
}

void check(const TriangleMesh& input, const RepairScoreOptions& options) {
  if (input.triangles.empty())
    throw InvalidInput({.what = "a repair cannot be scored without its input",
                        .expected = "at least one triangle",
                        .got = "0",
                        .mend = "give the mesh that was repaired"});
  if (!(options.min_thickness_mm > 0.0) || !std::isfinite(options.min_thickness_mm))
    throw InvalidInput({.what = "a least thickness that cannot be used",
                        .expected = "more than 0 mm",
                        .got = format_number(options.min_thickness_mm),
                        .mend = "give the wall that sheets were to get, e.g. 0.4"});
}

// What lies near sheets and wires.
class NearShape final : public PassedOver {
 public:
  NearShape(const ShapeField& shape, double near_mm) : shape_(shape), near_mm_(near_mm) {}
  [[nodiscard]] bool holds(const Point3& point_mm) const override {
    return shape_.sample(point_mm).signed_mm <= near_mm_;
  }
  [[nodiscard]] bool holds_all_of(const std::array<Point3, 3>& corners) const override {
    Cell cell;
    cell.corners = corners;
    return shape_.upper_mm(cell) <= near_mm_;
  }

 private:
  const ShapeField& shape_;
  double near_mm_;
};

// farthest_point() cuts cells along the triangles that they lie over, which settles the plateaus about walls
// and what of a surface stayed as it was; it is for triangles with an area only.
const MeshDistance* settled_by_triangles(const TriangleMesh& from, const ShapeField& to) {
  return !from.triangles.empty() && every_triangle_has_area(from) ? to.of_triangles_only() : nullptr;
}
Enclosed greatest(const TriangleMesh& from, const ShapeField& to, const RefinementOptions& refinement,
                  std::vector<double> limits_mm) {
  if (const auto* triangles = settled_by_triangles(from, to))
    return farthest_point(from, *triangles, refinement).distance_mm;
  return greatest(from, static_cast<const DistanceField&>(to), refinement, std::move(limits_mm));
}

// The same of what is farther from a shape than `near_mm`.
Enclosed greatest_away(const TriangleMesh& from, const ShapeField& to, const ShapeField& shape,
                       double near_mm, const RefinementOptions& refinement, std::vector<double> limits_mm) {
  const NearShape passed_over(shape, near_mm);
  if (const auto* triangles = settled_by_triangles(from, to))
    return farthest_point(from, *triangles, refinement, &passed_over).distance_mm;
  return greatest(from, static_cast<const DistanceField&>(FieldAway(to, shape, near_mm)), refinement,
                  std::move(limits_mm));
}

// What distances are compared with.
struct Limits {
  Limits(const Box3& box, double epsilon_mm, double tolerance)
      : tolerance_mm(tolerance),
        near_sheets_mm(std::numbers::sqrt2 * epsilon_mm + tolerance),
        incomplete_mm(epsilon_mm + tolerance),
        far_mm(0.1 * box.diagonal_mm()) {}
  double tolerance_mm, near_sheets_mm, incomplete_mm, far_mm;
};

// Reads "0.31 mm, more than 0.0017"; empty where the limit holds for certain.
std::string beyond(std::string_view what, const Enclosed& distance_mm, double limit_mm) {
  if (distance_mm.ruler.hi <= limit_mm) return {};
  if (distance_mm.ruler.lo > limit_mm)
    return fmt::format("{}: {:.4g} mm, more than {:.4g}", what, distance_mm.value, limit_mm);
  return fmt::format("{}: between {:.4g} and {:.4g} mm, the limit of {:.4g} is not decided", what,
                     distance_mm.ruler.lo, distance_mm.ruler.hi, limit_mm);
}

std::string first_of(std::initializer_list<std::string> reasons) {
  for (const auto& reason : reasons)
    if (!reason.empty()) return reason;
  return {};
}

std::string why_not_exact(const RepairScore& found, double area_mm2) {
  const double volume_off_mm3 = std::abs(found.volume_mm3 - found.volume_expected_mm3);
  return first_of(
      {found.has_sheets_or_wires ? "the input has sheets or wires, which only a wall makes printable" : "",
       beyond("from the input to the repaired mesh", *found.input_to_repaired_mm, found.tolerance_mm),
       beyond("from the repaired mesh to the input", *found.repaired_to_input_mm, found.tolerance_mm),
       found.parts != found.parts_expected
           ? fmt::format("{} parts where the input has {}", found.parts, found.parts_expected)
           : "",
       found.euler != found.euler_expected
           ? fmt::format("Euler characteristic {} where the input has {}", found.euler, found.euler_expected)
           : "",
       volume_off_mm3 > found.tolerance_mm * area_mm2
           ? fmt::format("the volume is off by {:.4g} mm3, more than {:.4g}", volume_off_mm3,
                         found.tolerance_mm * area_mm2)
           : ""});
}

std::string why_not_as_exact_as_possible(const RepairScore& found, double epsilon_mm, const Limits& limits) {
  const double wall_mm = found.wall_at_sheets_mm.value_or(epsilon_mm);
  return first_of(
      {beyond("from the input away from its sheets to the repaired mesh", *found.solid_to_repaired_mm,
              found.tolerance_mm),
       beyond("from the repaired mesh away from the input's sheets to the input", *found.away_to_input_mm,
              found.tolerance_mm),
       beyond("from the repaired mesh to the input", *found.repaired_to_input_mm, limits.near_sheets_mm),
       wall_mm < least_wall * epsilon_mm - found.tolerance_mm
           ? fmt::format("the wall at a sheet is {:.4g} mm, less than {:.4g}", wall_mm,
                         least_wall * epsilon_mm)
           : ""});
}

void measure_with_sheets(const Expected& expected, const TriangleMesh& repaired, const Limits& limits,
                         const RefinementOptions& refinement, RepairScore& found) {
  const TriangleMesh all = joined(expected.solid, expected.sheets);
  const ShapeField to_input(all, expected.wires), to_repaired(repaired, {});
  found.input_to_repaired_mm = greatest(with_segments(all, expected.wires), to_repaired, refinement,
                                        {limits.tolerance_mm, limits.incomplete_mm});
  found.repaired_to_input_mm =
      greatest(repaired, to_input, refinement, {limits.tolerance_mm, limits.near_sheets_mm, limits.far_mm});
  if (!found.has_sheets_or_wires) {
    found.solid_to_repaired_mm = found.input_to_repaired_mm;
    found.away_to_input_mm = found.repaired_to_input_mm;
    return;
  }
  const ShapeField to_sheets(expected.sheets, expected.wires);
  found.solid_to_repaired_mm = greatest_away(expected.solid, to_repaired, to_sheets, limits.near_sheets_mm,
                                             refinement, {limits.tolerance_mm});
  found.away_to_input_mm =
      greatest_away(repaired, to_input, to_sheets, limits.near_sheets_mm, refinement, {limits.tolerance_mm});
}

// From triangles of one mesh that another does not have, to that; `others` are those that only it has.
Enclosed greatest_of_changed(const TriangleMesh& changed, const TriangleMesh& to, const TriangleMesh& others,
                             const RefinementOptions& refinement, std::vector<double> limits_mm) {
  if (changed.triangles.empty()) return {};
  const TriangleMesh near = has_area(others) ? within_reach(changed, to, others) : to;
  return greatest(changed, ShapeField(near, {}), refinement, std::move(limits_mm));
}

// Triangles that both have are at no distance; a repair keeps most.
void measure_solids(const TriangleMesh& solid, const TriangleMesh& repaired, const Limits& limits,
                    const RefinementOptions& refinement, RepairScore& found) {
  const auto [of_input, of_repaired] = difference_of(solid, repaired);
  found.input_to_repaired_mm = greatest_of_changed(of_input, repaired, of_repaired, refinement,
                                                   {limits.tolerance_mm, limits.incomplete_mm});
  found.repaired_to_input_mm = greatest_of_changed(
      of_repaired, solid, of_input, refinement, {limits.tolerance_mm, limits.near_sheets_mm, limits.far_mm});
  found.solid_to_repaired_mm = found.input_to_repaired_mm;
  found.away_to_input_mm = found.repaired_to_input_mm;
}

exact::SortedComplex cut_and_sorted(const TriangleMesh& mesh) {
  exact::SortedComplex result{.arrangement = exact::arrange(mesh), .hull = {}};
  result.hull = exact::outer_hull(result.arrangement);
  return result;
}

// All that is printable is solid: nothing has to be cut.
void look_at_repaired(const Certificate& certificate, RepairScore& found) {
  found.printable_parts = certificate.printable_parts.value_or(false);
  if (!found.printable_parts) return;
  const auto& witnesses = certificate.witnesses;
  found.parts = static_cast<std::uint32_t>(witnesses.parts.size());
  found.euler = witnesses.hull_euler_characteristic;
  found.volume_mm3 = witnesses.hull_volume_mm3;
}

}  // namespace

RepairScore repair_score(const TriangleMesh& input, const TriangleMesh& repaired,
                         const RepairScoreOptions& options, const KnownOfRepair& known) {
  check(input, options);
  const double epsilon_mm = options.min_thickness_mm;
  const Box3 box = bounding_box(input);
  RepairScore found;
  found.tolerance_mm = tolerance_of(box);
  if (!has_area(repaired)) {
    found.reason = "the repaired mesh is empty";
    return found;
  }
  const Limits limits(box, epsilon_mm, found.tolerance_mm);
  const RefinementOptions refinement{.width_mm = 0.25 * found.tolerance_mm,
                                     .relative_width = 0.005,
                                     .max_bisections = options.max_bisections};
  Expected expected;
  const auto measure = [&] {
    expected = known.input != nullptr ? expected_of(*known.input, 0.5 * found.tolerance_mm)
                                      : expected_of(cut_and_sorted(input), 0.5 * found.tolerance_mm);
    found.has_sheets_or_wires = !expected.sheets.triangles.empty() || !expected.wires.empty();
    found.parts_expected = expected.parts;
    found.euler_expected = expected.euler;
    found.volume_expected_mm3 = signed_volume_mm3(expected.solid);
    found.input_is_empty = !found.has_sheets_or_wires && expected.solid.triangles.empty();
    if (found.input_is_empty) return;
    if (found.has_sheets_or_wires)
      measure_with_sheets(expected, repaired, limits, refinement, found);
    else
      measure_solids(expected.solid, repaired, limits, refinement, found);
  };
  // Neither needs the other.
  Certificate own;
  const Certificate* certificate = nullptr;
  tbb::parallel_invoke([&] { certificate = known.certify ? &known.certify() : &(own = certify(repaired)); },
                       measure);
  look_at_repaired(*certificate, found);
  if (found.input_is_empty) {
    found.reason = "the input has neither area nor wires: there is nothing that a repair could keep";
    return found;
  }
  if (found.has_sheets_or_wires && found.printable_parts)
    found.wall_at_sheets_mm = least_wall_mm(expected, MeshDistance(repaired), epsilon_mm);

  const auto too_far =
      beyond("from the repaired mesh to the input", *found.repaired_to_input_mm, limits.far_mm);
  const auto incomplete =
      beyond("from the input to the repaired mesh", *found.input_to_repaired_mm, limits.incomplete_mm);
  const auto as_exact_as_possible = why_not_as_exact_as_possible(found, epsilon_mm, limits);
  const auto exact = why_not_exact(found, area_mm2(expected.solid));
  if (!found.printable_parts) {
    found.reason = "the repaired mesh is not printable (printable_parts)";
  } else if (!too_far.empty()) {
    found.reason = too_far;
  } else if (exact.empty()) {
    found.score = 5;
  } else if (as_exact_as_possible.empty()) {
    found.score = 4;
    found.reason = exact;
  } else if (incomplete.empty()) {
    found.score = 3;
    found.reason = as_exact_as_possible;
  } else {
    found.score = 2;
    found.reason = incomplete;
  }
  return found;
}

}  // namespace meshassay::metrics
