// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/files.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <system_error>
#include <utility>
#include <vector>

#include "core/errors.hpp"
#include "core/text.hpp"

namespace meshassay::io {
namespace {

namespace fs = std::filesystem;

std::string errno_text(int error) { return std::generic_category().message(error); }

[[noreturn]] void machine_error(const std::string& what, const fs::path& path, int error) {
  throw MachineError({.what = what,
                      .where = path.string(),
                      .got = errno_text(error),
                      .mend = "check that the folder is writable and the disk has room"});
}

/// A file descriptor that closes itself.
class Descriptor {
 public:
  Descriptor(const fs::path& path, int flags, mode_t mode = 0)
      : descriptor_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {}
  Descriptor(Descriptor&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }
  [[nodiscard]] int get() const { return descriptor_; }
  /// Some file systems tell only now that the disk is full.
  [[nodiscard]] bool close() { return ::close(std::exchange(descriptor_, -1)) == 0; }

 private:
  int descriptor_;
};

struct OpenedFile {
  Descriptor descriptor;
  std::uint64_t bytes;
};

/// Opens a regular file; O_NONBLOCK so that a pipe without a writer is named instead of waited for.
OpenedFile open_for_reading(const fs::path& path) {
  const auto refuse = [&path](const std::string& got) {
    throw InvalidInput({.what = "cannot read the file",
                        .where = path.string(),
                        .expected = "a readable regular file",
                        .got = got,
                        .mend = "check the path and its permissions"});
  };
  OpenedFile file{Descriptor(path, O_RDONLY | O_NONBLOCK), 0};
  if (!file.descriptor.is_open()) refuse(errno_text(errno));
  struct stat status {};
  if (::fstat(file.descriptor.get(), &status) != 0) refuse(errno_text(errno));
  if (S_ISDIR(status.st_mode)) refuse("a folder");
  if (!S_ISREG(status.st_mode)) refuse("no regular file (a device, pipe or socket)");
  file.bytes = static_cast<std::uint64_t>(status.st_size);
  return file;
}

/// Up to `size` bytes; fewer only at the end of the file.
std::size_t read_some(int descriptor, char* buffer, std::size_t size, const fs::path& path) {
  std::size_t done = 0;
  while (done < size) {
    const ssize_t count = ::read(descriptor, buffer + done, size - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0)
      throw MachineError({.what = "reading failed",
                          .where = path.string(),
                          .got = errno_text(errno),
                          .mend = "check the disk or the network share"});
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
  }
  return done;
}

fs::path folder_of(const fs::path& path) {
  return path.parent_path().empty() ? fs::path(".") : path.parent_path();
}

void create_folders(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) machine_error("cannot create the folder", folder, error.value());
}

void sync(const fs::path& path, int flags) {
  const Descriptor descriptor(path, flags);
  if (!descriptor.is_open() || ::fsync(descriptor.get()) != 0)
    machine_error("cannot sync to disk", path, errno);
}

/// SHA-256 in pieces.
class Sha256 {
 public:
  Sha256() : context_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
    check(context_ && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1);
  }
  void add(std::string_view bytes) {
    check(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
  }
  [[nodiscard]] std::string digits() {
    std::array<unsigned char, 32> digest{};
    check(EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr) == 1);
    constexpr std::string_view hexadecimal = "0123456789abcdef";
    std::string text;
    for (const unsigned char byte : digest) {
      text += hexadecimal[byte >> 4];
      text += hexadecimal[byte & 15];
    }
    return text;
  }

 private:
  static void check(bool ok) {
    if (!ok)
      throw MachineError({.what = "SHA-256 is not available",
                          .where = "OpenSSL",
                          .mend = "check OpenSSL's configuration (openssl sha256 must work)"});
  }
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

}  // namespace

std::string read_file(const fs::path& path, std::uint64_t max_bytes) {
  const OpenedFile file = open_for_reading(path);
  const auto refuse_larger = [&](std::uint64_t bytes) {
    throw InvalidInput({.what = "the file is larger than what is read here",
                        .where = path.string(),
                        .expected = "at most " + std::to_string(max_bytes) + " bytes",
                        .got = std::to_string(bytes) + " bytes",
                        .mend = "check that this is the file that you meant"});
  };
  if (file.bytes > max_bytes) refuse_larger(file.bytes);
  std::string bytes(file.bytes, '\0');
  bytes.resize(read_some(file.descriptor.get(), bytes.data(), bytes.size(), path));
  // Files of /proc say that they are empty; others may grow meanwhile.
  std::array<char, 4096> more{};
  while (const std::size_t count = read_some(file.descriptor.get(), more.data(), more.size(), path)) {
    if (bytes.size() + count > max_bytes) refuse_larger(bytes.size() + count);
    bytes.append(more.data(), count);
  }
  return bytes;
}

