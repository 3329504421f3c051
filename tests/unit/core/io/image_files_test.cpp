// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/image_files.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "core/errors.hpp"
#include "core/io/files.hpp"
#include "tests/support/source_folder.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/core/io/asymmetric_volume.hpp"
#include "tests/unit/core/io/error_message.hpp"

namespace meshassay::io {
namespace {

namespace fs = std::filesystem;
using test_support::TemporaryFolder;
using ::testing::AllOf;
using ::testing::AnyOf;
using testing::asymmetric_volume;
using ::testing::HasSubstr;
using testing::largest_difference_mm;
using testing::message_of;
using ::testing::Not;

std::string ct_refusal(const fs::path& file) {
  return message_of<InvalidInput>([&] { (void)read_ct_file(file); });
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

class ImageFiles : public ::testing::TestWithParam<const char*> {
 protected:
  fs::path file(const std::string& stem) const { return folder_.path() / (stem + GetParam()); }
  TemporaryFolder folder_;
};

TEST_P(ImageFiles, ACtIsReadBackAsItWasWritten) {
  const CtVolume written = asymmetric_volume();
  write_ct_file(written, file("ct"));
  const CtVolume read = read_ct_file(file("ct"));
  EXPECT_EQ(read.hu.grid.size, written.hu.grid.size);
  EXPECT_EQ(read.hu.values, written.hu.values);
  // NIfTI keeps its geometry as float32: 100 mm to 4e-6 mm, and a quaternion to 1e-7.
  const std::string extension = GetParam();
  const bool is_nifti = extension.starts_with(".nii") || extension.starts_with(".NII");
  EXPECT_LT(largest_difference_mm(read.hu.grid, written.hu.grid), is_nifti ? 3e-5 : 1e-12);
}

TEST_P(ImageFiles, ValuesThatAreNoIntegersStayFloats) {
  CtVolume written = asymmetric_volume();
  written.hu.values[0] = 0.1f;
  written.hu.values[1] = 40000.0f;
  write_ct_file(written, file("ct"));
  EXPECT_EQ(read_ct_file(file("ct")).hu.values, written.hu.values);
}

TEST_P(ImageFiles, SameVolumeSameBytesAndNoOtherFileBeside) {
  write_ct_file(asymmetric_volume(), file("a"));
  write_ct_file(asymmetric_volume(), file("b"));
  EXPECT_EQ(read_file(file("a")), read_file(file("b")));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_.path()), fs::directory_iterator()), 2);
}

TEST_P(ImageFiles, LabelsAreReadBackUpToTheLargest) {
  LabelMap mask(testing::asymmetric_grid());
  mask.at(1, 2, 0) = 1;
  mask.at(4, 3, 2) = 65535;
  write_label_map(mask, file("mask"));
  EXPECT_EQ(read_label_map(file("mask")).values, mask.values);
}

TEST_P(ImageFiles, ValuesThatAreNoLabelsAreRefusedWithTheVoxel) {
  for (const float bad : {-1.0f, 0.5f, 65536.0f}) {
    CtVolume volume = asymmetric_volume();
    std::fill(volume.hu.values.begin(), volume.hu.values.end(), 3.0f);
    volume.hu.at(4, 1, 2) = bad;
    write_ct_file(volume, file("mask"));
    EXPECT_THAT(message_of<InvalidInput>([&] { (void)read_label_map(file("mask")); }),
                AllOf(HasSubstr("no label"), HasSubstr("voxel (4, 1, 2)")));
  }
}

TEST_P(ImageFiles, ATruncatedFileIsRefusedWhereverItEnds) {
  CtVolume volume = asymmetric_volume();
  volume.hu.values[0] = 0.5f;
  write_ct_file(volume, file("ct"));
  const std::string whole = read_file(file("ct"));
  for (std::size_t length = 0; length < whole.size(); length += 1 + length / 30) {
    SCOPED_TRACE(length);
    write_file(file("ct"), std::string_view(whole).substr(0, length));
    EXPECT_THROW((void)read_ct_file(file("ct")), InvalidInput);
  }
}

TEST_P(ImageFiles, NaNIsNoHounsfieldUnit) {
  CtVolume volume = asymmetric_volume();
  volume.hu.values[3] = std::nanf("");
  EXPECT_THROW(write_ct_file(volume, file("ct")), InvalidInput);
}

