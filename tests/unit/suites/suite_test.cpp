// SPDX-License-Identifier: GPL-3.0-or-later
#include "suites/suite.hpp"

#include <gmock/gmock.h>

#include "suites/requirements.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/suites/error_of.hpp"

namespace meshassay::suites {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

// A check that every case can have.
constexpr const char* any_check = R"([[check]]
metric = "record.clause5_complete"
equals = true
requirement = ["3532-1:5-e"]
rationale = "why"
)";

constexpr const char* head = R"(id = "s"
version = "1"
intended_use = "tests"
seed = 7
)";

Suite read(const std::string& text) {
  const test_support::TemporaryFolder files;
  return read_suite(files.file("s.toml", text));
}

Suite with_cases(const std::string& cases) { return read(std::string(head) + cases + any_check); }

std::vector<std::string> ids(const Suite& suite) {
  std::vector<std::string> result;
  for (const auto& suite_case : suite.cases) result.push_back(suite_case.id);
  return result;
}

TEST(Suite, IsReadWithItsIdentity) {
  const auto suite = with_cases("[[case]]\nphantom = \"sphere\"\n");
  EXPECT_EQ(suite.id, "s");
  EXPECT_EQ(suite.version, "1");
  EXPECT_EQ(suite.intended_use, "tests");
  EXPECT_EQ(suite.seed, 7u);
  EXPECT_EQ(suite.repeat, 1);
  EXPECT_EQ(read(std::string(head) + "repeat = 3\n[[case]]\nphantom = \"sphere\"\n" + any_check).repeat, 3);
  EXPECT_EQ(suite.now, "2000-01-01T00:00:00Z");
  EXPECT_EQ(suite.sha256.size(), 64u);
  ASSERT_THAT(suite.cases, SizeIs(1));
  EXPECT_EQ(suite.cases[0].id, "sphere");
  EXPECT_EQ(suite.cases[0].task, "model");
  EXPECT_EQ(suite.cases[0].expect, "done");
  EXPECT_TRUE(suite.cases[0].phantom_parameters.empty());  // Defaults are not filled in.
}

TEST(Suite, ExpandsListsToAProductWithTheLastChangingFastest) {
  const auto suite =
      with_cases("[[case]]\nphantom = \"sphere\"\nradius_mm = [5, 10]\nscan = {noise_hu = [0, 20.5]}\n");
  EXPECT_THAT(ids(suite), ElementsAre("sphere/radius_mm=5/noise_hu=0", "sphere/radius_mm=5/noise_hu=20.5",
                                      "sphere/radius_mm=10/noise_hu=0", "sphere/radius_mm=10/noise_hu=20.5"));
  EXPECT_EQ(suite.cases[3].phantom_parameters, (Parameters{{"radius_mm", 10.0}}));
  EXPECT_EQ(suite.cases[3].scan_parameters, (Parameters{{"noise_hu", 20.5}}));
}

TEST(Suite, TakesAListOfNumbersAsOneValueWhereTheParameterIsAnArray) {
  const auto suite = with_cases(
      "[[case]]\nphantom = \"sphere\"\nscan = {spacing_mm = [0.5, 0.5, 2]}\n"
      "[[case]]\nphantom = \"sphere\"\nscan = {spacing_mm = [[1, 1, 1], [0.5, 0.5, 3]]}\n");
  EXPECT_THAT(ids(suite), ElementsAre("sphere/spacing_mm=0.5x0.5x2", "sphere/spacing_mm=1x1x1",
                                      "sphere/spacing_mm=0.5x0.5x3"));
  EXPECT_EQ(suite.cases[2].scan_parameters, (Parameters{{"spacing_mm", std::vector<double>{0.5, 0.5, 3.0}}}));
}

TEST(Suite, NamesParametersInTheOrderOfTheFileThePhantomsFirst) {
  const auto suite = with_cases(
      "[[case]]\nscan = {spacing_mm = [0.5, 0.5, 2], noise_hu = 20, blur_fwhm_mm = 1}\nphantom = "
      "\"sphere\"\nradius_mm = 5\nhu = 900\n");
  EXPECT_THAT(ids(suite),
              ElementsAre("sphere/radius_mm=5/hu=900/spacing_mm=0.5x0.5x2/noise_hu=20/blur_fwhm_mm=1"));
}

