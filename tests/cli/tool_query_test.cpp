// SPDX-License-Identifier: MIT
// What `tequio query` prints: rows with their original text, joined in the order of the sources.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/files/census_table.hpp"
#include "support/files/folder_content.hpp"
#include "support/files/scratch_folder.hpp"
#include "support/files/shared_data.hpp"
#include "support/files/zip_builder.hpp"
#include "support/net/http_server.hpp"
#include "support/tool/run_tool.hpp"

namespace tequio::test {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

class tool_query : public ::testing::Test {
 protected:
  tool_result query(const std::string& where, std::vector<std::string> words) const {
    words.insert(words.begin(), {"query", "-w", where});
    return run_tool(words, {.folder = folder.path()});
  }

  std::string rows(const std::string& where, const std::vector<std::string>& words) const {
    const tool_result run = query(where, words);
    EXPECT_EQ(run.exit_code, 0);
    EXPECT_EQ(run.err, "");
    return run.out;
  }

  scratch_folder folder{};
};

TEST_F(tool_query, prints_one_header_and_the_rows_in_the_order_of_the_sources) {
  folder.write("a.csv", "N,T\n1,a\n5,b\n");
  folder.write("b.csv", "N,T\n7,c\n0,d\n9,e\n");
  for (const char* workers : {"1", "2", "4"})
    EXPECT_EQ(rows("N > 4", {"b.csv", "a.csv", "b.csv", "-j", workers}), "N,T\n7,c\n9,e\n5,b\n7,c\n9,e\n");
}

TEST_F(tool_query, keeps_the_text_of_fields_and_quotes_only_where_needed) {
  folder.write("a.csv",
               "\"N\",T,U\r\n 01 ,\"plain\",\"a,b\"\r\n1.50,\"say \"\"hi\"\"\",\"two\nlines\"\r\n1e0,,\"\"\r\n");
  EXPECT_EQ(rows("N >= 1", {"a.csv"}), "N,T,U\n 01 ,plain,\"a,b\"\n1.50,\"say \"\"hi\"\"\",\"two\nlines\"\n1e0,,\n");
}

TEST_F(tool_query, joins_other_columns_as_concat_does) {
  folder.write("a.csv", "A,B\n1,x\n");
  folder.write("b.csv", "B,C\ny,2\n");
  folder.write("c.csv", "B,A\nz,3\n");
  EXPECT_EQ(rows("B != 'q'", {"a.csv", "b.csv", "c.csv"}), "A,B,C\n1,x,\n,y,2\n3,z,\n");
}

TEST_F(tool_query, without_a_match_prints_the_header) {
  folder.write("a.csv", "N,T\n1,a\n");
  EXPECT_EQ(rows("N > 4", {"a.csv"}), "N,T\n");
}

TEST_F(tool_query, compares_a_field_as_a_number_though_it_is_written_otherwise) {
  folder.write("a.csv", "MUN\n000\n0\n 00\n0.0\n001\n");
  EXPECT_EQ(rows("MUN == 0", {"a.csv"}), "MUN\n000\n0\n 00\n0.0\n");
}

TEST_F(tool_query, takes_values_and_texts_for_missing_ones_before_the_sources) {
  folder.write("a.csv", "N\n1\nN/D\n*\n7\n");
  EXPECT_EQ(rows("N > @least", {"--na", "*,N/D", "--var", "least=5", "a.csv", "a.csv"}), "N\n7\n7\n");
  EXPECT_EQ(rows("N > 0", {"--na", "*", "--na", "N/D", "a.csv", "a.csv"}), "N\n1\n7\n1\n7\n");
  EXPECT_EQ(rows("N > 0", {"--lenient", "a.csv"}), "N\n1\n7\n");
  EXPECT_EQ(rows("N == 'N/D'", {"a.csv"}), "N\nN/D\n");
  EXPECT_EQ(rows("N.isna()", {"--na", "*", "a.csv"}), "N\n*\n");
}

TEST_F(tool_query, takes_an_expression_that_begins_with_a_sign) {
  folder.write("a.csv", "N\n1\n-3\n");
  EXPECT_EQ(rows("-2 < N", {"a.csv"}), "N\n1\n");
}

TEST_F(tool_query, takes_another_delimiter) {
  folder.write("a.csv", "N;T\n1;a,b\n2;c\n");
  EXPECT_EQ(rows("N == 1", {"a.csv", "--delimiter", ";"}), "N,T\n1,\"a,b\"\n");
  folder.write("a.tsv", "N\tT\n1\ta\n");
  EXPECT_EQ(rows("N == 1", {"a.tsv", "--delimiter", "tab"}), "N,T\n1,a\n");
}

TEST_F(tool_query, reads_gzip_and_the_member_of_a_zip_that_is_asked_for) {
  folder.write("a.csv.gz", gzipped("N\n1\n2\n"));
  zip_builder two;
  two.add(deflated_entry("x.csv", "N\n3\n")).add(deflated_entry("y.csv", "N\n4\n"));
  folder.write("two.zip", two.finish());
  EXPECT_EQ(rows("N > 1", {"a.csv.gz", "two.zip", "--member", "y*"}), "N\n2\n4\n");
}

TEST_F(tool_query, writes_to_a_file) {
  folder.write("a.csv", "N\n1\n2\n");
  EXPECT_EQ(rows("N > 1", {"a.csv", "-o", "out.csv"}), "");
  EXPECT_EQ(content_of(folder.path() / "out.csv"), "N\n2\n");
}

TEST_F(tool_query, every_engine_and_worker_count_gives_the_same_bytes) {
  ASSERT_EQ(run_tool({"make", "census", folder.path(), "--scale", "0.01", "--states", "1,2,3,4,5,6"}).exit_code, 0);
  folder.write("bad.zip", "no zip");
  const auto words = [](const char* engine, const char* workers) {
    return std::vector<std::string>{"*.zip", "--na", "*,N/D", "--engine", engine, "-j", workers};
  };
  const std::string where = "POBTOT > 500 and P_0A2 < 100";
  const tool_result first = query(where, words("serial", "1"));
  EXPECT_EQ(first.exit_code, 1);
  EXPECT_GT(lines_of(first.out).size(), 2U);
  for (const char* engine : {"serial", "threads", "processes"})
    for (const char* workers : {"1", "2", "4"}) {
      const tool_result run = query(where, words(engine, workers));
      EXPECT_EQ(run.out, first.out) << engine << workers;
      EXPECT_EQ(run.err, first.err) << engine << workers;
      EXPECT_EQ(run.exit_code, 1) << engine << workers;
    }
}

/// The real census table of state 01, by whatever name.
class tool_query_census : public tool_query {
 protected:
  static constexpr const char* where = "MUN == 0 and LOC == 0";

