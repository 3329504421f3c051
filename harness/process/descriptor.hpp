// SPDX-License-Identifier: GPL-3.0-or-later
// A file descriptor with an owner. All are close-on-exec and above the three standard ones.
#pragma once

#include <filesystem>
#include <utility>

namespace meshassay::harness {

class Descriptor {
 public:
  Descriptor() = default;
  /// Takes `number` over, and moves it above 2 where it is a standard one. \throw MachineError where
  /// negative.
  Descriptor(int number, const std::filesystem::path& what);
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() { close(); }

  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] bool open() const { return number_ >= 0; }
  void close();

 private:
  int number_ = -1;
};

struct Pipe {
  Descriptor read_end, write_end;
};
[[nodiscard]] Pipe make_pipe();
[[nodiscard]] Descriptor open_null();
/// Created or emptied, with its folder.
[[nodiscard]] Descriptor create_file(const std::filesystem::path& path);

}  // namespace meshassay::harness
