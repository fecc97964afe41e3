// SPDX-License-Identifier: MIT
#include "tequio/data/open.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "support/files/read_all.hpp"
#include "support/files/scratch_folder.hpp"
#include "support/files/shared_data.hpp"
#include "support/files/zip_builder.hpp"
#include "support/net/http_server.hpp"
#include "support/open_descriptors.hpp"

namespace {

using tequio::data::make_source;
using tequio::data::open_options;
using tequio::data::open_table;
using tequio::test::deflated_entry;
using tequio::test::gzipped;
using tequio::test::http_server;
using tequio::test::message_of;
using tequio::test::read_all;
using tequio::test::serve_page;
using tequio::test::zip_builder;
using testing::HasSubstr;
using namespace std::string_literals;

const std::string table = "a,b\n1,2\n";

std::string read_table(const std::string& address, const open_options& options = {}) {
  return read_all(*open_table(make_source(address), options));
}

class open : public testing::Test {
 protected:
  ~open() override { EXPECT_EQ(tequio::test::open_descriptors(), m_descriptors); }

  std::string path(const std::string& name) const { return m_folder.path() / name; }
  /// What opening a file of this name and content says, after its name.
  std::string problem_with(const std::string& name, const std::string& content) {
    const std::string path = m_folder.write(name, content);
    const std::string message = message_of([&] { (void)read_table(path); });
    return message.starts_with(path) ? message.substr(path.size()) : message;
  }
  std::string table_in(const std::string& name, const std::string& content) {
    return read_table(m_folder.write(name, content));
  }

 private:
  std::ptrdiff_t m_descriptors = tequio::test::open_descriptors();
  tequio::test::scratch_folder m_folder;
};

TEST_F(open, missing_file_is_named) {
  EXPECT_EQ(message_of([&] { (void)read_table(path("no.csv")); }),
            path("no.csv") + ": cannot be opened: No such file or directory; check the path");
}

TEST_F(open, empty_archives_are_named) {
  EXPECT_EQ(problem_with("a.zip", ""), ": empty file, not a zip archive; fetch or copy it again");
  EXPECT_EQ(problem_with("a.csv.GZ", ""), ": empty file, not gzip data; fetch or copy it again");
}

TEST_F(open, text_named_zip_is_no_zip) {
  EXPECT_EQ(problem_with("a.ZIP", table),
            ": is not a zip archive: it begins with \"a,b\\x0a1,2\\x0a\"; check that this is the right file");
}

TEST_F(open, other_compressions_are_refused_by_name) {
  EXPECT_EQ(problem_with("a.csv.zst", "\x28\xb5\x2f\xfd...."),
            ": compressed by Zstandard: not supported; decompress it first, with zstd -d");
  EXPECT_THAT(problem_with("a.bz2", "BZh91AY&SY..."), HasSubstr("compressed by bzip2: not supported"));
  EXPECT_THAT(problem_with("a.xz", "\xfd\x37zXZ\0.."s), HasSubstr("compressed by xz: not supported"));
}

TEST_F(open, html_page_is_no_table) {
  EXPECT_EQ(problem_with("a.csv", "\xef\xbb\xbf <html>"),
            ": is an HTML page, not a table; fetch it again and look at what the server says");
}

TEST_F(open, html_page_in_place_of_an_archive_is_named) {
  const http_server server({{"/a.zip", serve_page("<!doctype html><p>Sorry")}, {"/a.csv", serve_page("<html>")}});
  EXPECT_EQ(message_of([&] { (void)read_table(server.url("/a.zip")); }),
            server.url("/a.zip") +
                ": the server answered an HTML page in place of a zip archive; open the address in a browser "
                "to see what it says");
  EXPECT_THAT(message_of([&] { (void)read_table(server.url("/a.csv")); }),
              HasSubstr("an HTML page in place of a table"));
}

TEST_F(open, bomb_is_stopped) {
  const std::string zeros(20'000'000, '\0');
  EXPECT_THAT(problem_with("a.gz", gzipped(zeros)), HasSubstr("inflates to more than 1,000 times"));
  EXPECT_THAT(problem_with("a.zip", zip_builder().add(deflated_entry("a.csv", zeros)).finish()),
              HasSubstr(":a.csv: inflates to more than 1,000 times"));
}

TEST_F(open, content_decides_and_not_the_name) {
  const std::string archive = zip_builder().add(deflated_entry("t.csv", table)).finish();
  EXPECT_EQ(table_in("a.csv", table), table);
  EXPECT_EQ(table_in("a.csv.gz", gzipped(table) + gzipped(table)), table + table);
  EXPECT_EQ(table_in("a.zip", archive), table);
  EXPECT_EQ(table_in("download", archive), table);
  EXPECT_EQ(table_in("download", gzipped(table)), table);
  EXPECT_EQ(table_in("decoded_on_its_way.gz", table), table);
}

TEST_F(open, empty_plain_file_is_an_empty_table) { EXPECT_EQ(table_in("a.csv", ""), ""); }

TEST_F(open, member_is_chosen_by_its_glob) {
  zip_builder builder;
  builder.add(deflated_entry("x.csv", "x\n")).add(deflated_entry("t.csv", table));
  const http_server server({{"/a", serve_page(builder.finish())}});
  const auto chosen = open_table(make_source(server.url("/a")), {.member = "t*"});
  EXPECT_EQ(chosen->name(), server.url("/a") + ":t.csv");
  EXPECT_EQ(read_all(*chosen), table);
}

TEST_F(open, real_census_archive_gives_the_same_by_path_and_by_url) {
  TEQUIO_NEEDS_SHARED_DATA();
  const std::string path = tequio::test::shared_data() / "census/ITER_01_2020_csv.zip";
  std::ifstream stream(path, std::ios::binary);
  const http_server server(
      {{"/ITER_01_2020_csv.zip", serve_page(std::string(std::istreambuf_iterator<char>(stream), {}))}});
  const std::string by_path = read_table(path);
  EXPECT_EQ(by_path.size(), 1'534'326U);
  EXPECT_TRUE(by_path == read_table(server.url("/ITER_01_2020_csv.zip")));
}

}  // namespace