TEST_P(ImageFiles, WhatIsNotThereIsRefused) {
  EXPECT_THAT(ct_refusal(file("none")), HasSubstr("no such file"));
  fs::create_directory(file("folder"));
  EXPECT_THAT(ct_refusal(file("folder")), HasSubstr("no regular file"));
  write_file(file("text"), std::string(2000, 'x'));
  EXPECT_THAT(ct_refusal(file("text")), HasSubstr("cannot be read"));
}

INSTANTIATE_TEST_SUITE_P(Formats, ImageFiles,
                         ::testing::Values(".nrrd", ".nii", ".nii.gz", ".mha", ".NRRD", ".NII", ".NII.GZ",
                                           ".MHA", ".Nrrd", ".Mha"));

// ---- NRRD by hand: what others write ----

constexpr const char* nrrd_header =
    "NRRD0004\ntype: short\ndimension: 3\nspace: left-posterior-superior\nsizes: 2 1 1\n"
    "space directions: (2,0,0) (0,3,0) (0,0,4)\nendian: little\nencoding: raw\nspace origin: (5,6,7)\n\n";
const std::string two_voxels("\x01\0\xff\xff", 4);

TEST(Nrrd, AFileByHandIsRead) {
  const TemporaryFolder folder;
  const CtVolume volume = read_ct_file(folder.file("x.nrrd", nrrd_header + two_voxels));
  EXPECT_EQ(volume.hu.values, (std::vector<float>{1, -1}));
  EXPECT_EQ(volume.hu.grid.spacing_mm, Vector3(2, 3, 4));
  EXPECT_EQ(volume.hu.grid.origin_mm, Point3(5, 6, 7));
}

TEST(Nrrd, RightAnteriorSuperiorBecomesLeftPosteriorSuperior) {
  const TemporaryFolder folder;
  const CtVolume volume = read_ct_file(
      folder.file("x.nrrd", replaced(nrrd_header, "left-posterior", "right-anterior") + two_voxels));
  EXPECT_EQ(volume.hu.grid.origin_mm, Point3(-5, -6, 7));
  EXPECT_EQ(volume.hu.grid.direction.diagonal(), Vector3(-1, -1, 1));
}

TEST(Nrrd, SpacesThatTheLibraryWouldMirrorAreRefused) {
  const TemporaryFolder folder;
  for (const char* space : {"left-anterior-superior", "LAS", "scanner-xyz"})
    EXPECT_THAT(ct_refusal(folder.file("x.nrrd",
                                       replaced(nrrd_header, "left-posterior-superior", space) + two_voxels)),
                HasSubstr("space"))
        << space;
}

TEST(Nrrd, AHeaderThatPromisesMoreThanTheFileHoldsIsRefusedBeforeMemoryIsTaken) {
  const TemporaryFolder folder;
  for (const char* encoding : {"raw", "gzip"})
    for (const char* sizes :
         {"1000000 1000000 1000000", "2000000000 2000000000 2000000000", "40000 40000 1000"}) {
      SCOPED_TRACE(std::string(encoding) + " " + sizes);
      const std::string header = replaced(replaced(nrrd_header, "2 1 1", sizes), "raw", encoding);
      EXPECT_THROW((void)read_ct_file(folder.file("x.nrrd", header + two_voxels)), InvalidInput);
    }
}

TEST(Nrrd, AxesWithoutRightAnglesOrLengthAreRefused) {
  const TemporaryFolder folder;
  for (const char* directions : {"(2,0,0) (1,3,0) (0,0,4)", "(2,0,0) (0,0,0) (0,0,4)",
                                 "(2,0,0) (2,0,0) (0,0,4)", "(nan,0,0) (0,3,0) (0,0,4)"}) {
    SCOPED_TRACE(directions);
    const std::string header = replaced(nrrd_header, "(2,0,0) (0,3,0) (0,0,4)", directions);
    EXPECT_THROW((void)read_ct_file(folder.file("x.nrrd", header + two_voxels)), InvalidInput);
  }
}

TEST(Nrrd, AnAxisWithoutADirectionIsRefused) {
  const TemporaryFolder folder;
  EXPECT_THAT(ct_refusal(folder.file("x.nrrd", replaced(nrrd_header, "(0,3,0)", "none") + two_voxels)),
              AllOf(HasSubstr("three space directions"), HasSubstr("none")));
}

