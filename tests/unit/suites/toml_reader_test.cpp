// SPDX-License-Identifier: GPL-3.0-or-later
#include "suites/toml_reader.hpp"

#include <gmock/gmock.h>

#include "tests/support/temporary_folder.hpp"
#include "tests/unit/suites/error_of.hpp"

namespace meshassay::suites {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::vector<std::string> words = {"mask", "surface", "record"};

std::vector<std::string> keys_of(const TomlNode& table) {
  std::vector<std::string> keys;
  for (const auto& entry : std::get<TomlNode::Table>(table.value)) keys.push_back(entry.key);
  return keys;
}

TEST(TomlReader, KeepsTheOrderOfTheFile) {
  const auto root =
      parse_toml("zebra = 1\napple = {y = 1, b = 2}\n[[case]]\nm = 1\na = 2\n[case.scan]\nq = 1\n", "f");
  EXPECT_THAT(keys_of(root), ElementsAre("zebra", "apple", "case"));
  EXPECT_THAT(keys_of(table_of(*find_entry(root, "apple"))), ElementsAre("y", "b"));
  const auto& first = tables_of(*find_entry(root, "case")).front();
  EXPECT_THAT(keys_of(first), ElementsAre("m", "a", "scan"));
}

TEST(TomlReader, KnowsTheLineOfEachValue) {
  const auto root = parse_toml("a = 1\n\n[[case]]\nb = 2\n\n[[case]]\nc = [\n  1,\n  2]\n", "suite.toml");
  EXPECT_EQ(find_entry(root, "a")->node.where(), "suite.toml:1");
  const auto& cases = tables_of(*find_entry(root, "case"));
  EXPECT_EQ(cases[0].where(), "suite.toml:3");
  EXPECT_EQ(cases[1].where(), "suite.toml:6");
  EXPECT_EQ(std::get<TomlNode::Array>(find_entry(cases[1], "c")->node.value)[1].where(), "suite.toml:9");
}

TEST(TomlReader, NamesFileAndLineOfASyntaxError) {
  const auto error = error_of([] { (void)parse_toml("a = 1\nb = = 2\n", "suite.toml"); });
  EXPECT_EQ(error.where, "suite.toml:2");
  EXPECT_THAT(error.what, HasSubstr("not a TOML file"));
}

TEST(TomlReader, RefusesAKeyThatOccursTwice) {
  EXPECT_EQ(error_of([] { (void)parse_toml("a = 1\na = 2\n", "f"); }).where, "f:2");
}

TEST(TomlReader, RefusesBytesThatAreNotText) {
  EXPECT_THROW((void)parse_toml(std::string("a = \"\xff\xfe\"\n"), "f"), InvalidInput);
  EXPECT_THROW((void)parse_toml(std::string("a = 1\0b = 2", 11), "f"), InvalidInput);
}

TEST(TomlReader, RefusesNestingThatWouldExhaustTheStack) {
  EXPECT_THROW((void)parse_toml("a = " + std::string(100000, '['), "f"), InvalidInput);
  for (const std::string part : {".a", " . a", ".\"=\"", ".',' "}) {
    std::string key = "a";
    for (int i = 0; i < 100000; ++i) key += part;
    EXPECT_THROW((void)parse_toml(key + " = 1", "f"), InvalidInput) << part;
    EXPECT_THROW((void)parse_toml("[" + key + "]", "f"), InvalidInput) << part;
  }
  std::string numbers = "a = [0.5";  // Not a deep key.
  for (int i = 0; i < 1000; ++i) numbers += ", 0.5";
  EXPECT_NO_THROW((void)parse_toml(numbers + "]", "f"));
}

TEST(TomlReader, RefusesNumbersThatAreNotFinite) {
  for (const std::string text : {"a = nan", "a = inf", "a = -inf", "a = [1.0, nan]"})
    EXPECT_THAT(error_of([&] { (void)parse_toml(text, "f"); }).what, HasSubstr("not finite")) << text;
}

TEST(TomlReader, RefusesIntegersThatADoubleCannotHold) {
  EXPECT_THROW((void)parse_toml("seed = 9007199254740993", "f"), InvalidInput);  // 2^53 + 1
  EXPECT_NO_THROW((void)parse_toml("seed = 9007199254740992", "f"));
}

TEST(TomlReader, RefusesDatesWithoutQuotesAndSaysHowToWriteThem) {
  EXPECT_THAT(error_of([] { (void)parse_toml("now = 2000-01-01T00:00:00Z", "f"); }).mend,
              HasSubstr("quotes"));
}

TEST(TomlReader, NamesTheNearestKnownKey) {
  const auto root = parse_toml("maks = 1\n", "f");
  const auto error = error_of([&] { refuse_unknown_keys(root, words); });
  EXPECT_EQ(error.what, "unknown key 'maks'");
  EXPECT_EQ(error.where, "f:1");
  EXPECT_EQ(error.got, "maks");
  EXPECT_EQ(error.expected, "one of mask, surface, record");
  EXPECT_EQ(error.mend, "did you mean 'mask'?");
}

TEST(TomlReader, NamesTheNearestKnownChoice) {
  const auto root = parse_toml("outputs = [\"mask\", \"surfaec\"]\n", "f");
  EXPECT_EQ(error_of([&] { (void)choices_of(*find_entry(root, "outputs"), words); }).mend,
            "did you mean 'surface'?");
}

TEST(TomlReader, RefusesAMissingKeyAtItsTable) {
  const auto root = parse_toml("a = 1\n[[case]]\nb = 1\n", "f");
  const auto& table = tables_of(*find_entry(root, "case")).front();
  const auto error = error_of([&] { (void)required_text(table, "phantom"); });
  EXPECT_EQ(error.where, "f:2");
  EXPECT_THAT(error.what, HasSubstr("'phantom' is missing"));
}

struct WrongType {
  const char* toml;
  void (*read)(const TomlEntry&);
};

class TomlReaderTypes : public testing::TestWithParam<WrongType> {};

TEST_P(TomlReaderTypes, RefusesAValueOfAnotherTypeAndNamesTheKey) {
  const auto root = parse_toml(GetParam().toml, "f");
  const auto error = error_of([&] { GetParam().read(*find_entry(root, "key")); });
  EXPECT_THAT(error.what, HasSubstr("'key'"));
  EXPECT_EQ(error.where, "f:1");
  EXPECT_FALSE(error.expected.empty());
  EXPECT_FALSE(error.got.empty());
  EXPECT_FALSE(error.mend.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Values, TomlReaderTypes,
    testing::Values(WrongType{"key = 1", [](const TomlEntry& e) { (void)text_of(e); }},
                    WrongType{"key = \" \"", [](const TomlEntry& e) { (void)nonempty_text_of(e); }},
                    WrongType{"key = \"1\"", [](const TomlEntry& e) { (void)number_of(e); }},
                    WrongType{"key = true", [](const TomlEntry& e) { (void)number_of(e); }},
                    WrongType{"key = 0", [](const TomlEntry& e) { (void)positive_number_of(e); }},
                    WrongType{"key = 1.5", [](const TomlEntry& e) { (void)whole_number_of(e, 0, 9); }},
                    WrongType{"key = -1", [](const TomlEntry& e) { (void)whole_number_of(e, 0, 9); }},
                    WrongType{"key = 10", [](const TomlEntry& e) { (void)whole_number_of(e, 0, 9); }},
                    WrongType{"key = 1", [](const TomlEntry& e) { (void)texts_of(e); }},
                    WrongType{"key = []", [](const TomlEntry& e) { (void)texts_of(e); }},
                    WrongType{"key = [\"a\", 1]", [](const TomlEntry& e) { (void)texts_of(e); }},
                    WrongType{"key = [\"mask\", \"mask\"]",
                              [](const TomlEntry& e) { (void)choices_of(e, words); }},
                    WrongType{"key = 1", [](const TomlEntry& e) { (void)table_of(e); }},
                    WrongType{"key = {a = 1}", [](const TomlEntry& e) { (void)tables_of(e); }},
                    WrongType{"key = [1]", [](const TomlEntry& e) { (void)tables_of(e); }}));

TEST(TomlReader, ReadsAFileWithItsHash) {
  const test_support::TemporaryFolder files;
  const auto file = read_toml(files.file("a.toml",
                                         "abc"
                                         " = 1\n"));
  EXPECT_EQ(file.sha256.size(), 64u);
  EXPECT_EQ(number_of(*find_entry(file.root, "abc")), 1.0);
}

TEST(TomlReader, RefusesAFileThatIsNotThereAndOneThatIsTooLarge) {
  const test_support::TemporaryFolder files;
  EXPECT_THROW((void)read_toml(files.path() / "none.toml"), InvalidInput);
  EXPECT_THROW((void)read_toml(files.path()), InvalidInput);
  const auto large = files.file("large.toml", "a = \"" + std::string(5u << 20, 'x') + "\"\n");
  EXPECT_THROW((void)read_toml(large), InvalidInput);  // The limit is 4 MiB.
}

}  // namespace
}  // namespace meshassay::suites