TEST(Suite, TakesScansAsASubtableOrAList) {
  const auto suite = with_cases(
      "[[case]]\nphantom = \"sphere\"\n[case.scan]\nnoise_hu = 1\n"
      "[[case]]\nphantom = \"sphere\"\nradius_mm = [4, 5]\n[[case.scan]]\nnoise_hu = "
      "2\n[[case.scan]]\nblur_fwhm_mm = 1\n");
  EXPECT_THAT(ids(suite), ElementsAre("sphere/noise_hu=1", "sphere/radius_mm=4/noise_hu=2",
                                      "sphere/radius_mm=5/noise_hu=2", "sphere/radius_mm=4/blur_fwhm_mm=1",
                                      "sphere/radius_mm=5/blur_fwhm_mm=1"));
}

TEST(Suite, GivesGeneralChecksToTheCasesThatTheyName) {
  const auto suite = read(std::string(head) + R"(
[[case]]
phantom = "sphere"
radius_mm = [5, 10]
[[case.check]]
metric = "record.steps"
min = 2
requirement = "3532-1:5-e"
rationale = "why"
[[case]]
phantom = "step_wedge"
[[check]]
metric = "record.clause5_complete"
equals = true
requirement = ["3532-1:5-c", "3532-1:5-d"]
rationale = "why"
approved_by = "A. Person"
[[check]]
metric = "record.status"
phantom = "sphere"
equals = "done"
requirement = ["3532-1:5-e"]
rationale = "why"
[[check]]
metric = "record.warnings"
cases = "*radius_mm=10*"
max = 0
requirement = ["3532-1:5-e"]
rationale = "why"
)");
  const auto metrics_of = [&](std::size_t index) {
    std::vector<std::string> metrics;
    for (const auto& check : suite.cases[index].checks)
      metrics.push_back(check.metric + ": " + check.as_written);
    return metrics;
  };
  EXPECT_THAT(metrics_of(0), ElementsAre("record.clause5_complete: equals true", "record.status: equals done",
                                         "record.steps: min 2"));
  EXPECT_THAT(metrics_of(1), ElementsAre("record.clause5_complete: equals true", "record.status: equals done",
                                         "record.warnings: max 0", "record.steps: min 2"));
  EXPECT_THAT(metrics_of(2), ElementsAre("record.clause5_complete: equals true"));
  EXPECT_THAT(suite.cases[2].checks[0].requirements, ElementsAre("3532-1:5-c", "3532-1:5-d"));
  EXPECT_EQ(suite.cases[2].checks[0].approved_by, "A. Person");
  EXPECT_EQ(suite.cases[2].checks[0].rationale, "why");
}

CheckDefinition read_limit(const std::string& metric_and_limit) {
  const auto suite = read(std::string(head) + "[[case]]\nphantom = \"sphere\"\n[[case.check]]\n" +
                          metric_and_limit + "\nrequirement = [\"3532-1:6.5\"]\nrationale = \"why\"\n");
  return suite.cases.front().checks.front();
}

TEST(Suite, ReadsLimitsWithTheirUnits) {
  const auto rms = read_limit("metric = \"deviation.rms\"\nmax = \"0.3 in_plane\"");
  ASSERT_TRUE(rms.max);
  EXPECT_EQ(rms.max->value, 0.3);
  EXPECT_EQ(rms.max->unit, "in_plane");
  EXPECT_FALSE(rms.min);
  EXPECT_EQ(rms.as_written, "max 0.3 in_plane");
  EXPECT_EQ(read_limit("metric = \"deviation.bias\"\nmin = \"-0.1 slice\"\nmax = \"+0.1 mm\"").as_written,
            "min -0.1 slice, max 0.1 mm");
  EXPECT_EQ(read_limit("metric = \"size.volume_error\"\nmin = \"-1 %\"\nmax = \"1 %\"").as_written,
            "min -1 %, max 1 %");
  EXPECT_EQ(read_limit("metric = \"overlap.dice\"\nmin = 0.95").min->unit, "1");
  EXPECT_EQ(read_limit("metric = \"mesh.closed\"\nequals = true").equals, MeasuredValue(true));
}

