// SPDX-License-Identifier: GPL-3.0-or-later
// The processes that a run has on the machine, as /proc tells: how much memory they hold, and their end.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace meshassay::harness {

/// What belongs to a run: the session of its first process, and whatever carries `marker` in its environment.
struct ProcessGroup {
  pid_t leader = 0;
  std::string marker;  ///< "MESHASSAY_RUN=1234-1"
};

/// The living processes of the leader's session; zombies are not counted.
[[nodiscard]] std::vector<pid_t> session_members(const ProcessGroup& group);
/// Bytes resident in these processes together; pages that they share count for each.
[[nodiscard]] std::uint64_t resident_bytes(const std::vector<pid_t>& members);
/// SIGKILL to all of them, again and again until none is left, those that moved to a session of their own
/// too. The leader must not have been waited for yet, so that its number still is its own. \throw
/// MachineError where one does not die within a minute.
void kill_group(const ProcessGroup& group);

}  // namespace meshassay::harness
