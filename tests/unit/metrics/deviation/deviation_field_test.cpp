// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/deviation/deviation_field.hpp"

#include <gtest/gtest.h>

#include <cstring>

#include "tests/unit/metrics/known_shapes.hpp"

namespace meshassay::metrics {
namespace {

using namespace meshassay::test;

TEST(VertexDeviations, HaveTheSignAndSizeOfTheTruthsDistance) {
  const auto mesh = icosphere(9.5, 2);
  for (const double value : vertex_deviations_mm(mesh, truth_of(sphere(10.0))))
    EXPECT_NEAR(value, -0.5, 1e-12);
  for (const double value :
       vertex_deviations_mm(moved(mesh, Matrix3::Identity(), Vector3::Zero()), truth_of(box({2, 2, 2}))))
    EXPECT_GT(value, 7.0);
  // Without an inside there is no sign.
  EXPECT_EQ(vertex_deviations_mm(square(4.0, -1.0, 1), truth_of(square(9.0, 0.0, 1, {-2, -2, 0}))),
            std::vector<double>(4, 1.0));
}

TEST(DeviationPly, HoldsEveryVertexWithItsValueAndItsColour) {
  const auto mesh = square(2.0, 5.0, 1);
  const std::string ply = deviation_ply(mesh, {0.0, -0.5, 0.25, 0.5});
  const std::string end = "end_header\n";
  const auto start = ply.find(end);
  ASSERT_NE(start, std::string::npos);
  EXPECT_NE(ply.find("element vertex 4\n"), std::string::npos);
  EXPECT_NE(ply.find("element face 2\n"), std::string::npos);
  const char* at = ply.data() + start + end.size();
  // Four doubles and three bytes a vertex, a byte and three indices a face.
  ASSERT_EQ(ply.size() - start - end.size(), 4u * 35u + 2u * 13u);
  double values[4];
  std::memcpy(values, at + 35, sizeof(values));  // the second vertex
  EXPECT_EQ(values[0], 2.0);
  EXPECT_EQ(values[2], 5.0);
  EXPECT_EQ(values[3], -0.5);
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(at[i]); };
  EXPECT_EQ(byte(32), 255);        // white at 0
  EXPECT_EQ(byte(35 + 32), 31);    // full blue where most is missing
  EXPECT_EQ(byte(105 + 32), 255);  // full orange
  EXPECT_EQ(byte(105 + 34), 14);
}

}  // namespace
}  // namespace meshassay::metrics
