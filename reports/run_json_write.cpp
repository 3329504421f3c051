// SPDX-License-Identifier: GPL-3.0-or-later
// The run record as JSON. Keys stand in a fixed order; numbers are the shortest that read back as the same
// double.
#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "reports/embedded.hpp"
#include "reports/run_json.hpp"

namespace meshassay::reports {
namespace {

using Json = nlohmann::ordered_json;

/// NaN and infinity never reach a file: whoever has no number says "undefined" and why.
double finite(double value, const std::string& what) {
  if (!std::isfinite(value)) throw std::logic_error(what + " is not a finite number");
  return value;
}

Json numbers_json(const std::vector<double>& numbers, const std::string& what) {
  Json result = Json::array();
  for (const double number : numbers) result.push_back(finite(number, what));
  return result;
}

/// A measured value or a parameter: they are variants of the same four types.
template <typename Variant>
Json value_json(const Variant& value, const std::string& what) {
  if (const auto* number = std::get_if<double>(&value)) return finite(*number, what);
  if (const auto* truth = std::get_if<bool>(&value)) return *truth;
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  return numbers_json(std::get<std::vector<double>>(value), what);
}

Json parameters_json(const Parameters& parameters) {
  Json result = Json::object();
  for (const auto& [name, value] : parameters) result[name] = value_json(value, name);
  return result;
}

Json texts_json(const std::map<std::string, std::string>& texts) {
  Json result = Json::object();
  for (const auto& [name, text] : texts) result[name] = text;
  return result;
}

Json timing_json(const std::map<std::string, double>& timing_s) {
  Json result = Json::object();
  for (const auto& [name, seconds] : timing_s) result[name] = finite(seconds, "timing " + name);
  return result;
}

Json measurement_json(const Measurement& measurement) {
  const auto& name = measurement.metric;
  if (!measurement.value && measurement.reason.empty())
    throw std::logic_error(name + " has neither a value nor a reason");
  Json result;
  result["metric"] = name;
  result["stage"] = measurement.stage;
  result["target"] = measurement.target;
  result["value"] = measurement.value ? value_json(*measurement.value, name) : Json();
  result["unit"] = measurement.unit;
  result["interval"] =
      measurement.interval
          ? Json::array({finite(measurement.interval->lo, name), finite(measurement.interval->hi, name)})
          : Json();
  result["interval_kind"] = to_string(measurement.interval_kind);
  result["sources"] = Json::array();
  for (const auto& source : measurement.sources)
    result["sources"].push_back(
        {{"name", source.name}, {"half_width", finite(source.half_width, name + " " + source.name)}});
  result["reason"] = measurement.reason;
  result["detail"] = measurement.detail;
  result["witnesses"] = Json::array();
  for (const auto& [witness, value] : measurement.witnesses)
    result["witnesses"].push_back({{"name", witness}, {"value", value_json(value, name + " " + witness)}});
  return result;
}

Json limit_json(const Limit& limit) {
  Json result;
  result["as_written"] = limit.as_written;
  if (limit.min) result["min"] = finite(*limit.min, limit.as_written);
  if (limit.max) result["max"] = finite(*limit.max, limit.as_written);
  if (limit.equals) result["equals"] = value_json(*limit.equals, limit.as_written);
  return result;
}

Json check_json(const CheckResult& check) {
  return {{"metric", check.metric},
          {"stage", check.stage},
          {"target", check.target},
          {"limit", limit_json(check.limit)},
          {"verdict", to_string(check.verdict)},
          {"expectation", to_string(check.expectation)},
          {"waiver", check.waiver},
          {"reason", check.reason},
          {"requirements", check.requirements},
          {"rationale", check.rationale},
          {"approved_by", check.approved_by}};
}

Json system_record_json(const SystemRecord& record) {
  Json steps = Json::array();
  for (const auto& step : record.steps)
    steps.push_back(
        {{"step", step.step}, {"method", step.method}, {"parameters", parameters_json(step.parameters)}});
  return {{"status", record.status},
          {"reason", record.reason},
          {"warnings", record.warnings},
          {"steps", steps},
          {"findings", parameters_json(record.findings)}};
}

Json measurements_array(std::span<const Measurement> measurements) {
  Json result = Json::array();
  for (const auto& measurement : measurements) result.push_back(measurement_json(measurement));
  return result;
}

Json artifacts_json(const std::vector<Artifact>& artifacts) {
  Json result = Json::array();
  for (const auto& artifact : artifacts)
    result.push_back({{"role", artifact.role},
                      {"path", artifact.path},
                      {"sha256", artifact.sha256},
                      {"bytes", artifact.bytes}});
  return result;
}

Json derived_run_json(const DerivedRunResult& run) {
  return {{"plan", run.plan},
          {"name", run.name},
          {"task", run.task},
          {"scan", parameters_json(run.scan_parameters)},
          {"status", to_string(run.status)},
          {"status_detail", run.status_detail},
          {"stages", run.stages},
          {"record", run.record ? system_record_json(*run.record) : Json()},
          {"artifacts", artifacts_json(run.artifacts)}};
}

Json case_json(const CaseResult& result) {
  Json json;
  json["id"] = result.id;
  json["phantom"] = {{"name", result.phantom}, {"parameters", parameters_json(result.phantom_parameters)}};
  json["scan"] = parameters_json(result.scan_parameters);
  json["expect"] = result.expect;
  json["status"] = to_string(result.status);
  json["status_detail"] = result.status_detail;
  json["stages"] = result.stages;
  json["record"] = result.record ? system_record_json(*result.record) : Json();
  json["measurements"] = measurements_array(result.measurements);
  json["checks"] = Json::array();
  for (const auto& check : result.checks) json["checks"].push_back(check_json(check));
  json["artifacts"] = artifacts_json(result.artifacts);
  json["derived_runs"] = Json::array();
  for (const auto& run : result.derived_runs) json["derived_runs"].push_back(derived_run_json(run));
  json["timing"] = timing_json(result.timing_s);
  return json;
}

Json summary_json(const RunSummary& summary) {
  return {{"passed", summary.passed},
          {"why", summary.why},
          {"cases", summary.cases},
          {"checks", summary.checks},
          {"pass", summary.pass},
          {"fail", summary.fail},
          {"inconclusive", summary.inconclusive},
          {"not_applicable", summary.not_applicable},
          {"error", summary.error},
          {"waived", summary.waived},
          {"unexpected_pass", summary.unexpected_pass}};
}

Json record_json(const RunRecord& record) {
  Json json;
  json["schema"] = "meshassay/run/1";
  json["tool"] = {{"version", record.tool.version},
                  {"commit", record.tool.commit},
                  {"clean_tree", record.tool.clean_tree},
                  {"binary_sha256", record.tool.binary_sha256},
                  {"libraries", texts_json(record.tool.libraries)}};
  json["system"] = {{"name", record.system.name},
                    {"version", record.system.version},
                    {"adapter", record.system.adapter},
                    {"executable_sha256", record.system.executable_sha256},
                    {"file_sha256", record.system.file_sha256},
                    {"settings", parameters_json(record.system.settings)},
                    {"declares", texts_json(record.system.declares)}};
  json["suites"] = Json::array();
  for (const auto& suite : record.suites)
    json["suites"].push_back({{"id", suite.id},
                              {"version", suite.version},
                              {"sha256", suite.sha256},
                              {"intended_use", suite.intended_use}});
  json["seed"] = record.seed;
  json["operator"] = record.operator_name;
  json["waivers"] = Json::array();
  for (const auto& waiver : record.waivers)
    json["waivers"].push_back({{"case", waiver.case_glob},
                               {"metric", waiver.metric_glob},
                               {"reason", waiver.reason},
                               {"approved_by", waiver.approved_by},
                               {"used", waiver.used}});
  json["cases"] = Json::array();
  for (const auto& result : record.cases) json["cases"].push_back(case_json(result));
  json["requirements"] = Json::array();
  for (const auto& requirement : record.requirements)
    json["requirements"].push_back({{"id", requirement.id},
                                    {"list", requirement.list},
                                    {"item", requirement.item},
                                    {"how", requirement.how},
                                    {"summary", requirement.summary},
                                    {"status", requirement.status},
                                    {"checks", requirement.checks},
                                    {"note", requirement.note}});
  json["known_anomalies"] = record.known_anomalies;
  json["summary"] = summary_json(record.summary);
  json["environment"] = texts_json(record.environment);
  json["timing"] = timing_json(record.timing_s);
  return json;
}

/// Bytes that are not UTF-8 (a vendor's output can hold any) become U+FFFD: JSON has no other way.
std::string dump(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::string to_json(const RunRecord& record) { return dump(record_json(record), 1) + "\n"; }

std::string case_to_json_line(const CaseResult& result) { return dump(case_json(result), -1); }

std::string measurements_to_json(std::span<const Measurement> measurements) {
  return dump(measurements_array(measurements), 2);
}

const std::string& run_schema() { return embedded::run_schema; }

}  // namespace meshassay::reports
