// SPDX-License-Identifier: GPL-3.0-or-later
// The second opinion on all soups of three triangles on a lattice of 3 x 3 x 3 points, one of each class that
// the 48 symmetries of the cube and the order of triangles make one. In shards, each of which takes every
// N-th class, so that a part of them is a sample of all:
//   lattice_triples K/N        (K from 1 to N)
// Prints how many were looked at and each fault; status 1 where there is one.
#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <cstdio>

#include "tests/unit/core/exact/lattice.hpp"

int main(int argc, char** argv) {
  unsigned long shard = 0, shards = 0;
  if (argc != 2 || std::sscanf(argv[1], "%lu/%lu", &shard, &shards) != 2 || shard < 1 || shard > shards) {
    fmt::print(stderr, "usage: lattice_triples K/N, K from 1 to N\n");
    return 2;
  }
  const auto start = std::chrono::steady_clock::now();
  const meshassay::exact::Lattice lattice;
  std::uint64_t classes = 0, looked_at = 0, faults = 0;
  lattice.for_each_triple([&](int a, int b, int c) {
    if (classes++ % shards != shard - 1) return;
    ++looked_at;
    if (const auto fault = meshassay::exact::fault_of_soup(lattice.soup({a, b, c})); !fault.empty()) {
      ++faults;
      fmt::print("triangles {} {} {}: {}\n", a, b, c, fault);
    }
  });
  fmt::print("shard {} of {}: {} of {} classes, {} faults, {:.0f} s\n", shard, shards, looked_at, classes,
             faults, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  return faults == 0 ? 0 : 1;
}
