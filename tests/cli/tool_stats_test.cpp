// SPDX-License-Identifier: MIT
// What `tequio stats` prints: its formats, its order, its numbers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/files/folder_content.hpp"
#include "support/files/npy_file.hpp"
#include "support/files/scratch_folder.hpp"
#include "support/files/zip_builder.hpp"
#include "support/tool/run_tool.hpp"

namespace tequio::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr const char* header = "source,dtype,shape,count,nan_count,sum,mean,std,min,max";

class tool_stats : public ::testing::Test {
 protected:
  tool_result stats(std::vector<std::string> words) const {
    words.insert(words.begin(), "stats");
    return run_tool(words, {.folder = folder.path()});
  }

  scratch_folder folder{};
};

TEST_F(tool_stats, csv_has_the_promised_header_and_line) {
  folder.write("a.npy", npy_file<double>({2, 2}, {1, 2, 3, 4}));
  const tool_result run = stats({"a.npy", "--format", "csv"});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_EQ(run.err, "");
  EXPECT_EQ(run.out, std::string(header) + "\na.npy,<f8,2x2,4,0,10,2.5,1.118033988749895,1,4\n");
}

TEST_F(tool_stats, numbers_are_added_as_the_numpy_does_that_is_named) {
  // 1 is lost beside 2^53, unless another 1 has joined it
  std::vector<double> numbers(8193, 0.0);
  numbers[5000] = 1;  // in the half of the last number, and in the block of the first
  numbers.front() = 9007199254740992.0;
  numbers.back() = 1;
  folder.write("a.npy", npy_file<double>({8193}, numbers));
  folder.write("a.npz", zip_builder().add(stored_entry("a.npy", npy_file<double>({8193}, numbers))).finish());
  const auto sums = [&](const std::vector<std::string>& options) {
    std::vector<std::string> words{"a.npy", "a.npz", "--format", "json"};
    words.insert(words.end(), options.begin(), options.end());
    std::vector<double> found;
    for (const auto& array : nlohmann::json::parse(stats(words).out)) found.push_back(array["sum"]);
    return found;
  };
  const double together = 9007199254740994.0, apart = 9007199254740992.0;
  EXPECT_THAT(sums({}), ElementsAre(together, together));
  EXPECT_THAT(sums({"--numpy", "2.3"}), ElementsAre(together, together));
  EXPECT_THAT(sums({"--numpy", "2.2.6"}), ElementsAre(apart, apart));
  EXPECT_THAT(sums({"--numpy", "1.24"}), ElementsAre(apart, apart));
}

TEST_F(tool_stats, without_any_array_there_is_no_total) {
  EXPECT_EQ(stats({"no.npy", "--format", "csv", "--total"}).out, std::string(header) + "\n");
  EXPECT_EQ(lines_of(stats({"no.npy"}).out).size(), 1U);
  EXPECT_EQ(nlohmann::json::parse(stats({"no.npy", "--format", "json", "--total"}).out), nlohmann::json::array());
}

TEST_F(tool_stats, addresses_of_other_schemes_are_refused_as_query_does) {
  EXPECT_THAT(stats({"ftp://host/a.npy"}).err,
              HasSubstr("ftp://host/a.npy: addresses of ftp:// are not supported; use http:// or https://"));
}

TEST_F(tool_stats, numbers_read_back_to_the_same_bits) {
  folder.write("a.npy", npy_file<double>({1}, {0.1 + 0.2}));
  const auto lines = lines_of(stats({"a.npy", "--format", "csv"}).out);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[1],
            "a.npy,<f8,1,1,0,0.30000000000000004,0.30000000000000004,0,0.30000000000000004,0.30000000000000004");
}

TEST_F(tool_stats, shapes_are_joined_by_x_and_a_scalar_has_none) {
  folder.write("a.npy", npy_file<double>({5, 2, 5}, std::vector<double>(50, 1)));
  folder.write("b.npy", npy_file<double>({}, {7}));
  folder.write("c.npy", npy_file<double>({0}, {}));
  const auto lines = lines_of(stats({"a.npy", "b.npy", "c.npy", "--format", "csv"}).out);
  EXPECT_THAT(lines, ElementsAre(header, "a.npy,<f8,5x2x5,50,0,50,1,0,1,1", "b.npy,<f8,,1,0,7,7,0,7,7",
                                 "c.npy,<f8,0,0,0,0,nan,nan,nan,nan"));
}