TEST(Suite, ReadsStages) {
  EXPECT_EQ(read_limit("metric = \"overlap.dice\"\nstage = \"segmented\"\nmin = 0.95").stage, "segmented");
  EXPECT_EQ(
      error_of([] { (void)read_limit("metric = \"overlap.dice\"\nstage = \"segmentd\"\nmin = 0.95"); }).mend,
      "did you mean 'segmented'?");
}

struct BadLimit {
  const char *toml, *what, *mend;
};
void PrintTo(const BadLimit& limit, std::ostream* out) {  // NOLINT(readability-identifier-naming)
  *out << limit.toml;
}

class BadLimits : public testing::TestWithParam<BadLimit> {};

TEST_P(BadLimits, AreRefusedWithAPlaceAndAMend) {
  const auto error = error_of([] { (void)read_limit(GetParam().toml); });
  EXPECT_THAT(error.what, HasSubstr(GetParam().what));
  EXPECT_THAT(error.mend, HasSubstr(GetParam().mend));
  EXPECT_THAT(error.where, HasSubstr("s.toml:"));
  EXPECT_FALSE(error.expected.empty());
  EXPECT_FALSE(error.got.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Each, BadLimits,
    testing::Values(
        BadLimit{"metric = \"deviation.rms\"\nmax = 0.3", "a limit without a unit", "max = \"0.3 mm\""},
        BadLimit{"metric = \"deviation.rms\"\nmax = \"0.3\"", "a limit without a unit", "max = \"0.3 mm\""},
        BadLimit{"metric = \"deviation.rms\"\nmax = \"0.3 %\"", "unknown unit for deviation.rms", ""},
        BadLimit{"metric = \"deviation.rms\"\nmax = \"0.3 slcie\"", "unknown unit", "did you mean 'slice'?"},
        BadLimit{"metric = \"deviation.rms\"\nmax = \"small\"", "cannot be read", "0.3 mm"},
        BadLimit{"metric = \"deviation.rms\"\nmax = \"nan mm\"", "cannot be read", "0.3 mm"},
        BadLimit{"metric = \"deviation.rms\"\nmax = true", "'max' is of another type", "max ="},
        BadLimit{"metric = \"deviation.rms\"", "a check without a limit", "add"},
        BadLimit{"metric = \"deviation.rms\"\nmaks = \"1 mm\"", "unknown key 'maks'", "did you mean 'max'?"},
        BadLimit{"metric = \"deviation.rsm\"\nmax = \"1 mm\"", "unknown metric",
                 "did you mean 'deviation.rms'?"},
        BadLimit{"metric = \"deviation.rms\"\nequals = 1", "'equals' on deviation.rms", "zone"},
        BadLimit{"metric = \"deviation.bias\"\nmax = \"1 mm\"", "'max' alone on the signed metric",
                 "add a min"},
        BadLimit{"metric = \"deviation.bias\"\nmin = \"-1 mm\"", "'min' alone on the signed metric",
                 "add a max"},
        BadLimit{"metric = \"deviation.bias\"\nmin = \"1 mm\"\nmax = \"-1 mm\"", "min lies above max",
                 "correct"},
        BadLimit{"metric = \"deviation.bias\"\nmin = \"1 slice\"\nmax = \"0.5 in_plane\"",
                 "min lies above max", "correct"},
        BadLimit{"metric = \"mesh.closed\"\nequals = 1", "'equals' of another type", "list metrics"},
        BadLimit{"metric = \"mesh.closed\"\nmin = 1", "which is not a number", "equals"},
        BadLimit{"metric = \"record.steps\"\nequals = 1\nmin = 1", "'equals' beside min or max",
                 "remove one"},
        BadLimit{"metric = \"record.steps\"\nequals = \"1\"", "'equals' of another type", "list metrics"},
        BadLimit{"metric = \"overlap.dice\"\nmin = \"0.95\"", "a limit without a unit", "without quotes"}));

class BadSuites : public testing::TestWithParam<FileFault> {};

constexpr const char* good_suite = R"(id = "s"
version = "1"
intended_use = "tests"
seed = 7
now = "2001-02-03T04:05:06Z"
[[case]]
phantom = "sphere"
radius_mm = [5, 10]
expect = "done"
scan = {spacing_mm = [1, 1, 1]}
[[case.check]]
metric = "record.clause5_complete"
equals = true
requirement = ["3532-1:5-e"]
rationale = "why"
)";

