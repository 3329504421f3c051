// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/dicom_uid.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "core/io/files.hpp"

namespace meshassay::io {

std::string derived_uid(std::uint64_t seed, const std::string& role) {
  __extension__ using Uint128 = unsigned __int128;
  const std::string digits = sha256_of_bytes("meshassay/" + std::to_string(seed) + "/" + role);
  Uint128 uuid = 0;
  for (const char digit : digits.substr(0, 32))
    uuid = uuid * 16 + static_cast<unsigned>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
  // RFC 9562: version 8 (made by a rule of one's own) and the variant bits.
  uuid = (uuid & ~(Uint128{15} << 76)) | (Uint128{8} << 76);
  uuid = (uuid & ~(Uint128{3} << 62)) | (Uint128{2} << 62);
  std::string decimal;
  for (; uuid > 0; uuid /= 10) decimal += static_cast<char>('0' + static_cast<int>(uuid % 10));
  std::reverse(decimal.begin(), decimal.end());
  return "2.25." + decimal;
}

std::string derived_date(std::uint64_t seed) {
  const std::string digits = sha256_of_bytes("meshassay/" + std::to_string(seed) + "/date");
  const auto days = static_cast<int>(std::stoul(digits.substr(0, 7), nullptr, 16) % 7305);  // 20 years.
  using namespace std::chrono;
  const year_month_day date = sys_days(year(2000) / January / 1) + std::chrono::days(days);
  char text[16];
  std::snprintf(text, sizeof text, "%04d%02u%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text;
}

}  // namespace meshassay::io
