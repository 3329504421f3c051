// SPDX-License-Identifier: GPL-3.0-or-later
// Memory of large arrays in pages of 2 MiB where the system has them on request (Linux: transparent huge
// pages set to "madvise", which is usual). In pages of 4 KiB a mesh of a million triangles is touched for the
// first time with half a million interruptions, one after the other whatever the number of threads, and each
// access out of turn looks up where its page is. Linked into programs: what they allocate with `new` comes
// through here.
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <new>

namespace {

constexpr std::size_t large_bytes = std::size_t{1} << 21;  // The size of a large page.

// An advice: where it is not taken, pages are small as before. Whole small pages are named, so a neighbour
// may be named with them.
void ask_for_large_pages(void* memory, std::size_t bytes) {
  static const auto page_bytes = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const auto from = reinterpret_cast<std::uintptr_t>(memory) / page_bytes * page_bytes;
  const auto to = reinterpret_cast<std::uintptr_t>(memory) + bytes;
  const int error = errno;
  (void)::madvise(reinterpret_cast<void*>(from), to - from, MADV_HUGEPAGE);
  errno = error;
}

}  // namespace

void* operator new(std::size_t bytes) {
  while (true) {
    if (void* memory = std::malloc(bytes > 0 ? bytes : 1)) {
      if (bytes >= large_bytes) ask_for_large_pages(memory, bytes);
      return memory;
    }
    const auto handler = std::get_new_handler();
    if (handler == nullptr) throw std::bad_alloc();
    handler();
  }
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t /*bytes*/) noexcept { std::free(memory); }
