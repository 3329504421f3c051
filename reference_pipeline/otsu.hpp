// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

namespace meshassay::reference_pipeline {

/// Otsu's threshold of finite values, from a histogram of `bins` equal bins between the least and the
/// greatest. \pre There are at least two different values.
[[nodiscard]] double otsu_threshold(const std::vector<float>& values, unsigned bins);

}  // namespace meshassay::reference_pipeline