  void SetUp() override {
    TEQUIO_NEEDS_SHARED_DATA();
    m_zip = shared_data() / "census" / "ITER_01_2020_csv.zip";
  }

  /// Checks `out` against the rows that pandas keeps: the same cells, with their original text in ours.
  static void expect_the_row(const std::string& out) {
    const auto ours = csv_rows(out);
    const auto pandas = csv_rows(content_of(shared_data() / "census" / "expected_pandas_01.csv"));
    ASSERT_THAT(ours, SizeIs(2));
    ASSERT_GE(pandas.size(), 2U);
    EXPECT_EQ(ours[0], pandas[0]);
    ASSERT_EQ(ours[1].size(), pandas[1].size());
    for (std::size_t i = 0; i < ours[1].size(); ++i) {
      std::string without_zeros = ours[1][i];
      while (without_zeros.size() > 1 && without_zeros[0] == '0') without_zeros.erase(0, 1);
      EXPECT_TRUE(ours[1][i] == pandas[1][i] || without_zeros == pandas[1][i]) << ours[0][i];
    }
    EXPECT_EQ(ours[1][0], "01");
    EXPECT_EQ(ours[1][2], "000");
    EXPECT_EQ(ours[1][4], "0000");
  }

  std::string m_zip{};
};

TEST_F(tool_query_census, the_state_is_found_by_path) { expect_the_row(rows(where, {m_zip})); }

TEST_F(tool_query_census, the_state_is_found_by_url) {
  const http_server server({{"/ITER_01_2020_csv.zip", serve_page(content_of(m_zip))}});
  expect_the_row(rows(where, {server.url("/ITER_01_2020_csv.zip")}));
  expect_the_row(rows(where, {server.url("/ITER_{01..01}_2020_csv.zip")}));
}

TEST_F(tool_query_census, the_state_is_found_by_list_and_by_glob) {
  const http_server server({{"/a.zip", serve_page(content_of(m_zip))}});
  folder.write("urls.txt", "# states\n" + server.url("/a.zip") + "\n");
  expect_the_row(rows(where, {"@urls.txt"}));
  expect_the_row(rows(where, {(shared_data() / "census" / "ITER_0?_*.zip").string()}));
}

TEST_F(tool_query_census, several_states_are_joined_under_one_header) {
  const std::string zip = content_of(m_zip);
  const http_server server({{"/ITER_01.zip", serve_page(zip)}, {"/ITER_02.zip", serve_page(zip)}});
  const auto both = csv_rows(rows(where, {server.url("/ITER_{01..02}.zip")}));
  ASSERT_THAT(both, SizeIs(3));
  EXPECT_EQ(both[1], both[2]);
}

TEST_F(tool_query_census, masked_figures_are_an_error_that_names_its_cure) {
  const tool_result run = query("VPH_AUTOM > 100000", {m_zip});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_EQ(run.out, "");
  EXPECT_THAT(run.err, HasSubstr(":ITER_01CSV20.csv: line 7, column VPH_AUTOM: '*' is not a number"));
  EXPECT_THAT(run.err, HasSubstr("--na '*'"));
  EXPECT_THAT(rows("VPH_AUTOM > 100000", {m_zip, "--na", "*,N/D"}), HasSubstr("01,Aguascalientes,000,"));
}

}  // namespace
}  // namespace tequio::test
