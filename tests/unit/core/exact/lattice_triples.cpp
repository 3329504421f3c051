// SPDX-License-Identifier: GPL-3.0-or-later
// The second opinion on all soups of three triangles on a lattice of 3 x 3 x 3 points, one of each class that
// the 48 symmetries of the cube and the order of triangles and of corners make one; each in a form that its
// number draws. In shards, each of which takes every N-th class, so that a part of them is a sample of all:
//   lattice_triples K/N         (K from 1 to N)
//   lattice_triples K-L/N       (one after the other)
//   lattice_triples --tied ...  (only those with at least two intersecting pairs)
// In the others one triangle has at most a common face with each of the other two. Then it is in no pair, has
// no mark, is in no unit and no edge of it gets a point, as that would be in a pair with it: it stays as it
// is and the two others are cut as if it were not there. All pairs are looked at by the unit test. This does
// not hold of three that make a cycle about a vertex, which the search looks at as a whole: they need the run
// of all. Prints a line for each fault, and one for each shard that ends; status 1 where there is a fault.
#include <fmt/format.h>
#include <tbb/global_control.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <optional>
#include <string_view>
#include <vector>

#include "tests/unit/core/exact/lattice.hpp"

namespace {

using namespace meshassay::exact;

// `tied`: where given, only soups with at least two pairs.
std::uint64_t faults_of_shard(const Lattice& lattice, const IntersectingPairs* tied, std::uint64_t shard,
                              std::uint64_t shards) {
  const std::clock_t start = std::clock();
  std::uint64_t classes = 0, next = shard - 1, looked_at = 0, faults = 0;
  std::array<std::uint64_t, 4> with_pairs{};
  lattice.for_each_triple([&](const std::array<int, 3>& chosen) {
    const std::uint64_t number = classes++;
    if (number != next) return;
    next += shards;
    if (tied != nullptr && tied->among(chosen) < 2) return;
    ++looked_at;
    const auto corners = lattice.form({chosen.begin(), chosen.end()}, number);
    const auto verdict = verdict_of_soup(Lattice::soup(corners));
    ++with_pairs[verdict.intersecting_pairs];
    if (verdict.fault.empty()) return;
    ++faults;
    fmt::print("class {}: {}:", number, verdict.fault);
    for (const auto& t : corners) fmt::print(" ({}, {}, {})", t[0], t[1], t[2]);
    fmt::print("\n");
  });
  fmt::print(
      "shard {} of {}: {} of {} classes, {} faults; with 0, 1, 2, 3 intersecting pairs: {}, {}, {}, {}; "
      "{:.1f} s\n",
      shard, shards, looked_at, classes, faults, with_pairs[0], with_pairs[1], with_pairs[2], with_pairs[3],
      static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
  std::fflush(stdout);
  return faults;
}

}  // namespace

int main(int argc, char** argv) {
  unsigned long first = 0, last = 0, shards = 0;
  const bool only_tied = argc == 3 && std::string_view(argv[1]) == "--tied";
  const char* which = argc == (only_tied ? 3 : 2) ? argv[argc - 1] : "";
  if (std::sscanf(which, "%lu-%lu/%lu", &first, &last, &shards) != 3 &&
      std::sscanf(which, "%lu/%lu", &first, &shards) == 2)
    last = first;
  if (first < 1 || last < first || shards < last) {
    fmt::print(stderr, "usage: lattice_triples [--tied] K/N or K-L/N, K and L from 1 to N\n");
    return 2;
  }
  const tbb::global_control one_thread(tbb::global_control::max_allowed_parallelism, 1);
  const Lattice lattice;
  std::optional<IntersectingPairs> pairs;
  if (only_tied) pairs.emplace(lattice);
  std::uint64_t faults = 0;
  for (auto shard = first; shard <= last; ++shard)
    faults += faults_of_shard(lattice, pairs ? &*pairs : nullptr, shard, shards);
  return faults == 0 ? 0 : 1;
}
