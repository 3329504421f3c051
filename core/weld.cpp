// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/weld.hpp"

#include <algorithm>
#include <bit>
#include <utility>
#include <vector>

#include "core/blocks.hpp"
#include "core/dealing.hpp"
#include "core/unfilled.hpp"

namespace meshassay {
namespace {

constexpr auto none = static_cast<std::uint32_t>(-1);

// Adding +0 turns -0 into +0; bits tell one NaN from another.
std::uint64_t bits_of(double coordinate) { return std::bit_cast<std::uint64_t>(coordinate + 0.0); }

bool are_equal(const Point3& a, const Point3& b) {
  return bits_of(a[0]) == bits_of(b[0]) && bits_of(a[1]) == bits_of(b[1]) && bits_of(a[2]) == bits_of(b[2]);
}

// Coordinates that are short numbers differ in their upper bits only: those are brought down each time.
std::uint32_t hash_of(const Point3& point) {
  std::uint64_t hash = 0;
  for (int i = 0; i < 3; ++i) {
    hash = (hash ^ bits_of(point[i])) * 0xff51afd7ed558ccdULL;
    hash ^= hash >> 32;
  }
  return static_cast<std::uint32_t>(hash);
}

// For each point the first that is equal to it. Points are dealt out by their hash, so that the table of each
// share stays near the processor and shares can be worked on at once.
Unfilled<std::uint32_t> first_equals(const std::vector<Point3>& points) {
  const unsigned share_bits = points.size() < 1 << 13 ? 0 : 6;
  const std::size_t shares = std::size_t{1} << share_bits;
  Unfilled<std::uint32_t> hash(points.size()), first(points.size());
  for_each_block(points.size(), usual_block, [&](const Block& block) {
    for (std::size_t p = block.from; p < block.to; ++p) hash[p] = hash_of(points[p]);
  });
  const auto by_hash = dealt(points.size(), shares, [&](std::size_t p) { return hash[p] & (shares - 1); });
  for_each_block(shares, 1, [&](const Block& block) {
    const auto share = by_hash.share(block.number);
    const std::size_t slots = std::bit_ceil(2 * share.size() + 1);
    std::vector<std::uint32_t> table(slots, none);
    for (const auto point : share) {
      std::size_t slot = hash[point] >> share_bits & (slots - 1);
      while (table[slot] != none &&
             (hash[table[slot]] != hash[point] || !are_equal(points[table[slot]], points[point])))
        slot = (slot + 1) & (slots - 1);
      if (table[slot] == none) table[slot] = point;
      first[point] = table[slot];
    }
  });
  return first;
}

// Corners of a lot of triangles, each place once, in the order of first use. A table of its own stays near
// the processor: most corners were met a few triangles ago.
class Lot {
 public:
  explicit Lot(std::size_t triangles) : table_(std::bit_ceil(4 * triangles), none) {}
  std::uint32_t operator()(const Point3& point) {
    const std::uint32_t hash = hash_of(point);
    std::size_t slot = hash & (table_.size() - 1);
    for (; table_[slot] != none; slot = (slot + 1) & (table_.size() - 1))
      if (are_equal(points[table_[slot]], point)) return table_[slot];
    table_[slot] = static_cast<std::uint32_t>(points.size());
    points.push_back(point);
    return table_[slot];
  }
  std::vector<Point3> points;

 private:
  std::vector<std::uint32_t> table_;
};

// Whether each vertex is at a place of its own, and they are in the order of first use.
bool is_welded_by_first_use(const TriangleMesh& mesh, const Unfilled<std::uint32_t>& first) {
  std::uint32_t next = 0;
  for (const auto& triangle : mesh.triangles)
    for (const auto vertex : triangle) {
      if (vertex > next) return false;
      next += vertex == next ? 1 : 0;
    }
  return next == first.size() && !first_of_blocks(first.size(), [&](std::size_t v) { return first[v] != v; });
}

}  // namespace

TriangleMesh welded(const TriangleMesh& mesh) {
  const auto first = first_equals(mesh.vertices_mm);
  if (is_welded_by_first_use(mesh, first)) return mesh;
  std::vector<std::uint32_t> number(mesh.vertices_mm.size(), none);  // Of first ones.
  TriangleMesh result;
  result.triangles.reserve(mesh.triangles.size());
  for (const auto& triangle : mesh.triangles) {
    Triangle out{};
    for (std::size_t i = 0; i < 3; ++i) {
      std::uint32_t& id = number[first[triangle[i]]];
      if (id == none) {
        id = static_cast<std::uint32_t>(result.vertices_mm.size());
        result.vertices_mm.push_back(mesh.vertices_mm[triangle[i]]);
      }
      out[i] = id;
    }
    result.triangles.push_back(out);
  }
  return result;
}

TriangleMesh welded_triangles(std::size_t triangles,
                              const std::function<std::array<Point3, 3>(std::size_t)>& corners_of) {
  TriangleMesh result;
  result.triangles.resize(triangles);
  const std::size_t lots = block_count(triangles, usual_block);
  std::vector<std::vector<Point3>> points(lots);
  for_each_block(triangles, usual_block, [&](const Block& block) {
    Lot lot(block.to - block.from);
    for (std::size_t t = block.from; t < block.to; ++t) {
      const auto corners = corners_of(t);
      for (std::size_t i = 0; i < 3; ++i) result.triangles[t][i] = lot(corners[i]);
    }
    points[block.number] = std::move(lot.points);
  });
  if (lots == 1) {
    result.vertices_mm = std::move(points.front());
    return result;
  }
  // What is left of all lots, one after the other, is in the order of first use again.
  std::vector<std::size_t> begin(lots + 1, 0);
  for (std::size_t n = 0; n < lots; ++n) begin[n + 1] = begin[n] + points[n].size();
  std::vector<Point3> all(begin.back());
  for_each_block(lots, 1, [&](const Block& lot) {
    std::copy(points[lot.from].begin(), points[lot.from].end(),
              all.begin() + static_cast<std::ptrdiff_t>(begin[lot.from]));
    points[lot.from] = {};
  });
  auto number = first_equals(all);
  std::size_t kept = 0;
  for (std::size_t p = 0; p < all.size(); ++p) {
    if (number[p] != p) {
      number[p] = number[number[p]];
      continue;
    }
    all[kept] = all[p];
    number[p] = static_cast<std::uint32_t>(kept++);
  }
  all.resize(kept);
  result.vertices_mm = std::move(all);
  for_each_block(triangles, usual_block, [&](const Block& block) {
    for (std::size_t t = block.from; t < block.to; ++t)
      for (auto& vertex : result.triangles[t]) vertex = number[begin[block.number] + vertex];
  });
  return result;
}

}  // namespace meshassay
