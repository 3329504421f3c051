// SPDX-License-Identifier: GPL-3.0-or-later
// Series that are wrong in one way each: made by our writer, altered with DCMTK.
#include "core/io/dicom_series.hpp"

#include <dcmtk/config/osconfig.h>
// DCMTK wants its configuration before anything else of its own.
#include <dcmtk/dcmdata/dcrleerg.h>
#include <dcmtk/dcmdata/dctk.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <functional>

#include "core/errors.hpp"
#include "core/io/files.hpp"
#include "core/io/image_files.hpp"
#include "core/text.hpp"
#include "tests/support/source_folder.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/core/io/asymmetric_volume.hpp"
#include "tests/unit/core/io/error_message.hpp"

namespace meshassay::io {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using testing::asymmetric_volume;
using ::testing::HasSubstr;
using testing::largest_difference_mm;
using testing::message_of;
using ::testing::Not;

const fs::path shared_data = test_support::shared_data();

/// An axial volume of 6 slices, 3 x 2 voxels of 1 x 1 x 2 mm; slice k holds HU k.
CtVolume six_slices() {
  CtVolume volume;
  volume.hu = Image<float>({.size = {3, 2, 6}, .spacing_mm = {1, 1, 2}});
  for (std::size_t v = 0; v < volume.hu.values.size(); ++v) {
    const std::size_t slice = v / 6;
    volume.hu.values[v] = static_cast<float>(slice);
  }
  return volume;
}

class DicomSeries : public ::testing::Test {
 protected:
  void SetUp() override { write_dicom_series(six_slices(), folder()); }

  fs::path folder() const { return temporary_.path() / "ct"; }
  fs::path slice(int number) const { return folder() / ("slice-000" + std::to_string(number) + ".dcm"); }

  using Change = std::function<void(DcmDataset&)>;
  static void change(const fs::path& file, const Change& call) {
    DcmFileFormat format;
    ASSERT_TRUE(format.loadFile(file.c_str()).good());
    (void)format.loadAllDataIntoMemory();
    call(*format.getDataset());
    ASSERT_TRUE(format.saveFile(file.c_str(), EXS_LittleEndianExplicit).good());
  }
  static Change set(const DcmTagKey& tag, const std::string& value) {
    return [=](DcmDataset& data) {
      ASSERT_TRUE(data.putAndInsertString(tag, value.c_str()).good());
      // The copy in the file's meta header must follow, or reading would be refused for that.
    };
  }
  void change_all(const Change& call) {
    for (int number = 1; number <= 6; ++number) change(slice(number), call);
  }
  std::string refusal(const DicomReadOptions& options = {}) {
    return message_of<InvalidInput>([&] { (void)read_dicom_series(folder(), options); });
  }
  CtVolume read() { return read_dicom_series(folder()); }

