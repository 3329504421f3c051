// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/features/detection.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <stdexcept>
#include <utility>

#include "core/text.hpp"
#include "core/union_find.hpp"
#include "metrics/measurement_rows.hpp"
#include "metrics/surface/measurable_surface.hpp"

namespace meshassay::metrics {
namespace {

using Index3 = std::array<int, 3>;

// Samples of a region, the third axis fine enough for the feature's size.
class Samples {
 public:
  Samples(const MeshDistance& surface, const Feature& feature) {
    const Vector3& half = feature.region.half_extent_mm;
    const bool is_round = feature.kind == FeatureKind::rod || feature.kind == FeatureKind::hole;
    for (int axis = 0; axis < 3; ++axis) {
      // Across the feature eight samples of its size; along it twelve in all.
      const bool across = is_round ? axis < 2 : axis == 2;
      const double wanted = across ? 16.0 * half[axis] / feature.nominal_mm : 12.0;
      size_[static_cast<std::size_t>(axis)] = static_cast<int>(std::clamp(std::ceil(wanted), 8.0, 96.0));
    }
    std::size_t hint = TriangleTree::none;
    for (int k = 0; k < size_[2]; ++k)
      for (int j = 0; j < size_[1]; ++j)
        for (int i = 0; i < size_[0]; ++i) {
          const Vector3 at((i + 0.5) / size_[0], (j + 0.5) / size_[1], (k + 0.5) / size_[2]);
          const Vector3 local = half.cwiseProduct(2.0 * at - Vector3::Ones());
          const auto sample = surface.sample(feature.region.to_world(local), hint);
          hint = sample.triangle;
          inside_.push_back(sample.signed_mm < 0.0);
        }
  }

  // A part of material or of air, and which sides of the region it reaches.
  struct Part {
    bool inside = false;
    std::size_t samples = 0;
    std::array<bool, 6> reaches = {};  // Low and high along each axis.
  };

  // Parts connected over faces of sample boxes, in the order of their first sample.
  [[nodiscard]] std::vector<Part> parts() const {
    UnionFind sets(inside_.size());
    for_each([&](const Index3& at, std::size_t index) {
      std::size_t stride = 1;
      for (std::size_t axis = 0; axis < 3; ++axis) {
        if (at[axis] + 1 < size_[axis] && inside_[index] == inside_[index + stride])
          sets.unite(index, index + stride);
        stride *= static_cast<std::size_t>(size_[axis]);
      }
    });
    std::vector<Part> parts;
    std::map<std::size_t, std::size_t> number;
    for_each([&](const Index3& at, std::size_t index) {
      const auto [entry, is_new] = number.try_emplace(sets.find(index), parts.size());
      if (is_new) parts.push_back({.inside = inside_[index]});
      Part& part = parts[entry->second];
      ++part.samples;
      for (std::size_t axis = 0; axis < 3; ++axis) {
        part.reaches[2 * axis] = part.reaches[2 * axis] || at[axis] == 0;
        part.reaches[2 * axis + 1] = part.reaches[2 * axis + 1] || at[axis] + 1 == size_[axis];
      }
    });
    return parts;
  }

  // Whether along every line of samples through the layer, material and air change twice.
  [[nodiscard]] bool every_line_crosses(bool core_inside) const {
    for (int j = 0; j < size_[1]; ++j)
      for (int i = 0; i < size_[0]; ++i) {
        int changes = 0;
        bool last = !core_inside;
        for (int k = 0; k < size_[2]; ++k) {
          const bool now = at({i, j, k});
          changes += now != last;
          last = now;
        }
        if (changes != 2 || last == core_inside) return false;
      }
    return true;
  }

  // Whether in every cross-section the middle is core and the border is not.
  [[nodiscard]] bool every_section_is_ringed(bool core_inside) const {
    for (int k = 0; k < size_[2]; ++k) {
      if (at({size_[0] / 2, size_[1] / 2, k}) != core_inside) return false;
      for (int i = 0; i < size_[0]; ++i)
        if (at({i, 0, k}) == core_inside || at({i, size_[1] - 1, k}) == core_inside) return false;
      for (int j = 0; j < size_[1]; ++j)
        if (at({0, j, k}) == core_inside || at({size_[0] - 1, j, k}) == core_inside) return false;
    }
    return true;
  }

 private:
  [[nodiscard]] bool at(const Index3& index) const {
    return inside_[(index[2] * size_[1] + index[1]) * size_[0] + index[0]];
  }
  template <typename Visit>
  void for_each(const Visit& visit) const {
    std::size_t index = 0;
    for (int k = 0; k < size_[2]; ++k)
      for (int j = 0; j < size_[1]; ++j)
        for (int i = 0; i < size_[0]; ++i) visit(Index3{i, j, k}, index++);
  }

