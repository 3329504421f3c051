// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/system_record.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/errors.hpp"
#include "core/io/files.hpp"
#include "core/io/json_depth.hpp"

namespace meshassay::io {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view schema = "meshassay/record/1";
constexpr std::uint64_t max_record_bytes = std::uint64_t{16} << 20;

/// A value with its place, so that every error can say where it is.
struct Place {
  const Json& value;
  std::string where;  ///< "out/record.json: steps[2].method"

  [[noreturn]] void refuse(const std::string& expected) const {
    std::string got = value.dump(-1, ' ', true, Json::error_handler_t::replace);
    if (got.size() > 60) got = got.substr(0, 60) + " ...";
    throw InvalidInput({.what = "a system's record cannot be understood",
                        .where = where,
                        .expected = expected,
                        .got = got,
                        .mend = "mend the adapter that writes it (docs/adapter.md)"});
  }
  [[nodiscard]] std::string text() const {
    if (!value.is_string()) refuse("a text");
    return value.get<std::string>();
  }
  [[nodiscard]] double number() const {
    if (!value.is_number()) refuse("a number");
    return value.get<double>();
  }
  /// Calls for each element of an array.
  template <typename Call>
  void for_each(const char* expected, Call call) const {
    if (!value.is_array()) refuse(expected);
    for (std::size_t i = 0; i < value.size(); ++i)
      call(Place{value[i], where + "[" + std::to_string(i) + "]"});
  }
  /// Calls for the value of a key, if it is there.
  template <typename Call>
  void if_there(const char* key, Call call) const {
    const auto found = value.find(key);
    if (found != value.end()) call(Place{*found, where + (where.ends_with(": ") ? "" : ".") + key});
  }
};

ParameterValue parameter_value(const Place& place) {
  if (place.value.is_boolean()) return place.value.get<bool>();
  if (place.value.is_string()) return place.text();
  if (place.value.is_number()) return place.number();
  std::vector<double> numbers;
  place.for_each("true, false, a number, a text or an array of numbers",
                 [&](const Place& element) { numbers.push_back(element.number()); });
  return numbers;
}

Parameters parameters(const Place& place) {
  if (!place.value.is_object()) place.refuse("an object");
  Parameters result;
  for (const auto& [key, value] : place.value.items())
    result[key] = parameter_value({value, place.where + "." + key});
  return result;
}

RecordedStep step(const Place& place) {
  if (!place.value.is_object()) place.refuse("an object with 'step', 'method' and 'parameters'");
  RecordedStep result;
  place.if_there("step", [&](const Place& name) { result.step = name.text(); });
  place.if_there("method", [&](const Place& name) { result.method = name.text(); });
  place.if_there("parameters", [&](const Place& object) { result.parameters = parameters(object); });
  if (result.step.empty()) place.refuse("a step with a name (\"step\": \"segmentation\")");
  return result;
}

Json parse(const std::string& bytes, const std::string& where) {
  const auto refuse = [&](const std::string& got) {
    throw InvalidInput({.what = "a system's record is not JSON",
                        .where = where,
                        .expected = "a JSON object with \"schema\": \"" + std::string(schema) + "\"",
                        .got = got,
                        .mend = "mend the adapter that writes it (docs/adapter.md)"});
  };
  if (json_depth(bytes) > max_json_depth)
    refuse("one nested more than " + std::to_string(max_json_depth) + " deep");
  try {
    return Json::parse(bytes);
  } catch (const Json::exception& error) {
    refuse(error.what());
  }
  return {};
}

Json to_json(const ParameterValue& value) {
  const auto number_to_json = [](double number) -> Json {
    const bool whole = number == std::trunc(number) && std::abs(number) < 9007199254740992.0;
    return whole ? Json(static_cast<std::int64_t>(number)) : Json(number);
  };
  if (const auto* truth = std::get_if<bool>(&value)) return *truth;
  if (const auto* number = std::get_if<double>(&value)) return number_to_json(*number);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  Json array = Json::array();
  for (const double number : std::get<std::vector<double>>(value)) array.push_back(number_to_json(number));
  return array;
}

Json to_json(const Parameters& values) {
  Json object = Json::object();
  for (const auto& [name, value] : values) object[name] = to_json(value);
  return object;
}

}  // namespace

SystemRecord read_system_record(const std::filesystem::path& path) {
  const Json json = parse(read_file(path, max_record_bytes), path.string());
  const Place root{json, path.string() + ": "};
  if (!json.is_object()) root.refuse("an object");
  if (!json.contains("schema") || json["schema"] != schema)
    root.refuse("\"schema\": \"" + std::string(schema) + "\"");
  SystemRecord record;
  root.if_there("status", [&](const Place& place) {
    record.status = place.text();
    if (record.status != "done" && record.status != "refused" && record.status != "unsupported")
      place.refuse("\"done\", \"refused\" or \"unsupported\"");
  });
  root.if_there("reason", [&](const Place& place) { record.reason = place.text(); });
  root.if_there("warnings", [&](const Place& place) {
    place.for_each("an array of texts", [&](const Place& text) { record.warnings.push_back(text.text()); });
  });
  root.if_there("steps", [&](const Place& place) {
    place.for_each("an array of steps", [&](const Place& element) { record.steps.push_back(step(element)); });
  });
  root.if_there("findings", [&](const Place& place) { record.findings = parameters(place); });
  return record;
}

std::string system_record_to_json(const SystemRecord& record) {
  Json json = {{"schema", schema}, {"status", record.status}, {"reason", record.reason}};
  json["warnings"] = record.warnings;
  json["steps"] = Json::array();
  for (const auto& recorded : record.steps)
    json["steps"].push_back(
        {{"step", recorded.step}, {"method", recorded.method}, {"parameters", to_json(recorded.parameters)}});
  json["findings"] = to_json(record.findings);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

void write_system_record(const SystemRecord& record, const std::filesystem::path& path) {
  write_file(path, system_record_to_json(record));
}

}  // namespace meshassay::io
