// SPDX-License-Identifier: GPL-3.0-or-later
#include "harness/runs/journal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "core/errors.hpp"
#include "core/io/files.hpp"
#include "reports/run_json.hpp"

namespace meshassay::harness {
namespace {

using nlohmann::json;

constexpr const char* schema = "meshassay/journal/1";
constexpr std::uint64_t largest_journal_bytes = std::uint64_t{8} << 30;

[[noreturn]] void refuse_machine(const std::filesystem::path& path, const std::string& what) {
  throw MachineError(
      {.what = "the journal of the run " + what,
       .where = path.string(),
       .got = std::strerror(errno),
       .mend = "check free space and permissions of the folder, then run again with --resume"});
}

[[noreturn]] void refuse_taken(const std::filesystem::path& path) {
  throw InvalidInput({.what = "another run is writing to this folder",
                      .where = path.string(),
                      .expected = "a folder of this run alone",
                      .mend = "wait for the other run, or choose another --out"});
}

std::string header_line(const JournalIdentity& identity) {
  return json{{"schema", schema}, {"identity", identity}}.dump(-1, ' ', false,
                                                               json::error_handler_t::replace);
}

void check_identity(const std::string& line, const JournalIdentity& identity,
                    const std::filesystem::path& path) {
  JournalIdentity before;
  try {
    before = json::parse(line).at("identity").get<JournalIdentity>();
  } catch (const json::exception& error) {
    throw InvalidInput({.what = "the journal cannot be read",
                        .where = path.string() + ":1",
                        .expected = "a header line",
                        .got = error.what(),
                        .mend = "start again in an empty folder"});
  }
  for (const auto& [name, value] : identity)
    if (before[name] != value)
      throw InvalidInput({.what = fmt::format("the run cannot be resumed: {} changed", name),
                          .where = path.string() + ":1",
                          .expected = before[name],
                          .got = value,
                          .mend = "restore it, or start again in an empty folder"});
}

}  // namespace

Journal::Journal(const std::filesystem::path& path, const JournalIdentity& identity, bool resume)
    : path_(path) {
  file_ = open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (file_ < 0) refuse_machine(path_, "cannot be opened");
  if (flock(file_, LOCK_EX | LOCK_NB) != 0) {
    close(file_);
    refuse_taken(path);
  }
  try {
    if (resume)
      replay(identity);
    else if (lseek(file_, 0, SEEK_END) != 0)
      refuse_taken(path);
    if (lseek(file_, 0, SEEK_END) == 0) write_line(header_line(identity));
  } catch (...) {
    close(file_);
    throw;
  }
}

Journal::~Journal() { close(file_); }

void Journal::replay(const JournalIdentity& identity) {
  const std::string text = io::read_file(path_, largest_journal_bytes);
  std::size_t begin = 0, number = 0;
  for (std::size_t end = 0; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
    const std::string line = text.substr(begin, end - begin);
    if (++number == 1)
      check_identity(line, identity, path_);
    else if (json::parse(line, nullptr, false).contains("ended"))
      ended_ = true;
    else
      finished_.push_back(reports::case_from_json_line(line, fmt::format("{}:{}", path_.string(), number)));
  }
  // What follows the last newline was being written when the run was killed.
  if (ftruncate(file_, static_cast<off_t>(begin)) != 0) refuse_machine(path_, "cannot be cut");
}

void Journal::write_line(const std::string& line) {
  const std::string text = line + "\n";
  for (std::size_t written = 0; written < text.size();) {
    const auto count = write(file_, text.data() + written, text.size() - written);
    if (count < 0 && errno != EINTR) refuse_machine(path_, "cannot be written");
    if (count > 0) written += static_cast<std::size_t>(count);
  }
  if (fsync(file_) != 0) refuse_machine(path_, "cannot be synced");
}

void Journal::append(const CaseResult& result) {
  const std::string line = reports::case_to_json_line(result);
  const std::lock_guard lock(mutex_);
  write_line(line);
}

void Journal::end() {
  if (!ended_) write_line(R"({"ended":true})");
  ended_ = true;
}

}  // namespace meshassay::harness
