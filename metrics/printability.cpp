// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/printability.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <stdexcept>

#include "core/exact/self_intersection.hpp"
#include "metrics/measurement_rows.hpp"
#include "metrics/mesh_integrity.hpp"

namespace meshassay::metrics {
namespace {

constexpr std::size_t max_witnesses = 10;
constexpr std::size_t max_intersecting_pairs = 100'000;

Predicate by_triangles(std::string_view name, const std::vector<std::uint32_t>& triangles) {
  Predicate predicate{.name = name, .holds = triangles.empty(), .count = triangles.size()};
  predicate.triangles.assign(triangles.begin(), triangles.begin() + static_cast<std::ptrdiff_t>(std::min(
                                                                        triangles.size(), max_witnesses)));
  return predicate;
}

Predicate by_places(std::string_view name, bool holds, const Defects& defects) {
  return {.name = name, .holds = holds, .count = defects.count, .places_mm = defects.places_mm};
}

Predicate not_decided(std::string_view name, std::string note) {
  return {.name = name, .note = std::move(note)};
}

Predicate regular(const TriangleMesh& mesh) {
  std::vector<std::uint32_t> irregular;
  for (std::uint32_t t = 0; t < mesh.triangles.size(); ++t) {
    const auto& [a, b, c] = mesh.triangles[t];
    if (a == b || b == c || c == a) irregular.push_back(t);
  }
  return by_triangles("regular", irregular);
}

Predicate polyhedron(const TriangleMesh& mesh) {
  const auto found = exact::self_intersections(mesh, max_intersecting_pairs);
  std::set<std::uint32_t> triangles;
  for (const auto& [first, second] : found.pairs) triangles.insert({first, second});
  auto predicate = by_triangles("polyhedron", {triangles.begin(), triangles.end()});
  if (!found.pairs.empty())
    predicate.note =
        fmt::format("{}{} intersecting pairs", found.complete ? "" : "more than ", found.pairs.size());
  return predicate;
}

Predicate two_manifold(const MeshIntegrity& integrity) {
  Defects defects = integrity.non_manifold_edges;
  for (const auto* more :
       {&integrity.non_manifold_vertices, &integrity.boundary_edges, &integrity.duplicates}) {
    defects.count += more->count;
    defects.places_mm.insert(defects.places_mm.end(), more->places_mm.begin(), more->places_mm.end());
  }
  defects.places_mm.resize(std::min(defects.places_mm.size(), max_witnesses));
  return by_places("two_manifold", integrity.two_manifold, defects);
}

// Shells alternate from the outermost inwards.
Predicate outward(const std::vector<Shell>& all) {
  Defects wrong;
  for (const auto& shell : all) {
    if (shell.rightly_oriented()) continue;
    ++wrong.count;
    if (wrong.places_mm.size() < max_witnesses) wrong.places_mm.push_back(shell.place_mm);
  }
  return by_places("outward", wrong.count == 0, wrong);
}

std::optional<bool> all_of(const std::vector<std::optional<bool>>& parts) {
  bool decided = true;
  for (const auto& part : parts) {
    if (part && !*part) return false;
    decided = decided && part.has_value();
  }
  return decided ? std::optional(true) : std::nullopt;
}

}  // namespace

const Predicate& Certificate::predicate(std::string_view name) const {
  const auto found = std::find_if(predicates.begin(), predicates.end(),
                                  [&](const Predicate& each) { return each.name == name; });
  if (found == predicates.end()) throw std::logic_error("no such predicate: " + std::string(name));
  return *found;
}

Certificate certify(const TriangleMesh& given) {
  const auto mesh = welded(given);
  const auto integrity = mesh_integrity(mesh);
  const bool has_triangles = !mesh.triangles.empty();
  const bool oriented_surface = has_triangles && integrity.closed && integrity.consistently_oriented;
  const auto all_shells = oriented_surface ? shells(mesh) : std::vector<Shell>{};

  Certificate certificate;
  auto& predicates = certificate.predicates;
  predicates.push_back(regular(mesh));
  predicates.push_back(by_places("layer", integrity.duplicates.count == 0, integrity.duplicates));
  predicates.push_back(by_triangles("non_degenerate", exact::degenerate_triangles(mesh)));
  predicates.push_back(by_places("closed", has_triangles && integrity.closed, integrity.boundary_edges));
  predicates.push_back(polyhedron(mesh));
  predicates.push_back(two_manifold(integrity));
  predicates.push_back(
      by_places("consistently_oriented", integrity.consistently_oriented, integrity.misoriented_edges));
  predicates.push_back(
      oriented_surface
          ? outward(all_shells)
          : not_decided("outward", "only a closed, consistently oriented surface has an outside"));

  const auto holds = [&](std::string_view name) { return certificate.predicate(name).holds; };
  certificate.two_manifold = has_triangles && integrity.two_manifold;
  certificate.bounds_solid =
      all_of({has_triangles, holds("regular"), holds("layer"), holds("non_degenerate"), holds("closed"),
              holds("polyhedron"), holds("consistently_oriented"), holds("outward")});

  // The outer hull of a two-manifold polyhedron is all of it where no shell lies in another; what is not
  // two-manifold needs the radial order at its singular edges. Orientation plays no part (3.11), so a surface
  // that cannot be oriented consistently is not decided either.
  std::optional<bool> no_cavity, one_part;
  if (oriented_surface && integrity.two_manifold) {
    no_cavity = std::all_of(all_shells.begin(), all_shells.end(),
                            [](const Shell& shell) { return shell.depth == 0; });
    one_part = all_shells.size() == 1;
  }
  const std::vector<std::optional<bool>> complex = {has_triangles,           holds("regular"),
                                                    holds("non_degenerate"), holds("closed"),
                                                    holds("polyhedron"),     no_cavity};
  certificate.printable_parts = all_of(complex);
  certificate.printable = all_of({certificate.printable_parts, one_part});
  certificate.strict =
      all_of({certificate.printable, holds("layer"), holds("consistently_oriented"), holds("outward")});
  if (!certificate.printable_parts || !certificate.printable)
    certificate.undecided =
        integrity.two_manifold
            ? "the triangles are not consistently oriented: which shell lies in which is not decided yet"
            : "the surface touches itself: the order of triangles about the weak edges is not decided yet";
  return certificate;
}

namespace {

constexpr const char* source = "Attene 2018, Section 3";

std::vector<Measurement> compute(const Trial& trial, const MetricRequest& request) {
  std::vector<Measurement> measurements;
  const auto& family = printability_family();
  for (const auto& target : trial.truth.targets) {
    const Subject subject{surface_stage(request), target_name(trial, target)};
    const auto found = find_surface(trial.submissions.front(), request.stage, target.label);
    if (const auto* why = std::get_if<Undefined>(&found)) {
      const auto rows = all_undefined(family, subject, *why);
      measurements.insert(measurements.end(), rows.begin(), rows.end());
      continue;
    }
    const auto certificate = certify(*std::get<const TriangleMesh*>(found));
    for (const auto& metric : family.metrics) {
      const auto named = std::find_if(std::begin(certificate_verdicts), std::end(certificate_verdicts),
                                      [&](const NamedVerdict& each) { return each.name == metric.id; });
      if (named == std::end(certificate_verdicts)) continue;
      const auto& verdict = certificate.*(named->verdict);
      measurements.push_back(verdict ? measured(metric, subject, *verdict)
                                     : undefined(metric, subject, {"not_converged", certificate.undecided}));
    }
    measurements.push_back(measured(family.metrics.back(), subject,
                                    static_cast<double>(certificate.predicate("polyhedron").count)));
  }
  return measurements;
}

}  // namespace

const MetricFamily& printability_family() {
  static const MetricFamily family = [] {
    const auto verdict = [](const char* id, const char* definition) {
      return MetricDefinition{
          .id = id, .unit = "1", .type = ValueType::boolean, .definition = definition, .source = source};
    };
    MetricFamily f{.name = "printability", .needs = {"surface"}, .compute = compute};
    f.metrics = {
        verdict("bounds_solid",
                "closed, free of self-intersections and degenerate or duplicate triangles, consistently "
                "oriented, shells nested "
                "with alternating orientation: what a slicer needs"),
        verdict("printable",
                "one part without cavities, contacts or self-intersections, whatever its orientation "
                "(Definition 3.11)"),
        verdict("printable_parts", "printable but for the number of parts"),
        verdict("strict", "printable, without duplicates, consistently oriented and outward"),
        {.id = "mesh.intersecting_triangles",
         .unit = "1",
         .definition = "triangles that meet another in more than a common vertex or edge, decided exactly",
         .source = source},
    };
    return f;
  }();
  return family;
}

}  // namespace meshassay::metrics