TEST(Suite, UsedForFaultsIsGoodItself) { EXPECT_THAT(read(good_suite).cases, SizeIs(2)); }

TEST_P(BadSuites, AreRefusedWithAPlaceAndAMend) { expect_refusal(good_suite, GetParam(), "s.toml", read); }

INSTANTIATE_TEST_SUITE_P(
    Each, BadSuites,
    testing::Values(
        FileFault{"id = \"s\"\n", "", "'id' is missing", "add"},
        FileFault{"\"s\"", "\"a/b\"", "cannot be part of a case id", "characters"},
        FileFault{"version = \"1\"\n", "", "'version' is missing", "add"},
        FileFault{"seed = 7\n", "", "'seed' is missing", "add"},
        FileFault{"seed = 7", "seed = -7", "'seed' is out of range", "range"},
        FileFault{"seed = 7", "seed = 7\nrepeat = 0", "'repeat' is out of range", "range"},
        FileFault{"intended_use", "intendeduse", "unknown key", "intended_use"},
        FileFault{"2001-02-03T04:05:06Z", "yesterday", "'now' is not a time", "now ="},
        FileFault{"seed = 7", "seed = 7\nsystems = [\"systems/none.toml\"]", "no such system file",
                  "relative"},
        FileFault{"phantom = \"sphere\"\n", "", "'phantom' is missing", "add"},
        FileFault{"\"sphere\"", "\"spehre\"", "unknown phantom", "did you mean 'sphere'?"},
        FileFault{"radius_mm", "radius_m", "unknown key 'radius_m'", "did you mean 'radius_mm'?"},
        FileFault{"[5, 10]", "[5, -10]", "'radius_mm' cannot be used", "radius_mm"},
        FileFault{"[5, 10]", "[5, \"10\"]", "'radius_mm' cannot be used", "radius_mm"},
        FileFault{"[5, 10]", "[]", "'radius_mm' has no value", "remove"},
        FileFault{"[5, 10]", "[[5], [10]]", "not a value of a parameter", "list of values"},
        FileFault{"[5, 10]", "[5, 5]", "two cases have the same id", "remove one"},
        FileFault{"[1, 1, 1]", "[1, 1]", "'spacing_mm' cannot be used", "spacing_mm"},
        FileFault{"[1, 1, 1]", "1", "'spacing_mm' takes arrays of numbers", "array"},
        FileFault{"[1, 1, 1]", "[0, 1, 1]", "'spacing_mm' cannot be used", "spacing_mm"},
        FileFault{"spacing_mm", "spacing", "unknown key 'spacing'", "did you mean 'spacing_mm'?"},
        FileFault{"scan = {spacing_mm = [1, 1, 1]}", "scan = []", "'scan' is an empty list", "remove"},
        FileFault{"scan = {spacing_mm = [1, 1, 1]}", "scan = 1", "'scan' is of another type", "scan ="},
        FileFault{"\"done\"", "\"finished\"", "unknown expect", ""},
        FileFault{"expect = \"done\"", "task = \"modle\"", "unknown task", "did you mean 'model'?"},
        FileFault{"3532-1:5-e", "3532-1:5-x", "unknown requirement", "did you mean '3532-1:5-"},
        FileFault{"requirement = [\"3532-1:5-e\"]\n", "", "'requirement' is missing", "add"},
        FileFault{"rationale = \"why\"\n", "", "'rationale' is missing", "add"},
        FileFault{"\"why\"", "\"  \"", "'rationale' is empty", "words"}));

TEST(Suite, MaySayThatACheckIsAboutNoRequirement) {
  std::string text = good_suite;
  text.replace(text.find("[\"3532-1:5-e\"]"), 14, "[]");
  EXPECT_TRUE(read(text).cases.front().checks.front().requirements.empty());
}

