// SPDX-License-Identifier: MIT
#include "tequio/data/zip.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "support/files/read_all.hpp"
#include "support/files/scratch_folder.hpp"
#include "support/files/shared_data.hpp"
#include "support/files/zip_builder.hpp"
#include "support/open_descriptors.hpp"
#include "tequio/data/source.hpp"

namespace {

using tequio::open_for_reading;
using tequio::data::file;
using tequio::data::find_table;
using tequio::data::inflate_limits;
using tequio::data::make_source;
using tequio::data::open_file;
using tequio::data::zip_archive;
using tequio::test::deflated_entry;
using tequio::test::message_of;
using tequio::test::read_all;
using tequio::test::stored_entry;
using tequio::test::zip_builder;
using tequio::test::zip_entry;
using testing::HasSubstr;
using testing::StartsWith;

const std::string table = "a,b\n1,2\n3,4\n";

class zip : public testing::Test {
 protected:
  ~zip() override { EXPECT_EQ(tequio::test::open_descriptors(), m_descriptors); }

  zip_archive archive(const std::string& bytes, const inflate_limits& limits = {}) {
    return zip_archive(open_file(make_source(m_folder.write("t.zip", bytes))), limits);
  }
  std::string path() const { return m_folder.path() / "t.zip"; }
  std::string table_in(const std::string& bytes, const std::string& member = {}) {
    const zip_archive from = archive(bytes);
    return read_all(*from.open(find_table(from, member)));
  }
  std::string chosen_in(const zip_builder& builder, const std::string& member = {}) {
    const zip_archive from = archive(builder.finish());
    return from.members()[find_table(from, member)].name;
  }
  /// What is said, without the folder's name.
  template <class Action>
  std::string problem_of(Action action) {
    std::string message = message_of(action);
    const std::string folder = m_folder.path().string() + "/";
    while (message.find(folder) != std::string::npos) message.erase(message.find(folder), folder.size());
    return message;
  }
  std::string problem_with(const std::string& bytes, const std::string& member = {}) {
    return problem_of([&] { (void)table_in(bytes, member); });
  }

