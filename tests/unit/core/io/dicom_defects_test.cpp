// SPDX-License-Identifier: GPL-3.0-or-later
// Every defect of the catalogue is answered by our reader as the catalogue says; where it reads, the geometry
// and the HU are those of the good series.
#include "core/io/dicom_defects.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "core/errors.hpp"
#include "core/io/dicom_series.hpp"
#include "core/io/dicom_uid.hpp"
#include "core/io/files.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/core/io/asymmetric_volume.hpp"
#include "tests/unit/core/io/error_message.hpp"

namespace meshassay::io {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::message_of;

/// Seven slices of an oblique, anisotropic grid; every voxel tells its place.
CtVolume seven_slices() {
  Grid grid = testing::asymmetric_grid();
  grid.size = {12, 9, 7};
  CtVolume volume;
  volume.hu = Image<float>(grid);
  for (std::size_t v = 0; v < volume.hu.values.size(); ++v)
    volume.hu.values[v] = static_cast<float>(static_cast<int>(v) - 400);
  return volume;
}

std::map<std::string, std::string> bytes_of(const fs::path& folder) {
  std::map<std::string, std::string> bytes;
  for (const auto& entry : fs::directory_iterator(folder))
    bytes[entry.path().filename().string()] = read_file(entry.path());
  return bytes;
}

class DicomDefectNamed : public ::testing::TestWithParam<std::string> {
 protected:
  fs::path series(const std::string& name, std::uint64_t seed = 7) const {
    write_dicom_series(seven_slices(), temporary_.path() / name, {.uid_seed = seed});
    return temporary_.path() / name;
  }
  test_support::TemporaryFolder temporary_;
};

std::vector<std::string> ids() {
  std::vector<std::string> names;
  for (const auto& defect : dicom_defect_catalogue()) names.push_back(defect.id);
  return names;
}
INSTANTIATE_TEST_SUITE_P(Catalogue, DicomDefectNamed, ::testing::ValuesIn(ids()),
                         [](const auto& named) { return named.param; });

TEST_P(DicomDefectNamed, IsAnsweredAsTheCatalogueSays) {
  const auto catalogue = dicom_defect_catalogue();
  const auto& defect = *std::find_if(catalogue.begin(), catalogue.end(),
                                     [](const DicomDefect& each) { return each.id == GetParam(); });
  const fs::path good = series("good");
  const CtVolume expected = read_dicom_series(good);
  const fs::path bad = series("bad");
  make_defective(bad, defect.id, 7);
  EXPECT_NE(bytes_of(bad), bytes_of(good));
  if (defect.answer == "refused") {
    EXPECT_THROW((void)read_dicom_series(bad), InvalidInput);
    return;
  }
  const CtVolume read = read_dicom_series(bad);
  EXPECT_EQ(read.warnings.size() > expected.warnings.size(), defect.answer == "warned");
  EXPECT_EQ(read.hu.grid.size, expected.hu.grid.size);
  EXPECT_LT(testing::largest_difference_mm(read.hu.grid, expected.hu.grid), 1e-6);
  const double loss = defect.id == "jpegls_lossy" ? 2.0 : 0.0;  // Near-lossless by at most 2.
  for (std::size_t v = 0; v < read.hu.values.size(); ++v)
    ASSERT_NEAR(read.hu.values[v], expected.hu.values[v], loss) << v;
}

TEST_P(DicomDefectNamed, IsTheSameForTheSameSeed) {
  const fs::path first = series("first");
  const fs::path second = series("second");
  make_defective(first, GetParam(), 3);
  make_defective(second, GetParam(), 3);
  EXPECT_TRUE(bytes_of(first) == bytes_of(second));
}

TEST(DicomDefect, RefusesAnUnknownNameAndTooFewSlices) {
  const test_support::TemporaryFolder temporary;
  EXPECT_THAT(message_of<InvalidInput>([&] { make_defective(temporary.path(), "missing_slices", 1); }),
              AllOf(HasSubstr("missing_slices"), HasSubstr("did you mean 'missing_slice'")));
  CtVolume thin;
  thin.hu = Image<float>({.size = {3, 2, 2}});
  write_dicom_series(thin, temporary.path() / "ct");
  EXPECT_THAT(message_of<InvalidInput>([&] { make_defective(temporary.path() / "ct", "mip", 1); }),
              HasSubstr("at least 4"));
}

TEST(DicomDerived, UidsAndDatesFollowFromTheSeed) {
  EXPECT_EQ(derived_uid(1, "study"), derived_uid(1, "study"));
  EXPECT_NE(derived_uid(1, "study"), derived_uid(2, "study"));
  EXPECT_LE(derived_uid(1, "study").size(), 64u);
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const std::string date = derived_date(seed);
    ASSERT_EQ(date.size(), 8u);
    EXPECT_GE(date, "20000101");
    EXPECT_LE(date, "20191231");
    EXPECT_GE(date.substr(4, 2), "01");
    EXPECT_LE(date.substr(4, 2), "12");
  }
  EXPECT_NE(derived_date(1), derived_date(2));
}

}  // namespace
}  // namespace meshassay::io
