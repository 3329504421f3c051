// SPDX-License-Identifier: GPL-3.0-or-later
#include "harness/measurement_pictures.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include "reports/term_bars.hpp"

namespace meshassay::harness {
namespace {

std::string title_of(std::string title, const Measurement& measurement) {
  for (const auto& about : {measurement.stage, measurement.target})
    if (!about.empty()) title += ", " + about;
  return title;
}

// The limit of a quantity over repeated runs; its witness holds what the runs gave.
struct RepeatedQuantity {
  std::string_view limit, title;
};
constexpr std::array<RepeatedQuantity, 2> repeated_quantities = {
    {{"repeatability.limit", "bias of each run"}, {"repeatability.volume_limit", "volume of each run"}}};

// The runs as bars from their mean, so that the spread can be seen beside a large value.
reports::TermBarsPanel panel_of_runs(const Measurement& limit, std::string title,
                                     const std::vector<double>& values) {
  double mean = 0.0;
  for (const double value : values) mean += value / static_cast<double>(values.size());
  reports::TermBarsPanel panel{.title = std::move(title), .unit = limit.unit, .bars = {}};
  for (std::size_t n = 0; n < values.size(); ++n)
    panel.bars.push_back({.name = n == 0                   ? "least"
                                  : n + 1 == values.size() ? "largest"
                                                           : "",
                          .value = values[n] - mean});
  panel.bars.push_back({.name = "two runs differ by",
                        .value = std::get<double>(*limit.value),
                        .interval = limit.interval,
                        .is_apart = true});
  return panel;
}

}  // namespace

std::string budget_picture_of(const std::vector<Measurement>& measurements) {
  constexpr std::string_view prefix = "budget.", rms_suffix = "_rms";
  std::vector<reports::TermBarsPanel> panels;
  for (const auto& measurement : measurements) {
    if (!measurement.metric.starts_with(prefix)) continue;
    const bool is_rms = measurement.metric.ends_with(rms_suffix);
    const std::size_t length = measurement.metric.size() - prefix.size() - (is_rms ? rms_suffix.size() : 0);
    reports::TermBar bar{.name = measurement.metric.substr(prefix.size(), length),
                         .value = {},
                         .interval = measurement.interval,
                         .note = measurement.reason};
    if (measurement.value) bar.value = std::get<double>(*measurement.value);
    bar.is_apart = bar.name == "interaction" || bar.name == "total";
    const std::string title =
        title_of(is_rms ? "what each step adds to the root mean square" : "what each step adds to the bias",
                 measurement);
    auto panel = std::find_if(panels.begin(), panels.end(), [&](const auto& p) { return p.title == title; });
    if (panel == panels.end())
      panel = panels.insert(panels.end(), {.title = title, .unit = measurement.unit, .bars = {}});
    panel->bars.push_back(std::move(bar));
  }
  return panels.empty() ? std::string() : reports::render_term_bars_svg(panels);
}

std::string repeatability_picture_of(const std::vector<Measurement>& measurements) {
  std::vector<reports::TermBarsPanel> panels;
  for (const auto& [limit, title] : repeated_quantities)
    for (const auto& measurement : measurements) {
      if (measurement.metric != limit || !measurement.value) continue;
      const auto values = std::find_if(measurement.witnesses.begin(), measurement.witnesses.end(),
                                       [](const auto& witness) { return witness.first == "values"; });
      if (values == measurement.witnesses.end()) continue;
      if (const auto* of_runs = std::get_if<std::vector<double>>(&values->second))
        panels.push_back(panel_of_runs(
            measurement, title_of(std::string(title) + ", from their mean", measurement), *of_runs));
    }
  return panels.empty() ? std::string() : reports::render_term_bars_svg(panels);
}

const std::vector<MeasurementPicture>& measurement_pictures() {
  static const std::vector<MeasurementPicture> pictures = {{"budget.svg", budget_picture_of},
                                                           {"repeatability.svg", repeatability_picture_of}};
  return pictures;
}

}  // namespace meshassay::harness