TEST(Nrrd, WhatTheLibrarySaysOfAHeaderIsToldInOneLine) {
  const TemporaryFolder folder;
  const auto expect = [&](const char* from, const char* to, const char* says) {
    const std::string text = ct_refusal(folder.file("x.nrrd", replaced(nrrd_header, from, to) + two_voxels));
    EXPECT_THAT(text, AllOf(HasSubstr("x.nrrd"), HasSubstr(std::string("got: ") + says + "\n")));
    // Neither its functions nor addresses, which differ from run to run.
    EXPECT_THAT(text, Not(AnyOf(HasSubstr("[nrrd]"), HasSubstr("itk::"), HasSubstr("0x"))));
  };
  expect("short", "banana", "couldn't parse type \"banana\"");
  expect("raw", "zip9", "couldn't parse encoding \"zip9\"");
  expect("sizes: 2 1 1", "sizes: 2 1", "parsed 2 values, but dimension is 3");
}

TEST(Nrrd, OtherThanThreeDimensionsAreRefused) {
  const TemporaryFolder folder;
  const std::string flat =
      "NRRD0004\ntype: short\ndimension: 2\nsizes: 2 1\nendian: little\nencoding: raw\n\n" + two_voxels;
  EXPECT_THAT(ct_refusal(folder.file("x.nrrd", flat)), HasSubstr("three dimensions"));
}

TEST(Nrrd, ADetachedHeaderNeedsItsDataFile) {
  const TemporaryFolder folder;
  const std::string header = replaced(nrrd_header, "\n\n", "\ndata file: x.raw\n");
  const auto file = folder.file("x.nhdr", header);
  EXPECT_THROW((void)read_ct_file(file), InvalidInput);
  (void)folder.file("x.raw", two_voxels);
  EXPECT_EQ(read_ct_file(file).hu.values, (std::vector<float>{1, -1}));
}

TEST(Nrrd, ADataFileOutsideTheHeadersFolderIsRefused) {
  const TemporaryFolder folder;
  (void)folder.file("secret", two_voxels);
  fs::create_directory(folder.path() / "in");
  fs::create_symlink(folder.path() / "secret", folder.path() / "in/link.raw");
  for (const char* name : {"/etc/passwd", "../secret", "link.raw"}) {
    const std::string header = replaced(nrrd_header, "\n\n", std::string("\ndata file: ") + name + "\n");
    EXPECT_THAT(ct_refusal(folder.file("in/x.nhdr", header)), HasSubstr("the header's folder")) << name;
  }
}

TEST(Nrrd, LinesThatOverflowTheLibrarysBuffersAreRefusedBeforeItSeesThem) {
  const TemporaryFolder folder;
  const std::string longest(100000, 'A');
  for (const std::string& line : {longest, "units: " + longest, "kinds: \"" + longest, longest + ": x"}) {
    const std::string header = replaced(nrrd_header, "\n\n", "\n" + line + "\n\n");
    EXPECT_THAT(ct_refusal(folder.file("x.nrrd", header + two_voxels)), HasSubstr("too long"));
  }
}

TEST(Nrrd, CommentsAndKeyValuePairsMayBeLong) {
  const TemporaryFolder folder;
  const std::string lines = "\n# " + std::string(5000, 'A') + "\nkey:=" + std::string(5000, 'A') + "\n\n";
  const auto file = folder.file("x.nrrd", replaced(nrrd_header, "\n\n", lines) + two_voxels);
  EXPECT_EQ(read_ct_file(file).hu.values, (std::vector<float>{1, -1}));
}

/// A header that the checks end elsewhere than the library does: it could name any file of the machine.
TEST(Nrrd, ADataFileThatIsHiddenFromTheChecksIsRefused) {
  const TemporaryFolder folder;
  (void)folder.file("secret", two_voxels);
  std::string long_comment;  // More than the checks look at, in lines that each may be as long.
  for (int i = 0; i < 300; ++i) long_comment += "# " + std::string(5000, 'A') + "\n";
  const std::pair<std::string, const char*> hidden[] = {{"# comment\r", "control characters"},
                                                        {"key:=value\r", "control characters"},
                                                        {long_comment, "header is too long"}};
  for (const auto& [lines, why] : hidden) {
    const std::string header = replaced(nrrd_header, "\n\n", "\n" + lines + "data file: ../secret\n\n");
    EXPECT_THAT(ct_refusal(folder.file("in/x.nhdr", header + two_voxels)), HasSubstr(why));
  }
}

