// SPDX-License-Identifier: GPL-3.0-or-later
// mesh_integrity() and the second opinion as measurements.
#include <algorithm>
#include <functional>

#include "core/bridge_open3d/second_opinion.hpp"
#include "core/edge_table.hpp"
#include "metrics/meshes/mesh_components.hpp"
#include "metrics/meshes/mesh_integrity.hpp"
#include "metrics/meshes/printability.hpp"
#include "metrics/registry.hpp"
#include "metrics/surface/surface_rows.hpp"

namespace meshassay::metrics {
namespace {

// What is measured of one surface, shared by the rows.
struct Context {
  const TriangleMesh& mesh;
  MeshIntegrity integrity;
  bridge_open3d::SecondOpinion second;
  std::vector<MeshComponent> components;  // The ten largest; none where there is one only.
};

// One metric of the family: its definition and how it comes out of the context.
struct Row {
  MetricDefinition definition;
  std::function<Measurement(const MetricDefinition&, const Subject&, const Context&)> make;
};

// What `value` says of each of the largest components, where there are several.
template <typename Value>
Measurement with_components(Measurement row, const char* witness, const Context& context, Value value) {
  for (const auto& component : context.components) {
    const auto of_component = value(component);
    row.witnesses.emplace_back(witness, of_component);
  }
  return row;
}

Measurement with_places(Measurement row, const Defects& defects) {
  for (const auto& place : defects.places_mm)
    row.witnesses.emplace_back("at_mm", std::vector<double>{place[0], place[1], place[2]});
  return row;
}

Measurement two_manifold(const MetricDefinition& metric, const Subject& subject, const Context& context) {
  const MeshIntegrity& ours = context.integrity;
  // Open3D has no word on duplicates, so what is compared is edges and vertices. Where every edge has two
  // triangles, a connected star at every vertex is the same as a link of one cycle.
  const bool theirs =
      context.second.every_edge_has_two_triangles && context.second.every_vertex_star_is_connected;
  const bool comparable = ours.edges_have_two && ours.non_manifold_vertices.count == 0;
  // Of no edge at all Open3D says that each of them has two triangles.
  if (ours.edges > 0 &&
      (ours.edges_have_two != context.second.every_edge_has_two_triangles || comparable != theirs))
    return undefined(metric, subject,
                     {"second_opinion_differs", "Open3D's edge- and vertex-manifold say otherwise"});
  Measurement row = measured(metric, subject, ours.two_manifold);
  row = with_places(row, ours.boundary_edges);
  row = with_places(row, ours.non_manifold_edges);
  row = with_places(row, ours.non_manifold_vertices);
  return with_places(row, ours.duplicates);
}

Measurement consistently_oriented(const MetricDefinition& metric, const Subject& subject,
                                  const Context& context) {
  const MeshIntegrity& ours = context.integrity;
  // What is consistently oriented can be; the other way round it need not hold.
  if (ours.edges_have_two && ours.consistently_oriented && !context.second.orientable)
    return undefined(metric, subject, {"second_opinion_differs", "Open3D finds no consistent orientation"});
  return with_components(
      with_places(measured(metric, subject, ours.consistently_oriented), ours.misoriented_edges),
      "component_consistently_oriented", context,
      [](const MeshComponent& component) { return component.integrity.consistently_oriented; });
}

Measurement outward(const MetricDefinition& metric, const Subject& subject, const Context& context) {
  if (!context.integrity.closed)
    return undefined(metric, subject, {"not_closed", "an open surface has no outside"});
  if (!context.integrity.consistently_oriented)
    return undefined(metric, subject, {"not_oriented", "neighbouring triangles disagree"});
  const auto certificate = certificate_of(context.mesh);
  const Predicate& predicate = certificate->predicate("outward");
  if (!predicate.holds)
    return undefined(metric, subject,
                     {certificate->hull_decided ? "not_oriented" : "not_converged", predicate.note});
  return with_components(with_places(measured(metric, subject, *predicate.holds),
                                     {.count = predicate.count, .places_mm = predicate.places_mm}),
                         "component_volume_mm3", context, [](const MeshComponent& component) {
                           return component.signed_volume_mm3.value();  // All are closed, as the whole is.
                         });
}

Measurement orientable(const MetricDefinition& metric, const Subject& subject, const Context& context) {
  return with_components(measured(metric, subject, context.integrity.orientable), "component_orientable",
                         context,
                         [](const MeshComponent& component) { return component.integrity.orientable; });
}

// The genus, or the reason to have none.
MeasuredValue genus_or_reason(const MeshIntegrity& mesh) {
  if (mesh.genus) return static_cast<double>(*mesh.genus);
  return std::string(!mesh.closed ? "not_closed" : !mesh.two_manifold ? "not_manifold" : "not_oriented");
}

Measurement genus(const MetricDefinition& metric, const Subject& subject, const Context& context) {
  const MeasuredValue value = genus_or_reason(context.integrity);
  const auto* reason = std::get_if<std::string>(&value);
  return with_components(
      reason ? undefined(metric, subject, {*reason, ""}) : measured(metric, subject, value),
      "component_genus", context,
      [](const MeshComponent& component) { return genus_or_reason(component.integrity); });
}

auto count_of(std::size_t MeshIntegrity::*member) {
  return [member](const MetricDefinition& metric, const Subject& subject, const Context& context) {
    return measured(metric, subject, static_cast<double>(context.integrity.*member));
  };
}

auto defects_of(Defects MeshIntegrity::*member) {
  return [member](const MetricDefinition& metric, const Subject& subject, const Context& context) {
    const Defects& defects = context.integrity.*member;
    return with_places(measured(metric, subject, static_cast<double>(defects.count)), defects);
  };
}

Measurement closed(const MetricDefinition& metric, const Subject& subject, const Context& context) {
  return with_places(measured(metric, subject, context.integrity.closed), context.integrity.boundary_edges);
}

Measurement boundary_length(const MetricDefinition& metric, const Subject& subject, const Context& context) {
  return measured(metric, subject, context.integrity.boundary_length_mm);
}

Measurement euler(const MetricDefinition& metric, const Subject& subject, const Context& context) {
  return with_components(
      measured(metric, subject, static_cast<double>(context.integrity.euler_characteristic)),
      "component_euler", context, [](const MeshComponent& component) {
        return static_cast<double>(component.integrity.euler_characteristic);
      });
}

Measurement components(const MetricDefinition& metric, const Subject& subject, const Context& context) {
  return with_components(measured(metric, subject, static_cast<double>(context.integrity.components)),
                         "component_triangles", context, [](const MeshComponent& component) {
                           return static_cast<double>(component.integrity.triangles);
                         });
}

MetricDefinition predicate(const std::string& id, const std::string& definition, const std::string& source) {
  return {.id = id, .unit = "1", .type = ValueType::boolean, .definition = definition, .source = source};
}

MetricDefinition count(const std::string& id, const std::string& definition) {
  return {.id = id, .unit = "1", .definition = definition, .source = "MeshAssay"};
}

const std::vector<Row>& table() {
  static const std::vector<Row> rows = {
      {predicate("mesh.closed",
                 "Every edge belongs to an even number of triangles; those with the same corners count once.",
                 "Attene 2018, 3.2"),
       closed},
      {predicate("mesh.two_manifold",
                 "Every edge belongs to exactly two triangles, the triangles at every vertex form one closed "
                 "fan, and no triangle is there twice.",
                 "Attene 2018; second opinion: Open3D"),
       two_manifold},
      {predicate("mesh.consistently_oriented", "Triangles at a common edge run it in opposite directions.",
                 "ISO/IEC 3532-1:2023, 6.4; second opinion: Open3D"),
       consistently_oriented},
      {predicate("mesh.orientable",
                 "The triangles can be turned so that those at every edge of exactly two agree.",
                 "MeshAssay"),
       orientable},
      {predicate(
           "mesh.outward",
           "Outermost shells enclose positive volume; shells inside others alternate: a cavity's wall is "
           "turned inwards. Decided exactly; a surface that intersects itself may wind around a place more "
           "than once, not the wrong way.",
           "ISO/IEC 3532-1:2023, 6.4"),
       outward},
      {count("mesh.triangles", "Triangles as given, degenerate ones too."),
       count_of(&MeshIntegrity::triangles)},
      {count("mesh.vertices", "Vertices after those with equal coordinates are merged."),
       count_of(&MeshIntegrity::vertices)},
      {count("mesh.components", "Parts of the surface, connected over edges."), components},
      {count("mesh.boundary_edges", "Edges of one triangle; triangles with the same corners count once."),
       defects_of(&MeshIntegrity::boundary_edges)},
      {count("mesh.boundary_loops", "Independent cycles of boundary edges: edges - vertices + parts."),
       count_of(&MeshIntegrity::boundary_loops)},
      {count("mesh.boundary_arcs",
             "Open runs of boundary edges, which end on other edges: half of the corners at which an odd "
             "number "
             "of them meet."),
       count_of(&MeshIntegrity::boundary_arcs)},
      {{.id = "mesh.boundary_length",
        .unit = "mm",
        .definition = "Sum of the lengths of the boundary edges.",
        .source = "MeshAssay"},
       boundary_length},
      {count("mesh.non_manifold_edges", "Edges of three or more triangles."),
       defects_of(&MeshIntegrity::non_manifold_edges)},
      {count(
           "mesh.non_manifold_vertices",
           "Vertices whose triangles are neither one closed nor one open fan; ends of non-manifold edges are "
           "among them."),
       defects_of(&MeshIntegrity::non_manifold_vertices)},
      {count("mesh.duplicates", "Triangles with the corners of an earlier one, in any order."),
       defects_of(&MeshIntegrity::duplicates)},
      {count("mesh.degenerate", "Triangles whose corners lie on one line, decided exactly."),
       defects_of(&MeshIntegrity::degenerate)},
      {{.id = "mesh.euler",
        .unit = "1",
        .is_signed = true,
        .definition = "Euler characteristic: vertices - edges + triangles, of the whole.",
        .source = "MeshAssay"},
       euler},
      {count("mesh.genus", "Handles of a closed, oriented two-manifold, summed over its components."), genus},
  };
  return rows;
}

std::vector<Measurement> rows_of(const SurfaceOfTarget& of) {
  const TriangleMesh& mesh = of.surface;
  constexpr std::size_t named_components = 10;
  Context context{.mesh = mesh,
                  .integrity = mesh_integrity(mesh),
                  .second = bridge_open3d::second_opinion(welded_without_collapsed(mesh)),
                  .components = {}};
  if (context.integrity.components > 1) context.components = largest_components(mesh, named_components);
  std::vector<Measurement> rows;
  for (const auto& row : table()) rows.push_back(row.make(row.definition, of.subject, context));
  return rows;
}

std::vector<Measurement> compute(const Trial& trial, const MetricRequest& request) {
  return rows_a_surface(trial, request, {mesh_integrity_family(), find_surface_with_triangles, rows_of});
}

}  // namespace

const MetricFamily& mesh_integrity_family() {
  static const MetricFamily family{
      .name = "mesh_integrity", .metrics = definitions_of(table()), .needs = {"surface"}, .compute = compute};
  return family;
}

}  // namespace meshassay::metrics
