// SPDX-License-Identifier: MIT
// What is decided from the first bytes of a file: files of 0 to 16 bytes that begin like each format, through both
// jobs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/source/magic.hpp"
#include "support/files/scratch_folder.hpp"
#include "tequio/engine.hpp"
#include "tequio/jobs/query.hpp"
#include "tequio/jobs/stats.hpp"
#include "tequio/outcome.hpp"

namespace {

using tequio::data::content_kind;
using namespace std::string_view_literals;

struct beginning {
  std::string_view bytes;
  content_kind kind;
};

constexpr std::array beginnings{
    beginning{"PK\3\4"sv, content_kind::zip},
    beginning{"PK\5\6"sv, content_kind::zip},
    beginning{"\x1f\x8b"sv, content_kind::gzip},
    beginning{"\x28\xb5\x2f\xfd"sv, content_kind::zstandard},
    beginning{"BZh91AY&SY"sv, content_kind::bzip2},
    beginning{"BZh1\x17rE8P\x90"sv, content_kind::bzip2},
    beginning{"\xfd\x37zXZ\0"sv, content_kind::xz},
    beginning{"<!DOCTYPE html"sv, content_kind::html},
    beginning{"<html"sv, content_kind::html},
    beginning{" \r\n<head"sv, content_kind::html},
    beginning{"\xef\xbb\xbf<html"sv, content_kind::html},
    beginning{"\x93NUMPY\1\0"sv, content_kind::plain},
    beginning{"\x80\4\x95"sv, content_kind::plain},  // a Python pickle
};

content_kind kind_of(std::string_view bytes) { return tequio::data::content_of(std::as_bytes(std::span(bytes))); }

constexpr std::size_t most_bytes = 16;

/// All of 0 to 16 bytes that begin like one of the formats and go on with something else.
std::vector<std::string> short_contents() {
  std::vector<std::string> all;
  for (const beginning& format : beginnings)
    for (const std::string_view junk : {""sv, "\0"sv, "\xff"sv, "9"sv, "\n"sv})
      for (std::size_t size = 0; size <= most_bytes; ++size) {
        std::string content(format.bytes.substr(0, size));
        while (!junk.empty() && content.size() < size) content += junk;
        all.push_back(content);
        if (!junk.empty() && size < format.bytes.size()) all.push_back(content + std::string(junk));
      }
  std::ranges::sort(all);
  all.erase(std::ranges::unique(all).begin(), all.end());
  return all;
}

/// Writes a file for each content and ending.
std::vector<tequio::data::source> write_all(const tequio::test::scratch_folder& folder,
                                            std::span<const std::string_view> endings) {
  std::vector<tequio::data::source> sources;
  for (const std::string& content : short_contents())
    for (const std::string_view ending : endings)
      sources.push_back(
          tequio::data::make_source(folder.write(std::to_string(sources.size()) + std::string(ending), content)));
  return sources;
}

/// Each is an error of ours, in words.
void expect_errors(std::span<const tequio::jobs::source_failure> failures) {
  for (const tequio::jobs::source_failure& failed : failures) {
    ASSERT_EQ(failed.reason.kind, tequio::verdict::error) << failed.label;
    ASSERT_FALSE(failed.reason.exceptions.empty()) << failed.label;
    EXPECT_THAT(failed.reason.exceptions.front().message, testing::StartsWith(failed.label));
  }
}

TEST(first_bytes, tell_a_format_once_all_of_its_beginning_is_there) {
  for (const beginning& format : beginnings) {
    for (std::size_t size = 0; size < format.bytes.size(); ++size)
      EXPECT_EQ(kind_of(format.bytes.substr(0, size)), content_kind::plain)
          << format.bytes << " of " << size << " bytes";
    for (const std::string_view rest : {""sv, "\0"sv, "\xff\xff\xff\xff"sv, "9"sv, "\n"sv})
      EXPECT_EQ(kind_of(std::string(format.bytes) + std::string(rest)), format.kind) << format.bytes;
  }
}

TEST(first_bytes, of_a_short_file_make_it_a_table_or_one_failure_of_a_query) {
  const tequio::test::scratch_folder folder;
  const auto sources = write_all(folder, std::array{""sv, ".csv"sv, ".zip"sv, ".csv.gz"sv});
  tequio::any_engine crew = tequio::any_engine::named("serial", 1);
  const tequio::jobs::query_report report = tequio::jobs::query(crew, sources, tequio::data::query("index >= 0"));
  EXPECT_EQ(report.tables.size() + report.failures.size(), sources.size());
  expect_errors(report.failures);
}

TEST(first_bytes, of_a_short_file_make_it_one_failure_of_statistics) {
  const tequio::test::scratch_folder folder;
  const auto sources = write_all(folder, std::array{""sv, ".npy"sv, ".npz"sv});
  tequio::any_engine crew = tequio::any_engine::named("serial", 1);
  const tequio::jobs::stats_report report = tequio::jobs::stats(crew, sources);
  EXPECT_TRUE(report.arrays.empty());
  EXPECT_EQ(report.failures.size(), sources.size());
  expect_errors(report.failures);
}

}  // namespace
