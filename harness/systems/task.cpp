// SPDX-License-Identifier: GPL-3.0-or-later
#include "harness/systems/task.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/io/files.hpp"

namespace meshassay::harness {
namespace {

// Stages between the task's own mask and surfaces, with the kind of file that each is.
constexpr std::pair<const char*, const char*> stage_files[] = {
    {"segmented", ".nrrd"}, {"mask_edited", ".nrrd"}, {"extracted", ".stl"},
    {"smoothed", ".stl"},   {"decimated", ".stl"},    {"repaired", ".stl"}};

}  // namespace

std::string to_json(const Task& task) {
  using Json = nlohmann::ordered_json;
  Json inputs = Json::array(), targets = Json::array(), surfaces = Json::array(), stages = Json::object();
  for (const auto& input : task.inputs)
    inputs.push_back({{"role", input.role}, {"path", input.path.string()}, {"format", input.format}});
  for (const auto& target : task.targets) {
    targets.push_back({{"label", target.label}, {"name", target.name}, {"hu_range", target.hu_range}});
    const auto surface = task.outputs.surfaces.find(target.label);
    if (surface != task.outputs.surfaces.end()) surfaces.push_back(surface->second.string());
  }
  for (const auto& [name, path] : task.outputs.stages) stages[name] = path.string();
  auto outputs = Json::object();
  if (!task.outputs.mask.empty()) outputs["mask"] = task.outputs.mask.string();
  if (!surfaces.empty()) outputs["surfaces"] = surfaces;
  if (!task.outputs.record.empty()) outputs["record"] = task.outputs.record.string();
  if (!stages.empty()) outputs["stages"] = stages;
  Json document = {{"schema", "meshassay/task/1"},
                   {"kind", task.kind},
                   {"case", task.case_name},
                   {"now", task.now},
                   {"inputs", inputs},
                   {"targets", targets},
                   {"outputs", outputs}};
  if (task.min_thickness_mm) document["min_thickness_mm"] = *task.min_thickness_mm;
  // A path need not be UTF-8; JSON must be.
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

TaskOutputs default_outputs(const std::filesystem::path& out_dir, const std::vector<Target>& targets) {
  TaskOutputs outputs{.mask = out_dir / "mask.nrrd", .record = out_dir / "record.json"};
  for (const auto& target : targets)
    outputs.surfaces[target.label] = label_path(out_dir / "surface.stl", target.label);
  for (const auto& [name, extension] : stage_files)
    outputs.stages[name] = out_dir / "stages" / (std::string(name) + extension);
  return outputs;
}

std::filesystem::path label_path(const std::filesystem::path& first, std::uint16_t label) {
  if (label <= 1) return first;
  return first.parent_path() /
         fmt::format("{}-{}{}", first.stem().string(), label, first.extension().string());
}

std::string folder_name(const std::string& case_id) {
  constexpr std::size_t longest = 100;  // File systems allow 255 bytes, some programs a path of 260.
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._=,-";
  std::string name;
  bool exact = !case_id.empty() && case_id.size() <= longest;  // Else another id could get the same name.
  for (const char c : case_id) {
    const bool is_plain = plain.find(c) != std::string_view::npos;
    name += is_plain ? c : c == '/' ? '+' : '_';
    exact = exact && (is_plain || c == '/');
  }
  if (name.starts_with('.') || name.ends_with('.')) {  // Hidden, "..", or a dot that Windows drops.
    name = "_" + name;
    exact = false;
  }
  if (exact) return name;
  const std::string suffix = "-" + io::sha256_of_bytes(case_id).substr(0, 12);
  return name.substr(0, longest - suffix.size()) + suffix;
}

}  // namespace meshassay::harness