TEST_F(tool_stats, files_come_in_the_order_given) {
  for (const char* name : {"a.npy", "b.npy", "c.npy"}) folder.write(name, npy_file<double>({1}, {1}));
  for (const char* workers : {"1", "4"}) {
    const auto lines = lines_of(stats({"c.npy", "a.npy", "b.npy", "a.npy", "--format", "csv", "-j", workers}).out);
    ASSERT_EQ(lines.size(), 5U);
    EXPECT_THAT(lines[1], StartsWith("c.npy,"));
    EXPECT_THAT(lines[2], StartsWith("a.npy,"));
    EXPECT_THAT(lines[3], StartsWith("b.npy,"));
    EXPECT_THAT(lines[4], StartsWith("a.npy,"));
  }
}

TEST_F(tool_stats, a_glob_sorts_by_the_numbers_in_names) {
  for (const char* name : {"file_10.npy", "file_2.npy", "file_1.npy"}) folder.write(name, npy_file<double>({1}, {1}));
  const auto lines = lines_of(stats({"*.npy", "--format", "csv"}).out);
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_THAT(lines[1], StartsWith("file_1.npy"));
  EXPECT_THAT(lines[2], StartsWith("file_2.npy"));
  EXPECT_THAT(lines[3], StartsWith("file_10.npy"));
}

TEST_F(tool_stats, a_source_with_a_comma_or_a_quote_is_quoted) {
  folder.write("a,\"b\".npy", npy_file<double>({1}, {1}));
  const auto lines = lines_of(stats({"a,\"b\".npy", "--format", "csv"}).out);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_THAT(lines[1], StartsWith("\"a,\"\"b\"\".npy\",<f8,1,"));
}

TEST_F(tool_stats, the_table_is_aligned_and_ends_with_all_files_together) {
  folder.write("a.npy", npy_file<double>({2}, {1, 2}));
  folder.write("long_name.npy", npy_file<double>({1}, {-3.5}));
  const auto lines = lines_of(stats({"a.npy", "long_name.npy"}).out);
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_THAT(lines[0], StartsWith("source"));
  EXPECT_THAT(lines[3], StartsWith("total"));
  EXPECT_THAT(lines[3], HasSubstr(" 3 "));
  for (const std::string& line : lines) EXPECT_EQ(line.size(), lines[0].size()) << line;
}

TEST_F(tool_stats, total_is_added_to_csv_and_json_when_asked) {
  folder.write("a.npy", npy_file<double>({2}, {1, 2}));
  folder.write("b.npy", npy_file<double>({2}, {3, 4}));
  EXPECT_THAT(stats({"a.npy", "b.npy", "--format", "csv"}).out, Not(HasSubstr("total")));
  EXPECT_THAT(lines_of(stats({"a.npy", "b.npy", "--format", "csv", "--total"}).out).back(),
              "total,<f8,,4,0,10,2.5,1.118033988749895,1,4");
  const auto all = nlohmann::json::parse(stats({"a.npy", "b.npy", "--format", "json", "--total"}).out);
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[2]["source"], "total");
  EXPECT_EQ(all[2]["mean"], 2.5);
}

TEST_F(tool_stats, json_has_the_keys_of_csv_in_their_order) {
  folder.write("a.npy", npy_file<double>({2, 1}, {1, 2}));
  const auto all = nlohmann::ordered_json::parse(stats({"a.npy", "--format", "json"}).out);
  ASSERT_EQ(all.size(), 1U);
  std::string keys;
  for (const auto& [key, value] : all[0].items()) keys += (keys.empty() ? "" : ",") + key;
  EXPECT_EQ(keys, header);
  EXPECT_EQ(all[0]["source"], "a.npy");
  EXPECT_EQ(all[0]["shape"], "2x1");
  EXPECT_EQ(all[0]["count"], 2);
  EXPECT_EQ(all[0]["mean"], 1.5);
}

