// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include "core/parameters.hpp"
#include "phantoms/phantom.hpp"

namespace meshassay::harness {

/// A mesh file as a phantom, where it stands in LPS mm, after its own certificate.
/// \throw InvalidInput where the mesh does not bound a solid, with the properties that it lacks; or where it
/// is not two-manifold, so that a point beside it need not be inside or outside.
[[nodiscard]] phantoms::Phantom phantom_of_file(const std::filesystem::path& path, const Parameters& given);

}  // namespace meshassay::harness
