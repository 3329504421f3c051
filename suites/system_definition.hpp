// SPDX-License-Identifier: GPL-3.0-or-later
// System files: what is graded, how it is run, what it offers and declares.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/parameters.hpp"

namespace meshassay::suites {

struct SystemDefinition {
  std::string name, version;
  std::vector<std::string> version_command;  ///< argv; its first line of output is the version.
  std::string adapter;                       ///< reference | command | directory
  std::set<std::string> tasks = {"model"};
  std::set<std::string> outputs;                   ///< mask, surface, record, stages, values
  std::string input_format = "dicom";              ///< dicom | nrrd: what the scan is handed out as.
  std::string surface_frame = "LPS";               ///< LPS | RAS
  std::string surface_unit = "mm";                 ///< mm | cm | m | inch
  Parameters reference_set;                        ///< [reference] set, as given.
  std::vector<std::string> command;                ///< [command] run: argv with placeholders.
  std::map<std::string, std::string> environment;  ///< [command.environment]: added to the clean one.
  std::filesystem::path directory;                 ///< [directory] path, absolute; see case_directory().
  double timeout_s = 600.0;
  std::uint64_t memory_mib = 4096, disk_mib = 4096;
  std::set<int> refusal_exit_codes;
  std::map<std::string, double> printer;  ///< min_thickness_mm, min_feature_mm, build_mm
  std::map<std::string, std::string> declares;
  std::filesystem::path file;
  std::string sha256;
};

/// \throw InvalidInput with file, line, expected, got and mend; for example a command system without a
/// command.
[[nodiscard]] SystemDefinition read_system(const std::filesystem::path& path);

/// Where a directory system keeps the files of a case: the path with `{case}` filled in, or without it the
/// folder below that has this name. \param case_name  as a folder is named, for example by the harness.
[[nodiscard]] std::filesystem::path case_directory(const SystemDefinition& system,
                                                   const std::string& case_name);

}  // namespace meshassay::suites