TEST(Nrrd, AKeyValuePairIsNoField) {
  // The library takes voxels from the field's file, whatever a pair of the same name says.
  const TemporaryFolder folder;
  (void)folder.file("secret", two_voxels);
  (void)folder.file("in/=x.raw", two_voxels);
  const std::string header = replaced(nrrd_header, "\n\n", "\ndata file: ../secret\ndata file:=x.raw\n");
  EXPECT_THAT(ct_refusal(folder.file("in/x.nhdr", header)), HasSubstr("the header's folder"));
}

TEST(Nrrd, LinesMayEndAsInWindows) {
  const TemporaryFolder folder;
  std::string header;
  for (const char letter : std::string(nrrd_header))
    header += letter == '\n' ? "\r\n" : std::string(1, letter);
  EXPECT_EQ(read_ct_file(folder.file("x.nrrd", header + two_voxels)).hu.values, (std::vector<float>{1, -1}));
}

// ---- MetaImage by hand ----

constexpr const char* meta_lines =
    "ObjectType = Image\nNDims = 3\nDimSize = 2 1 1\nElementType = MET_SHORT\n";

TEST(MetaImage, ADataFileThatIsHiddenFromTheChecksIsRefused) {
  const TemporaryFolder folder;
  (void)folder.file("secret", two_voxels);
  (void)folder.file("in/x.raw", two_voxels);
  fs::create_symlink(folder.path() / "secret", folder.path() / "in/LoCaL");
  const auto refusal = [&](const std::string& lines) {
    return ct_refusal(folder.file("in/x.mhd", meta_lines + lines));
  };
  const std::string secret = "ElementDataFile = ../secret\n", harmless = "ElementDataFile = x.raw\n";
  // The library passes over keys in another case, takes a line without '=' together with the next, and ends
  // keys at a zero byte.
  EXPECT_THAT(refusal("elementdatafile = x.raw\n" + secret), HasSubstr("the header's folder"));
  EXPECT_THAT(refusal("elementdatafile = LOCAL\n" + secret), HasSubstr("the header's folder"));
  EXPECT_THAT(refusal("ElementDataFile = LoCaL\n"), HasSubstr("the header's folder"));
  EXPECT_THAT(refusal("word\n" + harmless + secret), HasSubstr("no value"));
  EXPECT_THAT(refusal(std::string("ElementDataFile\0 = ../secret\n", 29) + harmless),
              HasSubstr("control characters"));
  std::string comments;
  for (int i = 0; i < 10000; ++i)
    comments += "Remark" + std::to_string(i) + " = " + std::string(100, 'A') + "\n";
  EXPECT_THAT(refusal(comments + secret), HasSubstr("header is too long"));
}

TEST(MetaImage, DimensionsThatAreSaidTwiceAreRefused) {
  // Between the two, the library would write 100000 numbers into an array for 4096.
  const TemporaryFolder folder;
  std::string sizes = "DimSize =";
  for (int i = 0; i < 100000; ++i) sizes += " 1";
  EXPECT_THAT(ct_refusal(folder.file("x.mha", "NDims = 100000\n" + sizes + "\n" +
                                                  "NDims = 3\nElementType = MET_SHORT\n"
                                                  "ElementDataFile = LOCAL\n" +
                                                  two_voxels)),
              HasSubstr("'NDims' again"));
}

TEST(MetaImage, VoxelsThatBeginBehindTheFilesOwnHeaderAreCountedFromThere) {
  const TemporaryFolder folder;
  (void)folder.file("x.raw", std::string(96, 'A') + two_voxels);
  const auto file = [&](const char* skipped) {
    return folder.file("x.mhd",
                       std::string(meta_lines) + "HeaderSize = " + skipped + "\nElementDataFile = x.raw\n");
  };
  EXPECT_EQ(read_ct_file(file("96")).hu.values, (std::vector<float>{1, -1}));
  EXPECT_EQ(read_ct_file(file("-1")).hu.values, (std::vector<float>{1, -1}));  // The last bytes of the file.
  EXPECT_THAT(ct_refusal(file("98")), AllOf(HasSubstr("4 bytes of voxels"), HasSubstr("2 bytes")));
  EXPECT_THAT(ct_refusal(file("1000")), HasSubstr("0 bytes"));
}