TEST_F(tool_stats, json_has_a_form_for_what_is_no_number) {
  const double infinity = std::numeric_limits<double>::infinity();
  folder.write("a.npy", npy_file<double>({2}, {infinity, 1}));
  folder.write("b.npy", npy_file<double>({2}, {std::nan(""), -infinity}));
  folder.write("c.npy", npy_file<std::complex<double>>({1}, {{1, -2}}));
  folder.write("name\xff.npy", npy_file<double>({1}, {1}));
  const tool_result run = stats({"a.npy", "b.npy", "c.npy", "name\xff.npy", "--format", "json"});
  const auto all = nlohmann::json::parse(run.out);
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all[0]["max"], "inf");
  EXPECT_EQ(all[0]["min"], 1);
  EXPECT_TRUE(all[1]["mean"].is_null());
  EXPECT_EQ(all[1]["nan_count"], 1);
  EXPECT_EQ(all[2]["mean"], "1-2j");
}

TEST_F(tool_stats, an_archive_has_a_line_for_each_array) {
  zip_builder archive;
  archive.add(deflated_entry("x.npy", npy_file<double>({2}, {1, 2})));
  archive.add(stored_entry("group/y.npy", npy_file<std::int32_t>({1}, {5})));
  folder.write("a.npz", archive.finish());
  const auto lines = lines_of(stats({"a.npz", "--format", "csv"}).out);
  EXPECT_THAT(lines, ElementsAre(header, "a.npz:x,<f8,2,2,0,3,1.5,0.5,1,2", "a.npz:group/y,<i4,1,1,0,5,5,0,5,5"));
}

TEST_F(tool_stats, an_archive_with_a_bad_array_has_lines_for_the_others) {
  zip_builder archive;
  archive.add(stored_entry("bad.npy", "no array"));
  archive.add(stored_entry("good.npy", npy_file<double>({2}, {1, 2})));
  folder.write("a.npz", archive.finish());
  const tool_result run = stats({"a.npz", "--format", "csv"});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(lines_of(run.out), ElementsAre(header, "a.npz:good,<f8,2,2,0,3,1.5,0.5,1,2"));
  EXPECT_THAT(run.err, HasSubstr("tequio: a.npz:bad.npy: not a .npy file"));
  EXPECT_EQ(stats({"a.npz", "--format", "csv", "-o", "out.csv"}).exit_code, 1);
  EXPECT_EQ(content_of(folder.path() / "out.csv"), run.out);
}

TEST_F(tool_stats, an_archive_without_arrays_is_a_failure) {
  folder.write("a.npz", zip_builder().add(stored_entry("readme.txt", "hello")).finish());
  const tool_result run = stats({"a.npz", "--format", "csv"});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_EQ(run.out, std::string(header) + "\n");
  EXPECT_THAT(run.err, HasSubstr("tequio: a.npz: holds no array"));
}

TEST_F(tool_stats, every_engine_and_worker_count_gives_the_same_bytes) {
  ASSERT_EQ(run_tool({"make", "npy", folder.path(), "--files", "30", "--shape", "3333"}).exit_code, 0);
  folder.write("bad.npy", "no array");
  const auto words = [](const char* engine, const char* workers) {
    return std::vector<std::string>{"*.npy", "--format", "csv", "--total", "--engine", engine, "-j", workers};
  };
  const tool_result first = stats(words("serial", "1"));
  EXPECT_EQ(first.exit_code, 1);
  EXPECT_EQ(lines_of(first.out).size(), 32U);
  for (const char* engine : {"serial", "threads", "processes"})
    for (const char* workers : {"1", "2", "4"}) {
      const tool_result run = stats(words(engine, workers));
      EXPECT_EQ(run.out, first.out) << engine << workers;
      EXPECT_EQ(run.err, first.err) << engine << workers;
      EXPECT_EQ(run.exit_code, 1) << engine << workers;
    }
}

TEST_F(tool_stats, takes_lists_and_ranges) {
  for (const char* name : {"f_01.npy", "f_02.npy", "f_03.npy"}) folder.write(name, npy_file<double>({1}, {1}));
  folder.write("list.txt", "# what is wanted\nf_03.npy\n\nf_0[12].npy\r\n");
  EXPECT_EQ(lines_of(stats({"@list.txt", "--format", "csv"}).out).size(), 4U);
  EXPECT_EQ(lines_of(stats({"f_{02..03}.npy", "--format", "csv"}).out).size(), 3U);
}

}  // namespace
}  // namespace tequio::test