  test_support::TemporaryFolder temporary_;
};

// ---- What is read ----

TEST_F(DicomSeries, WrittenAndReadBackIsTheSameVolume) {
  const CtVolume written = asymmetric_volume();
  write_dicom_series(written, folder(), {.uid_seed = 7});
  const CtVolume volume = read();
  EXPECT_EQ(volume.hu.grid.size, written.hu.grid.size);
  EXPECT_EQ(volume.hu.values, written.hu.values);
  EXPECT_LT(largest_difference_mm(volume.hu.grid, written.hu.grid), 1e-10);  // 13 digits in 16 characters.
  EXPECT_EQ(volume.acquisition.modality, "CT");
  EXPECT_EQ(volume.acquisition.image_type, "ORIGINAL\\PRIMARY\\AXIAL");
  EXPECT_EQ(volume.acquisition.slice_thickness_mm, 2.5);
  EXPECT_TRUE(volume.warnings.empty());
}

TEST_F(DicomSeries, IsSortedByPositionNotByNameOrInstanceNumber) {
  const CtVolume before = read();
  // 1 -> 4 -> 2 -> 5 -> 3 -> 6 -> 1, and instance numbers that run backwards.
  const int new_number[] = {4, 5, 6, 2, 3, 1};
  for (int number = 1; number <= 6; ++number) {
    change(slice(number), set(DCM_InstanceNumber, std::to_string(7 - number)));
    fs::rename(slice(number), folder() / ("x" + std::to_string(new_number[number - 1])));
  }
  const CtVolume after = read();
  EXPECT_EQ(after.hu.values, before.hu.values);
  EXPECT_EQ(after.hu.grid, before.hu.grid);
}

TEST_F(DicomSeries, AStackFromFeetToHeadIsRightHandedWhicheverWayItsNormalPoints) {
  // Rows run to the left, columns to the front: the normal points to the feet, so the slice with the greatest
  // z is first.
  change_all(set(DCM_ImageOrientationPatient, "1\\0\\0\\0\\-1\\0"));
  const CtVolume volume = read();
  EXPECT_DOUBLE_EQ(volume.hu.grid.direction.determinant(), 1.0);
  EXPECT_EQ(volume.hu.grid.direction.col(2), Vector3(0, 0, -1));
  EXPECT_EQ(volume.hu.grid.origin_mm[2], 10.0);
  EXPECT_EQ(volume.hu.at(0, 0, 0), 5.0f);
}

TEST_F(DicomSeries, SlopeAndInterceptAreThoseOfEachFile) {
  change(slice(2), [](DcmDataset& data) {  // Stored 1.
    set(DCM_RescaleSlope, "0.5")(data);
    set(DCM_RescaleIntercept, "-1024")(data);
  });
  const CtVolume volume = read();
  EXPECT_EQ(volume.hu.at(0, 0, 0), 0.0f);
  EXPECT_EQ(volume.hu.at(0, 0, 1), -1023.5f);
  EXPECT_EQ(volume.hu.at(0, 0, 2), 2.0f);
}

TEST_F(DicomSeries, TwelveStoredBitsAreReadWithTheirSignAndWithoutAnOverlayAbove) {
  change(slice(1), [](DcmDataset& data) {
    const Uint16 stored[6] = {0x0fff, 0x0800, 0x07ff, 0xf001, 0x8000, 0x0000};
    (void)data.putAndInsertUint16(DCM_BitsStored, 12);
    (void)data.putAndInsertUint16(DCM_HighBit, 11);
    (void)data.putAndInsertUint16Array(DCM_PixelData, stored, 6);
  });
  const CtVolume volume = read();
  const std::vector<float> first(volume.hu.values.begin(), volume.hu.values.begin() + 6);
  EXPECT_EQ(first, (std::vector<float>{-1, -2048, 2047, 1, 0, 0}));  // Two's complement of 12 bits.
}

TEST_F(DicomSeries, SliceThicknessDoesNotCountAsTheDistance) {
  change_all(set(DCM_SliceThickness, "3"));
  const CtVolume volume = read();
  EXPECT_EQ(volume.hu.grid.spacing_mm[2], 2.0);
  ASSERT_EQ(volume.warnings.size(), 1u);
  EXPECT_THAT(volume.warnings[0], HasSubstr("the distance counts"));
}

TEST_F(DicomSeries, PlainDerivedOnlyWarns) {
  change_all(set(DCM_ImageType, "DERIVED\\SECONDARY"));
  const CtVolume volume = read();
  ASSERT_EQ(volume.warnings.size(), 1u);
  EXPECT_THAT(volume.warnings[0], HasSubstr("DERIVED"));
}

TEST_F(DicomSeries, WhatIsNoImageIsSkipped) {
  (void)temporary_.file("ct/readme.txt", "not an image");
  (void)temporary_.file("ct/empty", "");
  fs::create_directory(folder() / "more");
  for (const char* sop_class :
       {UID_RTStructureSetStorage, UID_SegmentationStorage, UID_MediaStorageDirectoryStorage}) {
    const fs::path file = folder() / (std::string("other-") + sop_class);
    fs::copy_file(slice(1), file);
    change(file, [&](DcmDataset& data) {
      set(DCM_SOPClassUID, sop_class)(data);
      if (std::string(sop_class) != UID_SegmentationStorage) (void)data.findAndDeleteElement(DCM_PixelData);
    });
  }
  EXPECT_EQ(list_dicom_series(folder()).front().files.size(), 6u);
  EXPECT_EQ(read().hu.grid.size[2], 6);
}

TEST_F(DicomSeries, OneFileStandsForTheSeriesThatItBelongsTo) {
  write_dicom_series(asymmetric_volume(), temporary_.path() / "other", {.uid_seed = 1});
  for (const auto& entry : fs::directory_iterator(temporary_.path() / "other"))
    fs::copy_file(entry.path(), folder() / ("other-" + entry.path().filename().string()));
  EXPECT_EQ(read_dicom_series(slice(3)).hu.grid.size[2], 6);
  EXPECT_EQ(read_dicom_series(folder() / "other-slice-0001.dcm").hu.grid.size[2], 3);
}

TEST_F(DicomSeries, SeveralSeriesAreListedAndOneIsPicked) {
  const fs::path other = temporary_.path() / "other";
  write_dicom_series(asymmetric_volume(), other, {.uid_seed = 1, .description = "the other"});
  for (const auto& entry : fs::directory_iterator(other))
    fs::copy_file(entry.path(), folder() / ("other-" + entry.path().filename().string()));
  const auto list = list_dicom_series(folder());
  ASSERT_EQ(list.size(), 2u);
  const auto& second = list[0].description == "the other" ? list[0] : list[1];
  EXPECT_EQ(second.files.size(), 3u);
  EXPECT_EQ(second.modality, "CT");
  EXPECT_THAT(refusal(), AllOf(HasSubstr(list[0].series_uid), HasSubstr(list[1].series_uid),
                               HasSubstr("--series"), HasSubstr("the other")));
  EXPECT_EQ(read_dicom_series(folder(), {.series_uid = second.series_uid}).hu.grid.size[2], 3);
  EXPECT_THAT(refusal({.series_uid = "1.2.3"}), HasSubstr("no such series"));
}

TEST_F(DicomSeries, CompressedWithoutLossGivesTheSameValues) {
  const CtVolume before = read();
  DcmRLEEncoderRegistration::registerCodecs();
  DcmFileFormat format;
  ASSERT_TRUE(format.loadFile(slice(2).c_str()).good());
  ASSERT_TRUE(format.getDataset()->chooseRepresentation(EXS_RLELossless, nullptr).good());
  ASSERT_TRUE(format.saveFile(slice(2).c_str(), EXS_RLELossless).good());
  EXPECT_EQ(read().hu.values, before.hu.values);
}

// ---- What is refused ----

TEST_F(DicomSeries, AMissingSliceIsRefusedBetweenItsNeighbours) {
  fs::remove(slice(3));
  EXPECT_THAT(refusal(), AllOf(HasSubstr("missing slices"), HasSubstr("slice-0002.dcm, slice-0004.dcm"),
                               HasSubstr("4 mm between"), HasSubstr("room for 1 more")));
}

TEST_F(DicomSeries, GapsThatDifferByMoreThanOnePercentAreRefusedAndByLessNot) {
  change(slice(6), set(DCM_ImagePositionPatient, "0\\0\\10.015"));  // A gap of 2.015 mm: 0.75 %.
  EXPECT_NEAR(read().hu.grid.spacing_mm[2], 10.015 / 5.0, 1e-12);
  change(slice(6), set(DCM_ImagePositionPatient, "0\\0\\10.03"));  // 1.5 %.
  EXPECT_THAT(refusal(), AllOf(HasSubstr("uneven gaps"), HasSubstr("slice-0005.dcm, slice-0006.dcm")));
}

TEST_F(DicomSeries, ShearedSlicesAreRefusedWithTheTilt) {
  for (int number = 1; number <= 6; ++number) {
    const double z_mm = 2.0 * (number - 1);
    const std::string y = format_rounded(std::tan(10.0 / 180.0 * 3.141592653589793) * z_mm, 8);
    change(slice(number), set(DCM_ImagePositionPatient, "0\\" + y + "\\" + format_number(z_mm)));
  }
  EXPECT_THAT(refusal(), AllOf(HasSubstr("gantry tilt"), HasSubstr("10 degrees")));
}

TEST_F(DicomSeries, APositionThatComesTwiceIsRefused) {
  fs::copy_file(slice(4), folder() / "again.dcm");
  EXPECT_THAT(refusal(), AllOf(HasSubstr("same position"), HasSubstr("again.dcm, slice-0004.dcm")));
}

TEST_F(DicomSeries, ALocalizerInTheStackIsRefusedByItsOrientation) {
  fs::copy_file(slice(1), folder() / "scout.dcm");
  change(folder() / "scout.dcm", set(DCM_ImageOrientationPatient, "0\\1\\0\\0\\0\\-1"));
  EXPECT_THAT(refusal(), AllOf(HasSubstr("localizer"), HasSubstr("scout.dcm"), Not(HasSubstr("slice-0001"))));
}

TEST_F(DicomSeries, ALocalizerIsRefusedByItsImageTypeToo) {
  change(slice(1), set(DCM_ImageType, "ORIGINAL\\PRIMARY\\LOCALIZER"));
  EXPECT_THAT(refusal(), AllOf(HasSubstr("localizer"), HasSubstr("slice-0001.dcm")));
}

TEST_F(DicomSeries, SecondaryCapturesAreRefusedByTheirClass) {
  change(slice(6), set(DCM_SOPClassUID, UID_SecondaryCaptureImageStorage));
  EXPECT_THAT(refusal(), AllOf(HasSubstr("secondary capture"), HasSubstr("slice-0006.dcm")));
}

TEST_F(DicomSeries, ProjectionsAreRefusedByTheirImageType) {
  for (const char* type : {"DERIVED\\SECONDARY\\MIP", "DERIVED\\PRIMARY\\CT_MINIP",
                           "DERIVED\\PRIMARY\\PROJECTION IMAGE", "DERIVED\\SECONDARY\\MIN_IP"}) {
    change(slice(6), set(DCM_ImageType, type));
    EXPECT_THAT(refusal(), AllOf(HasSubstr("projections"), HasSubstr("slice-0006.dcm"))) << type;
  }
}

TEST_F(DicomSeries, MagneticResonanceIsRefusedWhereHounsfieldUnitsAreNeeded) {
  change_all([](DcmDataset& data) {
    set(DCM_Modality, "MR")(data);
    set(DCM_SOPClassUID, UID_MRImageStorage)(data);
  });
  EXPECT_THAT(refusal(), AllOf(HasSubstr("not a CT"), HasSubstr("modality MR"), HasSubstr("slice-0001.dcm")));
}

TEST_F(DicomSeries, ValuesThatAreNoHounsfieldUnitsAreRefused) {
  change(slice(2), set(DCM_RescaleType, "Z_EFF"));
  EXPECT_THAT(refusal(), HasSubstr("Z_EFF"));
  change(slice(2), [](DcmDataset& data) {
    (void)data.findAndDeleteElement(DCM_RescaleType);
    (void)data.findAndDeleteElement(DCM_RescaleSlope);
  });
  EXPECT_THAT(refusal(), HasSubstr("no slope"));
}

TEST_F(DicomSeries, SlicesOfAnotherSizeSpacingOrFrameAreRefused) {
  change(slice(2), set(DCM_PixelSpacing, "1\\1.1"));
  EXPECT_THAT(refusal(), AllOf(HasSubstr("PixelSpacing"), HasSubstr("slice-0002.dcm")));
  change(slice(2), set(DCM_PixelSpacing, "1\\1"));
  change(slice(3), set(DCM_FrameOfReferenceUID, "1.2.3"));
  EXPECT_THAT(refusal(), AllOf(HasSubstr("frames of reference"), HasSubstr("slice-0003.dcm")));
  change(slice(3), [](DcmDataset& data) {
    (void)data.putAndInsertUint16(DCM_Rows, 3);
    (void)data.putAndInsertUint16(DCM_Columns, 2);
  });
  EXPECT_THAT(refusal(), AllOf(HasSubstr("different sizes"), HasSubstr("slice-0003.dcm")));
}

TEST_F(DicomSeries, MissingGeometryIsRefused) {
  for (const auto& tag : {DCM_ImagePositionPatient, DCM_ImageOrientationPatient, DCM_PixelSpacing}) {
    write_dicom_series(six_slices(), folder());
    change(slice(5), [&](DcmDataset& data) { (void)data.findAndDeleteElement(tag); });
    EXPECT_THAT(refusal(), AllOf(HasSubstr("geometry"), HasSubstr("slice-0005.dcm")));
  }
  for (const auto& [tag, value] :
       {std::pair(DCM_PixelSpacing, "0\\1"), std::pair(DCM_ImagePositionPatient, "0\\0\\nan"),
        std::pair(DCM_ImageOrientationPatient, "1\\0\\0\\1\\0\\0")}) {
    write_dicom_series(six_slices(), folder());
    change(slice(5), set(tag, value));
    EXPECT_THAT(refusal(), AllOf(HasSubstr("geometry"), HasSubstr("slice-0005.dcm"))) << value;
  }
}

TEST_F(DicomSeries, MissingPixelDataIsRefused) {
  change(slice(5), [](DcmDataset& data) { (void)data.findAndDeleteElement(DCM_PixelData); });
  EXPECT_THAT(refusal(), AllOf(HasSubstr("missing pixel data"), HasSubstr("slice-0005.dcm")));
}

TEST_F(DicomSeries, PixelDataShorterThanRowsTimesColumnsIsRefused) {
  change(slice(5), [](DcmDataset& data) {
    const Uint16 stored[5] = {};
    (void)data.putAndInsertUint16Array(DCM_PixelData, stored, 5);
  });
  EXPECT_THAT(refusal(), AllOf(HasSubstr("slice-0005.dcm"), HasSubstr("12 bytes"), HasSubstr("10 bytes")));
}

TEST_F(DicomSeries, RowsAndColumnsBeyondTheFileAreRefusedBeforeMemoryIsTaken) {
  // Six slices of 65535 x 65535 floats would take 103 GB.
  change_all([](DcmDataset& data) {
    (void)data.putAndInsertUint16(DCM_Rows, 65535);
    (void)data.putAndInsertUint16(DCM_Columns, 65535);
  });
  EXPECT_THAT(refusal(), AllOf(HasSubstr("cut off or damaged"), HasSubstr("65535 rows and 65535 columns")));
}

TEST_F(DicomSeries, ATruncatedFileIsRefusedWhereverItEnds) {
  const std::string whole = read_file(slice(5));
  for (std::size_t length = 0; length < whole.size(); length += 1 + (whole.size() - length > 40 ? 13 : 0)) {
    SCOPED_TRACE(length);
    write_file(slice(5), std::string_view(whole).substr(0, length));
    EXPECT_THAT(refusal(), HasSubstr("slice-0005.dcm"));
  }
  write_file(slice(5), whole);
  EXPECT_EQ(read().hu.grid.size[2], 6);
}

TEST_F(DicomSeries, MultiFrameAndColourAreRefused) {
  change(slice(1), set(DCM_NumberOfFrames, "2"));
  EXPECT_THAT(refusal(), HasSubstr("multi-frame"));
  change(slice(1), set(DCM_NumberOfFrames, "1"));
  change(slice(1), [](DcmDataset& data) { (void)data.putAndInsertUint16(DCM_SamplesPerPixel, 3); });
  EXPECT_THAT(refusal(), HasSubstr("colour"));
}

TEST_F(DicomSeries, OneSliceHasNoDistance) {
  for (int number = 2; number <= 6; ++number) fs::remove(slice(number));
  EXPECT_THAT(refusal(), HasSubstr("no slice distance"));
}

TEST_F(DicomSeries, WhatIsNotThereOrEmptyOrTextIsRefused) {
  const auto message = [](const fs::path& path) {
    return message_of<InvalidInput>([&] { (void)read_ct(path); });
  };
  EXPECT_THAT(message(temporary_.path() / "none"), HasSubstr("no such file"));
  EXPECT_THAT(message(temporary_.path() / "none.nrrd"), HasSubstr("no such file"));
  fs::create_directory(temporary_.path() / "empty");
  EXPECT_THAT(message(temporary_.path() / "empty"), AllOf(HasSubstr("no DICOM image"), HasSubstr("no file")));
  const auto text = temporary_.file("texts/a.txt", std::string(1000, 'a'));
  EXPECT_THAT(message(text.parent_path()), AllOf(HasSubstr("no DICOM image"), HasSubstr("1 files")));
  EXPECT_THAT(message(text), HasSubstr("format that is not read"));
  EXPECT_THAT(message(temporary_.path()), HasSubstr("give one of them: ct, empty, texts"));
  EXPECT_THAT(message(temporary_.file("texts/a.dcm", "text")), HasSubstr("a.dcm"));
}

TEST_F(DicomSeries, ReadCtTakesFoldersFilesAndImages) {
  write_ct_file(six_slices(), temporary_.path() / "ct.nrrd");
  const auto values = six_slices().hu.values;
  fs::copy_file(slice(1), temporary_.path() / "keep");
  EXPECT_EQ(read_ct(folder()).hu.values, values);
  EXPECT_EQ(read_ct(slice(2)).hu.values, values);
  EXPECT_EQ(read_ct(temporary_.path() / "ct.nrrd").hu.values, values);
}

// ---- What is written ----

TEST_F(DicomSeries, SameSeedSameBytesOtherSeedOtherUids) {
  const fs::path again = temporary_.path() / "again", other = temporary_.path() / "other";
  write_dicom_series(six_slices(), again);
  write_dicom_series(six_slices(), other, {.uid_seed = 1});
  for (int number = 1; number <= 6; ++number)
    EXPECT_EQ(read_file(slice(number)), read_file(again / slice(number).filename()));
  EXPECT_NE(read_dicom_series(other).acquisition.series_uid, read().acquisition.series_uid);
  EXPECT_EQ(read().acquisition.series_uid.substr(0, 5), "2.25.");
}

TEST_F(DicomSeries, WritingReplacesAnOlderSeriesAndNothingElse) {
  write_dicom_series(asymmetric_volume(), folder());
  EXPECT_EQ(std::distance(fs::directory_iterator(folder()), fs::directory_iterator()), 3);
  (void)temporary_.file("ct/mine.txt", "");
  EXPECT_THAT(message_of<InvalidInput>([&] { write_dicom_series(six_slices(), folder()); }),
              HasSubstr("mine.txt"));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder()), fs::directory_iterator()), 4);
  EXPECT_EQ(std::distance(fs::directory_iterator(temporary_.path()), fs::directory_iterator()), 1);
}