  Index3 size_ = {};
  std::vector<bool> inside_;
};

struct Counts {
  int core = 0, around = 0;
};

Counts counts_of(const std::vector<Samples::Part>& parts, bool core_inside) {
  Counts counts;
  for (const auto& part : parts) ++(part.inside == core_inside ? counts.core : counts.around);
  return counts;
}

using FamilyAccessor = const MetricFamily& (*)();

template <FamilyAccessor family, FeatureKind kind>
Measurement row_of_target(const Trial& trial, const MetricRequest& request, const TargetTruth& target) {
  const MetricDefinition& metric = family().metrics[0];
  const Subject subject{surface_stage(request), target_name(trial, target)};
  std::vector<Feature> features;
  for (const auto& feature : target.features)
    if (feature.kind == kind) features.push_back(feature);
  if (features.empty())
    return undefined(metric, subject, {"no_reference", "this target has no feature of this kind"});
  const auto found = find_measurable_surface(trial, request, target.label);
  if (const auto* why = std::get_if<Undefined>(&found)) return undefined(metric, subject, *why);
  const MeshDistance surface(*std::get<const TriangleMesh*>(found));
  if (!surface.has_inside())
    return undefined(metric, subject,
                     {"not_closed", "the surface has no inside, so that nothing is known to be material"});
  std::vector<Presence> presences;
  for (const auto& feature : features) presences.push_back(presence(surface, feature));
  const SmallestDetected smallest = smallest_detected(features, presences);
  if (!smallest.size_mm)
    return undefined(metric, subject, {"feature_missing", smallest.first_lost + ": " + smallest.why_lost});
  Measurement row = measured(metric, subject, *smallest.size_mm);
  row.witnesses = {{"positions", static_cast<double>(smallest.positions)},
                   {"first_lost", smallest.first_lost},
                   {"why_lost", smallest.why_lost}};
  return row;
}

template <FamilyAccessor family, FeatureKind kind>
std::vector<Measurement> compute(const Trial& trial, const MetricRequest& request) {
  return one_row_a_target(trial, request, row_of_target<family, kind>);
}

MetricFamily family_of(const std::string& kind,
                       std::vector<Measurement> (*compute_rows)(const Trial&, const MetricRequest&)) {
  return {.name = "smallest_" + kind,
          .metrics = {{.id = "detect.smallest_" + kind,
                       .unit = "mm",
                       .definition =
                           "Smallest " + kind +
                           " such that it and all larger ones are present with the right topology, at all "
                           "of their positions.",
                       .source = "MeshAssay"}},
          .needs = {"surface", "feature:" + kind},
          .compute = compute_rows};
}

}  // namespace

Presence presence(const MeshDistance& surface, const Feature& feature) {
  const Samples samples(surface, feature);
  const bool is_layer = feature.kind == FeatureKind::plate || feature.kind == FeatureKind::gap;
  if (!is_layer && feature.kind != FeatureKind::rod && feature.kind != FeatureKind::hole)
    throw std::logic_error("only plates, gaps, rods and holes are detected");
  const bool core_inside = feature.kind == FeatureKind::plate || feature.kind == FeatureKind::rod;
  const std::string core = core_inside ? "material" : "air", around = core_inside ? "air" : "material";
  const Counts counts = counts_of(samples.parts(), core_inside);
  if (counts.core == 0) return {false, "there is no " + core};
  if (counts.core > 1) return {false, core + " in " + std::to_string(counts.core) + " parts"};
  const int wanted_around = is_layer ? 2 : 1;
  if (counts.around != wanted_around)
    return {false,
            around + " in " + std::to_string(counts.around) + " parts, not " + std::to_string(wanted_around)};
  if (is_layer && !samples.every_line_crosses(core_inside))
    return {false, core + " is not one layer from side to side"};
  if (!is_layer && !samples.every_section_is_ringed(core_inside))
    return {false, core + " does not run along the axis from end to end with " + around + " around it"};
  return {true, ""};
}

SmallestDetected smallest_detected(const std::vector<Feature>& features,
                                   const std::vector<Presence>& presences) {
  struct Size {
    std::size_t positions = 0;
    std::size_t lost = 0;
    std::size_t first_lost = 0;
  };
  std::map<double, Size, std::greater<>> by_size;
  for (std::size_t i = 0; i < features.size(); ++i) {
    Size& size = by_size[features[i].nominal_mm];
    ++size.positions;
    if (!presences[i].present && size.lost++ == 0) size.first_lost = i;
  }
  SmallestDetected result;
  result.positions = by_size.begin()->second.positions;
  for (const auto& [nominal_mm, size] : by_size) {
    result.positions = std::min(result.positions, size.positions);
    if (!result.first_lost.empty()) continue;
    if (size.lost > 0) {
      result.first_lost = features[size.first_lost].name;
      result.why_lost = presences[size.first_lost].why_not;
    } else {
      result.size_mm = nominal_mm;
    }
  }
  return result;
}

const MetricFamily& smallest_plate_family() {
  static const MetricFamily family = family_of("plate", compute<smallest_plate_family, FeatureKind::plate>);
  return family;
}

const MetricFamily& smallest_rod_family() {
  static const MetricFamily family = family_of("rod", compute<smallest_rod_family, FeatureKind::rod>);
  return family;
}

const MetricFamily& smallest_gap_family() {
  static const MetricFamily family = family_of("gap", compute<smallest_gap_family, FeatureKind::gap>);
  return family;
}

const MetricFamily& smallest_hole_family() {
  static const MetricFamily family = family_of("hole", compute<smallest_hole_family, FeatureKind::hole>);
  return family;
}

}  // namespace meshassay::metrics
