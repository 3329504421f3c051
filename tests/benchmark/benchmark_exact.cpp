// SPDX-License-Identifier: GPL-3.0-or-later
// The exact core, and all that `meshassay repair` does, against CGAL's box intersection (one thread) on the
// same input in the same run, as contest.hpp compares; with one thread, and with as many as are given (2)
// over one. One case a run, so that the peak memory is its own:
//   benchmark_exact clean|two_spheres|two_spheres_small|cuberille|spheres|boxes [THREADS]
#include <CGAL/Box_intersection_d/Box_with_info_d.h>
#include <CGAL/box_intersection_d.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <tbb/global_control.h>
#include <tbb/parallel_invoke.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <functional>
#include <map>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/exact/outer_hull.hpp"
#include "core/io/files.hpp"
#include "core/io/mesh_files.hpp"
#include "core/io/stl.hpp"
#include "metrics/meshes/printability.hpp"
#include "metrics/meshes/repair_score.hpp"
#include "reference_pipeline/repair/repair.hpp"
#include "tests/benchmark/contest.hpp"

namespace meshassay {
namespace {

namespace fs = std::filesystem;
using benchmark::median;
using benchmark::seconds;

double peak_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

void add_sphere(TriangleMesh& mesh, const Point3& center, double radius, int levels) {
  TriangleMesh sphere;
  for (const double s : {-1.0, 1.0})
    for (int axis = 0; axis < 3; ++axis) sphere.vertices_mm.push_back(s * Vector3::Unit(axis));
  sphere.triangles = {{3, 4, 5}, {4, 0, 5}, {0, 1, 5}, {1, 3, 5}, {4, 3, 2}, {0, 4, 2}, {1, 0, 2}, {3, 1, 2}};
  for (int level = 0; level < levels; ++level) {
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> middles;
    const auto middle = [&](std::uint32_t a, std::uint32_t b) {
      const auto [entry, is_new] =
          middles.try_emplace(std::minmax(a, b), static_cast<std::uint32_t>(sphere.vertices_mm.size()));
      if (is_new) sphere.vertices_mm.push_back((sphere.vertices_mm[a] + sphere.vertices_mm[b]).normalized());
      return entry->second;
    };
    std::vector<Triangle> finer;
    for (const auto& [a, b, c] : sphere.triangles) {
      const auto ab = middle(a, b), bc = middle(b, c), ca = middle(c, a);
      finer.insert(finer.end(), {{a, ab, ca}, {ab, b, bc}, {ca, bc, c}, {ab, bc, ca}});
    }
    sphere.triangles = std::move(finer);
  }
  const auto first = static_cast<std::uint32_t>(mesh.vertices_mm.size());
  for (const auto& p : sphere.vertices_mm) mesh.vertices_mm.push_back(center + radius * p);
  for (auto t : sphere.triangles) {
    for (auto& v : t) v += first;
    mesh.triangles.push_back(t);
  }
}

// Two at an angle that no symmetry knows: 2 x 8 x 4^levels triangles.
TriangleMesh two_spheres(int levels) {
  TriangleMesh mesh;
  add_sphere(mesh, {0, 0, 0}, 10.0, levels);
  add_sphere(mesh, {5.123, 4.321, 3.217}, 10.0, levels);
  return mesh;
}

TriangleMesh spheres() {
  TriangleMesh mesh;
  std::mt19937_64 random(1);
  const auto uniform = [&] { return static_cast<double>(random() >> 11) * 0x1p-53; };
  for (int n = 0; n < 64; ++n) {
    const double x = uniform(), y = uniform(), z = uniform();
    add_sphere(mesh, 30.0 * Point3(x, y, z), 5.0, 4);
  }
  return mesh;
}

TriangleMesh boxes() {
  TriangleMesh mesh;
  std::mt19937_64 random(2);
  const auto uniform = [&] { return static_cast<double>(random() >> 11) * 0x1p-53; };
  for (int n = 0; n < 300; ++n) {
    const double angle = 6.28 * uniform(), a = uniform(), b = uniform(), c = uniform(), x = uniform(),
                 y = uniform(), z = uniform();
    const Matrix3 turn = Eigen::AngleAxisd(angle, Vector3(a, b, c).normalized()).toRotationMatrix();
    const auto first = static_cast<std::uint32_t>(mesh.vertices_mm.size());
    for (int corner = 0; corner < 8; ++corner)
      mesh.vertices_mm.push_back(100.0 * Point3(x, y, z) + turn * Vector3((corner & 1) != 0 ? 10 : -10,
                                                                          (corner & 2) != 0 ? 10 : -10,
                                                                          (corner & 4) != 0 ? 10 : -10));
    for (Triangle t : {Triangle{0, 2, 3},
                       {0, 3, 1},
                       {4, 5, 7},
                       {4, 7, 6},
                       {0, 1, 5},
                       {0, 5, 4},
                       {2, 6, 7},
                       {2, 7, 3},
                       {0, 4, 6},
                       {0, 6, 2},
                       {1, 3, 7},
                       {1, 7, 5}}) {
      for (auto& v : t) v += first;
      mesh.triangles.push_back(t);
    }
  }
  return mesh;
}

// Voxels of a wavy solid with noise: many of them touch along edges and at corners.
TriangleMesh cuberille() {
  constexpr int n = 96;
  std::mt19937_64 random(3);
  std::vector<bool> set(static_cast<std::size_t>(n) * n * n);
  const auto index = [](int x, int y, int z) {
    const int place = (z * n + y) * n + x;
    return static_cast<std::size_t>(place);
  };
  for (int z = 1; z < n - 1; ++z)
    for (int y = 1; y < n - 1; ++y)
      for (int x = 1; x < n - 1; ++x) {
        const double a = 0.16 * x, b = 0.16 * y, c = 0.16 * z;
        const double noise = 0.3 * (static_cast<double>(random() >> 11) * 0x1p-53 - 0.5);
        set[index(x, y, z)] =
            std::sin(a) * std::cos(b) + std::sin(b) * std::cos(c) + std::sin(c) * std::cos(a) + noise > 0.0;
      }
  TriangleMesh mesh;
  for (int z = 1; z < n - 1; ++z)
    for (int y = 1; y < n - 1; ++y)
      for (int x = 1; x < n - 1; ++x) {
        if (!set[index(x, y, z)]) continue;
        for (int axis = 0; axis < 3; ++axis)
          for (const int side : {0, 1}) {
            std::array<int, 3> next{x, y, z};
            next[static_cast<std::size_t>(axis)] += side == 1 ? 1 : -1;
            if (set[index(next[0], next[1], next[2])]) continue;
            Point3 low(x, y, z);
            low[axis] += side;
            Vector3 u = Vector3::Unit((axis + 1) % 3), w = Vector3::Unit((axis + 2) % 3);
            if (side == 0) std::swap(u, w);
            const auto first = static_cast<std::uint32_t>(mesh.vertices_mm.size());
            mesh.vertices_mm.insert(mesh.vertices_mm.end(), {low, low + u, low + u + w, low + w});
            mesh.triangles.push_back({first, first + 1, first + 2});
            mesh.triangles.push_back({first, first + 2, first + 3});
          }
      }
  return mesh;
}

std::size_t box_pairs(const TriangleMesh& mesh) {
  using Box = CGAL::Box_intersection_d::Box_with_info_d<double, 3, std::uint32_t>;
  std::vector<Box> boxes;
  for (std::uint32_t t = 0; t < mesh.triangles.size(); ++t) {
    Box3 box;
    for (int i = 0; i < 3; ++i) box.add(mesh.corner(t, i));
    boxes.emplace_back(CGAL::Bbox_3(box.min_mm[0], box.min_mm[1], box.min_mm[2], box.max_mm[0], box.max_mm[1],
                                    box.max_mm[2]),
                       t);
  }
  std::size_t pairs = 0;
  CGAL::box_self_intersection_d(boxes.begin(), boxes.end(), [&](const Box&, const Box&) { ++pairs; });
  return pairs;
}

// What the command does from file to file. \return the score.
int repair_file(const fs::path& from, const fs::path& to) {
  const auto input = io::read_mesh(from);
  const auto result =
      reference_pipeline::repair::repair(input, {.min_thickness_mm = 1e-3 * bounding_box(input).diagonal_mm(),
                                                 .cavities = reference_pipeline::repair::Cavities::fill,
                                                 .is_welded = true});
  if (result.mesh.triangles.empty()) throw std::runtime_error("not repaired: " + result.reason);
  io::write_stl(result.mesh, to);
  const auto written = io::read_stl(to);
  metrics::Certificate certificate;
  metrics::RepairScore score;
  tbb::parallel_invoke(
      [&] {
        score = metrics::repair_score(
            input, written, {.min_thickness_mm = 1e-3 * bounding_box(input).diagonal_mm()},
            {.input = result.input.get(), .certify = [&]() -> const metrics::Certificate& {
               return certificate = metrics::certify(written, {.is_welded = true});
             }});
      },
      [&] { (void)io::sha256_of_file(to); }, [&] { (void)io::sha256_of_file(from); });
  if (!certificate.bounds_solid.value_or(false)) throw std::runtime_error("not certified");
  return score.score;
}

// Times with one thread and with many, and their ratios to a peer's in the same round.
struct Timed {
  std::vector<double> one_s, many_s, to_peer, speedup;
};

void time(Timed& timed, std::size_t threads, double peer_s, const std::function<void()>& work) {
  const auto with = [&](std::size_t count) {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, count);
    return seconds(work);
  };
  timed.one_s.push_back(with(1));
  timed.many_s.push_back(threads == 1 ? timed.one_s.back() : with(threads));
  timed.to_peer.push_back(timed.one_s.back() / peer_s);
  timed.speedup.push_back(timed.one_s.back() / timed.many_s.back());
}

void print(const char* name, const Timed& timed, std::size_t triangles, std::size_t threads) {
  fmt::print(
      "  {:<26}{:8.3f} s  ratio {:5.2f}  {:6.0f} K triangles/s   {} threads {:8.3f} s, {:4.2f} times\n", name,
      median(timed.one_s), median(timed.to_peer), 1e-3 * static_cast<double>(triangles) / median(timed.one_s),
      threads, median(timed.many_s), median(timed.speedup));
}

TriangleMesh mesh_named(const std::string& name) {
  TriangleMesh mesh;
  if (name == "clean") add_sphere(mesh, {0, 0, 0}, 50.0, 9);
  if (name == "two_spheres") mesh = two_spheres(8);
  if (name == "two_spheres_small") mesh = two_spheres(6);
  if (name == "cuberille") mesh = cuberille();
  if (name == "spheres") mesh = spheres();
  if (name == "boxes") mesh = boxes();
  return mesh;
}

int run(const std::string& name, std::size_t threads) {
  const fs::path folder = fs::temp_directory_path() / ("benchmark_exact-" + std::to_string(getpid()));
  const fs::path from = folder / "input.stl", to = folder / "output.stl";
  {
    const TriangleMesh given = mesh_named(name);
    if (given.triangles.empty()) {
      fmt::print("no such case: {}\n", name);
      return 2;
    }
    io::write_stl(given, from);
  }
  const TriangleMesh mesh = io::read_stl(from);
  const double before_mib = peak_mib();
  const int rounds = mesh.triangles.size() < 200'000 ? 5 : 3;
  Timed certify, arrange, repair;
  std::vector<double> box_s;
  std::size_t pieces = 0, pairs = 0;
  double after_mib = 0.0, after_repair_mib = 0.0;
  int score = 0;
  for (int round = 0; round < rounds; ++round) {
    if (round == 0) {  // Before the peer's memory is seen.
      pieces = exact::arrange(mesh).triangles.size();
      (void)exact::outer_hull(exact::arrange(mesh));
      after_mib = peak_mib();
      (void)repair_file(from, to);
      after_repair_mib = peak_mib();
    }
    box_s.push_back(seconds([&] { pairs = box_pairs(mesh); }));
    time(arrange, threads, box_s.back(), [&] {
      const auto arrangement = exact::arrange(mesh);
      if (exact::outer_hull(arrangement).role.size() != pieces) throw std::logic_error("lost triangles");
    });
    time(certify, threads, box_s.back(),
         [&] { (void)metrics::certify(mesh, {.max_intersecting_pairs = 10'000'000}); });
    time(repair, threads, box_s.back(), [&] { score = repair_file(from, to); });
  }
  const auto bytes = [&](double mib) { return (mib - before_mib) * 1048576.0 / static_cast<double>(pieces); };
  fmt::print("{}: {} triangles, {} pieces, {} pairs of boxes; repaired with score {}\n", name,
             mesh.triangles.size(), pieces, pairs, score);
  fmt::print("  box_self_intersection_d   {:8.3f} s\n", median(box_s));
  print("certify", certify, mesh.triangles.size(), threads);
  print("arrange and outer_hull", arrange, mesh.triangles.size(), threads);
  print("repair, file to file", repair, mesh.triangles.size(), threads);
  fmt::print("  peak memory: {:.0f} bytes a piece to arrange, {:.0f} to repair\n", bytes(after_mib),
             bytes(after_repair_mib));
  fs::remove_all(folder);
  return 0;
}

}  // namespace
}  // namespace meshassay

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(
        "usage: benchmark_exact clean|two_spheres|two_spheres_small|cuberille|spheres|boxes [THREADS]\n");
    return 2;
  }
  return meshassay::run(argv[1], argc > 2 ? std::stoul(argv[2]) : 2);
}
