// SPDX-License-Identifier: GPL-3.0-or-later
#include "harness/identity.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/utsname.h>

#include <boost/version.hpp>
#include <chrono>
#include <cstdlib>
#include <thread>

#include "core/io/files.hpp"
#include "harness/build_info.hpp"

namespace meshassay::harness {

std::filesystem::path own_executable() { return std::filesystem::read_symlink("/proc/self/exe"); }

const ToolIdentity& tool_identity() {
  static const ToolIdentity identity = [] {
    ToolIdentity tool{.version = build_info::version,
                      .commit = build_info::commit,
                      .binary_sha256 = io::sha256_of_file(own_executable()),
                      .clean_tree = build_info::clean_tree,
                      .libraries = {}};
    for (const auto& library : build_info::libraries) tool.libraries[library.name] = library.version;
    return tool;
  }();
  return identity;
}

std::string version_text() {
  const auto& tool = tool_identity();
  std::string text = fmt::format("MeshAssay {} ({}{})\nbinary sha256 {}\n", tool.version, tool.commit,
                                 tool.clean_tree ? "" : ", with uncommitted changes", tool.binary_sha256);
  for (const auto& [name, version] : tool.libraries) text += fmt::format("{} {}\n", name, version);
  return text;
}

std::map<std::string, std::string> describe_environment() {
  std::map<std::string, std::string> environment;
  utsname machine{};
  if (uname(&machine) == 0) {
    environment["host"] = machine.nodename;
    environment["kernel"] = fmt::format("{} {} {}", machine.sysname, machine.release, machine.machine);
  }
  const char* user = std::getenv("USER");
  environment["user"] = user ? user : "";
  environment["cores"] = std::to_string(std::thread::hardware_concurrency());
  environment["started"] =
      fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::chrono::system_clock::now()));
  environment["working_directory"] = std::filesystem::current_path().string();
  return environment;
}

}  // namespace meshassay::harness
