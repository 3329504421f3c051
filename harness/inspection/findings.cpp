// SPDX-License-Identifier: GPL-3.0-or-later
#include "harness/inspection/findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "harness/inspection/witness_lines.hpp"

namespace meshassay::harness {
namespace {

using metrics::Certificate;
using metrics::Predicate;

struct Words {
  std::string_view name;
  const char *meaning, *mend;
};

constexpr std::array property_words = {
    Words{"regular", "no triangle has two equal corners", "remove these triangles ('meshassay repair' does)"},
    Words{"layer", "no triangle is there twice, in any order of its corners",
          "remove one of each two ('meshassay repair' does)"},
    Words{"non_degenerate", "no triangle has its corners on one line",
          "remove triangles without area; where that leaves a gap, 'meshassay repair' closes it exactly"},
    Words{"closed", "every edge has an even number of triangles",
          "fill the holes in the program that made the mesh, where the missing shape is known; 'meshassay "
          "repair' "
          "keeps open surfaces and gives them a wall (--min-thickness)"},
    Words{"polyhedron", "triangles meet in common corners and edges only: no self-intersection, no overlap",
          "unite the parts that cross: 'meshassay repair' does it without moving anything"},
    Words{
        "outer_hull", "every triangle is seen from outside",
        "remove what lies hidden within; where it is a cavity that is meant, keep it: it bounds a solid, but "
        "no "
        "printable one in the sense of Attene 2018 ('meshassay repair --keep-cavities' or --fill-cavities)"},
    Words{"solid", "no triangle is seen from both sides: nothing has zero thickness",
          "give sheets a wall: 'meshassay repair --min-thickness MM'"},
    Words{"manifold_connected", "the solid is one part, joined by more than an edge or a corner",
          "join the parts by material, or print them as parts: 'meshassay repair --parts DIR'"},
    Words{"two_manifold", "every edge has two triangles, the triangles at every corner are one fan",
          "where solids touch along an edge or at a corner, separate or join them; fill holes"},
    Words{"consistently_oriented", "neighbouring triangles run the same way round",
          "unify the normals ('meshassay repair' does)"},
    Words{"outward", "the outermost shells face outwards, shells within others alternate",
          "flip the shells that are inside out ('meshassay repair' does)"}};

constexpr std::array verdict_words = {
    Words{"bounds_solid", "a slicer knows inside from outside; cavities and several parts are allowed", ""},
    Words{"printable",
          "one solid part without cavity or contact, whatever the orientation (Attene 2018, 3.11)", ""},
    Words{"printable_parts", "printable, but for the number of parts", ""},
    Words{"two_manifold", "for programs that take two-manifolds only", ""},
    Words{"strict", "printable, no triangle twice, consistently oriented and outward", ""}};

template <typename List>
const Words& words_of(const List& list, std::string_view name) {
  static constexpr Words unknown{"", "", ""};
  const auto found =
      std::find_if(list.begin(), list.end(), [&](const Words& each) { return each.name == name; });
  return found == list.end() ? unknown : *found;
}

std::vector<std::string> witnesses_of(const Certificate& certificate, const Predicate& predicate) {
  std::vector<std::string> lines;
  if (!predicate.note.empty()) lines.push_back(predicate.note);
  if (predicate.holds.value_or(true)) return lines;
  const auto all = witness_lines(certificate, predicate.name);
  if (!all.empty()) {
    lines.insert(lines.end(), all.begin(), all.end());
    return lines;
  }
  if (!predicate.triangles.empty())
    lines.push_back(
        fmt::format("triangles {}{}", fmt::join(predicate.triangles, " "),
                    predicate.count > predicate.triangles.size()
                        ? fmt::format(" and {} more", predicate.count - predicate.triangles.size())
                        : ""));
  constexpr std::size_t shown = 3;
  for (std::size_t i = 0; i < std::min(predicate.places_mm.size(), shown); ++i)
    lines.push_back(fmt::format("at ({:.6g}, {:.6g}, {:.6g}) mm", predicate.places_mm[i][0],
                                predicate.places_mm[i][1], predicate.places_mm[i][2]));
  if (predicate.triangles.empty() && predicate.count > shown)
    lines.push_back(fmt::format("{} in all", predicate.count));
  return lines;
}

// What to do, where other properties say more of why one does not hold.
std::string mend_of(const Certificate& certificate, const Predicate& predicate) {
  if (predicate.holds.value_or(true)) return "";
  const auto is = [&](std::string_view name, bool answer) {
    return certificate.predicate(name).holds == answer;
  };
  if (predicate.name == "closed" && is("solid", true))
    return "what is open lies hidden, or only lacks corners where triangles meet (T-junctions): 'meshassay "
           "repair' closes it without moving anything";
  if (predicate.name == "outer_hull" && is("polyhedron", false) && certificate.witnesses.cavities.empty())
    return "unite the parts that cross, and remove what that hides: 'meshassay repair' does both";
  if (predicate.name == "manifold_connected" && certificate.witnesses.parts.empty())
    return "nothing is solid yet: close the surface, or give it a wall ('meshassay repair --min-thickness "
           "MM')";
  return words_of(property_words, predicate.name).mend;
}

}  // namespace

const char* answer_word(const std::optional<bool>& holds) {
  return !holds ? "not decided" : *holds ? "yes" : "no";
}

std::vector<Finding> findings_of(const Certificate& certificate) {
  std::vector<Finding> findings;
  for (const auto& predicate : certificate.predicates) {
    const auto& words = words_of(property_words, predicate.name);
    findings.push_back({.name = std::string(predicate.name),
                        .holds = predicate.holds,
                        .meaning = words.meaning,
                        .witnesses = witnesses_of(certificate, predicate),
                        .mend = mend_of(certificate, predicate)});
  }
  return findings;
}

std::vector<Finding> verdicts_of(const Certificate& certificate) {
  std::vector<Finding> findings;
  for (const char* name : {"bounds_solid", "printable", "strict", "printable_parts", "two_manifold"})
    for (const auto& each : metrics::certificate_verdicts)
      if (each.name == std::string_view(name))
        findings.push_back({.name = name,
                            .holds = certificate.*(each.verdict),
                            .meaning = words_of(verdict_words, name).meaning});
  return findings;
}

}  // namespace meshassay::harness
