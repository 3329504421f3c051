// SPDX-License-Identifier: GPL-3.0-or-later
// A case with its truth, its scan and what came back: all that a metric sees.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/grid.hpp"
#include "core/submission.hpp"
#include "core/truth.hpp"

namespace meshassay {

/// A run of the system beside the case's own, on what one of its steps should have been given.
struct DerivedRun {
  std::string plan;  ///< What asks for it: "budget".
  std::string name;  ///< Within the plan: "reconstruction".
  std::string task;  ///< What the system was asked to do: "surface".
  Submission submission;
  /// The surfaces that it was given, with their distance to the exact ones; empty where its task is given
  /// none.
  std::vector<TargetTruth> given;
};

struct Trial {
  std::string case_id;
  Truth truth;
  std::optional<TriangleMesh> input_mesh;  ///< What the system was given, where its task takes a mesh.
  std::optional<Grid> scan_grid;  ///< Gives `in_plane`, `slice` and the slice axis. Absent for single files.
  std::vector<Submission> submissions;  ///< One a repeat; metrics of one run look at the first.
  std::vector<DerivedRun> derived_runs;
};

/// The mask of a stage; an empty stage name asks for the final mask.
/// Undefined: not_offered, missing, unreadable, unsupported.
[[nodiscard]] std::variant<const LabelMap*, Undefined> find_mask(const Submission& submission,
                                                                 const std::string& stage);
/// The surface of a label at a stage; an empty stage name asks for `exported`. Undefined as above.
[[nodiscard]] std::variant<const TriangleMesh*, Undefined> find_surface(const Submission& submission,
                                                                        const std::string& stage,
                                                                        std::uint16_t label);
/// Null where no such run was made.
[[nodiscard]] const DerivedRun* find_derived_run(const Trial& trial, std::string_view plan,
                                                 std::string_view name);

/// Size in bytes of the file that find_surface() has its surface from. Undefined as above, and `not_offered`
/// where the surface was in no file.
[[nodiscard]] std::variant<std::uint64_t, Undefined> find_surface_file_bytes(const Submission& submission,
                                                                             const std::string& stage,
                                                                             std::uint16_t label);

}  // namespace meshassay