TEST(Suite, WithoutACaseIsRefused) {
  EXPECT_THAT(error_of([] { (void)read(std::string(head)); }).what, HasSubstr("'case' is missing"));
  EXPECT_THAT(error_of([] { (void)read(std::string("case = []\n") + head); }).what,
              HasSubstr("without a case"));
}

TEST(Suite, RefusesACaseThatNothingIsAskedOf) {
  const auto error = error_of([] { (void)read(std::string(head) + "[[case]]\nphantom = \"sphere\"\n"); });
  EXPECT_THAT(error.what, HasSubstr("a case without a check"));
  // Where a refusal is the right answer, that is asked of it.
  EXPECT_THAT(read(std::string(head) + "[[case]]\nphantom = \"sphere\"\nexpect = \"refused\"\n").cases,
              SizeIs(1));
}

TEST(Suite, RefusesAGeneralCheckThatNoCaseHas) {
  const auto with = [](const std::string& key) {
    return std::string(head) +
           "[[case]]\nphantom = \"sphere\"\n[[case.check]]\nmetric = \"record.steps\"\nmin = 1\n" +
           "requirement = [\"3532-1:5-e\"]\nrationale = \"why\"\n" + any_check + key;
  };
  EXPECT_THAT(error_of([&] { (void)read(with("cases = \"cube*\"\n")); }).what,
              HasSubstr("no case of the suite has"));
  EXPECT_THAT(error_of([&] { (void)read(with("phantom = \"step_wedge\"\n")); }).what,
              HasSubstr("no case of the suite has"));
  EXPECT_THAT(error_of([&] { (void)read(with("phantom = \"step_wegde\"\n")); }).mend,
              HasSubstr("step_wedge"));
}

TEST(Suite, RefusesTwoChecksOnOneMeasurement) {
  const auto error =
      error_of([] { (void)with_cases(std::string("[[case]]\nphantom = \"sphere\"\n") + any_check); });
  EXPECT_THAT(error.what, HasSubstr("two checks on one measurement"));
}

TEST(Suite, RefusesListsThatExpandToTooMany) {
  std::string list = "[1";
  for (int i = 2; i <= 101; ++i) list += ", " + std::to_string(i);
  list += "]";
  const auto error = error_of([&] {
    (void)with_cases("[[case]]\nphantom = \"sphere\"\nradius_mm = " + list + "\nscan = {noise_hu = " + list +
                     "}\n");
  });
  EXPECT_THAT(error.what, HasSubstr("too many"));  // 101 x 101 > 10000
}

TEST(Suite, RefusesAGridThatNoMachineHolds) {
  EXPECT_THROW(
      (void)with_cases(
          "[[case]]\nphantom = \"sphere\"\nradius_mm = 200\nscan = {spacing_mm = [0.02, 0.02, 0.02]}\n"),
      InvalidInput);
}

TEST(Suite, FindsItsSystemsRelativeToItselfAndNowhereElse) {
  const test_support::TemporaryFolder files;
  files.file("suites/systems/a.toml", "");
  const auto text = [](const std::string& systems) {
    return std::string(head) + "systems = " + systems + "\n[[case]]\nphantom = \"sphere\"\n" + any_check;
  };
  const auto suite = read_suite(files.file("suites/s.toml", text("[\"systems/a.toml\"]")));
  ASSERT_THAT(suite.systems, SizeIs(1));
  EXPECT_TRUE(std::filesystem::equivalent(suite.systems[0], files.path() / "suites/systems/a.toml"));
  files.file("outside.toml", "");
  EXPECT_THROW((void)read_suite(files.file("suites/s.toml", text("[\"../outside.toml\"]"))), InvalidInput);
}

TEST(Suite, MayNameRequirementsOfAnotherCatalogue) {
  const test_support::TemporaryFolder files;
  std::string text = good_suite;
  text.replace(text.find("3532-1:5-e"), 10, "house:1");
  const auto path = files.file("s.toml", text);
  EXPECT_THROW((void)read_suite(path), InvalidInput);
  const std::vector<Requirement> own = {{.id = "house:1"}};
  EXPECT_EQ(read_suite(path, own).cases.front().checks.front().requirements.front(), "house:1");
}

