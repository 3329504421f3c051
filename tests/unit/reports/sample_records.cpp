// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/reports/sample_records.hpp"

#include <bit>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "reports/run_json.hpp"

namespace meshassay::reports::samples {
namespace {

std::string hash(char digit) { return std::string(64, digit); }

CheckResult check(const std::string& metric, const std::string& stage, Limit limit, Verdict verdict) {
  return {.metric = metric,
          .stage = stage,
          .target = "bone",
          .limit = std::move(limit),
          .verdict = verdict,
          .requirements = {"3532-1:6.5"},
          .rationale = "half a voxel in the plane of the slices is what a threshold can be held to",
          .approved_by = "Q. Reviewer"};
}

Measurement measured(const std::string& metric, const std::string& stage, MeasuredValue value,
                     const std::string& unit) {
  return {.metric = metric, .stage = stage, .target = "bone", .value = std::move(value), .unit = unit};
}

CaseResult sphere_case() {
  CaseResult result;
  result.id = "sphere/radius_mm=10";
  result.phantom = "sphere";
  result.phantom_parameters = {{"radius_mm", 10.0},
                               {"hollow", false},
                               {"material", std::string("bone")},
                               {"center_mm", std::vector<double>{0.1, 0.0, -2.5}}};
  result.scan_parameters = {{"spacing_mm", std::vector<double>{0.5, 0.5, 2.0}}, {"noise_hu", 20.0}};
  result.stages = {"segmented", "extracted", "exported"};
  result.record = SystemRecord{
      .status = "done",
      .reason = "",
      .warnings = {"slices are further apart than 1 mm"},
      .steps = {{"segmentation", "fixed_threshold", {{"threshold_hu", 250.0}}},
                {"reconstruction", "flying_edges", {{"on", std::string("grey values")}, {"cap", true}}}},
      .findings = {{"components", 1.0}, {"touches_border", false}}};
  Measurement bias = measured("deviation.bias", "exported", 0.012, "mm");
  bias.interval = Interval{0.010, 0.014};
  bias.sources = {{"quadrature", 0.001}, {"truth", 0.001}};
  bias.witnesses = {{"at_mm", std::vector<double>{1.0, 2.0, 3.0}}, {"triangle", 17.0}};
  Measurement rms = measured("deviation.rms", "exported", 0.30001, "mm");
  rms.interval = Interval{0.30001, 0.302};
  Measurement volume = measured("size.volume_error", "exported", -0.021, "1");
  volume.interval = Interval{-0.026, -0.016};
  volume.interval_kind = IntervalKind::expanded_k2;
  Measurement thickness{.metric = "thickness.min",
                        .stage = "exported",
                        .target = "bone",
                        .unit = "mm",
                        .reason = "feature_missing",
                        .detail = "plate_0.3"};
  Measurement radii = measured("size.radii", "exported", std::vector<double>{9.9, 10.0, 10.1}, "mm");
  radii.interval_kind = IntervalKind::range;
  result.measurements = {bias,
                         rms,
                         volume,
                         thickness,
                         radii,
                         measured("mesh.closed", "exported", true, "1"),
                         measured("mesh.format", "exported", std::string("stl_binary"), "1"),
                         measured("topology.components", "segmented", 1.0, "1")};
  result.checks = {
      check("deviation.bias", "exported",
            {.min = -0.05, .max = 0.05, .as_written = "min -0.05 mm, max 0.05 mm"}, Verdict::pass),
      check("deviation.rms", "exported", {.max = 0.3, .as_written = "max 0.3 mm"}, Verdict::fail),
      check("size.volume_error", "exported", {.min = -0.02, .max = 0.02, .as_written = "min -2 %, max 2 %"},
            Verdict::inconclusive),
      check("thickness.min", "exported", {.min = 0.25, .as_written = "min 0.5 in_plane"}, Verdict::fail),
      check("mesh.closed", "exported", {.equals = MeasuredValue(true), .as_written = "equals true"},
            Verdict::pass),
      check("topology.components", "segmented", {.equals = MeasuredValue(1.0), .as_written = "equals 1"},
            Verdict::not_applicable)};
  result.checks[2].reason = "the interval [-0.026, -0.016] crosses the limit; ruler_too_coarse";
  result.checks[3].expectation = Expectation::waived;
  result.checks[3].waiver = "known: thin plates are lost";
  result.checks[4].expectation = Expectation::waived;
  result.checks[4].waiver = "expected to be open";
  result.checks[5].reason = "undefined: not_offered";
  result.checks[0].requirements = {"3532-1:6.5", "3532-1:6.4-d"};
  result.artifacts = {{"ct", "cases/001/ct.nrrd", hash('a'), 123456},
                      {"surface", "cases/001/surface.stl", hash('b'), 0}};
  result.derived_runs = {
      {.plan = "budget",
       .name = "reconstruction",
       .task = "surface",
       .scan_parameters = {{"noise_hu", 0.0}},
       .stages = {"extracted", "exported"},
       .record = SystemRecord{.status = "done",
                              .reason = "",
                              .warnings = {},
                              .steps = {},
                              .findings = {{"surface_pieces", 1.0}}},
       .artifacts = {{"mask", "cases/001/budget-reconstruction/mask.nrrd", hash('9'), 77}}},
      {.plan = "budget",
       .name = "editing",
       .task = "edit or repair",
       .status = CaseStatus::unsupported,
       .status_detail = "task edit or repair"}};
  result.timing_s = {{"measure", 1.25}, {"system", 0.5}};
  return result;
}

CaseResult crashed_case() {
  CaseResult result;
  result.id = "step_wedge/step_mm=1";
  result.phantom = "step_wedge";
  result.expect = "refused";
  result.status = CaseStatus::crashed;
  result.status_detail = "exit code 139";
  result.checks = {
      check("deviation.rms", "exported", {.max = 0.3, .as_written = "max 0.3 mm"}, Verdict::error)};
  result.checks[0].reason = "the measurement threw: out of memory";
  return result;
}

}  // namespace

RunRecord full_record() {
  RunRecord record;
  record.tool = {.version = "0.1.0",
                 .commit = "0123456789abcdef0123456789abcdef01234567",
                 .binary_sha256 = hash('c'),
                 .clean_tree = true,
                 .libraries = {{"ITK", "5.2.1"}, {"VTK", "9.1.0"}}};
  record.system = {.name = "reference",
                   .version = "0.1.0",
                   .adapter = "reference",
                   .executable_sha256 = hash('d'),
                   .file_sha256 = hash('e'),
                   .settings = {{"threshold_hu", 250.0}, {"smoothing", std::string("moderate")}},
                   .declares = {{"clause_5", "docs/declaration.md"}}};
  record.suites = {{"quick", "1", hash('f'), "a first look"}};
  record.seed = 0x7FFFFFFFFFFFFFFFull;  // The largest that a suite file can hold: TOML has signed integers.
  record.operator_name = "A. Operator";
  record.waivers = {{"sphere/*", "thickness.*", "known: thin plates are lost", "Q. Reviewer", 1}};
  record.cases = {sphere_case(), crashed_case()};
  record.requirements = {
      {"3532-1:6.5",
       "",
       "title_only",
       "T",
       "calibration and validation",
       "failed",
       {"sphere/radius_mm=10/deviation.rms"},
       ""},
      {"3532-1:6.4-d",
       "",
       "info",
       "T",
       "the surface is closed",
       "verified",
       {"sphere/radius_mm=10/deviation.bias"},
       ""},
      {"3532-1:6.1-gap", "", "title_only", "-", "not held", "title_only", {}, "the text is not held"},
      {"3532-1:6.3-c",
       "shall",
       "should",
       "D",
       "operators are qualified",
       "not_covered",
       {},
       "a person attests it"}};
  record.known_anomalies = {"percentiles of fewer than 100 triangles are coarse"};
  record.summary = {.passed = false,
                    .why = "4 checks count against the run",
                    .cases = 2,
                    .checks = 7,
                    .pass = 1,
                    .fail = 1,
                    .inconclusive = 1,
                    .not_applicable = 1,
                    .error = 1,
                    .waived = 1,
                    .unexpected_pass = 1};
  record.environment = {{"host", "bench-1"}, {"started", "2026-11-20T19:40:00Z"}};
  record.timing_s = {{"total", 12.5}};
  return record;
}

RunRecord passing_record() {
  RunRecord record = full_record();
  record.cases.pop_back();
  record.cases[0].checks.resize(1);
  record.waivers.clear();
  record.known_anomalies.clear();
  record.requirements[0].status = "verified";
  record.requirements[0].checks = {"sphere/radius_mm=10/deviation.bias"};
  record.summary = {.passed = true, .why = "1 of 1 checks pass", .cases = 1, .checks = 1, .pass = 1};
  return record;
}

std::vector<RunRecord> smoothing_study() {
  struct System {
    const char* smoothing;
    double shrinkage;  ///< Of the volume.
  };
  std::vector<RunRecord> runs;
  for (const System system : {System{"none", 0.0}, System{"moderate", -0.004}, System{"excessive", -0.09}}) {
    RunRecord run = passing_record();
    run.system.settings["smoothing"] = std::string(system.smoothing);
    run.system.version = std::string("0.1.0, smoothing ") + system.smoothing;
    run.cases.clear();
    for (const double radius_mm : {5.0, 10.0, 20.0}) {
      CaseResult result;
      result.id = "sphere/radius_mm=" + std::to_string(static_cast<int>(radius_mm));
      // A shell of constant thickness that smoothing takes away is a share of the volume that falls as 1/r.
      const double change = system.shrinkage * 10.0 / radius_mm;
      Measurement volume = measured("smoothing.volume_change", "smoothed", change, "1");
      volume.interval = Interval{change - 0.001, change + 0.001};
      Measurement bias = measured("deviation.bias", "exported", change * radius_mm / 3.0, "mm");
      bias.interval =
          Interval{*std::get_if<double>(&*bias.value) - 0.002, *std::get_if<double>(&*bias.value) + 0.002};
      result.measurements = {volume, bias};
      result.checks = {check("smoothing.volume_change", "smoothed",
                             {.min = -0.02, .max = 0.02, .as_written = "min -2 %, max 2 %"},
                             std::abs(change) < 0.019 ? Verdict::pass : Verdict::fail)};
      run.cases.push_back(result);
    }
    run.summary.passed = system.shrinkage > -0.01;
    run.summary.why = run.summary.passed ? "3 of 3 checks pass" : "checks fail";
    runs.push_back(run);
  }
  return runs;
}

namespace {

/// SplitMix64: the same on every machine.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t bits() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ull);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
  }
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(bits() % n); }
  bool coin() { return below(2) == 0; }
  double number() {
    if (below(4) == 0) return static_cast<double>(below(100)) - 50.0;  // Whole numbers must stay doubles.
    double value = std::bit_cast<double>(bits());
    while (!std::isfinite(value)) value = std::bit_cast<double>(bits());
    return value;
  }
  std::string text() {
    static const char* const parts[] = {"a", "Z",    "\"", "\\", "/", "\n",    "\t", "<",
                                        "&", "\x01", "é",  "骨", "😀", "{{x}}", " "};
    std::string result;
    for (std::size_t n = below(6); n > 0; --n) result += parts[below(std::size(parts))];
    if (below(10) == 0) result += '\0';
    return result;
  }
  int count() { return static_cast<int>(below(1u << 30)); }
  std::vector<double> numbers() {
    std::vector<double> result;
    for (std::size_t n = below(4); n > 0; --n) result.push_back(number());
    return result;
  }
  std::vector<std::string> texts() {
    std::vector<std::string> result;
    for (std::size_t n = below(4); n > 0; --n) result.push_back(text());
    return result;
  }
  template <typename Variant>
  Variant value() {
    switch (below(4)) {
      case 0: return coin();
      case 1: return text();
      case 2: return numbers();
      default: return number();
    }
  }
  Parameters parameters() {
    Parameters result;
    for (std::size_t n = below(4); n > 0; --n) result[text()] = value<ParameterValue>();
    return result;
  }
  std::map<std::string, std::string> text_map() {
    std::map<std::string, std::string> result;
    for (std::size_t n = below(4); n > 0; --n) result[text()] = text();
    return result;
  }
  std::map<std::string, double> timing() {
    std::map<std::string, double> result;
    for (std::size_t n = below(4); n > 0; --n) result[text()] = number();
    return result;
  }
  Measurement measurement() {
    Measurement result{.metric = text(), .stage = text(), .target = text(), .unit = text()};
    if (coin()) {
      result.value = value<MeasuredValue>();
    } else {
      result.reason = "missing";
    }
    if (coin()) {
      const double a = number(), b = number();
      result.interval = Interval{std::min(a, b), std::max(a, b)};
    }
    result.interval_kind = static_cast<IntervalKind>(below(3));
    result.detail = text();
    for (std::size_t n = below(3); n > 0; --n) result.sources.push_back({text(), number()});
    for (std::size_t n = below(3); n > 0; --n) result.witnesses.emplace_back("same", value<MeasuredValue>());
    return result;
  }
  CheckResult check() {
    CheckResult result{.metric = text(), .stage = text(), .target = text()};
    if (coin()) result.limit.min = number();
    if (coin()) result.limit.max = number();
    if (coin()) result.limit.equals = value<MeasuredValue>();
    result.limit.as_written = text();
    result.verdict = static_cast<Verdict>(below(5));
    result.expectation = static_cast<Expectation>(below(2));
    result.waiver = text(), result.reason = text(), result.rationale = text(), result.approved_by = text();
    result.requirements = texts();
    return result;
  }
  CaseResult case_result() {
    CaseResult result{.id = text(), .phantom = text()};
    result.phantom_parameters = parameters(), result.scan_parameters = parameters();
    result.expect = text(), result.status_detail = text(), result.stages = texts();
    result.status = static_cast<CaseStatus>(below(6));
    if (coin()) {
      result.record =
          SystemRecord{.status = text(), .reason = text(), .warnings = texts(), .findings = parameters()};
      for (std::size_t n = below(3); n > 0; --n)
        result.record->steps.push_back({text(), text(), parameters()});
    }
    for (std::size_t n = below(4); n > 0; --n) result.measurements.push_back(measurement());
    for (std::size_t n = below(4); n > 0; --n) result.checks.push_back(check());
    for (std::size_t n = below(3); n > 0; --n) result.artifacts.push_back({text(), text(), text(), bits()});
    for (std::size_t n = below(3); n > 0; --n)
      result.derived_runs.push_back({.plan = text(),
                                     .name = text(),
                                     .task = text(),
                                     .scan_parameters = parameters(),
                                     .status = static_cast<CaseStatus>(below(6)),
                                     .status_detail = text(),
                                     .stages = texts(),
                                     .artifacts = {{text(), text(), text(), bits()}}});
    result.timing_s = timing();
    return result;
  }

 private:
  std::uint64_t state_;
};

