// SPDX-License-Identifier: GPL-3.0-or-later
// Files that a system left -> a submission in LPS mm. What it left is hostile until read.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <new>
#include <set>

#include "core/errors.hpp"
#include "core/io/image_files.hpp"
#include "core/io/stl.hpp"
#include "core/io/system_record.hpp"
#include "harness/systems/systems.hpp"
#include "suites/task_kind.hpp"

namespace meshassay::harness {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view mask_stages[] = {"segmented", "mask_edited"};

/// A file of the task: there, or why it cannot be used.
struct OutputFile {
  bool exists = false;
  std::optional<Undefined> problem;
};

/// Only regular files below the task's folder are read: a link out of it could name anything on the machine,
/// and reading a pipe would wait for ever.
OutputFile look_at(const fs::path& path, const Task& task, std::uint64_t max_bytes) {
  const auto refuse = [&](const std::string& why) {
    return OutputFile{true, Undefined{"unreadable", fmt::format("{}: {}", path.string(), why)}};
  };
  std::error_code error;
  const auto status = fs::symlink_status(path, error);
  if (path.empty() || !fs::exists(status)) return {};
  const fs::path real = fs::canonical(path, error);
  if (error) return refuse("a link that leads nowhere");
  const fs::path folder = fs::canonical(task.out_dir, error);
  if (std::mismatch(folder.begin(), folder.end(), real.begin(), real.end()).first != folder.end())
    return refuse("a link that leaves the output folder");
  if (!fs::is_regular_file(real, error)) return refuse("not a file");
  const auto bytes = fs::file_size(real, error);
  if (error) return refuse(error.message());
  if (bytes > max_bytes) return refuse(fmt::format("{} bytes, more than disk_mib allows", bytes));
  return {true, std::nullopt};
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

class SubmissionReader {
 public:
  SubmissionReader(const suites::SystemDefinition& system, const Task& task) : system_(system), task_(task) {
    // What the task does not ask for is not offered, whatever the system promises for other tasks.
    const auto& asked = suites::task_kind(task.kind).outputs;
    std::set_intersection(system.outputs.begin(), system.outputs.end(), asked.begin(), asked.end(),
                          std::inserter(offers_, offers_.end()));
  }

  [[nodiscard]] Submission read(const SystemRun& run) {
    submission_ = {.status = run.status, .status_detail = run.detail, .offers = offers_};
    const bool answered = run.status == CaseStatus::ok || run.status == CaseStatus::refused ||
                          run.status == CaseStatus::unsupported;
    if (answered && (offered("record") || offered("values"))) read_record();
    // What a system left that crashed, or that says it did nothing, is not its answer.
    if (submission_.status != CaseStatus::ok) return std::move(submission_);
    read_masks();
    read_surfaces();
    settle_status();
    return std::move(submission_);
  }

 private:
  [[nodiscard]] bool offered(const std::string& output) const { return offers_.contains(output); }

  /// Calls `read` on a file that is there; the problem where that fails.
  template <typename Read>
  std::optional<Undefined> attempt(const fs::path& path, Read read) {
    const auto file = look_at(path, task_, system_.disk_mib << 20);
    if (!file.exists) return Undefined{"missing", path.string()};
    anything_written_ = true;
    if (file.problem) return file.problem;
    try {
      read(path);
      return std::nullopt;
    } catch (const std::bad_alloc&) {
      return Undefined{"unreadable", path.string() + ": larger than the memory of this machine"};
    } catch (const std::length_error&) {
      return Undefined{"unreadable", path.string() + ": sizes that no memory holds"};
    } catch (const MachineError&) {
      throw;
    } catch (const std::exception& error) {
      return Undefined{"unreadable", path.string() + ": " + first_line(error.what())};
    }
  }

  void read_record() {
    const auto problem = attempt(task_.outputs.record, [&](const fs::path& path) {
      submission_.record = io::read_system_record(path);
    });
    if (problem && problem->reason == "unreadable") note_problem(*problem);
    if (!submission_.record) return;
    const auto& record = *submission_.record;
    if (record.status == "refused") submission_.status = CaseStatus::refused;
    if (record.status == "unsupported") submission_.status = CaseStatus::unsupported;
    if (record.status != "done") submission_.status_detail = record.reason;
  }

  void read_masks() {
    if (offered("stages"))
      for (const auto name : mask_stages)
        if (const auto path = task_.outputs.stages.find(std::string(name));
            path != task_.outputs.stages.end())
          add_mask(std::string(name), path->second, /*owed=*/false);
    // The task's own mask is the final one, which a metric finds as the last of the two mask stages.
    if (!offered("mask")) return;
    const bool is_only_one = submission_.stages.empty();
    std::erase_if(submission_.stages, [](const Stage& stage) { return stage.name == "mask_edited"; });
    add_mask(is_only_one ? "segmented" : "mask_edited", task_.outputs.mask, /*owed=*/true);
  }

  void read_surfaces() {
    if (offered("stages"))
      for (const auto& [name, path] : task_.outputs.stages)
        if (std::find(std::begin(mask_stages), std::end(mask_stages), name) == std::end(mask_stages)) {
          std::map<std::uint16_t, fs::path> paths;
          for (const auto& target : task_.targets) paths[target.label] = label_path(path, target.label);
          add_surfaces(name, paths, /*owed=*/false);
        }
    if (offered("surface")) add_surfaces("exported", task_.outputs.surfaces, /*owed=*/true);
    const auto order = [](const Stage& stage) {
      return std::find(std::begin(stage_names), std::end(stage_names), stage.name);
    };
    std::stable_sort(submission_.stages.begin(), submission_.stages.end(),
                     [&](const Stage& a, const Stage& b) { return order(a) < order(b); });
  }

  void add_mask(const std::string& name, const fs::path& path, bool owed) {
    Stage stage{.name = name};
    stage.problem =
        attempt(path, [&](const fs::path& file) { stage.mask = shared(io::read_label_map(file)); });
    add(std::move(stage), owed);
  }

  void add_surfaces(const std::string& name, const std::map<std::uint16_t, fs::path>& paths, bool owed) {
    Stage stage{.name = name};
    for (const auto& [label, path] : paths) {
      const auto problem = attempt(path, [&, key = label](const fs::path& file) {
        stage.surfaces[key] = in_lps_mm(io::read_stl(file));
        stage.surface_file_bytes[key] = fs::file_size(file);
      });
      // One label that is missing leaves the others to be measured; a file that is there and broken does not.
      if (problem && (problem->reason == "unreadable" || paths.size() == 1)) stage.problem = problem;
    }
    if (stage.surfaces.empty() && !stage.problem && !paths.empty())
      stage.problem = Undefined{"missing", paths.begin()->second.string()};
    add(std::move(stage), owed);
  }

  /// A stage that nobody owes and that is not there is no stage.
  void add(Stage stage, bool owed) {
    if (stage.problem && stage.problem->reason == "missing" && !owed) return;
    if (stage.problem && stage.problem->reason == "unreadable") note_problem(*stage.problem);
    submission_.stages.push_back(std::move(stage));
  }

  void note_problem(const Undefined& problem) {
    if (first_unreadable_.empty()) first_unreadable_ = problem.detail;
  }

  void settle_status() {
    if (!first_unreadable_.empty()) {
      submission_.status = CaseStatus::bad_output;
      submission_.status_detail = first_unreadable_;
    } else if (!anything_written_) {
      submission_.status = CaseStatus::bad_output;
      submission_.status_detail = "ended well and wrote none of the files that it was asked for";
    }
  }

  /// RAS is LPS with x and y negated: a half turn about z, which keeps the triangles' orientation.
  [[nodiscard]] TriangleMesh in_lps_mm(TriangleMesh mesh) const {
    const double sign = system_.surface_frame == "RAS" ? -1.0 : 1.0;
    const double mm = system_.surface_unit == "cm"     ? 10.0
                      : system_.surface_unit == "m"    ? 1000.0
                      : system_.surface_unit == "inch" ? 25.4
                                                       : 1.0;
    for (auto& vertex : mesh.vertices_mm) vertex = vertex.cwiseProduct(Vector3(sign * mm, sign * mm, mm));
    return mesh;
  }

  const suites::SystemDefinition& system_;
  const Task& task_;
  std::set<std::string> offers_;
  Submission submission_;
  bool anything_written_ = false;
  std::string first_unreadable_;
};

}  // namespace

Submission read_submission(const suites::SystemDefinition& system, const Task& task, const SystemRun& run) {
  return SubmissionReader(system, task).read(run);
}

}  // namespace meshassay::harness
