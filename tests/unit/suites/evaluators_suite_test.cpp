// SPDX-License-Identifier: GPL-3.0-or-later
// suites/evaluators.toml against what is known of the pairs of masks.
#include <gtest/gtest.h>

#include <set>

#include "core/label_map.hpp"
#include "phantoms/mask_pair.hpp"
#include "suites/decision.hpp"
#include "suites/suite.hpp"
#include "tests/support/source_folder.hpp"

namespace meshassay::suites {
namespace {

// What is known under a metric's name.
std::optional<MeasuredValue> known_value(const phantoms::KnownComparison& known, const std::string& metric) {
  if (metric == "evaluation.no_distance") return MeasuredValue(!known.has_distance);
  const auto number = metric == "evaluation.dice"   ? known.dice
                      : metric == "evaluation.hd"   ? known.hd_mm
                      : metric == "evaluation.hd95" ? known.hd95_mm
                      : metric == "evaluation.masd" ? known.masd_mm
                      : metric == "evaluation.nsd"  ? known.nsd
                                                    : std::nullopt;
  return number ? std::optional(MeasuredValue(*number)) : std::nullopt;
}

TEST(EvaluatorsSuite, HasEveryPairAndPassesWhatIsKnownOfIt) {
  const auto suite = read_suite(test_support::source_folder() / "suites/evaluators.toml");
  std::set<std::string> used;
  for (const auto& suite_case : suite.cases) {
    used.insert(suite_case.phantom);
    const auto pair = phantoms::make_mask_pair(phantoms::find_mask_pair(suite_case.phantom, "test"),
                                               suite_case.phantom_parameters, "test");
    for (const auto& check : suite_case.checks) {
      const auto known = known_value(pair.known, check.metric);
      ASSERT_TRUE(known.has_value()) << suite_case.id << ": " << check.metric;
      Measurement measurement{.metric = check.metric};
      measurement.value = *known;
      EXPECT_EQ(decide(measurement, resolve_limit(check, pair.reference->grid)).verdict, Verdict::pass)
          << suite_case.id << ": " << check.metric;
    }
  }
  for (const auto& pair : phantoms::mask_pair_catalogue()) EXPECT_TRUE(used.contains(pair.id)) << pair.id;
}

}  // namespace
}  // namespace meshassay::suites
