// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/boundary/boundary_cells.hpp"

#include <tbb/parallel_for.h>

#include <Eigen/SVD>
#include <algorithm>
#include <cstddef>
#include <span>

#include "core/bridge_vtk/boundary_cases.hpp"

namespace meshassay::metrics {
namespace {

// Bits of points whose neighbour along x, y, z is in the same block.
constexpr std::uint64_t within_x = 0x7777777777777777U;
constexpr std::uint64_t within_y = 0x0fff0fff0fff0fffU;
constexpr std::uint64_t within_z = 0x0000ffffffffffffU;

// What a block of points sees one step further along an axis: its own bits moved, and the next block's.
std::uint64_t step_x(std::uint64_t here, std::uint64_t next) {
  return ((here >> 1) & within_x) | ((next << 3) & ~within_x);
}
std::uint64_t step_y(std::uint64_t here, std::uint64_t next) {
  return ((here >> 4) & within_y) | ((next << 12) & ~within_y);
}
std::uint64_t step_z(std::uint64_t here, std::uint64_t next) {
  return ((here >> 16) & within_z) | ((next << 48) & ~within_z);
}

// 0 or 1 in each byte of a word to eight bits.
std::uint64_t bits_of_bytes(const std::uint8_t* bytes) {
  std::uint64_t word = 0;
  for (unsigned i = 0; i < 8; ++i) word |= static_cast<std::uint64_t>(bytes[i]) << (8 * i);
  return (word * 0x0102040810204080U) >> 56;
}

// The direction matrix of a file is orthonormal to a few digits only; distances need an exact frame.
Matrix3 nearest_orthonormal(const Matrix3& direction) {
  if (direction.transpose() * direction == Matrix3::Identity()) return direction;
  const Eigen::JacobiSVD<Matrix3> svd(direction, Eigen::ComputeFullU | Eigen::ComputeFullV);
  return svd.matrixU() * svd.matrixV().transpose();
}

// Which lattice points are inside, in words of 4 x 4 x 4 of them, with room for one block beyond.
class InsideWords {
 public:
  explicit InsideWords(const std::array<int, 3>& size) : size_(size) {
    words_.resize(static_cast<std::size_t>(size[0] + 1) * static_cast<std::size_t>(size[1] + 1) *
                  static_cast<std::size_t>(size[2] + 1));
  }
  [[nodiscard]] std::uint64_t* row(int y, int z) {
    return words_.data() + (static_cast<std::size_t>(z) * static_cast<std::size_t>(size_[1] + 1) +
                            static_cast<std::size_t>(y)) *
                               static_cast<std::size_t>(size_[0] + 1);
  }

 private:
  std::array<int, 3> size_;
  std::vector<std::uint64_t> words_;
};

// Puts one row of voxels into a row of words. Lattice point 0 lies before the first voxel.
void pack_row(std::span<const std::uint16_t> voxels, std::uint16_t label, unsigned shift,
              std::uint64_t* words) {
  constexpr std::size_t piece = 64;
  std::array<std::uint16_t, piece> rest;
  std::array<std::uint8_t, piece> marks;
  for (std::size_t begin = 0; begin < voxels.size(); begin += piece) {
    const std::uint16_t* values = voxels.data() + begin;
    if (voxels.size() - begin < piece) {
      rest.fill(label == 0 ? std::uint16_t{1} : std::uint16_t{0});
      std::copy(voxels.begin() + static_cast<std::ptrdiff_t>(begin), voxels.end(), rest.begin());
      values = rest.data();
    }
    for (std::size_t i = 0; i < piece; ++i) marks[i] = values[i] == label ? 1 : 0;
    std::uint8_t any = 0;
    for (const std::uint8_t mark : marks) any |= mark;
    if (any == 0) continue;  // As most are.
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < 8; ++i) bits |= bits_of_bytes(marks.data() + 8 * i) << (8 * i);
    std::uint64_t* word = words + begin / 4;
    // Point = voxel + 1: the last bit is the first one of the word after these sixteen.
    const std::uint64_t last = bits >> 63;
    bits <<= 1;
    for (unsigned n = 0; n < 16; ++n) word[n] |= ((bits >> (4 * n)) & 0xfU) << shift;
    if (last != 0) word[16] |= last << shift;
  }
}

// Of BlockVertices, along one axis.
constexpr int index_of_point(int x, int y, int z) { return x + 5 * y + 25 * z; }

constexpr std::array<int, 64> first_edges() {
  std::array<int, 64> result{};
  for (int cell = 0; cell < 64; ++cell) {
    const auto [x, y, z] = point_of_bit(cell);
    result[static_cast<std::size_t>(cell)] = index_of_point(x, y, z);
  }
  return result;
}

constexpr std::array<int, 12> edge_offsets() {
  std::array<int, 12> result{};
  for (int edge = 0; edge < 12; ++edge) {
    const int axis = edge >> 2, low = edge & 1, high = (edge >> 1) & 1;
    const int point = axis == 0   ? index_of_point(0, low, high)
                      : axis == 1 ? index_of_point(low, 0, high)
                                  : index_of_point(low, high, 0);
    result[static_cast<std::size_t>(edge)] = 125 * axis + point;
  }
  return result;
}

}  // namespace

