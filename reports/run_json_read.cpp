// SPDX-License-Identifier: GPL-3.0-or-later
// run.json back into a run record. Unknown keys are ignored; a missing key or a wrong type is refused with
// its place.
#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/errors.hpp"
#include "core/io/files.hpp"
#include "core/io/json_depth.hpp"
#include "core/text.hpp"
#include "reports/run_json.hpp"

namespace meshassay::reports {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view schema_prefix = "meshassay/run/";
constexpr std::uint64_t max_run_json_bytes = std::uint64_t{1} << 30;

/// What a value looks like in a message: short, whatever it is.
std::string excerpt(const Json& value) {
  std::string text = value.dump(-1, ' ', true, Json::error_handler_t::replace);
  if (text.size() > 60) text = text.substr(0, 60) + "...";
  return text;
}

/// A key as a JSON pointer holds it (RFC 6901): ~ is ~0, / is ~1.
std::string pointer_token(const std::string& key) {
  std::string token;
  for (const char c : key) {
    if (c == '~')
      token += "~0";
    else if (c == '/')
      token += "~1";
    else
      token += c;
  }
  return token;
}

/// One value of the document, and where it stands: every question that it cannot answer is an InvalidInput.
class Place {
 public:
  Place(const Json& value, const std::string& file) : value_(value), file_(file) {}

  [[nodiscard]] Place operator[](const char* key) const {
    if (!value_.is_object()) refuse("an object");
    const auto found = value_.find(key);
    if (found == value_.end())
      throw InvalidInput({.what = fmt::format("the key '{}' is missing", key),
                          .where = where(),
                          .expected = "the keys of the schema meshassay/run/1",
                          .got = excerpt(value_),
                          .mend = "use the file as the program wrote it, or grade again"});
    return Place(*found, file_, pointer_ + "/" + key);
  }
  [[nodiscard]] bool has(const char* key) const { return value_.is_object() && value_.contains(key); }
  [[nodiscard]] bool is_null() const { return value_.is_null(); }

  [[nodiscard]] std::string text() const {
    if (!value_.is_string()) refuse("a text");
    return value_.get<std::string>();
  }
  [[nodiscard]] bool truth() const {
    if (!value_.is_boolean()) refuse("true or false");
    return value_.get<bool>();
  }
  [[nodiscard]] double number() const {
    if (!value_.is_number() || !std::isfinite(value_.get<double>())) refuse("a number");
    return value_.get<double>();
  }
  [[nodiscard]] std::uint64_t natural() const {
    if (!value_.is_number_unsigned()) refuse("a whole number, 0 or more");
    return value_.get<std::uint64_t>();
  }
  [[nodiscard]] int count() const {
    const std::uint64_t value = natural();
    if (value > static_cast<std::uint64_t>(std::numeric_limits<int>::max())) refuse("a count below 2^31");
    return static_cast<int>(value);
  }
  /// `read` of every element.
  template <typename Read>
  [[nodiscard]] auto array(Read read) const {
    if (!value_.is_array()) refuse("an array");
    std::vector<decltype(read(*this))> result;
    result.reserve(value_.size());
    for (std::size_t i = 0; i < value_.size(); ++i)
      result.push_back(read(Place(value_[i], file_, fmt::format("{}/{}", pointer_, i))));
    return result;
  }
  /// `read` of every member.
  template <typename Read>
  [[nodiscard]] auto object(Read read) const {
    if (!value_.is_object()) refuse("an object");
    std::map<std::string, decltype(read(*this))> result;
    for (const auto& [key, value] : value_.items())
      result.emplace(key, read(Place(value, file_, pointer_ + "/" + pointer_token(key))));
    return result;
  }
  [[nodiscard]] std::vector<std::string> texts() const {
    return array([](const Place& place) { return place.text(); });
  }
  /// A measured value or a parameter.
  template <typename Variant>
  [[nodiscard]] Variant variant() const {
    if (value_.is_boolean()) return truth();
    if (value_.is_number()) return number();
    if (value_.is_string()) return text();
    if (!value_.is_array()) refuse("a number, true or false, a text, or an array of numbers");
    return array([](const Place& place) { return place.number(); });
  }
  [[nodiscard]] Parameters parameters() const {
    return object([](const Place& place) { return place.variant<ParameterValue>(); });
  }
  /// The value of an enumeration whose words to_string() gives.
  template <typename Enumeration>
  [[nodiscard]] Enumeration word(std::initializer_list<Enumeration> all) const {
    std::vector<std::string> words;
    for (const Enumeration candidate : all) {
      words.emplace_back(to_string(candidate));
      if (value_.is_string() && value_.get_ref<const std::string&>() == words.back()) return candidate;
    }
    refuse("one of " + join(words, ", "));
  }
  [[noreturn]] void refuse(const std::string& expected) const {
    throw InvalidInput({.what = "the run record cannot be read",
                        .where = where(),
                        .expected = expected,
                        .got = excerpt(value_),
                        .mend = "use the file as the program wrote it, or grade again"});
  }

