// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "core/errors.hpp"
#include "phantoms/phantom.hpp"
#include "phantoms/scan.hpp"

namespace meshassay::phantoms {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using List = std::vector<double>;

std::string refusal(const std::string& id, const Parameters& parameters, const TruthOptions& options = {}) {
  try {
    (void)make_phantom(find_phantom(id, "case 3"), parameters, "case 3", options);
  } catch (const InvalidInput& error) {
    return error.what();
  }
  return "not refused";
}

TEST(PhantomCatalogue, NamesEachPhantomOnceWithAQuestionAndItsMaterials) {
  std::set<std::string> ids;
  for (const auto& definition : phantom_catalogue()) {
    EXPECT_TRUE(ids.insert(definition.id).second);
    EXPECT_EQ(definition.asks.back(), '?');
    std::set<std::string> names;
    for (const auto& parameter : definition.parameters) {
      EXPECT_TRUE(names.insert(parameter.name).second);
      EXPECT_FALSE(parameter.description.empty());
    }
    EXPECT_TRUE(names.contains("hu") && names.contains("background_hu"));
  }
  EXPECT_GE(ids.size(), 40u);
}

TEST(PhantomCatalogue, RefusesAnUnknownNameAndOffersTheNearest) {
  EXPECT_THAT(refusal("shpere", {}),
              AllOf(HasSubstr("shpere"), HasSubstr("did you mean 'sphere'"), HasSubstr("case 3")));
}

TEST(PhantomCatalogue, RefusesParametersAndNamesValueAndRange) {
  EXPECT_THAT(refusal("sphere", {{"radius_mm", -1.0}}),
              AllOf(HasSubstr("radius_mm"), HasSubstr("-1"), HasSubstr("between 0.1 and 200")));
  EXPECT_THAT(refusal("sphere", {{"radius", 1.0}}), HasSubstr("did you mean 'radius_mm'"));
  EXPECT_THAT(refusal("sphere", {{"radius_mm", std::nan("")}}), HasSubstr("finite"));
  EXPECT_THAT(refusal("plate_ladder", {{"thickness_mm", List{2.0, 0.0}}}), HasSubstr("between 0.05 and 50"));
  EXPECT_THAT(refusal("plate_ladder", {{"axis", std::string("y")}}), HasSubstr("one of x, z"));
  EXPECT_THAT(refusal("plate_ladder", {{"thickness_mm", List{}}}),
              AllOf(HasSubstr("thickness_mm"), HasSubstr("1 to 20"), HasSubstr("case 3")));
  EXPECT_THAT(refusal("step_wedge", {{"steps_mm", List(21, 1.0)}}),
              AllOf(HasSubstr("21 elements"), HasSubstr("1 to 20")));
}

TEST(PhantomCatalogue, RefusesAnObjectWithoutContrast) {
  EXPECT_THAT(refusal("sphere", {{"hu", 40.0}, {"background_hu", 40.5}}), HasSubstr("at least 1 HU apart"));
}

TEST(PhantomCatalogue, RefusesAChordalErrorThatCannotBeMet) {
  EXPECT_THAT(refusal("sphere", {}, {.chordal_error_mm = 0.0}), HasSubstr("positive"));
  EXPECT_THAT(refusal("sphere", {{"radius_mm", 200.0}}, {.chordal_error_mm = 1e-6}),
              HasSubstr("five million triangles"));
}

TEST(PhantomCatalogue, TellsASystemTheMaterialButNotTheGeometry) {
  const auto phantom =
      make_phantom(find_phantom("sphere", "test"), {{"hu", 700.0}, {"background_hu", 50.0}}, "test");
  EXPECT_EQ(phantom.background_hu, 50.0);
  const auto targets = targets_of(phantom);
  ASSERT_EQ(targets.size(), 1u);
  EXPECT_EQ(targets[0], (Target{.label = 1, .name = "object", .hu_range = {700.0, 700.0}}));
}

TEST(PhantomCatalogue, PlacesNothingAtTheOriginSoThatAMirroredFrameShows) {
  for (const auto& definition : phantom_catalogue()) {
    const Box3 bounds = bounds_mm(make_phantom(definition, {}, "test", {.chordal_error_mm = 0.05}));
    // Half a millimetre and more off the middle only where the shape has none, or is turned.
    const bool has_middle = definition.id != "islands" && !definition.id.starts_with("oblique_");
    EXPECT_LT((bounds.center_mm() - Point3(12.0, -30.0, 45.0)).norm(), has_middle ? 1e-12 : 4.0)
        << definition.id;
  }
}

}  // namespace
}  // namespace meshassay::phantoms
