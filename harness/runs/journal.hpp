// SPDX-License-Identifier: GPL-3.0-or-later
// journal.jsonl: a run's header, each finished case and a footer, one line each, synced as they are written.
// A run that was killed is resumed from it; a journal without a footer is a run that did not end.
#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "core/run_record.hpp"

namespace meshassay::harness {

/// What must be the same for a run to be resumed: a name for people, and the value.
using JournalIdentity = std::map<std::string, std::string>;

class Journal {
 public:
  /// Begins a new journal, or with `resume` goes on with the one that is there.
  /// \throw InvalidInput where another run holds it, or on resuming where the identity changed.
  Journal(const std::filesystem::path& path, const JournalIdentity& identity, bool resume);
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  /// The cases that were finished before, in the order in which they finished.
  [[nodiscard]] const std::vector<CaseResult>& finished() const { return finished_; }
  /// Safe from several threads. \throw MachineError
  void append(const CaseResult& result);
  void end();

 private:
  void replay(const JournalIdentity& identity);
  void write_line(const std::string& line);

  std::filesystem::path path_;
  int file_ = -1;
  std::mutex mutex_;
  std::vector<CaseResult> finished_;
  bool ended_ = false;
};

}  // namespace meshassay::harness