 private:
  Place(const Json& value, const std::string& file, std::string pointer)
      : value_(value), file_(file), pointer_(std::move(pointer)) {}
  [[nodiscard]] std::string where() const { return file_ + ": " + (pointer_.empty() ? "/" : pointer_); }

  const Json& value_;
  const std::string& file_;
  std::string pointer_;  ///< A JSON pointer, for messages.
};

Measurement measurement_from(const Place& place) {
  Measurement result;
  result.metric = place["metric"].text();
  result.stage = place["stage"].text();
  result.target = place["target"].text();
  result.unit = place["unit"].text();
  result.interval_kind =
      place["interval_kind"].word({IntervalKind::enclosure, IntervalKind::expanded_k2, IntervalKind::range});
  result.reason = place["reason"].text();
  result.detail = place["detail"].text();
  if (!place["value"].is_null()) {
    result.value = place["value"].variant<MeasuredValue>();
  } else if (result.reason.empty()) {
    place["reason"].refuse("a reason, because the value is null");
  }
  if (const Place interval = place["interval"]; !interval.is_null()) {
    const auto bounds = interval.array([](const Place& bound) { return bound.number(); });
    if (bounds.size() != 2 || bounds[0] > bounds[1])
      interval.refuse("null, or two numbers in ascending order");
    result.interval = Interval{bounds[0], bounds[1]};
  }
  result.sources = place["sources"].array([](const Place& source) {
    return UncertaintySource{.name = source["name"].text(), .half_width = source["half_width"].number()};
  });
  result.witnesses = place["witnesses"].array([](const Place& witness) {
    return std::pair{witness["name"].text(), witness["value"].variant<MeasuredValue>()};
  });
  return result;
}

Limit limit_from(const Place& place) {
  Limit result;
  result.as_written = place["as_written"].text();
  if (place.has("min")) result.min = place["min"].number();
  if (place.has("max")) result.max = place["max"].number();
  if (place.has("equals")) result.equals = place["equals"].variant<MeasuredValue>();
  return result;
}

CheckResult check_from(const Place& place) {
  return {.metric = place["metric"].text(),
          .stage = place["stage"].text(),
          .target = place["target"].text(),
          .limit = limit_from(place["limit"]),
          .verdict = place["verdict"].word(
              {Verdict::pass, Verdict::fail, Verdict::inconclusive, Verdict::not_applicable, Verdict::error}),
          .expectation = place["expectation"].word({Expectation::none, Expectation::waived}),
          .waiver = place["waiver"].text(),
          .reason = place["reason"].text(),
          .requirements = place["requirements"].texts(),
          .rationale = place["rationale"].text(),
          .approved_by = place["approved_by"].text()};
}

SystemRecord system_record_from(const Place& place) {
  return {.status = place["status"].text(),
          .reason = place["reason"].text(),
          .warnings = place["warnings"].texts(),
          .steps = place["steps"].array([](const Place& step) {
            return RecordedStep{.step = step["step"].text(),
                                .method = step["method"].text(),
                                .parameters = step["parameters"].parameters()};
          }),
          .findings = place["findings"].parameters()};
}

std::map<std::string, double> timing_from(const Place& place) {
  return place.object([](const Place& seconds) { return seconds.number(); });
}

std::map<std::string, std::string> text_map_from(const Place& place) {
  return place.object([](const Place& text) { return text.text(); });
}

CaseStatus case_status_from(const Place& place) {
  return place.word({CaseStatus::ok, CaseStatus::refused, CaseStatus::unsupported, CaseStatus::crashed,
                     CaseStatus::timed_out, CaseStatus::bad_output});
}

std::optional<SystemRecord> optional_record_from(const Place& place) {
  if (place.is_null()) return std::nullopt;
  return system_record_from(place);
}

std::vector<Artifact> artifacts_from(const Place& place) {
  return place.array([](const Place& artifact) {
    return Artifact{.role = artifact["role"].text(),
                    .path = artifact["path"].text(),
                    .sha256 = artifact["sha256"].text(),
                    .bytes = artifact["bytes"].natural()};
  });
}

DerivedRunResult derived_run_from(const Place& place) {
  return {.plan = place["plan"].text(),
          .name = place["name"].text(),
          .task = place["task"].text(),
          .scan_parameters = place["scan"].parameters(),
          .status = case_status_from(place["status"]),
          .status_detail = place["status_detail"].text(),
          .stages = place["stages"].texts(),
          .record = optional_record_from(place["record"]),
          .artifacts = artifacts_from(place["artifacts"])};
}

CaseResult case_from(const Place& place) {
  CaseResult result;
  result.id = place["id"].text();
  result.phantom = place["phantom"]["name"].text();
  result.phantom_parameters = place["phantom"]["parameters"].parameters();
  result.scan_parameters = place["scan"].parameters();
  result.expect = place["expect"].text();
  result.status = case_status_from(place["status"]);
  result.status_detail = place["status_detail"].text();
  result.stages = place["stages"].texts();
  result.record = optional_record_from(place["record"]);
  result.measurements = place["measurements"].array(measurement_from);
  result.checks = place["checks"].array(check_from);
  result.artifacts = artifacts_from(place["artifacts"]);
  // Records from before there were any have no such key.
  if (place.has("derived_runs")) result.derived_runs = place["derived_runs"].array(derived_run_from);
  result.timing_s = timing_from(place["timing"]);
  return result;
}

RunSummary summary_from(const Place& place) {
  return {.passed = place["passed"].truth(),
          .why = place["why"].text(),
          .cases = place["cases"].count(),
          .checks = place["checks"].count(),
          .pass = place["pass"].count(),
          .fail = place["fail"].count(),
          .inconclusive = place["inconclusive"].count(),
          .not_applicable = place["not_applicable"].count(),
          .error = place["error"].count(),
          .waived = place["waived"].count(),
          .unexpected_pass = place["unexpected_pass"].count()};
}

/// "meshassay/run/1", or a later minor version of it ("meshassay/run/1.2").
void check_schema(const Place& place) {
  const std::string schema = place.text();
  const bool ours = schema.starts_with(schema_prefix);
  const std::string version = ours ? schema.substr(schema_prefix.size()) : "";
  if (version.substr(0, version.find('.')) != "1") place.refuse("\"meshassay/run/1\"");
}

RunRecord record_from(const Place& place) {
  check_schema(place["schema"]);
  RunRecord record;
  const Place tool = place["tool"];
  record.tool = {.version = tool["version"].text(),
                 .commit = tool["commit"].text(),
                 .binary_sha256 = tool["binary_sha256"].text(),
                 .clean_tree = tool["clean_tree"].truth(),
                 .libraries = text_map_from(tool["libraries"])};
  const Place system = place["system"];
  record.system = {.name = system["name"].text(),
                   .version = system["version"].text(),
                   .adapter = system["adapter"].text(),
                   .executable_sha256 = system["executable_sha256"].text(),
                   .file_sha256 = system["file_sha256"].text(),
                   .settings = system["settings"].parameters(),
                   .declares = text_map_from(system["declares"])};
  record.suites = place["suites"].array([](const Place& suite) {
    return SuiteIdentity{.id = suite["id"].text(),
                         .version = suite["version"].text(),
                         .sha256 = suite["sha256"].text(),
                         .intended_use = suite["intended_use"].text()};
  });
  record.seed = place["seed"].natural();
  record.operator_name = place["operator"].text();
  record.waivers = place["waivers"].array([](const Place& waiver) {
    return AppliedWaiver{.case_glob = waiver["case"].text(),
                         .metric_glob = waiver["metric"].text(),
                         .reason = waiver["reason"].text(),
                         .approved_by = waiver["approved_by"].text(),
                         .used = waiver["used"].count()};
  });
  record.cases = place["cases"].array(case_from);
  record.requirements = place["requirements"].array([](const Place& requirement) {
    return RequirementResult{.id = requirement["id"].text(),
                             .list = requirement["list"].text(),
                             .item = requirement["item"].text(),
                             .how = requirement["how"].text(),
                             .summary = requirement["summary"].text(),
                             .status = requirement["status"].text(),
                             .checks = requirement["checks"].texts(),
                             .note = requirement["note"].text()};
  });
  record.known_anomalies = place["known_anomalies"].texts();
  record.summary = summary_from(place["summary"]);
  record.environment = text_map_from(place["environment"]);
  record.timing_s = timing_from(place["timing"]);
  return record;
}

Json parse(const std::string& text, const std::string& where) {
  const auto refuse = [&](const std::string& got) {
    throw InvalidInput({.what = "this is not JSON",
                        .where = where,
                        .expected = "a JSON document",
                        .got = got,
                        .mend = "use the file as the program wrote it, or grade again"});
  };
  if (io::json_depth(text) > io::max_json_depth)
    refuse(fmt::format("one nested more than {} deep", io::max_json_depth));
  try {
    return Json::parse(text);
  } catch (const Json::exception& error) {
    refuse(error.what());
  }
  return {};
}

}  // namespace

RunRecord run_record_from_json(const std::string& json, const std::string& where) {
  const Json document = parse(json, where);
  return record_from(Place(document, where));
}

CaseResult case_from_json_line(const std::string& line, const std::string& where) {
  const Json document = parse(line, where);
  return case_from(Place(document, where));
}

RunRecord read_run_record(const std::filesystem::path& path) {
  const auto file = std::filesystem::is_directory(path) ? path / "run.json" : path;
  return run_record_from_json(io::read_file(file, max_run_json_bytes), file.string());
}

}  // namespace meshassay::reports
