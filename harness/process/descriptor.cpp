// SPDX-License-Identifier: GPL-3.0-or-later
#include "harness/process/descriptor.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "core/errors.hpp"

namespace meshassay::harness {
namespace {

[[noreturn]] void refuse(const std::filesystem::path& what) {
  throw MachineError({.what = "the system gives no file descriptor",
                      .where = what.string(),
                      .got = std::generic_category().message(errno),
                      .mend = "check free space and permissions, and 'ulimit -n' (open files)"});
}

}  // namespace

Descriptor::Descriptor(int number, const std::filesystem::path& what) : number_(number) {
  if (number_ > STDERR_FILENO) return;
  if (number_ < 0) refuse(what);
  const int higher = fcntl(number_, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  ::close(std::exchange(number_, higher));
  if (number_ < 0) refuse(what);
}

void Descriptor::close() {
  if (open()) ::close(std::exchange(number_, -1));
}

Pipe make_pipe() {
  int ends[2] = {-1, -1};
  if (pipe2(ends, O_CLOEXEC) != 0) refuse("pipe");
  Pipe pipe;
  pipe.read_end = Descriptor(ends[0], "pipe");
  pipe.write_end = Descriptor(ends[1], "pipe");
  return pipe;
}

Descriptor open_null() { return {open("/dev/null", O_RDONLY | O_CLOEXEC), "/dev/null"}; }

Descriptor create_file(const std::filesystem::path& path) {
  std::error_code ignored;  // The open below says what is wrong.
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), ignored);
  return {open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644), path};
}

}  // namespace meshassay::harness
