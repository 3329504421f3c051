// SPDX-License-Identifier: GPL-3.0-or-later
// The certificate as measurements.
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "metrics/meshes/printability.hpp"
#include "metrics/surface/surface_rows.hpp"

namespace meshassay::metrics {
namespace {

constexpr const char* source = "Attene 2018, Section 3";

using Make = std::function<Measurement(const MetricDefinition&, const Subject&, const Certificate&)>;

struct Row {
  MetricDefinition definition;
  Make make;
};

Undefined not_decided(const std::string& why) { return {"not_converged", why}; }

Row verdict(const char* id, std::optional<bool> Certificate::*member, const char* definition) {
  return {{.id = id, .unit = "1", .type = ValueType::boolean, .definition = definition, .source = source},
          [member](const MetricDefinition& metric, const Subject& subject, const Certificate& certificate) {
            const auto& value = certificate.*member;
            return value ? measured(metric, subject, *value)
                         : undefined(metric, subject, not_decided(certificate.predicate("outer_hull").note));
          }};
}

// One of the predicates that the verdicts are made of, with what breaks it.
Row predicate(const char* id, const char* definition, const char* definition_source) {
  return {{.id = id,
           .unit = "1",
           .type = ValueType::boolean,
           .definition = definition,
           .source = definition_source},
          [](const MetricDefinition& metric, const Subject& subject, const Certificate& certificate) {
            const Predicate& found = certificate.predicate(metric.id);
            if (!found.holds) return undefined(metric, subject, not_decided(found.note));
            Measurement row = measured(metric, subject, *found.holds);
            if (*found.holds) return row;
            row.witnesses.emplace_back("count", static_cast<double>(found.count));
            if (!found.triangles.empty())
              row.witnesses.emplace_back("triangles",
                                         std::vector<double>(found.triangles.begin(), found.triangles.end()));
            for (const auto& place : found.places_mm)
              row.witnesses.emplace_back("at_mm", std::vector<double>{place[0], place[1], place[2]});
            return row;
          }};
}

Row number(const char* id, const char* unit, const char* definition,
           std::function<double(const Certificate&)> value, bool needs_hull) {
  return {{.id = id, .unit = unit, .definition = definition, .source = source},
          [value = std::move(value), needs_hull](const MetricDefinition& metric, const Subject& subject,
                                                 const Certificate& certificate) {
            if (needs_hull && !certificate.hull_decided)
              return undefined(metric, subject, not_decided(certificate.predicate("outer_hull").note));
            return measured(metric, subject, value(certificate));
          }};
}

// Of rounded corners, a sum of rounded terms: what that can do, generously.
Measurement rounded_sum(const MetricDefinition& metric, const Subject& subject,
                        const Certificate& certificate, double value) {
  if (!certificate.hull_decided)
    return undefined(metric, subject, not_decided(certificate.predicate("outer_hull").note));
  return measured_with_rounding(metric, subject, value, 1e-9 * std::abs(value));
}

const std::vector<Row>& table() {
  static const std::vector<Row> rows = {
      verdict("bounds_solid", &Certificate::bounds_solid,
              "closed, free of self-intersections and degenerate or duplicate triangles, consistently "
              "oriented, shells nested with alternating orientation: what a slicer needs"),
      verdict("printable", &Certificate::printable,
              "one part without cavities, contacts or self-intersections, whatever its orientation "
              "(Definition 3.11)"),
      verdict("printable_parts", &Certificate::printable_parts, "printable but for the number of parts"),
      verdict("strict", &Certificate::strict,
              "printable, without duplicates, consistently oriented and outward"),
      predicate("regular", "no triangle has two equal corners", "Attene 2018, Definition 3.1"),
      predicate("layer", "no triangle is there twice, in any order of its corners",
                "Attene 2018, Definition 3.1"),
      predicate("non_degenerate", "no triangle has its corners on one line", "Attene 2018, Definition 3.5"),
      predicate("closed",
                "every edge has an even number of triangles; those with the same corners count once",
                "Attene 2018, Definition 3.2"),
      predicate("polyhedron", "two triangles meet in nothing but a common corner or a common edge",
                "Attene 2018, Definitions 3.6 and 3.7"),
      predicate("outer_hull", "every triangle can be reached from infinity without passing another",
                "Attene 2018, Definition 3.8"),
      predicate("solid", "no triangle can be reached from both sides", "Attene 2018, Definition 3.9"),
      predicate("manifold_connected",
                "what the outer hull encloses hangs together through more than edges and vertices",
                "Attene 2018, Definition 3.10"),
      predicate("two_manifold",
                "every edge has exactly two triangles, those at every vertex are one closed fan, and none is "
                "there twice",
                "Attene 2018, Section 3"),
      number(
          "mesh.intersecting_triangles", "1",
          "triangles that meet another in more than a common vertex or edge, decided exactly",
          [](const Certificate& c) { return static_cast<double>(c.predicate("polyhedron").count); }, false),
      number(
          "mesh.intersecting_pairs", "1",
          "pairs of such triangles: crossing, overlapping in one plane, or touching",
          [](const Certificate& c) { return static_cast<double>(c.witnesses.pairs.size()); }, true),
      {{.id = "mesh.internal_area",
        .unit = "mm2",
        .definition = "area that cannot be reached from infinity",
        .source = "Attene 2018, Definition 3.8"},
       [](const MetricDefinition& metric, const Subject& subject, const Certificate& c) {
         return rounded_sum(metric, subject, c, c.witnesses.internal_area_mm2);
       }},
      {{.id = "mesh.sheet_area",
        .unit = "mm2",
        .definition = "area that can be reached from infinity on both sides: it bounds no solid",
        .source = "Attene 2018, Definition 3.9"},
       [](const MetricDefinition& metric, const Subject& subject, const Certificate& c) {
         return rounded_sum(metric, subject, c, c.witnesses.sheet_area_mm2);
       }},
      number(
          "mesh.parts", "1",
          "parts of the solid behind the outer hull, split where they touch along an edge or at a vertex "
          "only",
          [](const Certificate& c) { return static_cast<double>(c.witnesses.parts.size()); }, true),
      number(
          "mesh.hui_components", "1",
          "components of the solid outer hull over edges of exactly two triangles, the letter of the "
          "manifold "
          "decomposition; more than mesh.parts where one of them is open",
          [](const Certificate& c) { return static_cast<double>(c.witnesses.hui_components); }, true),
      number(
          "mesh.cavities", "1", "closed hollows that the surface leaves in the solid",
          [](const Certificate& c) { return static_cast<double>(c.witnesses.cavities.size()); }, true),
      {{.id = "size.hull_volume",
        .unit = "mm3",
        .definition = "volume behind the solid outer hull: self-intersections resolved, cavities filled",
        .source = "Attene 2018, Definition 3.9"},
       [](const MetricDefinition& metric, const Subject& subject, const Certificate& c) {
         return rounded_sum(metric, subject, c, c.witnesses.hull_volume_mm3);
       }},
  };
  return rows;
}

std::vector<Measurement> rows_of(const SurfaceOfTarget& of) {
  const auto certificate = certificate_of(of.surface);
  std::vector<Measurement> rows;
  for (const auto& row : table()) rows.push_back(row.make(row.definition, of.subject, *certificate));
  return rows;
}

std::vector<Measurement> compute(const Trial& trial, const MetricRequest& request) {
  return rows_a_surface(trial, request, {printability_family(), find_any_surface, rows_of});
}

}  // namespace

const MetricFamily& printability_family() {
  static const MetricFamily family{
      .name = "printability", .metrics = definitions_of(table()), .needs = {"surface"}, .compute = compute};
  return family;
}

}  // namespace meshassay::metrics