TEST_F(DicomSeries, WritingRefusesWhatTheFormatCannotHold) {
  const auto refused = [&](const std::function<void(CtVolume&)>& spoil,
                           const DicomWriteOptions& options = {}) {
    CtVolume volume = six_slices();
    spoil(volume);
    const fs::path place = temporary_.path() / "refused";
    const auto message = message_of<InvalidInput>([&] { write_dicom_series(volume, place, options); });
    EXPECT_FALSE(fs::exists(place));
    return message;
  };
  EXPECT_THAT(refused([](CtVolume& v) { v.hu.values[7] = 0.5f; }), HasSubstr("0.5 at value 7"));
  EXPECT_THAT(refused([](CtVolume& v) { v.hu.values[7] = 32768.0f; }), HasSubstr("-32768 to 32767"));
  EXPECT_THAT(refused([](CtVolume& v) { v.hu.values[7] = std::nanf(""); }), HasSubstr("value 7"));
  EXPECT_THAT(refused([](CtVolume& v) { v.hu = {}; }), HasSubstr("0 x 0 x 0"));
  EXPECT_THAT(refused([](CtVolume&) {}, {.date = "today"}), HasSubstr("YYYYMMDD"));
  EXPECT_THAT(refused([](CtVolume&) {}, {.description = std::string(65, 'x')}), HasSubstr("64"));
}