/// Replaces what is not structure: leaves that are texts, and the names of maps.
nlohmann::ordered_json replaced(const nlohmann::ordered_json& json, const std::string& key,
                                const std::string& text) {
  static const std::set<std::string> enumerations = {"schema", "verdict", "expectation", "interval_kind"};
  static const std::set<std::string> maps = {"libraries", "settings", "declares", "parameters",
                                             "scan",      "findings", "timing",   "environment"};
  if (json.is_array()) {
    auto result = nlohmann::ordered_json::array();
    for (const auto& element : json) result.push_back(replaced(element, key, text));
    return result;
  }
  if (json.is_object()) {
    auto result = nlohmann::ordered_json::object();
    for (const auto& [name, value] : json.items()) {
      const bool case_status = name == "status" && json.contains("status_detail");
      const std::string new_name = maps.contains(key) ? text + name.substr(0, 2) : name;
      result[new_name] = case_status ? value : replaced(value, name, text);
    }
    return result;
  }
  return json.is_string() && !enumerations.contains(key) ? nlohmann::ordered_json(text) : json;
}

}  // namespace

RunRecord random_record(std::uint64_t seed) {
  Random random(seed);
  RunRecord record;
  record.tool = {random.text(), random.text(), random.text(), random.coin(), random.text_map()};
  record.system = {random.text(), random.text(),       random.text(),    random.text(),
                   random.text(), random.parameters(), random.text_map()};
  for (std::size_t n = random.below(3); n > 0; --n)
    record.suites.push_back({random.text(), random.text(), random.text(), random.text()});
  record.seed = random.bits();
  record.operator_name = random.text();
  for (std::size_t n = random.below(3); n > 0; --n)
    record.waivers.push_back({random.text(), random.text(), random.text(), random.text(), random.count()});
  for (std::size_t n = random.below(4); n > 0; --n) record.cases.push_back(random.case_result());
  for (std::size_t n = random.below(3); n > 0; --n)
    record.requirements.push_back({random.text(), random.text(), random.text(), random.text(), random.text(),
                                   random.text(), random.texts(), random.text()});
  record.known_anomalies = random.texts();
  record.summary = {random.coin(),  random.text(),  random.count(), random.count(),
                    random.count(), random.count(), random.count(), random.count(),
                    random.count(), random.count(), random.count()};
  record.environment = random.text_map();
  record.timing_s = random.timing();
  return record;
}

RunRecord with_every_text(const RunRecord& record, const std::string& text) {
  const auto json = nlohmann::ordered_json::parse(to_json(record));
  return run_record_from_json(replaced(json, "", text).dump(), "replaced");
}

int occurrences(const std::string& text, const std::string& part) {
  int count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

}  // namespace meshassay::reports::samples
