// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/reason.hpp"

#include <stdexcept>

namespace meshassay {
namespace {

constexpr ReasonDefinition catalogue[] = {
    {"missing", ReasonOwner::submission, "the system offers it and did not return it"},
    {"unreadable", ReasonOwner::submission, "what the system returned cannot be read"},
    {"test_empty", ReasonOwner::submission, "the measured mask or surface is empty and the reference is not"},
    {"reference_empty", ReasonOwner::submission,
     "the measured mask or surface holds something where the reference is empty"},
    {"not_closed", ReasonOwner::submission, "the surface is not closed"},
    {"not_oriented", ReasonOwner::submission, "the triangles of the surface are not consistently oriented"},
    {"not_manifold", ReasonOwner::submission, "the surface is not a two-manifold"},
    {"feature_missing", ReasonOwner::submission,
     "no surface, or too little of it, where the feature should be"},
    {"both_empty", ReasonOwner::case_or_ruler, "both masks or surfaces are empty"},
    {"no_reference", ReasonOwner::case_or_ruler, "the case holds no reference of this kind"},
    {"reference_not_closed", ReasonOwner::case_or_ruler,
     "the reference surface is not closed and consistently oriented, so that it has no inside"},
    {"different_grids", ReasonOwner::case_or_ruler,
     "the two masks lie on different grids, and the convention compares voxel by voxel"},
    {"not_converged", ReasonOwner::case_or_ruler, "the measurement did not reach its stated error"},
    {"rank_deficient", ReasonOwner::case_or_ruler, "the shape does not determine the quantity"},
    {"second_opinion_differs", ReasonOwner::case_or_ruler, "two independent implementations disagree"},
    {"not_offered", ReasonOwner::not_offered, "the system does not offer it"},
    {"unsupported", ReasonOwner::not_offered, "the system said that it does not support this case"},
};

}  // namespace

std::span<const ReasonDefinition> reason_catalogue() { return catalogue; }

const ReasonDefinition& find_reason(std::string_view id) {
  for (const auto& reason : catalogue)
    if (reason.id == id) return reason;
  throw std::logic_error("no such reason: " + std::string(id));
}

}  // namespace meshassay
