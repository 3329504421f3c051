// SPDX-License-Identifier: GPL-3.0-or-later
// suites/printability.toml against the rows of the mesh phantoms: limits come from derivations, not from what
// a program reaches.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "phantoms/mesh_phantom.hpp"
#include "suites/suite.hpp"
#include "tests/support/source_folder.hpp"

namespace meshassay::suites {
namespace {

const Suite& printability() {
  static const Suite suite = read_suite(test_support::source_folder() / "suites/printability.toml");
  return suite;
}

phantoms::MeshPhantom phantom_of(const SuiteCase& suite_case) {
  return phantoms::make_mesh_phantom(*phantoms::find_mesh_phantom(suite_case.phantom),
                                     suite_case.phantom_parameters, suite_case.id);
}

const CheckDefinition* find_check(const SuiteCase& suite_case, const std::string& metric) {
  const auto found = std::find_if(suite_case.checks.begin(), suite_case.checks.end(),
                                  [&](const CheckDefinition& check) { return check.metric == metric; });
  return found == suite_case.checks.end() ? nullptr : &*found;
}

TEST(PrintabilitySuite, HasEveryMeshPhantom) {
  std::set<std::string> used;
  for (const auto& suite_case : printability().cases) used.insert(suite_case.phantom);
  for (const auto& definition : phantoms::mesh_phantom_catalogue())
    EXPECT_TRUE(used.contains(definition.id)) << definition.id;
}

TEST(PrintabilitySuite, AsksForTheScoreAndThePartsThatAreDerived) {
  for (const auto& suite_case : printability().cases) {
    const auto row = phantom_of(suite_case).repair;
    const auto* score = find_check(suite_case, "repair.score");
    ASSERT_NE(score, nullptr) << suite_case.id;
    EXPECT_EQ(score->min->value, row.score) << suite_case.id;
    const auto* parts = find_check(suite_case, "mesh.parts");
    ASSERT_EQ(parts != nullptr, row.parts.has_value()) << suite_case.id;
    if (parts != nullptr) {
      EXPECT_EQ(parts->equals, MeasuredValue(static_cast<double>(*row.parts))) << suite_case.id;
    }
    // The least wall that tasks name: what the rows that depend on it were derived for.
    EXPECT_EQ(row.min_thickness_mm.value_or(0.4), 0.4) << suite_case.id;
  }
}

TEST(PrintabilitySuite, AsksForTheVolumeWhereItIsKnownAndCanBeTold) {
  for (const auto& suite_case : printability().cases) {
    const auto row = phantom_of(suite_case).repair;
    const auto* check = find_check(suite_case, "size.volume_error");
    const bool known = row.volume_mm3 && row.score == 5;
    ASSERT_EQ(check != nullptr, known) << suite_case.id;
    if (!known) continue;
    const double unknown_percent = 100.0 * row.volume_mm3->uncertainty / row.volume_mm3->value;
    EXPECT_EQ(check->max->unit, "%");
    EXPECT_EQ(check->min->value, -check->max->value);
    // Wide enough for an exact repair at either end of what is known, within which it may lie anywhere.
    EXPECT_GT(check->max->value, 2.0 * unknown_percent) << suite_case.id;
  }
}

}  // namespace
}  // namespace meshassay::suites
