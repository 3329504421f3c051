// SPDX-License-Identifier: GPL-3.0-or-later
// How long our work takes against a named peer, or against what the machine does at best, on the same input
// in the same run.
#include <fmt/format.h>
#include <tbb/global_control.h>

#include <string>
#include <vector>

#include "core/label_map.hpp"
#include "metrics/masks/overlap.hpp"
#include "phantoms/phantom.hpp"
#include "phantoms/scan/scan.hpp"
#include "tests/benchmark/contest.hpp"

namespace meshassay {
namespace {

using benchmark::compare;

// Its result is looked at, so that no work is left out.
volatile double sink;

void masks() {
  Grid grid;
  grid.size = {256, 256, 256};
  LabelMap test(grid), reference(grid);
  for (int k = 0; k < 256; ++k)
    for (int j = 0; j < 256; ++j)
      for (int i = 0; i < 256; ++i) {
        const double r = (Vector3(i, j, k) - Vector3::Constant(128)).norm();
        test.at(i, j, k) = r < 100 ? 1 : 0;
        reference.at(i, j, k) = r < 102 ? 1 : 0;
      }
  compare({"overlap of two masks of 256^3", [&] { sink = metrics::overlap(test, reference).volumes.dice(); }},
          {"one plain pass over both", [&] {
             std::uint64_t common = 0;
             for (std::size_t v = 0; v < test.values.size(); ++v)
               common += test.values[v] & reference.values[v];
             sink = static_cast<double>(common);
           }});
}

void scan_threads() {
  const auto phantom = phantoms::make_phantom(phantoms::find_phantom("sphere", "benchmark"),
                                              {{"radius_mm", 20.0}}, "benchmark");
  const auto scan = [&](std::size_t threads) {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
    const auto parameters = resolve_parameters(
        phantoms::scan_parameters(), {{"spacing_mm", std::vector<double>{0.4, 0.4, 0.4}}}, "benchmark");
    sink = phantoms::scan(phantom, {.parameters = parameters}).hu.values[0];
  };
  compare({"scan of a sphere of 20 mm at 0.4 mm, two threads", [&] { scan(2); }},
          {"the same, one thread", [&] { scan(1); }});
}

}  // namespace
}  // namespace meshassay

int main() {
  meshassay::masks();
  meshassay::scan_threads();
}
