// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bridge_vtk/boundary_cases.hpp"

#include <vtkMarchingCubesTriangleCases.h>

#include <cstddef>

namespace meshassay::bridge_vtk {
namespace {

// VTK counts the corners of a hexahedron round its bottom and round its top.
constexpr std::array<unsigned, 8> corner_of_vtk = {0, 1, 3, 2, 4, 5, 7, 6};
// And the edges round the bottom, round the top, and upwards: ours, in VTK's order.
constexpr std::array<std::uint8_t, 12> edge_of_vtk = {0, 5, 1, 4, 2, 7, 3, 6, 8, 9, 10, 11};

std::array<std::vector<CaseTriangle>, 256> read_table() {
  std::array<std::vector<CaseTriangle>, 256> table;
  const auto* vtk_table = vtkMarchingCubesTriangleCases::GetCases();
  for (unsigned vtk_case = 0; vtk_case < 256; ++vtk_case) {
    // The outside is what VTK has marked (see mask_boundary.cpp).
    unsigned inside = 0;
    for (unsigned corner = 0; corner < 8; ++corner)
      if (((vtk_case >> corner) & 1U) == 0) inside |= 1U << corner_of_vtk[corner];
    for (const int* edge = vtk_table[vtk_case].edges; *edge >= 0; edge += 3)
      table[inside].push_back({edge_of_vtk[static_cast<std::size_t>(edge[0])],
                               edge_of_vtk[static_cast<std::size_t>(edge[2])],
                               edge_of_vtk[static_cast<std::size_t>(edge[1])]});
  }
  return table;
}

}  // namespace

const std::array<std::vector<CaseTriangle>, 256>& boundary_cases() {
  static const auto table = read_table();
  return table;
}

}  // namespace meshassay::bridge_vtk
