// SPDX-License-Identifier: GPL-3.0-or-later
// Times of our work and of a peer's on the same input in the same run: medians of pairs, so that a machine
// that is slow today does not look like a program that became slow.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

namespace meshassay::benchmark {

inline double seconds(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

inline double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

struct Contender {
  std::string name;
  std::function<void()> work;
};

/// Prints the medians and the median of the ratios, ours over the peer's.
inline void compare(const Contender& ours, const Contender& peer, int pairs = 5) {
  std::vector<double> our_s, peer_s, ratios;
  for (int pair = 0; pair < pairs; ++pair) {
    our_s.push_back(seconds(ours.work));
    peer_s.push_back(seconds(peer.work));
    ratios.push_back(our_s.back() / peer_s.back());
  }
  fmt::print("{:<58} {:8.3f} s   {:<52} {:8.3f} s   ratio {:6.3f}\n", ours.name, median(our_s), peer.name,
             median(peer_s), median(ratios));
  std::fflush(stdout);
}

}  // namespace meshassay::benchmark
