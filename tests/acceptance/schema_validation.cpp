// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/acceptance/schema_validation.hpp"

#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "tests/acceptance/program.hpp"

namespace acceptance {

std::string schema_violations(const std::filesystem::path& schema_file,
                              const std::filesystem::path& document_file) {
  using valijson::adapters::NlohmannJsonAdapter;
  const auto schema_json = read_json(schema_file), document = read_json(document_file);
  valijson::Schema schema;
  valijson::SchemaParser().populateSchema(NlohmannJsonAdapter(schema_json), schema);
  valijson::ValidationResults results;
  valijson::Validator validator(valijson::Validator::kStrongTypes);
  if (validator.validate(schema, NlohmannJsonAdapter(document), &results)) return "";
  std::string text = "not valid:";
  for (valijson::ValidationResults::Error error; results.popError(error);) {
    for (const auto& part : error.context) text += " " + part;
    text += ": " + error.description + "\n";
  }
  return text;
}

}  // namespace acceptance
