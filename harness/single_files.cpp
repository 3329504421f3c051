// SPDX-License-Identifier: GPL-3.0-or-later
#include "harness/single_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "core/errors.hpp"
#include "core/io/image_files.hpp"
#include "core/io/stl.hpp"
#include "core/text.hpp"

namespace meshassay::harness {
namespace {

namespace fs = std::filesystem;

constexpr std::array mask_extensions = {".nrrd", ".nhdr", ".nii", ".nii.gz", ".mha", ".mhd"};
constexpr std::array surface_extensions = {".stl"};

bool ends_with_any(const fs::path& path, std::span<const char* const> extensions) {
  std::string name = path.filename().string();
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::any_of(extensions.begin(), extensions.end(),
                     [&](const char* extension) { return name.ends_with(extension); });
}

std::set<std::uint16_t> labels_in(const LabelMap& mask) {
  std::set<std::uint16_t> labels(mask.values.begin(), mask.values.end());
  labels.erase(0);
  return labels;
}

Trial trial_of_masks(const fs::path& reference, const fs::path& test, std::optional<std::uint16_t> label) {
  Trial trial{.case_id = test.string()};
  trial.truth.mask = io::read_label_map(reference);
  auto measured = io::read_label_map(test);
  auto labels = labels_in(*trial.truth.mask);
  labels.merge(labels_in(measured));
  if (label) labels = {*label};
  if (labels.empty()) labels = {1};  // Both empty: the metrics say so.
  for (const auto each : labels)
    trial.truth.targets.push_back(
        {.label = each, .name = labels.size() == 1 ? "" : fmt::format("label {}", each)});
  trial.scan_grid = trial.truth.mask->grid;  // The slice axis is the reference's.
  Submission submission{.offers = {"mask"}};
  submission.stages.push_back({.name = "segmented", .mask = std::move(measured)});
  trial.submissions.push_back(std::move(submission));
  return trial;
}

Submission submission_of_mesh(const fs::path& mesh) {
  Submission submission{.offers = {"surface"}};
  submission.stages.push_back({.name = "exported", .surfaces = {{1, io::read_stl(mesh)}}});
  return submission;
}

}  // namespace

FileKind kind_of(const fs::path& path) {
  if (ends_with_any(path, mask_extensions)) return FileKind::mask;
  if (ends_with_any(path, surface_extensions)) return FileKind::surface;
  throw UnsupportedFormat({.what = "a file of a kind that cannot be measured",
                           .where = path.string(),
                           .expected = "a mask (.nrrd .nhdr .nii .nii.gz .mha .mhd) or a surface (.stl)",
                           .got = path.extension().empty() ? "no extension" : path.extension().string(),
                           .mend = "convert it to one of these"});
}

Trial trial_of_pair(const fs::path& reference, const fs::path& test, std::optional<std::uint16_t> label) {
  const FileKind kind = kind_of(reference);
  if (kind != kind_of(test))
    throw InvalidInput(
        {.what = "a mask and a surface cannot be compared with each other",
         .where = test.string(),
         .expected = kind == FileKind::mask ? "a mask, like the reference" : "a surface, like the reference",
         .got = kind == FileKind::mask ? "a surface" : "a mask",
         .mend = "give two masks or two surfaces ('meshassay model' makes a surface from a CT)"});
  if (kind == FileKind::mask) return trial_of_masks(reference, test, label);
  if (label)
    throw InvalidInput({.what = "a surface has no labels",
                        .where = "--label",
                        .expected = "masks with --label",
                        .got = reference.string(),
                        .mend = "leave out --label"});
  Trial trial{.case_id = test.string()};
  TargetTruth target;
  target.surface = io::read_stl(reference);
  trial.truth.targets.push_back(std::move(target));
  trial.submissions.push_back(submission_of_mesh(test));
  return trial;
}

Trial trial_of_mesh(const fs::path& mesh) {
  Trial trial{.case_id = mesh.string()};
  trial.truth.targets.emplace_back();
  trial.submissions.push_back(submission_of_mesh(mesh));
  return trial;
}

namespace {

std::string format_value(const MeasuredValue& value) {
  if (const auto* number = std::get_if<double>(&value)) return format_rounded(*number, 6);
  if (const auto* truth = std::get_if<bool>(&value)) return *truth ? "yes" : "no";
  if (const auto* chosen = std::get_if<std::string>(&value)) return *chosen;
  std::vector<std::string> parts;
  for (const double element : std::get<std::vector<double>>(value)) parts.push_back(format_rounded(element));
  return join(parts, " ");
}

}  // namespace

std::string format_measurements(const std::vector<Measurement>& measurements) {
  std::string text;
  for (const auto& measurement : measurements) {
    std::string name = measurement.metric;
    if (!measurement.target.empty()) name += " (" + measurement.target + ")";
    std::string value =
        measurement.value
            ? format_value(*measurement.value) + (measurement.unit == "1" ? "" : " " + measurement.unit)
            : fmt::format("undefined: {}", find_reason(measurement.reason).text);
    if (!measurement.value && !measurement.detail.empty()) value += " (" + measurement.detail + ")";
    if (measurement.interval && measurement.interval->width() > 0)
      value += fmt::format("  [{}, {}]", format_rounded(measurement.interval->lo, 6),
                           format_rounded(measurement.interval->hi, 6));
    text += fmt::format("{:<34} {}\n", name, value);
  }
  return text;
}

}  // namespace meshassay::harness
