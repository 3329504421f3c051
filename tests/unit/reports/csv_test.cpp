// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/renderings.hpp"
#include "tests/unit/reports/sample_records.hpp"

namespace meshassay::reports {
namespace {

using samples::occurrences;
using testing::HasSubstr;

TEST(Csv, HasARowPerMeasurementWithNumbersInFull) {
  const std::string csv = render_csv(samples::full_record());
  EXPECT_EQ(occurrences(csv, "\r\n"), 1 + 8);
  EXPECT_THAT(
      csv,
      HasSubstr(
          "sphere/radius_mm=10,deviation.rms,exported,bone,0.30001,mm,0.30001,0.302,enclosure,,,fail\r\n"));
  EXPECT_THAT(csv, HasSubstr(",thickness.min,exported,bone,,mm,,,,feature_missing,plate_0.3,waived\r\n"));
  EXPECT_THAT(csv, HasSubstr(",size.radii,exported,bone,9.9 10 10.1,mm,"));
  EXPECT_THAT(csv, HasSubstr(",mesh.closed,exported,bone,true,1,"));
}

TEST(Csv, QuotesWhatWouldBreakARowAndDisarmsFormulas) {
  RunRecord record;
  record.cases.push_back(
      {.id = "a,\"b\"\nc", .measurements = {{.metric = "=1+1", .value = -2.5, .unit = "1"}}});
  EXPECT_THAT(render_csv(record), HasSubstr("\"a,\"\"b\"\"\nc\",'=1+1,,,-2.5,1,"));
}

}  // namespace
}  // namespace meshassay::reports