// ---- What nobody of us made ----

TEST(DicomFiles, APipeIsRefusedAndNotWaitedFor) {
  const test_support::TemporaryFolder folder;
  const fs::path pipe = folder.path() / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_THAT(message_of<InvalidInput>([&] { (void)read_ct(pipe); }), HasSubstr("no regular file"));
}

TEST(RealDicom, TheKneeIsTheSameVolumeAsItsNifti) {
  const fs::path knee = shared_data / "ct_knee";
  if (!fs::exists(knee)) GTEST_SKIP() << "no " << knee;
  const CtVolume dicom = read_ct(knee / "dicom/image");
  const CtVolume nifti = read_ct(knee / "nifti/CT_image.nii.gz");
  EXPECT_EQ(dicom.hu.grid.size[2], 61);
  EXPECT_NEAR(dicom.hu.grid.spacing_mm[0], 0.976562, 1e-9);
  EXPECT_NEAR(dicom.hu.grid.spacing_mm[2], 3.27, 1e-9);
  // As the data's makers count them: a threshold of 250 HU has 553 ties.
  EXPECT_EQ(std::count(dicom.hu.values.begin(), dicom.hu.values.end(), 250.0f), 553);
  // Axes may run the other way in the other file: every voxel is looked up by its place in the world.
  ASSERT_EQ(dicom.hu.values.size(), nifti.hu.values.size());
  std::size_t same = 0;
  double largest_mm = 0.0;
  const Grid& grid = dicom.hu.grid;
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i) {
        const Point3 place = grid.to_world(Vector3(i, j, k));
        const Vector3 index = nifti.hu.grid.to_index(place).array().round();
        const int x = static_cast<int>(index[0]), y = static_cast<int>(index[1]),
                  z = static_cast<int>(index[2]);
        ASSERT_TRUE(nifti.hu.grid.contains(x, y, z));
        largest_mm = std::max(largest_mm, (nifti.hu.grid.to_world(index) - place).norm());
        same += dicom.hu.at(i, j, k) == nifti.hu.at(x, y, z) ? 1 : 0;
      }
  EXPECT_EQ(same, dicom.hu.values.size());
  EXPECT_LT(largest_mm, 1e-3);  // NIfTI keeps positions as float32: 600 mm to 3e-5 mm, and cosines to 1e-7.
}

