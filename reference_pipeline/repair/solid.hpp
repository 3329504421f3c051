// SPDX-License-Identifier: GPL-3.0-or-later
// Steps 2, 3 and 8 of the repair (Attene 2018, Sections 4.1, 4.2 and 5.3): cut along all self-intersections,
// tell what is reached from outside, and what becomes of cavities.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/exact/arrangement.hpp"
#include "core/exact/outer_hull.hpp"
#include "reference_pipeline/repair/cavities.hpp"
#include "reference_pipeline/repair/sheets.hpp"

namespace meshassay::reference_pipeline::repair {

/// A mesh cut and sorted.
struct Sorted {
  exact::Arrangement arrangement;
  exact::OuterHull hull;
  std::vector<Cavity> cavities;  ///< Ascending by first cell; those below the least volume are left out.
  std::vector<bool> open;        ///< Of each cell: outside, or a cavity that is kept.
};

struct SortOptions {
  Cavities cavities = Cavities::fill;
  /// A void smaller than this is filled without asking: what is thinner than the thinnest wall cannot be
  /// printed.
  double least_cavity_mm3 = 0.0;
};

/// \pre `mesh` is welded. Where `suspect` is given, triangles that it marks with 0 do not intersect each
/// other.
[[nodiscard]] Sorted sort_out(const TriangleMesh& mesh, const SortOptions& options,
                              std::span<const std::uint8_t> suspect = {});

enum class Role { internal, solid, sheet };
/// As HullRole, with kept cavities among what is outside.
[[nodiscard]] Role role(const Sorted& sorted, std::size_t triangle);
/// Whether all triangles bound the solid, and are oriented out of it.
[[nodiscard]] bool are_all_solid_as_they_run(const Sorted& sorted);

/// What bounds the solid, oriented out of it, in the order of the arrangement.
struct SolidSurface {
  TriangleMesh mesh;
  std::vector<std::uint32_t> of_arrangement;  ///< Triangle of the arrangement of each.
  std::vector<bool> constructed;              ///< Of each vertex: whether it is none of the input's.
};
[[nodiscard]] SolidSurface solid_surface(const Sorted& sorted);

/// Of a triangle with area; in long double, since needles of an input lose their normal in double.
[[nodiscard]] Vector3 unit_normal(const TriangleMesh& mesh, std::size_t triangle);

/// M_sheet; `input` is what was sorted.
[[nodiscard]] SheetComplex sheet_complex(const Sorted& sorted, const TriangleMesh& input,
                                         double merge_distance_mm);

}  // namespace meshassay::reference_pipeline::repair
