// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/triangle_mesh.hpp"

#include <bit>
#include <utility>

#include "core/blocks.hpp"

namespace meshassay {

Box3 bounding_box(const TriangleMesh& mesh) {
  std::vector<Box3> boxes(block_count(mesh.triangles.size(), usual_block));
  for_each_block(mesh.triangles.size(), usual_block, [&](const Block& block) {
    for (std::size_t t = block.from; t < block.to; ++t)
      for (int i = 0; i < 3; ++i) boxes[block.number].add(mesh.corner(t, i));
  });
  Box3 all;
  for (const auto& box : boxes) all.add(box);
  return all;
}

Vector3 area_vector_mm2(const TriangleMesh& mesh, std::size_t triangle) {
  const Point3& a = mesh.corner(triangle, 0);
  return 0.5 * (mesh.corner(triangle, 1) - a).cross(mesh.corner(triangle, 2) - a);
}

double area_mm2(const TriangleMesh& mesh) {
  double sum_mm2 = 0.0;
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t) sum_mm2 += area_vector_mm2(mesh, t).norm();
  return sum_mm2;
}

double signed_volume_mm3(const TriangleMesh& mesh) {
  // About the centre of the box, so that a mesh far from the origin does not lose its digits.
  const Box3 box = bounding_box(mesh);
  if (box.empty()) return 0.0;
  const Point3 center = box.center_mm();
  double sum_mm3 = 0.0;
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
    const Vector3 a = mesh.corner(t, 0) - center;
    const Vector3 b = mesh.corner(t, 1) - center;
    const Vector3 c = mesh.corner(t, 2) - center;
    sum_mm3 += a.dot(b.cross(c)) / 6.0;
  }
  return sum_mm3;
}

namespace {

constexpr auto none = static_cast<std::uint32_t>(-1);

// Adding +0 turns -0 into +0; bits tell one NaN from another.
std::uint64_t bits_of(double coordinate) { return std::bit_cast<std::uint64_t>(coordinate + 0.0); }

bool are_equal(const Point3& a, const Point3& b) {
  return bits_of(a[0]) == bits_of(b[0]) && bits_of(a[1]) == bits_of(b[1]) && bits_of(a[2]) == bits_of(b[2]);
}

std::uint32_t hash_of(const Point3& point) {
  std::uint64_t hash = 0;
  for (int i = 0; i < 3; ++i) {
    hash ^= bits_of(point[i]) + 0x9e3779b97f4a7c15ULL + (hash << 6) + (hash >> 2);
    hash *= 0xff51afd7ed558ccdULL;
  }
  return static_cast<std::uint32_t>(hash >> 32);
}

// For each point the first that is equal to it. Points are dealt out by their hash, so that the table of each
// share stays near the processor and shares can be worked on at once.
std::vector<std::uint32_t> first_equals(const std::vector<Point3>& points) {
  constexpr std::size_t lots = 8;
  const unsigned share_bits = points.size() < 1 << 13 ? 0 : 6;
  const std::size_t shares = std::size_t{1} << share_bits;
  const std::size_t lot = points.size() / lots + 1;
  std::vector<std::uint32_t> hash(points.size()), dealt(points.size()), first(points.size());
  const auto share_of = [&](std::size_t p) { return static_cast<std::size_t>(hash[p] & (shares - 1)); };
  std::vector<std::size_t> next(shares * lots, 0), begin(shares + 1, 0);
  for_each_block(points.size(), lot, [&](const Block& block) {
    for (std::size_t p = block.from; p < block.to; ++p) {
      hash[p] = hash_of(points[p]);
      ++next[lots * share_of(p) + block.number];
    }
  });
  std::size_t sum = 0;
  for (std::size_t n = 0; n < next.size(); ++n) {
    if (n % lots == 0) begin[n / lots] = sum;
    sum += std::exchange(next[n], sum);
  }
  begin[shares] = sum;
  for_each_block(points.size(), lot, [&](const Block& block) {
    for (std::size_t p = block.from; p < block.to; ++p)
      dealt[next[lots * share_of(p) + block.number]++] = static_cast<std::uint32_t>(p);
  });
  for_each_block(shares, 1, [&](const Block& share) {
    const std::size_t from = begin[share.from], to = begin[share.from + 1];
    const std::size_t slots = std::bit_ceil(2 * (to - from) + 1);
    std::vector<std::uint32_t> table(slots, none);
    for (std::size_t n = from; n < to; ++n) {
      const std::uint32_t point = dealt[n];
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

}  // namespace

TriangleMesh welded(const TriangleMesh& mesh) {
  const auto first = first_equals(mesh.vertices_mm);
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

}  // namespace meshassay
