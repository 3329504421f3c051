// SPDX-License-Identifier: GPL-3.0-or-later
// Where the rungs of a ladder of sizes stand: one after the other, or several of each size at places that are
// spread over a voxel, so that what is detected does not hang on luck.
#pragma once

#include <string>
#include <vector>

#include "core/parameters.hpp"

namespace meshassay::phantoms {

struct Rung {
  std::string name;  ///< "rod_1.5"; the second of a size "rod_1.5_b".
  double size_mm = 0.0, begin_mm = 0.0;

  [[nodiscard]] double end_mm() const { return begin_mm + size_mm; }
  [[nodiscard]] double middle_mm() const { return begin_mm + 0.5 * size_mm; }
};

/// What a ladder keeps free, in mm: before the first rung and after the last, and between two, at least.
struct LadderSpaces {
  double ends_mm = 0.0, between_mm = 0.0;
};

struct Ladder {
  std::vector<Rung> rungs;
  double run_mm = 0.0;  ///< From 0 to the end.

  [[nodiscard]] double all_sizes_mm() const;
  [[nodiscard]] double largest_mm() const;
};

/// 5 to 0.1 mm: what a ladder has unless others are asked for.
[[nodiscard]] std::vector<double> ladder_sizes_mm();

/// `copies` and `voxel_mm`, for the parameters of a ladder.
[[nodiscard]] std::vector<ParameterDefinition> with_copies(std::vector<ParameterDefinition> of_ladder);

/// Rungs of the sizes in the list `sizes`, each `copies` times: copy c begins at a whole number of voxels and
/// c / copies of one. \throw InvalidInput where the list is empty or has more than 20 sizes.
[[nodiscard]] Ladder ladder(const Parameters& resolved, const std::string& sizes, const std::string& prefix,
                            const LadderSpaces& spaces);

}  // namespace meshassay::phantoms
