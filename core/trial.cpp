// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trial.hpp"

#include <algorithm>

namespace meshassay {
namespace {

const Stage* find_stage(const Submission& submission, const std::string& name) {
  const auto found = std::find_if(submission.stages.begin(), submission.stages.end(),
                                  [&](const Stage& stage) { return stage.name == name; });
  return found == submission.stages.end() ? nullptr : &*found;
}

std::string surface_stage_name(const std::string& asked) { return asked.empty() ? "exported" : asked; }

// Why something that is not there is not there: not promised, or promised and owed.
Undefined absence(const Submission& submission, const std::string& offer, const std::string& stage) {
  if (submission.status == CaseStatus::unsupported) return {"unsupported", submission.status_detail};
  if (!submission.offers.contains(offer)) return {"not_offered", offer};
  return {"missing", submission.status_detail.empty() ? "stage " + stage : submission.status_detail};
}

}  // namespace

std::variant<const LabelMap*, Undefined> find_mask(const Submission& submission, const std::string& stage) {
  const auto candidates =
      stage.empty() ? std::vector<std::string>{"mask_edited", "segmented"} : std::vector<std::string>{stage};
  for (const auto& name : candidates) {
    const Stage* found = find_stage(submission, name);
    if (found && found->problem) return *found->problem;
    if (found && found->mask) return &*found->mask;
  }
  return absence(submission, stage.empty() || stage == "segmented" ? "mask" : "stages", candidates.back());
}

std::variant<const TriangleMesh*, Undefined> find_surface(const Submission& submission,
                                                          const std::string& stage, std::uint16_t label) {
  const std::string name = surface_stage_name(stage);
  const Stage* found = find_stage(submission, name);
  if (found && found->problem) return *found->problem;
  if (found && found->surfaces.contains(label)) return &found->surfaces.at(label);
  return absence(submission, name == "exported" ? "surface" : "stages", name);
}

const DerivedRun* find_derived_run(const Trial& trial, std::string_view plan, std::string_view name) {
  const auto found =
      std::find_if(trial.derived_runs.begin(), trial.derived_runs.end(),
                   [&](const DerivedRun& run) { return run.plan == plan && run.name == name; });
  return found == trial.derived_runs.end() ? nullptr : &*found;
}

std::variant<std::uint64_t, Undefined> find_surface_file_bytes(const Submission& submission,
                                                               const std::string& stage,
                                                               std::uint16_t label) {
  const auto surface = find_surface(submission, stage, label);
  if (const auto* why = std::get_if<Undefined>(&surface)) return *why;
  const auto& sizes = find_stage(submission, surface_stage_name(stage))->surface_file_bytes;
  const auto found = sizes.find(label);
  if (found == sizes.end()) return Undefined{"not_offered", "the surface was in no file"};
  return found->second;
}

}  // namespace meshassay