 private:
  std::ptrdiff_t m_descriptors = tequio::test::open_descriptors();
  tequio::test::scratch_folder m_folder;
};

TEST_F(zip, empty_file_is_named) {
  EXPECT_EQ(problem_with(""), "t.zip: empty file, not a zip archive; fetch or copy it again");
}

TEST_F(zip, other_file_is_shown_by_its_first_bytes) {
  EXPECT_EQ(problem_with("\x1f\x8b\x08 and so on, for long enough"),
            "t.zip: is not a zip archive: it begins with \"\\x1f\\x8b\\x08 and so on, f\"; check that this is the "
            "right file");
}

TEST_F(zip, html_page_is_named) {
  EXPECT_EQ(problem_with("\n<!DOCTYPE HTML><html><body>Sorry"),
            "t.zip: is an HTML page, not a zip archive; fetch it again and look at what the server says");
}

TEST_F(zip, archive_that_became_shorter_since_it_was_opened_says_so) {
  const std::string whole = zip_builder().add(stored_entry("a.csv", std::string(1000, 'x'))).finish();
  const zip_archive from = archive(whole);
  EXPECT_EQ(problem_of([&] { zip_archive(file(open_for_reading(path()), whole.size() + 10, path())); }),
            "t.zip: ended at byte " + std::to_string(whole.size()) + ", it had " + std::to_string(whole.size() + 10) +
                " when opened; do not change files while they are read");
  std::filesystem::resize_file(path(), 10);
  EXPECT_THAT(problem_of([&] { (void)read_all(*from.open(0)); }),
              HasSubstr("when opened; do not change files while they are read"));
}

TEST_F(zip, archive_cut_anywhere_is_an_error) {
  const std::string whole =
      zip_builder().add(deflated_entry("a.csv", table)).add(deflated_entry("b.bin", table)).finish();
  for (std::size_t size = 4; size < whole.size(); ++size)
    EXPECT_THAT(problem_with(whole.substr(0, size)), StartsWith("t.zip: cut short: it begins as a zip archive"))
        << size;
}

TEST_F(zip, archive_without_member_is_named) {
  EXPECT_EQ(problem_with(zip_builder().finish()),
            "t.zip: the zip archive has no member; check that this is the right file");
  EXPECT_THAT(problem_with(zip_builder().add(stored_entry("folder/", "")).finish()), HasSubstr("has no member"));
}

TEST_F(zip, encrypted_member_is_refused) {
  zip_entry entry = deflated_entry("a.csv", table);
  entry.flags = 1;
  EXPECT_EQ(problem_with(zip_builder().add(entry).finish()), "t.zip:a.csv: encrypted: not supported; decrypt it first");
}

TEST_F(zip, unknown_methods_are_refused_by_name) {
  zip_entry entry = deflated_entry("a.csv", table);
  entry.method = 9;
  EXPECT_EQ(
      problem_with(zip_builder().add(entry).finish()),
      "t.zip:a.csv: compressed by deflate64: not supported; compress it again by deflate, as zip does by default");
  entry.method = 77;
  EXPECT_THAT(problem_with(zip_builder().add(entry).finish()), HasSubstr("compressed by method 77: not supported"));
}

TEST_F(zip, wrong_checksum_is_an_error_after_the_bytes) {
  for (zip_entry entry : {deflated_entry("a.csv", table), stored_entry("a.csv", table)}) {
    entry.crc ^= 1;
    EXPECT_EQ(problem_with(zip_builder().add(entry).finish()),
              "t.zip:a.csv: damaged: its checksum (CRC-32) does not match what was inflated; fetch or copy it again");
  }
}

TEST_F(zip, lying_sizes_are_errors) {
  zip_entry more = deflated_entry("a.csv", table);
  more.bytes += 1000;
  EXPECT_EQ(problem_with(zip_builder().add(more).finish()),
            "t.zip:a.csv: damaged: has 12 bytes, the archive's directory says 1,012; fetch or copy it again");
  zip_entry less = deflated_entry("a.csv", table);
  less.bytes = 4;
  EXPECT_EQ(
      problem_with(zip_builder().add(less).finish()),
      "t.zip:a.csv: damaged: has more bytes than it should, the archive's directory says 4; fetch or copy it again");
  zip_entry beyond = deflated_entry("a.csv", table);
  beyond.claimed_stored_bytes = 1'000'000;
  EXPECT_THAT(problem_with(zip_builder().add(beyond).finish()),
              HasSubstr("damaged: claims 1,000,000 bytes of an archive of"));
  zip_entry short_data = deflated_entry("a.csv", table);
  short_data.claimed_stored_bytes = 5;
  EXPECT_THAT(problem_with(zip_builder().add(short_data).finish()), HasSubstr("cut short"));
}

TEST_F(zip, damaged_archives_never_crash) {
  const std::string whole =
      zip_builder().add(deflated_entry("a.csv", table)).add(stored_entry("b/", "")).finish("a comment");
  for (std::size_t place = 0; place < whole.size(); ++place)
    for (const int bit : {0, 3, 7}) {
      std::string damaged = whole;
      damaged[place] ^= static_cast<char>(1 << bit);
      const std::string problem = problem_of([&] { EXPECT_EQ(table_in(damaged), table) << place; });
      EXPECT_THAT(problem, testing::AnyOf("no error", StartsWith("t.zip"))) << place;
    }
}

TEST_F(zip, bomb_is_stopped_whatever_it_claims) {
  const std::string zeros(20'000'000, '\0');
  EXPECT_THAT(problem_with(zip_builder().add(deflated_entry("a.csv", zeros)).finish()),
              HasSubstr("inflates to more than 1,000 times its"));
  zip_entry modest = deflated_entry("a.csv", zeros);
  modest.bytes = 1000;
  EXPECT_THAT(problem_with(zip_builder().add(modest).finish()), HasSubstr("has more bytes than it should"));
}

TEST_F(zip, several_tables_are_listed) {
  zip_builder builder;
  builder.add(deflated_entry("a.csv", table)).add(deflated_entry("b.CSV", table)).add(deflated_entry("c.pdf", table));
  EXPECT_EQ(problem_with(builder.finish()),
            "t.zip: has several tables: a.csv, b.CSV; choose one with open_options::member");
  for (int i = 0; i < 20; ++i) builder.add(stored_entry("t" + std::to_string(i) + ".txt", ""));
  EXPECT_THAT(problem_with(builder.finish()), HasSubstr("t5.txt and 14 more; choose"));
}

TEST_F(zip, several_others_are_listed) {
  EXPECT_EQ(
      problem_with(zip_builder().add(stored_entry("a.pdf", "")).add(stored_entry("b.pdf", "")).finish()),
      "t.zip: none of its members is a table (.csv, .tsv, .txt): a.pdf, b.pdf; choose one with open_options::member");
}

TEST_F(zip, member_glob_must_match_one) {
  zip_builder builder;
  builder.add(deflated_entry("x/a.csv", table)).add(deflated_entry("x/b.csv", table));
  EXPECT_EQ(problem_with(builder.finish(), "*.tsv"), "t.zip: no member matches *.tsv; its members: x/a.csv, x/b.csv");
  EXPECT_EQ(problem_with(builder.finish(), "*.csv"),
            "t.zip: several members match *.csv: x/a.csv, x/b.csv; name one with open_options::member");
  EXPECT_EQ(chosen_in(builder, "*b.csv"), "x/b.csv");
  EXPECT_EQ(chosen_in(builder, "x/a.csv"), "x/a.csv");
}

TEST_F(zip, names_are_labels_only) {
  zip_builder builder;
  builder.add(deflated_entry("../../etc/a\n.csv", table)).add(deflated_entry("\x1b[2J.csv", table));
  const zip_archive odd = archive(builder.finish());
  EXPECT_EQ(odd.members()[0].name, "../../etc/a\\x0a.csv");
  EXPECT_THAT(odd.members()[1].name, testing::Not(HasSubstr("\x1b")));
  EXPECT_EQ(read_all(*odd.open(0)), table);
}

TEST_F(zip, one_table_wins_over_other_members) {
  zip_builder builder;
  builder.add(stored_entry("__MACOSX/a.csv", "")).add(stored_entry("d/", "")).add(stored_entry("d/.DS_Store", ""));
  builder.add(deflated_entry("README.pdf", table)).add(deflated_entry("d/A.CSV", table));
  EXPECT_EQ(chosen_in(builder), "d/A.CSV");
}

TEST_F(zip, open_data_archive_gives_its_data_set) {
  zip_builder builder;
  for (const char* name :
       {"iter_01/catalogos/tam_loc.csv.csv", "iter_01/conjunto_de_datos/conjunto_de_datos_iter_01CSV20.csv",
        "iter_01/diccionario_datos/diccionario_datos_iter_01CSV20.csv"})
    builder.add(deflated_entry(name, table));
  EXPECT_EQ(chosen_in(builder), "iter_01/conjunto_de_datos/conjunto_de_datos_iter_01CSV20.csv");
}

TEST_F(zip, only_member_is_taken_whatever_its_name) {
  EXPECT_EQ(chosen_in(zip_builder().add(deflated_entry("table", table))), "table");
}

TEST_F(zip, members_come_back_in_every_form) {
  zip_entry sizes_after = deflated_entry("a.csv", table);
  sizes_after.flags = 8;
  EXPECT_EQ(table_in(zip_builder().add(deflated_entry("a.csv", table)).finish()), table);
  EXPECT_EQ(table_in(zip_builder().add(stored_entry("a.csv", table)).finish("comment")), table);
  EXPECT_EQ(table_in(zip_builder().add(sizes_after).finish()), table);
  EXPECT_EQ(table_in(zip_builder().add(deflated_entry("a.csv", table), zip_builder::sizes::zip64).finish()), table);
}

TEST_F(zip, members_are_read_side_by_side_and_outlive_the_archive) {
  const std::string long_table(300'000, 'x');
  std::unique_ptr<tequio::data::input> first;
  std::unique_ptr<tequio::data::input> second;
  {
    const zip_archive two =
        archive(zip_builder().add(stored_entry("a", long_table)).add(deflated_entry("b", table)).finish());
    first = two.open(0);
    second = two.open(1);
  }
  std::array<std::byte, 1000> bytes{};
  EXPECT_EQ(first->read(bytes), 1000U);
  EXPECT_EQ(read_all(*second), table);
  EXPECT_EQ(read_all(*first).size(), 299'000U);
}

TEST_F(zip, real_census_archive_gives_its_table) {
  TEQUIO_NEEDS_SHARED_DATA();
  const zip_archive census(open_file(make_source(tequio::test::shared_data() / "census/ITER_01_2020_csv.zip")));
  const auto rows = census.open(find_table(census));
  EXPECT_THAT(rows->name(), testing::EndsWith("ITER_01_2020_csv.zip:ITER_01CSV20.csv"));
  EXPECT_EQ(read_all(*rows).size(), 1'534'326U);
}

}  // namespace
