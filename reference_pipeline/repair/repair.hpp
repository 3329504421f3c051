// SPDX-License-Identifier: GPL-3.0-or-later
// As-exact-as-possible repair of a mesh for printing (Attene 2018, in the eight steps of
// docs/methods/repair.md): what bounds a solid stays where it is to the last bit that the format holds;
// sheets and wires get a wall.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/progress.hpp"
#include "core/triangle_mesh.hpp"
#include "reference_pipeline/repair/cavities.hpp"

namespace meshassay::exact {
struct SortedComplex;
}

namespace meshassay::reference_pipeline::repair {

struct RepairOptions {
  double min_thickness_mm = 0.4;  ///< Wall of a sheet, diameter of a wire.
  /// Half of the wall on each side of a sheet, as the paper's text has it; else all of it on each, as its
  /// figures have it.
  enum class SheetOffset { half, full } sheet_offset = SheetOffset::half;
  Cavities cavities = Cavities::ask;
  bool is_welded = false;  ///< As meshes are that were read: two vertices are not at one place.
  Progress progress = {};
};

struct FoundCavity {
  double volume_mm3 = 0.0;
  Point3 place_mm = Point3::Zero();  ///< On its wall.
};

enum class RepairStatus {
  unchanged,  ///< The input is what a printer needs; `mesh` is it.
  repaired,
  cavities_undecided,  ///< Cavities::ask, and there are some: no mesh.
  failed,              ///< No mesh; `reason` says why.
};

/// What was done, in numbers.
struct RepairCounts {
  std::size_t input_triangles = 0;
  std::size_t duplicates = 0;    ///< Equivalent triangles and coplanar overlaps, after cutting.
  std::size_t without_area = 0;  ///< Degenerate input triangles, as segments; points among them.
  std::size_t points = 0;
  std::size_t cut_triangles = 0;  ///< Triangles of the arrangement.
  std::size_t internal_triangles = 0;
  std::size_t sheet_triangles = 0;
  double sheet_area_mm2 = 0.0;
  std::size_t wires = 0;
  double wire_length_mm = 0.0;
  std::size_t passages = 0;  ///< Spaces with surface of the solid that walls shut off, and that were opened.
  std::size_t turned_triangles = 0;  ///< Of the solid, against their orientation in the input.
  std::size_t constructed_vertices = 0;
  int rounding_rounds = 0;
  double merge_distance_mm = 0.0;  ///< Below which rounding had to merge vertices; 0: not at all.
  double perturbation_mm = 0.0;    ///< By how much rounding had to grow components apart, at least; 0: not.
  std::size_t output_triangles = 0;
  std::uint32_t parts = 0;
};

struct RepairResult {
  RepairStatus status = RepairStatus::failed;
  std::string reason;
  TriangleMesh mesh;  ///< Coordinates are float32, outward, closed, without intersections.
  /// Of each triangle of `mesh`; a part is closed and oriented by itself. Numbered by first triangle.
  std::vector<std::uint32_t> part;
  std::vector<FoundCavity> cavities;  ///< Of the input, larger than a cube of the least thickness.
  /// The input as it was cut and sorted, for who scores the result; null where walls were added to it.
  std::shared_ptr<const exact::SortedComplex> input;
  RepairCounts counts;
};

/// \throw InvalidInput for a mesh without triangles, a coordinate that float32 cannot hold, or a thickness
/// that is not positive.
[[nodiscard]] RepairResult repair(const TriangleMesh& input, const RepairOptions& options);

/// One part of a result as a mesh.
[[nodiscard]] TriangleMesh part_of(const RepairResult& result, std::uint32_t part);

}  // namespace meshassay::reference_pipeline::repair
