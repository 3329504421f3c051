// SPDX-License-Identifier: GPL-3.0-or-later
// How long our work takes against a named peer, or against what the machine does at best, on the same input
// in the same run.
#include <CGAL/Box_intersection_d/Box_with_info_d.h>
#include <CGAL/box_intersection_d.h>
#include <fmt/format.h>
#include <tbb/global_control.h>

#include <string>
#include <vector>

#include "core/exact/self_intersection.hpp"
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

TriangleMesh sphere_mesh(double chordal_error_mm) {
  const auto phantom =
      phantoms::make_phantom(phantoms::find_phantom("sphere", "benchmark"), {{"radius_mm", 10.0}},
                             "benchmark", {.chordal_error_mm = chordal_error_mm});
  return *phantom.targets[0].truth.surface;
}

void clean_surface() {
  const auto mesh = sphere_mesh(0.0001);
  const auto name = fmt::format("self-intersections of a clean sphere, {} triangles", mesh.triangles.size());
  using Box = CGAL::Box_intersection_d::Box_with_info_d<double, 3, std::uint32_t>;
  std::vector<Box> boxes;
  for (std::uint32_t t = 0; t < mesh.triangles.size(); ++t) {
    Box3 box;
    for (int i = 0; i < 3; ++i) box.add(mesh.corner(t, i));
    boxes.emplace_back(CGAL::Bbox_3(box.min_mm[0], box.min_mm[1], box.min_mm[2], box.max_mm[0], box.max_mm[1],
                                    box.max_mm[2]),
                       t);
  }
  compare({name, [&] { sink = static_cast<double>(exact::self_intersections(mesh).pairs.size()); }},
          {"CGAL box_self_intersection_d alone (no predicate)", [&] {
             auto copy = boxes;
             std::size_t pairs = 0;
             CGAL::box_self_intersection_d(copy.begin(), copy.end(),
                                           [&](const Box&, const Box&) { ++pairs; });
             sink = static_cast<double>(pairs);
           }});
}

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
  meshassay::clean_surface();
  meshassay::masks();
  meshassay::scan_threads();
}