// A repair of a mesh phantom, with one check.
Suite repair_case(const std::string& keys, const std::string& limit = "metric = \"repair.score\"\nmin = 4") {
  return read(std::string(head) + "[[case]]\ntask = \"repair\"\n" + keys + "\n[[case.check]]\n" + limit +
              "\nrequirement = []\nrationale = \"why\"\n");
}

TEST(Suite, DerivesRunsForAllCasesThatMakeAModelOrForOne) {
  const std::string model = "[[case]]\nphantom = \"sphere\"\n";
  const std::string no_model = "[[case]]\nphantom = \"step_wedge\"\ntask = \"segment\"\n";
  const auto all = read(std::string(head) + "derived_runs = [\"budget\"]\n" + model + no_model + any_check);
  EXPECT_THAT(all.cases[0].derived_runs, ElementsAre("budget"));
  EXPECT_TRUE(all.cases[1].derived_runs.empty());
  const auto one = with_cases(model + "derived_runs = [\"budget\"]\n[[case]]\nphantom = \"cube\"\n");
  EXPECT_THAT(one.cases[0].derived_runs, ElementsAre("budget"));
  EXPECT_TRUE(one.cases[1].derived_runs.empty());
}

TEST(Suite, RefusesDerivedRunsOfCasesThatMakeNoModel) {
  const auto refusal = [](const std::string& text) { return error_of([&] { (void)read(text); }); };
  const std::string segment = "[[case]]\nphantom = \"sphere\"\ntask = \"segment\"\n";
  EXPECT_THAT(refusal(std::string(head) + segment + "derived_runs = [\"budget\"]\n" + any_check).what,
              HasSubstr("makes no model"));
  EXPECT_THAT(refusal(std::string(head) + "derived_runs = [\"budget\"]\n" + segment + any_check).what,
              HasSubstr("no case makes a model"));
  EXPECT_EQ(refusal(std::string(head) + "derived_runs = [\"buget\"]\n" + segment + any_check).mend,
            "did you mean 'budget'?");
}

TEST(Suite, ATaskThatIsGivenAMeshTakesMeshPhantoms) {
  const auto suite = repair_case("phantom = \"figure_2\"\nkind = [\"a\", \"d\"]");
  EXPECT_THAT(ids(suite), ElementsAre("figure_2/kind=a", "figure_2/kind=d"));
  EXPECT_EQ(suite.cases[0].task, "repair");
}

TEST(Suite, ATaskThatIsGivenAMeshHasNoScanAndNoVoxels) {
  const auto refused = [](const std::string& keys,
                          const std::string& limit = "metric = \"repair.score\"\nmin = 4") {
    return error_of([&] { (void)repair_case(keys, limit); });
  };
  EXPECT_EQ(refused("phantom = \"klein_botle\"").mend, "did you mean 'klein_bottle'?");
  EXPECT_THAT(refused("phantom = \"sphere\"").what, HasSubstr("unknown mesh phantom"));
  EXPECT_THAT(refused("phantom = \"lamp\"\nscan = {noise_hu = 1}").what, HasSubstr("'scan'"));
  EXPECT_THAT(refused("phantom = \"lamp\"\nlevels = 2").what, HasSubstr("unknown key"));
  EXPECT_THAT(refused("phantom = \"klein_bottle\"\naround = 25").what, HasSubstr("ends do not fit"));
  EXPECT_THAT(
      refused("phantom = \"lamp\"", "metric = \"repair.repaired_to_input\"\nmax = \"1 in_plane\"").what,
      HasSubstr("in voxels"));
}

TEST(Suite, ATaskThatIsGivenAScanTakesNoMeshPhantom) {
  EXPECT_THAT(error_of([] { (void)with_cases("[[case]]\nphantom = \"klein_bottle\"\n"); }).what,
              HasSubstr("unknown phantom"));
}

TEST(Suite, RefusesATaskThatDoesNotRun) {
  EXPECT_THAT(error_of([] { (void)with_cases("[[case]]\nphantom = \"sphere\"\ntask = \"repare\"\n"); }).mend,
              HasSubstr("'repair'"));
}

}  // namespace
}  // namespace meshassay::suites
