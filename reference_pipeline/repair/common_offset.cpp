// SPDX-License-Identifier: GPL-3.0-or-later
// A problem of LP type in three dimensions: its answer is fixed by at most three of the normals, so the basis
// is exchanged against the worst offender until none is left.
#include "reference_pipeline/repair/common_offset.hpp"

#include <algorithm>
#include <vector>

namespace meshassay::reference_pipeline::repair {
namespace {

constexpr double slack = 1e-9;

// The vector in the span of `basis` that is 1 along each of its normals.
std::optional<Vector3> tight_on(const std::vector<Vector3>& basis) {
  const auto size = static_cast<Eigen::Index>(basis.size());
  Eigen::MatrixXd rows(size, 3);
  for (Eigen::Index i = 0; i < size; ++i) rows.row(i) = basis[static_cast<std::size_t>(i)];
  const Eigen::MatrixXd gram = rows * rows.transpose();
  const Eigen::FullPivLU<Eigen::MatrixXd> solver(gram);
  if (solver.rank() < size) return std::nullopt;
  const Vector3 offset = rows.transpose() * solver.solve(Eigen::VectorXd::Ones(size));
  return offset.allFinite() ? std::optional(offset) : std::nullopt;
}

// The shortest vector for up to four normals, with the normals that fix it.
struct Best {
  Vector3 offset;
  std::vector<Vector3> basis;
};
std::optional<Best> best_of(const std::vector<Vector3>& normals) {
  std::optional<Best> best;
  for (unsigned subset = 1; subset < 1U << normals.size(); ++subset) {
    std::vector<Vector3> basis;
    for (std::size_t i = 0; i < normals.size(); ++i)
      if (subset & (1U << i)) basis.push_back(normals[i]);
    if (basis.size() > 3) continue;
    const auto offset = tight_on(basis);
    if (!offset || (best && best->offset.norm() <= offset->norm())) continue;
    if (std::all_of(normals.begin(), normals.end(),
                    [&](const Vector3& normal) { return normal.dot(*offset) >= 1.0 - slack; }))
      best = Best{*offset, basis};
  }
  return best;
}

}  // namespace

std::optional<Vector3> common_offset(std::span<const Vector3> normals, double max_length) {
  Best best{normals.front(), {normals.front()}};
  // The length grows with every exchange; a bound, since rounding could make it go in circles.
  for (std::size_t exchange = 0; exchange < 100; ++exchange) {
    const auto worst = std::min_element(
        normals.begin(), normals.end(),
        [&](const Vector3& a, const Vector3& b) { return a.dot(best.offset) < b.dot(best.offset); });
    if (worst->dot(best.offset) >= 1.0 - slack) return best.offset;
    best.basis.push_back(*worst);
    const auto next = best_of(best.basis);
    if (!next || next->offset.norm() > max_length * (1.0 + slack)) return std::nullopt;
    best = *next;
  }
  return std::nullopt;
}

}  // namespace meshassay::reference_pipeline::repair
