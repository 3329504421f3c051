// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <iterator>
#include <set>

#include "core/errors.hpp"
#include "phantoms/phantom.hpp"
#include "phantoms/scan/scan.hpp"
#include "tests/support/source_folder.hpp"

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

/// As the parameter's type.
ParameterValue like(const ParameterDefinition& definition, double value) {
  if (std::holds_alternative<double>(definition.default_value)) return value;
  return List(definition.length.value_or(1), value);
}

TEST(PhantomCatalogue, RefusesEachNumberThatIsNegativeZeroAbsurdOrNone) {
  for (const auto& definition : phantom_catalogue())
    for (const auto& parameter : definition.parameters) {
      if (std::holds_alternative<std::string>(parameter.default_value)) {
        EXPECT_THAT(refusal(definition.id, {{parameter.name, std::string("nonsense")}}),
                    AllOf(HasSubstr(parameter.name), HasSubstr("one of "), HasSubstr("nonsense")));
        continue;
      }
      SCOPED_TRACE(definition.id + ": " + parameter.name);
      ASSERT_TRUE(parameter.min && parameter.max);
      const auto expect_refused = [&](double value, const std::string& expected) {
        EXPECT_THAT(refusal(definition.id, {{parameter.name, like(parameter, value)}}),
                    AllOf(HasSubstr("'" + parameter.name + "'"), HasSubstr(expected), HasSubstr("case 3"),
                          HasSubstr("its default is")));
      };
      for (const double value : {*parameter.min - 1.0, -1e6, 1e6, *parameter.max + 1.0})
        expect_refused(value, "between ");
      expect_refused(std::nan(""), "a finite number");
      expect_refused(std::numeric_limits<double>::infinity(), "a finite number");
      // Lengths are positive; what may be zero or negative is a place, an angle, a level or a material.
      if (!parameter.name.ends_with("_mm") || parameter.name.find("offset") != std::string::npos) continue;
      EXPECT_GT(*parameter.min, 0.0);
      expect_refused(0.0, "between ");
    }
}

TEST(PhantomCatalogue, RefusesEachNumberOfAScanThatIsBelowOrAboveItsRange) {
  for (const auto& parameter : scan_parameters()) {
    SCOPED_TRACE(parameter.name);
    const auto refused = [&](const ParameterValue& value) -> std::string {
      try {
        (void)resolve_parameters(scan_parameters(), {{parameter.name, value}}, "case 3");
      } catch (const InvalidInput& error) {
        return error.what();
      }
      return "not refused";
    };
    if (std::holds_alternative<std::string>(parameter.default_value)) {
      EXPECT_THAT(refused(std::string("nonsense")), AllOf(HasSubstr(parameter.name), HasSubstr("one of ")));
    } else if (!std::holds_alternative<bool>(parameter.default_value)) {
      ASSERT_TRUE(parameter.min && parameter.max);
      for (const double value : {*parameter.min - 1.0, *parameter.max + 1.0})
        EXPECT_THAT(refused(like(parameter, value)), AllOf(HasSubstr(parameter.name), HasSubstr("between ")));
    }
  }
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
    const bool has_middle =
        definition.id != "islands" && definition.id != "gyroid" && !definition.id.starts_with("oblique_");
    EXPECT_LT((bounds.center_mm() - Point3(12.0, -30.0, 45.0)).norm(), has_middle ? 1e-12 : 4.0)
        << definition.id;
  }
}

TEST(PhantomCatalogue, HasAPageForEachPhantomThatNamesItsParameters) {
  for (const auto& definition : phantom_catalogue()) {
    const auto path = test_support::source_folder() / "docs" / "phantoms" / (definition.id + ".md");
    std::ifstream file(path);
    ASSERT_TRUE(file) << path;
    const std::string page{std::istreambuf_iterator<char>(file), {}};
    EXPECT_THAT(page, HasSubstr("# " + definition.id)) << path;
    for (const auto& parameter : definition.parameters)
      EXPECT_THAT(page, HasSubstr("`" + parameter.name + "`")) << path;
  }
}

TEST(PhantomCatalogue, RefusesSizesThatDoNotFitEachOther) {
  EXPECT_THAT(refusal("hollow_sphere", {{"radius_mm", 3.0}, {"wall_mm", 3.0}}),
              AllOf(HasSubstr("wall_mm"), HasSubstr("less than 3 (radius_mm)"), HasSubstr("case 3")));
  EXPECT_THAT(refusal("torus", {{"radius_mm", 10.0}}), HasSubstr("ring_radius_mm, else there is no hole"));
  EXPECT_THAT(refusal("bearing_balls", {{"distance_mm", 9.0}}), HasSubstr("less than 9"));
  EXPECT_THAT(refusal("organs_sharing_a_face", {{"face_offset_mm", -10.0}}), HasSubstr("face_offset_mm"));
  EXPECT_THAT(refusal("long_bone", {{"length_mm", 30.0}}), HasSubstr("ends of the bone would meet"));
  EXPECT_THAT(refusal("stepped_shaft", {{"diameters_mm", List{2.0, 3.0}}}), HasSubstr("become thinner"));
  EXPECT_THAT(refusal("islands", {{"radii_mm", List(30, 3.0)}}), HasSubstr("too near to each other"));
  EXPECT_THAT(refusal("strut_lattice", {{"cells", 1.5}}), HasSubstr("whole number"));
  EXPECT_THAT(refusal("gyroid", {{"period_mm", 24.0}}), HasSubstr("less than 24 (twice radius_mm"));
  EXPECT_THAT(refusal("gyroid", {{"radius_mm", 48.0}}), HasSubstr("four times period_mm"));
  // Near r = 7.7 mm a strut is about to part.
  EXPECT_THAT(refusal("gyroid", {{"period_mm", 10.0}, {"radius_mm", 8.0}, {"level", 0.0}}),
              HasSubstr("nearly touches itself"));
  EXPECT_THAT(refusal("cylinder", {{"radius_mm", 200.0}}, {.chordal_error_mm = 1e-7}),
              HasSubstr("too many triangles"));
}

TEST(PhantomCatalogue, RefusesMaterialsThatCannotBeToldFromEachOther) {
  EXPECT_THAT(refusal("sphere_in_sphere", {{"hu", 300.0}, {"core_hu", 300.5}}),
              AllOf(HasSubstr("the core"), HasSubstr("the shell"), HasSubstr("at least 1 HU apart")));
}

TEST(PhantomCatalogue, TurnsAPhantomAboutItsPlaceAndItsFeaturesWithIt) {
  // A quarter turn about z takes x to y, exactly.
  const auto straight = make_phantom(find_phantom("gap_ladder", "test"), {}, "test");
  const auto turned =
      make_phantom(find_phantom("gap_ladder", "test"), {{"turn_deg", List{0.0, 0.0, 90.0}}}, "test");
  const Point3 place(12.0, -30.0, 45.0);
  const Point3 point = place + Vector3(3.0, 1.0, 2.0);
  const Point3 moved = place + Vector3(-1.0, 3.0, 2.0);
  EXPECT_NEAR(straight.targets[0].truth.implicit->signed_distance_mm(point),
              turned.targets[0].truth.implicit->signed_distance_mm(moved), 1e-13);
  EXPECT_EQ(turned.targets[0].truth.features[0].region.axes.col(2), Vector3::UnitY().eval());
  EXPECT_EQ(turned.targets[0].truth.volume_mm3->value, straight.targets[0].truth.volume_mm3->value);
}

}  // namespace
}  // namespace meshassay::phantoms
