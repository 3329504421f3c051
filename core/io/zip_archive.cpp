// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/zip_archive.hpp"

#include <minizip/unzip.h>
#include <minizip/zip.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <memory>

#include "core/errors.hpp"
#include "core/io/files.hpp"

namespace meshassay::io {
namespace {

constexpr int case_insensitive = 2;

// An archive ends with a record of 22 bytes and a comment of the length that the record says; the library
// takes one that was cut off within it.
bool has_whole_end(const std::filesystem::path& archive) {
  constexpr std::size_t record_bytes = 22, longest_comment = 65535;
  std::ifstream stream(archive, std::ios::binary | std::ios::ate);
  const auto size = static_cast<std::size_t>(std::max<std::streamoff>(stream.tellg(), 0));
  std::string tail(std::min(size, record_bytes + longest_comment), '\0');
  stream.seekg(static_cast<std::streamoff>(size - tail.size()));
  if (tail.size() < record_bytes || !stream.read(tail.data(), static_cast<std::streamsize>(tail.size())))
    return false;
  const auto record = tail.rfind("PK\5\6", tail.size() - record_bytes);
  if (record == std::string::npos) return false;
  const auto byte = [&](std::size_t at) {
    return static_cast<std::size_t>(static_cast<unsigned char>(tail[at]));
  };
  return record + record_bytes + byte(record + 20) + 256 * byte(record + 21) == tail.size();
}

struct CloseArchive {
  void operator()(void* file) const {
    unzCloseCurrentFile(file);
    unzClose(file);
  }
};

[[noreturn]] void refuse(const std::filesystem::path& archive, const std::string& entry,
                         const std::string& expected, const std::string& got) {
  throw InvalidInput({.what = "an archive cannot be read",
                      .where = archive.string() + (entry.empty() ? "" : ": " + entry),
                      .expected = expected,
                      .got = got,
                      .mend = "export the file again"});
}

}  // namespace

void unpack(const std::filesystem::path& archive, const std::string& entry,
            const std::function<void(std::string_view)>& take, const UnpackingLimits& limits) {
  const std::unique_ptr<void, CloseArchive> file(has_whole_end(archive) ? unzOpen64(archive.c_str())
                                                                        : nullptr);
  if (file == nullptr) refuse(archive, "", "a zip archive", "something else, or one that was cut off");
  const std::string name = entry.starts_with('/') ? entry.substr(1) : entry;
  if (unzLocateFile(file.get(), name.c_str(), case_insensitive) != UNZ_OK)
    refuse(archive, "", "an entry '" + name + "'", "an archive without it");
  unz_file_info64 info{};
  if (unzGetCurrentFileInfo64(file.get(), &info, nullptr, 0, nullptr, 0, nullptr, 0) != UNZ_OK)
    refuse(archive, name, "an intact directory", "a damaged one");
  if ((info.flag & 1U) != 0) refuse(archive, name, "an entry without encryption", "an encrypted one");
  // What the directory says of sizes may be a lie: the packed size is held against the file's.
  const std::uint64_t packed =
      std::min<std::uint64_t>(info.compressed_size, std::filesystem::file_size(archive));
  const std::uint64_t most = std::min(limits.most_bytes, std::max(limits.free_bytes, packed * limits.ratio));
  if (unzOpenCurrentFile(file.get()) != UNZ_OK)
    refuse(archive, name, "an entry that is stored or deflated", "another method, or damage");
  std::array<char, 1 << 16> buffer{};
  std::uint64_t unpacked = 0;
  while (true) {
    const int got = unzReadCurrentFile(file.get(), buffer.data(), static_cast<unsigned>(buffer.size()));
    if (got < 0) refuse(archive, name, "an intact entry", "a damaged one, or one that was cut off");
    if (got == 0) break;
    unpacked += static_cast<std::uint64_t>(got);
    if (unpacked > most)
      refuse(archive, name, "at most " + std::to_string(most) + " bytes when unpacked",
             "more, from " + std::to_string(packed) + " packed ones");
    take({buffer.data(), static_cast<std::size_t>(got)});
  }
  if (unzCloseCurrentFile(file.get()) != UNZ_OK)
    refuse(archive, name, "a checksum that fits the contents", "another");
}

void write_zip(const std::filesystem::path& archive, const std::vector<ZipEntry>& entries) {
  const auto temporary = temporary_name(archive);
  if (archive.has_parent_path()) std::filesystem::create_directories(archive.parent_path());
  const auto fail = [&] {
    std::error_code ignored;
    std::filesystem::remove(temporary, ignored);
    throw MachineError({.what = "a file cannot be written",
                        .where = archive.string(),
                        .expected = "room and permission",
                        .got = "an error of the archive writer"});
  };
  zipFile file = zipOpen64(temporary.c_str(), APPEND_STATUS_CREATE);
  if (file == nullptr) fail();
  bool good = true;
  for (const auto& entry : entries) {
    zip_fileinfo info{};
    info.tmz_date = {.tm_sec = 0, .tm_min = 0, .tm_hour = 0, .tm_mday = 1, .tm_mon = 0, .tm_year = 1980};
    constexpr int level = 6, small = 0;
    good = good && zipOpenNewFileInZip64(file, entry.name.c_str(), &info, nullptr, 0, nullptr, 0, nullptr,
                                         Z_DEFLATED, level, small) == ZIP_OK;
    // The writer takes 32-bit lengths.
    constexpr std::size_t piece = std::size_t{1} << 30;
    for (std::size_t at = 0; good && at < entry.bytes.size(); at += piece)
      good = zipWriteInFileInZip(file, entry.bytes.data() + at,
                                 static_cast<unsigned>(std::min(piece, entry.bytes.size() - at))) == ZIP_OK;
    good = good && zipCloseFileInZip(file) == ZIP_OK;
  }
  good = zipClose(file, nullptr) == ZIP_OK && good;
  if (!good) fail();
  publish(temporary, archive);
}

}  // namespace meshassay::io