/// Where it fails to unpack, the library says so on the console and hands out memory that was never written.
TEST(MetaImage, CompressionThatTheLibraryWouldNotUnpackIsRefused) {
  const TemporaryFolder folder;
  // zlib: its two bytes, a last block of 4 stored bytes (length and its complement), Adler-32: the sums of
  // the bytes 1, 0, 255, 255 are a = 1 + 511 = 512, b = 2 + 2 + 257 + 512 = 773.
  const std::string packed =
      std::string("\x78\x01\x01\x04\0\xfb\xff", 7) + two_voxels + std::string("\x03\x05\x02\0", 4);
  ASSERT_EQ(packed.size(), 15U);
  const auto file = [&](const std::string& lines, const std::string& data) {
    return folder.file("x.mha", meta_lines + lines + "ElementDataFile = LOCAL\n" + data);
  };
  for (const char* yes : {"True", "T", "true", "1"}) {
    SCOPED_TRACE(yes);
    const std::string compressed = std::string("CompressedData = ") + yes + "\n";
    const auto sized = [&](const char* bytes) { return compressed + "CompressedDataSize = " + bytes + "\n"; };
    EXPECT_EQ(read_ct_file(file(sized("15"), packed)).hu.values, (std::vector<float>{1, -1}));
    EXPECT_THAT(ct_refusal(file(compressed, packed)), HasSubstr("without CompressedDataSize"));
    EXPECT_THAT(ct_refusal(file(sized("9"), packed)), HasSubstr("ends after"));
    EXPECT_THAT(ct_refusal(file(sized("16"), packed)), HasSubstr("fewer in the file"));
    EXPECT_THAT(ct_refusal(file(sized("900000000000"), packed)), HasSubstr("fewer in the file"));
    EXPECT_THAT(ct_refusal(file(sized("15"), replaced(packed, "\xfb", "\xfa"))), HasSubstr("damaged"));
  }
}

TEST(MetaImage, HeadersThatTheLibraryCannotBearAreRefusedBeforeItSeesThem) {
  const TemporaryFolder folder;
  const std::string header =
      "ObjectType = Image\nNDims = 3\nDimSize = 2 1 1\nElementType = MET_SHORT\nElementDataFile = LOCAL\n";
  EXPECT_EQ(read_ct_file(folder.file("good.mha", header + two_voxels)).hu.values,
            (std::vector<float>{1, -1}));
  const auto refusal = [&](const std::string& from, const std::string& to) {
    return ct_refusal(folder.file("x.mha", replaced(header, from, to) + two_voxels));
  };
  EXPECT_THAT(refusal("ObjectType = Image", "Comment = " + std::string(300, 'A')), HasSubstr("too long"));
  EXPECT_THAT(refusal("NDims = 3", "NDims = 99999999999"), HasSubstr("dimensions"));
  EXPECT_THAT(refusal("NDims = 3", "NDims = -1"), HasSubstr("dimensions"));
  EXPECT_THAT(refusal("MET_SHORT", "MET_NONE_OF_THEM"), HasSubstr("cannot be read"));
  EXPECT_THAT(refusal("LOCAL", "/etc/passwd"), HasSubstr("the header's folder"));
  EXPECT_THAT(refusal("ElementDataFile = LOCAL", "ElementDataFile : /etc/passwd"),
              HasSubstr("the header's folder"));
}

TEST(ImageFormats, APathThatOverflowsTheLibrarysBuffersIsRefused) {
  const TemporaryFolder folder;
  std::string name;
  for (int i = 0; i < 10; ++i) name += std::string(100, 'd') + "/";
  EXPECT_THAT(ct_refusal(folder.file(name + "x.nrrd", "NRRD0005\nsizes: z\n\n")), HasSubstr("too long"));
}

