// SPDX-License-Identifier: GPL-3.0-or-later
// Does what a shell cannot: holds memory, moves to a session of its own, prints a lot.
#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

int main(int argc, char** argv) {
  const std::string what = argc > 1 ? argv[1] : "";
  const long amount = argc > 2 ? std::atol(argv[2]) : 0;
  if (what == "hold_memory") {  // MIB, touched page by page, then sleeps.
    std::vector<char> held(static_cast<std::size_t>(amount) << 20);
    for (std::size_t i = 0; i < held.size(); i += 4096) held[i] = 1;
    sleep(60);
    return held[0];
  }
  if (what == "daemonise") {  // Leaves a process that sleeps for SECONDS in a session of its own.
    if (fork() == 0) {
      setsid();
      if (fork() == 0) execlp("sleep", "sleep", argv[2], static_cast<char*>(nullptr));
      _exit(0);
    }
    return 0;
  }
  if (what == "print") {  // MIB of 'x'.
    const std::string mebibyte(std::size_t{1} << 20, 'x');
    for (long i = 0; i < amount; ++i) std::fwrite(mebibyte.data(), 1, mebibyte.size(), stdout);
    return 0;
  }
  if (what == "descriptors") {  // The numbers of its open files.
    for (int number = 0; number < 256; ++number)
      if (fcntl(number, F_GETFD) >= 0) std::printf("%d\n", number);
    return 0;
  }
  return 2;
}
