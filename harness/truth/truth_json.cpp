// SPDX-License-Identifier: GPL-3.0-or-later
#include "harness/truth/truth_json.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace meshassay::harness {
namespace {

using nlohmann::ordered_json;

ordered_json to_json(const Vector3& vector) { return {vector[0], vector[1], vector[2]}; }

ordered_json to_json(const KnownValue& known) {
  return {{"value", known.value}, {"uncertainty", known.uncertainty}};
}

ordered_json to_json(const Parameters& parameters) {
  auto document = ordered_json::object();
  for (const auto& [name, value] : parameters)
    std::visit([&, &key = name](const auto& held) { document[key] = held; }, value);
  return document;
}

const char* name_of(FeatureKind kind) {
  switch (kind) {
    case FeatureKind::sphere: return "sphere";
    case FeatureKind::plate: return "plate";
    case FeatureKind::step: return "step";
    case FeatureKind::gap: return "gap";
    case FeatureKind::rod: return "rod";
    case FeatureKind::hole: return "hole";
    case FeatureKind::rim: return "rim";
    case FeatureKind::edge: return "edge";
  }
  throw std::logic_error("no such kind of feature");
}

ordered_json to_json(const Feature& feature) {
  return {{"name", feature.name},
          {"kind", name_of(feature.kind)},
          {"nominal_mm", feature.nominal_mm},
          {"region",
           {{"center_mm", to_json(feature.region.center_mm)},
            {"axis", to_json(feature.region.axes.col(2).eval())},
            {"half_extent_mm", to_json(feature.region.half_extent_mm)}}}};
}

ordered_json to_json(const phantoms::PhantomTarget& target) {
  const auto& truth = target.truth;
  ordered_json document{{"label", truth.label}, {"name", truth.name}, {"hu", target.hu}};
  if (truth.volume_mm3) document["volume_mm3"] = to_json(*truth.volume_mm3);
  if (truth.area_mm2) document["area_mm2"] = to_json(*truth.area_mm2);
  if (truth.betti)
    document["betti"] = {{"components", truth.betti->components},
                         {"handles", truth.betti->handles},
                         {"cavities", truth.betti->cavities}};
  document["surface_chordal_error_mm"] = truth.surface_chordal_error_mm;
  document["features"] = ordered_json::array();
  for (const auto& feature : truth.features) document["features"].push_back(to_json(feature));
  return document;
}

ordered_json to_json(const std::optional<double>& value) {
  return value ? ordered_json(*value) : ordered_json(nullptr);
}

ordered_json to_json(const phantoms::QualityRow& row) {
  ordered_json document{{"quantity", row.quantity},
                        {"of", row.of},
                        {"unit", row.unit},
                        {"measured_on", row.measured_on},
                        {"declared", to_json(row.declared)},
                        {"measured", to_json(row.measured)},
                        {"tolerance", row.declared ? ordered_json(row.tolerance) : ordered_json(nullptr)}};
  if (!row.undefined.reason.empty()) {
    document["reason"] = row.undefined.reason;
    document["detail"] = row.undefined.detail;
  }
  return document;
}

}  // namespace

std::string truth_to_json(const ScannedPhantom& scanned) {
  ordered_json document{
      {"schema", "meshassay/truth/1"},
      {"frame", "LPS"},
      {"unit", "mm"},
      {"phantom", {{"id", scanned.phantom->id}, {"parameters", to_json(scanned.phantom->parameters)}}},
      {"background_hu", scanned.phantom->background_hu},
      {"targets", ordered_json::array()}};
  for (const auto& target : scanned.phantom->targets) document["targets"].push_back(to_json(target));
  const Grid& grid = scanned.grid;
  document["scan"] = {{"parameters", to_json(scanned.scan_parameters)},
                      {"seed", scanned.seed},
                      {"size", grid.size},
                      {"spacing_mm", to_json(grid.spacing_mm)},
                      {"origin_mm", to_json(grid.origin_mm)},
                      {"direction_columns",
                       {to_json(grid.direction.col(0).eval()), to_json(grid.direction.col(1).eval()),
                        to_json(grid.direction.col(2).eval())}}};
  if (scanned.quality) {
    document["scan"]["quality"] = ordered_json::array();
    for (const auto& row : scanned.quality->rows) document["scan"]["quality"].push_back(to_json(row));
  }
  return document.dump(2) + "\n";
}

}  // namespace meshassay::harness