fs::path temporary_name(const fs::path& path) {
  static std::atomic<unsigned> counter{0};
  fs::path stem = path.stem();
  fs::path extension = path.extension();
  if (extension == ".gz") {  // ".nii.gz" is one extension to the libraries that go by it.
    extension = stem.extension().string() + ".gz";
    stem = stem.stem();
  }
  const std::string number = std::to_string(::getpid()) + "-" + std::to_string(counter++);
  return path.parent_path() / ("." + stem.string() + "." + number + extension.string());
}

void publish(const fs::path& temporary, const fs::path& path) {
  sync(temporary, O_RDONLY);
  if (::rename(temporary.c_str(), path.c_str()) != 0) machine_error("cannot rename to", path, errno);
  sync(folder_of(path), O_RDONLY | O_DIRECTORY);
}

void write_file(const fs::path& path, std::string_view bytes) {
  create_folders(folder_of(path));
  const fs::path temporary = temporary_name(path);
  const auto fail = [&temporary, &path](const std::string& what) {
    const int error = errno;
    ::unlink(temporary.c_str());
    machine_error(what, path, error);
  };
  Descriptor descriptor(temporary, O_WRONLY | O_CREAT | O_EXCL, 0666);
  if (!descriptor.is_open()) machine_error("cannot create the file", path, errno);
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail("cannot write the file");
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  if (!descriptor.close()) fail("cannot write the file");
  try {
    publish(temporary, path);
  } catch (const MachineError&) {
    ::unlink(temporary.c_str());
    throw;
  }
}

std::string sha256_of_bytes(std::string_view bytes) {
  Sha256 sha256;
  sha256.add(bytes);
  return sha256.digits();
}

std::string sha256_of_file(const fs::path& path) {
  const OpenedFile file = open_for_reading(path);
  Sha256 sha256;
  std::vector<char> buffer(std::size_t{1} << 18);
  while (const std::size_t count = read_some(file.descriptor.get(), buffer.data(), buffer.size(), path))
    sha256.add({buffer.data(), count});
  return sha256.digits();
}

fs::path find_data_file(const fs::path& path) {
  std::vector<fs::path> places = {path};
  if (path.is_relative() && !path.empty()) {
    if (const char* folder = std::getenv("MESHASSAY_DATA"); folder && *folder)
      places.push_back(fs::path(folder) / path);
    std::error_code error;
    const fs::path executable = fs::read_symlink("/proc/self/exe", error);
    if (!error) places.push_back(executable.parent_path().parent_path() / "share" / "meshassay" / path);
    places.push_back(fs::path(MESHASSAY_SOURCE_DIR) / path);
  }
  std::vector<std::string> looked_at;
  for (const auto& place : places) {
    std::error_code error;
    if (fs::exists(place, error)) return place;
    looked_at.push_back(place.string());
  }
  throw InvalidInput({.what = "no such file",
                      .where = path.string(),
                      .expected = "one of " + join(looked_at, ", "),
                      .got = "none of them",
                      .mend = "check the path, or set MESHASSAY_DATA to the folder that it is relative to"});
}

fs::path path_inside(const fs::path& folder, const fs::path& relative) {
  const auto refuse = [&](const std::string& got) {
    throw InvalidInput({.what = "a path leaves its folder",
                        .where = folder.string(),
                        .expected = "a relative path below the folder, without '..'",
                        .got = got,
                        .mend = "keep the file below " + folder.string()});
  };
  if (relative.empty()) refuse("an empty path");
  if (relative.native().find('\0') != std::string::npos) refuse("a path with a zero byte");
  if (relative.is_absolute()) refuse(relative.string());
  if (std::find(relative.begin(), relative.end(), "..") != relative.end()) refuse(relative.string());
  std::error_code error;
  const fs::path base = fs::weakly_canonical(folder, error);
  const fs::path target = error ? fs::path() : fs::weakly_canonical(folder / relative, error);
  if (error) refuse(relative.string() + " (" + error.message() + ")");
  const auto [base_end, target_end] = std::mismatch(base.begin(), base.end(), target.begin(), target.end());
  // A trailing slash leaves one empty component.
  if (base_end != base.end() && !(base_end->empty() && std::next(base_end) == base.end()))
    refuse(relative.string() + ", a link to " + target.string());
  return folder / relative;
}

}  // namespace meshassay::io
