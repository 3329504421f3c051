// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/conventions/distance_list.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

#include "metrics/conventions/distance_transform.hpp"

namespace meshassay::metrics::conventions {

double DistanceList::sum_mm() const {
  if (weights.empty()) return std::accumulate(mm.begin(), mm.end(), 0.0);
  return std::inner_product(mm.begin(), mm.end(), weights.begin(), 0.0);
}

double DistanceList::weight() const {
  return weights.empty() ? static_cast<double>(mm.size())
                         : std::accumulate(weights.begin(), weights.end(), 0.0);
}

double DistanceList::mean_mm() const { return sum_mm() / weight(); }

double DistanceList::max_mm() const { return *std::max_element(mm.begin(), mm.end()); }

double DistanceList::linear_percentile_mm(double percent) const {
  auto sorted = mm;
  std::sort(sorted.begin(), sorted.end());
  const double rank = percent / 100.0 * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(std::floor(rank));
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return std::lerp(sorted[below], sorted[above], rank - static_cast<double>(below));
}

double DistanceList::weighted_percentile_mm(double percent) const {
  std::vector<std::size_t> order(mm.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return mm[a] < mm[b]; });
  const double total = weight();
  double sum = 0.0;
  for (const std::size_t n : order) {
    sum += weights.empty() ? 1.0 : weights[n];
    if (sum / total >= percent / 100.0) return mm[n];
  }
  return mm[order.back()];  // The last share may be rounded below 1.
}

double DistanceList::weight_within(double tolerance_mm) const {
  double sum = 0.0;
  for (std::size_t n = 0; n < mm.size(); ++n)
    if (mm[n] <= tolerance_mm) sum += weights.empty() ? 1.0 : weights[n];
  return sum;
}

DistanceList distances_at(const Marks& elements, const std::vector<double>& distances_mm) {
  DistanceList list;
  for (std::size_t v = 0; v < elements.size(); ++v)
    if (elements[v] != 0) list.mm.push_back(distances_mm[v]);
  return list;
}

DistanceList joined(const DistanceList& a, const DistanceList& b) {
  DistanceList all = a;
  all.mm.insert(all.mm.end(), b.mm.begin(), b.mm.end());
  all.weights.insert(all.weights.end(), b.weights.begin(), b.weights.end());
  return all;
}

double DirectedLists::max_mm() const {
  return std::max(test_to_reference.max_mm(), reference_to_test.max_mm());
}

double DirectedLists::mean_of_means_mm() const {
  return 0.5 * (test_to_reference.mean_mm() + reference_to_test.mean_mm());
}

double DirectedLists::pooled_mean_mm() const {
  return (test_to_reference.sum_mm() + reference_to_test.sum_mm()) /
         (test_to_reference.weight() + reference_to_test.weight());
}

double DirectedLists::share_within(double tolerance_mm) const {
  return (test_to_reference.weight_within(tolerance_mm) + reference_to_test.weight_within(tolerance_mm)) /
         (test_to_reference.weight() + reference_to_test.weight());
}

DirectedLists directed_lists(const VoxelBox& box, const Marks& of_test, const Marks& of_reference) {
  return {distances_at(of_test, distances_mm(box, of_reference)),
          distances_at(of_reference, distances_mm(box, of_test))};
}

}  // namespace meshassay::metrics::conventions
