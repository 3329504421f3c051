// SPDX-License-Identifier: GPL-3.0-or-later
#include "harness/inspection/witness_lines.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace meshassay::harness {
namespace {

using metrics::Certificate;
using metrics::TriangleShare;
using metrics::Witnesses;

constexpr std::size_t most_lines = 5, most_ids = 12;

std::string place(const Point3& point) {
  return fmt::format("({:.6g}, {:.6g}, {:.6g}) mm", point[0], point[1], point[2]);
}

std::string ids(const std::vector<std::uint32_t>& triangles) {
  const std::size_t shown = std::min(triangles.size(), most_ids);
  std::string text = "triangles";
  for (std::size_t i = 0; i < shown; ++i) text += fmt::format(" {}", triangles[i]);
  if (triangles.size() > shown) text += fmt::format(" and {} more", triangles.size() - shown);
  return text;
}

// The first items as lines, the rest counted.
template <typename Item, typename Line>
void add_lines(std::vector<std::string>& lines, const std::vector<Item>& items, const Line& line) {
  for (std::size_t i = 0; i < std::min(items.size(), most_lines); ++i) lines.push_back(line(items[i]));
  if (items.size() > most_lines) lines.push_back(fmt::format("and {} more", items.size() - most_lines));
}

const char* word(exact::IntersectionKind kind) {
  switch (kind) {
    case exact::IntersectionKind::none: return "none";
    case exact::IntersectionKind::touching: return "touch";
    case exact::IntersectionKind::crossing: return "cross";
    case exact::IntersectionKind::coplanar_overlap: return "overlap in a plane";
  }
  return "";
}

void add_shares(std::vector<std::string>& lines, const std::vector<TriangleShare>& shares) {
  if (shares.empty()) return;
  std::vector<std::uint32_t> triangles;
  for (const auto& share : shares) triangles.push_back(share.triangle);
  lines.push_back(ids(triangles));
}

}  // namespace

std::vector<std::string> witness_lines(const Certificate& certificate, std::string_view name) {
  const Witnesses& found = certificate.witnesses;
  std::vector<std::string> lines;
  if (name == "regular" && !found.irregular.empty()) lines.push_back(ids(found.irregular));
  if (name == "non_degenerate" && !found.degenerate.empty()) lines.push_back(ids(found.degenerate));
  if (name == "layer")
    add_lines(lines, found.equivalent, [](const exact::Equivalent& each) {
      return fmt::format("triangle {} is triangle {} again{}", each.triangle, each.first,
                         each.same_orientation ? "" : ", the other way round");
    });
  if (name == "closed")
    add_lines(lines, found.boundary, [](const metrics::BoundaryCurve& each) {
      return fmt::format("{} of {} edges, {:.6g} mm, from {}", each.closed ? "loop" : "open arc",
                         each.closed ? each.corners_mm.size() : each.corners_mm.size() - 1, each.length_mm,
                         place(each.corners_mm.front()));
    });
  if (name == "polyhedron")
    add_lines(lines, found.pairs, [](const metrics::IntersectingPair& each) {
      return fmt::format("triangles {} and {} {}", each.first, each.second, word(each.kind));
    });
  if (name == "outer_hull") {
    add_shares(lines, found.internal);
    add_lines(lines, found.cavities, [](const metrics::EnclosedSpace& each) {
      return fmt::format("cavity of {:.6g} mm3 at {}", each.volume_mm3, place(each.place_mm));
    });
  }
  if (name == "solid") add_shares(lines, found.sheet);
  if (name == "manifold_connected") {
    add_lines(lines, found.parts, [](const metrics::EnclosedSpace& each) {
      return fmt::format("part of {:.6g} mm3 at {}", each.volume_mm3, place(each.place_mm));
    });
    add_lines(lines, found.weak_edges, [](const metrics::Segment& each) {
      return fmt::format("joined by an edge only: {} to {}", place(each.from_mm), place(each.to_mm));
    });
    add_lines(lines, found.weak_vertices_mm,
              [](const Point3& each) { return "joined by a corner only: " + place(each); });
  }
  return lines;
}

}  // namespace meshassay::harness