TEST(RealDicom, TheObliqueSeriesKeepsRowsColumnsAndSlopeApart) {
  const fs::path folder = shared_data / "ct_oblique_anisotropic";
  if (!fs::exists(folder)) GTEST_SKIP() << "no " << folder;
  const CtVolume volume = read_ct(folder);
  const Grid& grid = volume.hu.grid;
  EXPECT_EQ(grid.size, (std::array<int, 3>{100, 50, 3}));
  EXPECT_NEAR(grid.spacing_mm[0], 2.5, 1e-12);
  EXPECT_NEAR(grid.spacing_mm[1], 3.5, 1e-12);
  EXPECT_NEAR(grid.spacing_mm[2], 4.5, 1e-3);
  EXPECT_NEAR(grid.direction(0, 0), 0.9541666, 1e-6);  // ImageOrientationPatient as the file has it.
  EXPECT_NEAR(grid.direction(2, 1), -0.3843997, 1e-6);
  EXPECT_LT((grid.direction.transpose() * grid.direction - Matrix3::Identity()).cwiseAbs().maxCoeff(), 1e-12);
  EXPECT_THAT(volume.warnings, ::testing::Contains(HasSubstr("DERIVED")));
}

TEST(RealDicom, TheLiverHasADistanceThatIsNotItsSliceThickness) {
  const fs::path folder = shared_data / "seg_liver/ct-3slice";
  if (!fs::exists(folder)) GTEST_SKIP() << "no " << folder;
  const CtVolume volume = read_ct(folder);
  EXPECT_NEAR(volume.hu.grid.spacing_mm[2], 1.0, 1e-6);
  EXPECT_EQ(volume.acquisition.slice_thickness_mm, 1.25);
  EXPECT_THAT(volume.warnings, ::testing::Contains(HasSubstr("SliceThickness")));
}