TEST(Nrrd, NaNInTheFileIsRefusedWithTheVoxel) {
  const TemporaryFolder folder;
  const float values[2] = {0.0f, std::numeric_limits<float>::quiet_NaN()};
  const std::string bytes(reinterpret_cast<const char*>(values), sizeof values);
  EXPECT_THAT(ct_refusal(folder.file("x.nrrd", replaced(nrrd_header, "short", "float") + bytes)),
              AllOf(HasSubstr("NaN"), HasSubstr("voxel (1, 0, 0)")));
}

TEST(Nifti, WholeNumbersWithASlopeAreReadAndTheirTruncationIsRefused) {
  // What other programs write of a CT in steps of 0.5 HU: int16 in the file, floats once they are read.
  const TemporaryFolder folder;
  CtVolume written = asymmetric_volume();
  write_ct_file(written, folder.path() / "ct.nii");
  std::string bytes = read_file(folder.path() / "ct.nii");
  const float slope = 0.5F, intercept = -3.0F;
  bytes.replace(112, 4, reinterpret_cast<const char*>(&slope), 4);  // scl_slope and scl_inter of NIfTI-1.
  bytes.replace(116, 4, reinterpret_cast<const char*>(&intercept), 4);
  const auto file = folder.file("scaled.nii", bytes);
  for (float& hu : written.hu.values) hu = 0.5F * hu - 3.0F;
  EXPECT_EQ(read_ct_file(file).hu.values, written.hu.values);
  EXPECT_THAT(ct_refusal(folder.file("cut.nii", bytes.substr(0, bytes.size() - 1))),
              AllOf(HasSubstr("120 bytes of voxels"), HasSubstr("119 bytes")));  // 5 x 4 x 3 x 2 bytes.
}

TEST(Nifti, VoxelsOfAnotherFileAreNotRead) {
  // "ni1": the voxels are in an .img file; no magic: the format's forerunner. The library takes the header
  // for voxels, or follows the other file's link.
  const TemporaryFolder folder;
  write_ct_file(asymmetric_volume(), folder.path() / "ct.nii");
  const std::string bytes = read_file(folder.path() / "ct.nii");
  for (const std::string& magic : {std::string("ni1\0", 4), std::string(4, '\0')}) {
    std::string changed = bytes;
    EXPECT_THAT(ct_refusal(folder.file("x.nii", changed.replace(344, 4, magic))),
                HasSubstr("where in this file"));
  }
}

TEST(Nifti, VoxelsThatAreSaidToBeginWithinTheHeaderAreCountedFromItsEnd) {
  const TemporaryFolder folder;
  write_ct_file(asymmetric_volume(), folder.path() / "ct.nii");
  std::string bytes = read_file(folder.path() / "ct.nii");
  bytes.replace(108, 4, std::string(4, '\0'));  // vox_offset
  // 5 x 4 x 3 voxels of 2 bytes from byte 348 on: the file has 4 bytes more, and 1 less once 5 are cut off.
  EXPECT_NO_THROW((void)read_ct_file(folder.file("x.nii", bytes)));
  EXPECT_THAT(ct_refusal(folder.file("x.nii", bytes.substr(0, bytes.size() - 5))), HasSubstr("119 bytes"));
}

TEST(ImageFormats, OthersAreUnsupported) {
  const TemporaryFolder folder;
  EXPECT_THROW((void)read_ct_file(folder.file("x.tiff", "II")), UnsupportedFormat);
  EXPECT_THROW((void)read_ct_file(folder.file("x.Nii", "n+1")), UnsupportedFormat);
  EXPECT_THROW(write_ct_file(asymmetric_volume(), folder.path() / "x.png"), UnsupportedFormat);
  EXPECT_THROW(write_ct_file(asymmetric_volume(), folder.path() / "x.mhd"), UnsupportedFormat);
  EXPECT_THROW(write_ct_file(asymmetric_volume(), folder.path() / "x.MHD"), UnsupportedFormat);
}

TEST(ImageFormats, TheLiversMaskHoldsAsManyVoxelsAsItsMakersSay) {
  const fs::path file = test_support::shared_data() / "seg_liver/liver_seg.nrrd";
  if (!fs::exists(file)) GTEST_SKIP() << "no " << file;
  const LabelMap mask = read_label_map(file);
  EXPECT_EQ(std::count_if(mask.values.begin(), mask.values.end(), [](auto label) { return label != 0; }),
            107098);
}

}  // namespace
}  // namespace meshassay::io