BoundaryCells::BoundaryCells(const LabelMap& mask, std::uint16_t label, const LabelExtent& extent)
    : spacing_mm_(mask.grid.spacing_mm), axes_(nearest_orthonormal(mask.grid.direction)) {
  Vector3 first;
  std::array<int, 3> words{};
  for (std::size_t a = 0; a < 3; ++a) {
    // Cells from the point before the first voxel to the one at the last.
    const int cells = extent.end[a] - extent.begin[a] + 1;
    size_[a] = (cells + 3) / 4;
    words[a] = size_[a];
    first[static_cast<int>(a)] = extent.begin[a] - 1;
  }
  origin_mm_ = mask.grid.origin_mm + axes_ * first.cwiseProduct(spacing_mm_);
  if (extent.empty()) {
    size_ = {0, 0, 0};
    return;
  }
  words[0] = (extent.end[0] - extent.begin[0] + 63) / 64 * 16 + 1;  // pack_row() writes whole pieces.
  InsideWords inside(words);
  const int columns = extent.end[0] - extent.begin[0];
  tbb::parallel_for(0, size_[2] + 1, [&](int block_z) {
    for (int z = 0; z < 4; ++z) {
      const int k = extent.begin[2] + 4 * block_z + z - 1;
      if (k < extent.begin[2] || k >= extent.end[2]) continue;
      for (int j = extent.begin[1]; j < extent.end[1]; ++j) {
        const int y = j - extent.begin[1] + 1;
        pack_row(std::span(mask.values)
                     .subspan(mask.grid.offset(extent.begin[0], j, k), static_cast<std::size_t>(columns)),
                 label, static_cast<unsigned>(4 * (y & 3) + 16 * z), inside.row(y / 4, block_z));
      }
    }
  });

  std::vector<std::vector<BoundaryBlock>> layers(static_cast<std::size_t>(size_[2]));
  tbb::parallel_for(0, size_[2], [&](int z) {
    auto& layer = layers[static_cast<std::size_t>(z)];
    for (int y = 0; y < size_[1]; ++y) {
      const std::uint64_t* rows[4] = {inside.row(y, z), inside.row(y + 1, z), inside.row(y, z + 1),
                                      inside.row(y + 1, z + 1)};
      for (int x = 0; x < size_[0]; ++x) {
        std::uint64_t any = 0, all = ~std::uint64_t{0};
        for (const auto* row : rows)
          for (int step = 0; step < 2; ++step) {
            any |= row[x + step];
            all &= row[x + step];
          }
        if (any == 0 || all == ~std::uint64_t{0}) continue;
        BoundaryBlock block{.position = {x, y, z}};
        for (std::size_t n = 0; n < 4; ++n) {
          block.inside[2 * n] = rows[n][x];
          block.inside[2 * n + 1] = step_x(rows[n][x], rows[n][x + 1]);
        }
        for (std::size_t upper = 0; upper < 2; ++upper)
          for (std::size_t n = 0; n < 2; ++n)
            block.inside[4 * upper + 2 + n] =
                step_y(block.inside[4 * upper + n], block.inside[4 * upper + 2 + n]);
        for (std::size_t n = 0; n < 4; ++n)
          block.inside[4 + n] = step_z(block.inside[n], block.inside[4 + n]);
        any = 0, all = ~std::uint64_t{0};
        for (const auto corner : block.inside) {
          any |= corner;
          all &= corner;
        }
        block.active = any & ~all;
        if (block.active != 0) layer.push_back(block);
      }
    }
  });

  std::size_t count = 0;
  for (const auto& layer : layers) count += layer.size();
  blocks_.reserve(count);
  index_.assign(static_cast<std::size_t>(size_[0]) * static_cast<std::size_t>(size_[1]) *
                    static_cast<std::size_t>(size_[2]),
                no_block);
  for (auto& layer : layers) {
    for (BoundaryBlock& block : layer) {
      for (int axis = 0; axis < 3; ++axis) {
        block.first_vertex[static_cast<std::size_t>(axis)] = static_cast<std::uint32_t>(vertices_);
        vertices_ += static_cast<std::size_t>(std::popcount(block.crossed(axis)));
      }
      const auto [x, y, z] = block.position;
      index_[(static_cast<std::size_t>(z) * static_cast<std::size_t>(size_[1]) +
              static_cast<std::size_t>(y)) *
                 static_cast<std::size_t>(size_[0]) +
             static_cast<std::size_t>(x)] = static_cast<std::uint32_t>(blocks_.size());
      blocks_.push_back(block);
    }
    layer = {};
  }
}