TEST(RealDicom, AFolderWithOnlyAStructureSetHoldsNoImage) {
  const fs::path folder = shared_data / "ct_knee/dicom/mask";
  if (!fs::exists(folder)) GTEST_SKIP() << "no " << folder;
  EXPECT_THAT(message_of<InvalidInput>([&] { (void)read_ct(folder); }), HasSubstr("no DICOM image"));
  EXPECT_THAT(message_of<InvalidInput>([&] { (void)read_ct(folder / "RS.dcm"); }), HasSubstr("RTSTRUCT"));
}

TEST_F(DicomSeries, OfALeftHandedGridIsReadAsTheRightHandedGridOfTheSameVoxels) {
  CtVolume written = asymmetric_volume();
  written.hu.grid.direction.col(2) *= -1.0;
  const auto place = temporary_.path() / "left";
  write_dicom_series(written, place);
  const CtVolume read = read_dicom_series(place);
  EXPECT_GT(read.hu.grid.direction.determinant(), 0.0);
  const Grid& grid = written.hu.grid;
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i) {
        const Vector3 index = read.hu.grid.to_index(grid.to_world(Vector3(i, j, k)));
        EXPECT_EQ(read.hu.at(static_cast<int>(std::lround(index[0])), static_cast<int>(std::lround(index[1])),
                             static_cast<int>(std::lround(index[2]))),
                  written.hu.at(i, j, k));
      }
}

TEST_F(DicomSeries, KeepsSlopeInterceptThicknessAndPadding) {
  CtVolume written = six_slices();
  for (float& value : written.hu.values) value = -1024.0F + 2.5F * value;
  written.acquisition.rescale_slope = 2.5;
  written.acquisition.rescale_intercept = -1024.0;
  written.acquisition.slice_thickness_mm = 3.0;
  written.acquisition.padding_hu = -3024.0;
  written.acquisition.kvp = 100.0;
  const auto place = temporary_.path() / "rescaled";
  write_dicom_series(written, place);
  const CtVolume read = read_dicom_series(place);
  EXPECT_EQ(read.hu.values, written.hu.values);
  EXPECT_EQ(read.acquisition.slice_thickness_mm, 3.0);
  EXPECT_EQ(read.acquisition.kvp, 100.0);
  DcmFileFormat format;
  ASSERT_TRUE(format.loadFile((place / "slice-0001.dcm").c_str()).good());
  Sint16 padding = 0;
  ASSERT_TRUE(format.getDataset()->findAndGetSint16(DCM_PixelPaddingValue, padding).good());
  EXPECT_EQ(padding, -800);  // (-3024 + 1024) / 2.5.
}

}  // namespace
}  // namespace meshassay::io
