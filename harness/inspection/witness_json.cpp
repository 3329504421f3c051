// SPDX-License-Identifier: GPL-3.0-or-later
#include "harness/inspection/witness_json.hpp"

#include <nlohmann/json.hpp>

namespace meshassay::harness {
namespace {

using nlohmann::ordered_json;

ordered_json to_json(const Point3& point) { return {point[0], point[1], point[2]}; }

ordered_json to_json(const exact::Equivalent& pair) {
  return {{"triangle", pair.triangle}, {"first", pair.first}, {"same_orientation", pair.same_orientation}};
}

ordered_json to_json(const metrics::BoundaryCurve& curve) {
  auto corners = ordered_json::array();
  for (const auto& corner : curve.corners_mm) corners.push_back(to_json(corner));
  return {{"closed", curve.closed}, {"length_mm", curve.length_mm}, {"corners_mm", std::move(corners)}};
}

const char* name_of(exact::IntersectionKind kind) {
  switch (kind) {
    case exact::IntersectionKind::none: return "none";
    case exact::IntersectionKind::touching: return "touching";
    case exact::IntersectionKind::crossing: return "crossing";
    case exact::IntersectionKind::coplanar_overlap: return "coplanar_overlap";
  }
  return "";
}

ordered_json to_json(const metrics::IntersectingPair& pair) {
  return {{"triangles", {pair.first, pair.second}}, {"kind", name_of(pair.kind)}};
}

ordered_json to_json(const metrics::TriangleShare& share) {
  return {{"triangle", share.triangle}, {"area_mm2", share.area_mm2}, {"whole", share.whole}};
}

ordered_json to_json(const metrics::Segment& segment) {
  return {{"from_mm", to_json(segment.from_mm)}, {"to_mm", to_json(segment.to_mm)}};
}

ordered_json to_json(const metrics::EnclosedSpace& piece) {
  return {{"volume_mm3", piece.volume_mm3},
          {"place_mm", to_json(piece.place_mm)},
          {"triangles", piece.triangles}};
}

template <typename T>
void add(ordered_json& document, const char* name, const std::vector<T>& items) {
  if (items.empty()) return;
  document[name] = ordered_json::array();
  for (const auto& item : items) document[name].push_back(to_json(item));
}

}  // namespace

std::string witnesses_to_json(const metrics::Certificate& certificate, std::string_view property) {
  const auto& found = certificate.witnesses;
  auto document = ordered_json::object();
  if (property == "regular" && !found.irregular.empty()) document["triangles"] = found.irregular;
  if (property == "non_degenerate" && !found.degenerate.empty()) document["triangles"] = found.degenerate;
  if (property == "layer") add(document, "equivalent", found.equivalent);
  if (property == "closed") add(document, "boundary", found.boundary);
  if (property == "polyhedron" && !found.pairs.empty()) {
    document["crossing"] = found.crossing;
    document["coplanar_overlap"] = found.coplanar_overlap;
    document["touching"] = found.touching;
    add(document, "pairs", found.pairs);
  }
  if (property == "outer_hull") {
    if (!found.internal.empty()) document["internal_area_mm2"] = found.internal_area_mm2;
    add(document, "internal", found.internal);
    add(document, "cavities", found.cavities);
  }
  if (property == "solid") {
    if (!found.sheet.empty()) document["sheet_area_mm2"] = found.sheet_area_mm2;
    add(document, "sheets", found.sheet);
  }
  if (property == "manifold_connected") {
    document["hui_components"] = found.hui_components;
    add(document, "parts", found.parts);
    add(document, "weak_edges", found.weak_edges);
    add(document, "weak_vertices_mm", found.weak_vertices_mm);
  }
  return document.dump();
}

}  // namespace meshassay::harness