const std::array<int, 64> BlockVertices::first_edge_of_cell = first_edges();
const std::array<int, 12> BlockVertices::offset_of_edge = edge_offsets();

void BlockVertices::fill(const BoundaryCells& cells, std::uint32_t block) {
  const auto& [x, y, z] = cells.blocks()[block].position;
  const auto& size = cells.size_in_blocks();
  count_ = 0;
  // Points with coordinate 4 are those with coordinate 0 of the next block.
  for (int step = 0; step < 8; ++step) {
    const std::array<int, 3> next = {step & 1, (step >> 1) & 1, step >> 2};
    if (x + next[0] >= size[0] || y + next[1] >= size[1] || z + next[2] >= size[2]) continue;
    const std::uint32_t owner = cells.block_at(x + next[0], y + next[1], z + next[2]);
    if (owner == BoundaryCells::no_block) continue;
    const BoundaryBlock& from = cells.blocks()[owner];
    std::uint64_t shared = ~std::uint64_t{0};
    if (next[0] != 0) shared &= 0x1111111111111111U;
    if (next[1] != 0) shared &= 0x000f000f000f000fU;
    if (next[2] != 0) shared &= 0xffffU;
    for (int axis = 0; axis < 3; ++axis) {
      if (next[static_cast<std::size_t>(axis)] != 0)
        continue;  // Those edges belong to the next block's cells.
      const std::uint64_t crossed = from.crossed(axis);
      const std::uint32_t first = from.first_vertex[static_cast<std::size_t>(axis)];
      const auto set = [&](int bit, std::uint32_t vertex) {
        const auto point = point_of_bit(bit);
        const int place = points * axis + index_of_point(point[0] + 4 * next[0], point[1] + 4 * next[1],
                                                         point[2] + 4 * next[2]);
        vertices_[static_cast<std::size_t>(place)] = all_[count_++] = vertex;
      };
      if (step == 0) {
        std::uint32_t vertex = first;
        for_each_bit(crossed, [&](int bit) { set(bit, vertex++); });
      } else {
        for_each_bit(crossed & shared, [&](int bit) {
          const std::uint64_t before = crossed & ((std::uint64_t{1} << bit) - 1);
          set(bit, first + static_cast<std::uint32_t>(std::popcount(before)));
        });
      }
    }
  }
}

TriangleMesh BoundaryCells::local_mesh() const {
  TriangleMesh mesh;
  const auto& cases = bridge_vtk::boundary_cases();
  for (const BoundaryBlock& block : blocks_)
    for (int axis = 0; axis < 3; ++axis)
      for_each_bit(block.crossed(axis), [&](int bit) {
        const auto point = point_of_bit(bit);
        Point3 vertex;
        for (int a = 0; a < 3; ++a)
          vertex[a] = (4.0 * block.position[static_cast<std::size_t>(a)] +
                       point[static_cast<std::size_t>(a)] + (a == axis ? 0.5 : 0.0)) *
                      spacing_mm_[a];
        mesh.vertices_mm.push_back(vertex);
      });
  BlockVertices vertices;
  for (std::uint32_t b = 0; b < blocks_.size(); ++b) {
    vertices.fill(*this, b);
    for_each_bit(blocks_[b].active, [&](int cell) {
      for (const auto& triangle : cases[blocks_[b].case_of(cell)])
        mesh.triangles.push_back(
            {vertices.on(cell, triangle[0]), vertices.on(cell, triangle[1]), vertices.on(cell, triangle[2])});
    });
  }
  return mesh;
}

}  // namespace meshassay::metrics
