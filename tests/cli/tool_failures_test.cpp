// SPDX-License-Identifier: MIT
// The messages for bad input, word by word: the thing, the place, the cure; the other sources give their results.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "support/files/folder_content.hpp"
#include "support/files/npy_file.hpp"
#include "support/files/scratch_folder.hpp"
#include "support/files/zip_builder.hpp"
#include "support/net/http_server.hpp"
#include "support/tool/run_tool.hpp"

namespace tequio::test {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr unsigned nobody = 65534;

class tool_failures : public ::testing::Test {
 protected:
  tool_failures() {
    folder.write("good.csv", "N,T\n1,a\n2,b\n");
    folder.write("good.npy", npy_file<double>({2}, {1, 2}));
  }

  tool_result query(const std::string& where, std::vector<std::string> words, const tool_options& options = {}) const {
    words.insert(words.begin(), {"query", "-w", where});
    tool_options here = options;
    here.folder = folder.path();
    return run_tool(words, here);
  }

  /// The message about `source` between two good sources, both of which give all their rows.
  std::string verdict(const std::string& source, const tool_options& options = {}) const {
    const tool_result run = query("N > 0", {"good.csv", source, "good.csv"}, options);
    EXPECT_EQ(run.exit_code, 1);
    EXPECT_EQ(run.out, "N,T\n1,a\n2,b\n1,a\n2,b\n") << source;
    const auto lines = lines_of(run.err);
    EXPECT_EQ(lines.size(), 2U) << run.err;
    EXPECT_EQ(lines.back(), "tequio: 1 of 3 sources failed");
    return lines.empty() ? std::string() : lines.front();
  }

  std::string verdict_on(const std::string& name, std::string_view content) const {
    folder.write(name, content);
    return verdict(name);
  }

  std::string array_verdict(const std::string& source) const {
    const tool_result run =
        run_tool({"stats", "good.npy", source, "good.npy", "--format", "csv"}, {.folder = folder.path()});
    EXPECT_EQ(run.exit_code, 1);
    EXPECT_EQ(lines_of(run.out).size(), 3U) << run.out;
    const auto lines = lines_of(run.err);
    EXPECT_EQ(lines.size(), 2U) << run.err;
    EXPECT_EQ(lines.back(), "tequio: 1 of 3 files failed");
    return lines.empty() ? std::string() : lines.front();
  }

  std::string array_verdict_on(const std::string& name, std::string_view content) const {
    folder.write(name, content);
    return array_verdict(name);
  }

  scratch_folder folder{};
};

TEST_F(tool_failures, missing_files) {
  EXPECT_EQ(verdict("no.csv"), "tequio: no.csv: cannot be opened: No such file or directory; check the path");
  EXPECT_EQ(array_verdict("no.npy"), "tequio: no.npy: cannot be opened: No such file or directory; check the path");
}

TEST_F(tool_failures, unreadable_files) {
  folder.write("secret.csv", "N\n1\n");
  fs::permissions(folder.path() / "secret.csv", fs::perms::none);
  fs::permissions(folder.path(), fs::perms(0755));
  tool_options as_nobody;
  if (::geteuid() == 0) {  // root may read every file
    as_nobody.before = [] {
      if (::setgid(nobody) != 0 || ::setuid(nobody) != 0) ::_exit(125);
    };
    if (run_tool({"--version"}, as_nobody).exit_code != 0) GTEST_SKIP() << "nobody but root may run the tool here";
  }
  EXPECT_EQ(verdict("secret.csv", as_nobody),
            "tequio: secret.csv: cannot be opened: Permission denied; ask its owner for the right to read it");
}

TEST_F(tool_failures, folders_and_pipes) {
  fs::create_directory(folder.path() / "runs");
  ASSERT_EQ(::mkfifo((folder.path() / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(verdict("runs"), "tequio: runs: is a folder, not a file; name the files in it, for example with /*");
  EXPECT_EQ(verdict("pipe"), "tequio: pipe: is a pipe, not a file; store its content in a file first");
  EXPECT_THAT(array_verdict("runs"), AllOf(StartsWith("tequio: runs: is a "), HasSubstr("name the files in it")));
  EXPECT_THAT(array_verdict("pipe"), AllOf(StartsWith("tequio: pipe: is a pipe"), HasSubstr("file first")));
}

TEST_F(tool_failures, empty_files) {
  EXPECT_EQ(verdict_on("empty.csv", ""), "tequio: empty.csv: empty: no header; the first line must name the columns");
  EXPECT_EQ(verdict_on("empty.zip", ""), "tequio: empty.zip: empty file, not a zip archive; fetch or copy it again");
  EXPECT_EQ(verdict_on("empty.gz", ""), "tequio: empty.gz: empty file, not gzip data; fetch or copy it again");
  EXPECT_EQ(array_verdict_on("empty.npy", ""), "tequio: empty.npy: empty file; write it again with numpy.save");
}

TEST_F(tool_failures, truncated_files) {
  const std::string archive = zip_builder().add(deflated_entry("a.csv", "N\n1\n2\n3\n")).finish();
  EXPECT_THAT(verdict_on("cut.zip", archive.substr(0, archive.size() - 30)),
              AllOf(StartsWith("tequio: cut.zip: cut short"), HasSubstr("fetch or copy it again")));
  const std::string packed = gzipped(std::string(1000, 'x'));
  EXPECT_THAT(verdict_on("cut.csv.gz", packed.substr(0, packed.size() / 2)), StartsWith("tequio: cut.csv.gz: "));
  const std::string array = npy_file<double>({3}, {1, 2, 3});
  EXPECT_EQ(array_verdict_on("cut.npy", array.substr(0, array.size() - 1)),
            "tequio: cut.npy: truncated: 23 of 24 bytes of data; copy or write the file again");
}

TEST_F(tool_failures, foreign_files) {
  EXPECT_EQ(verdict_on("image.zip", "\x89PNG\r\n"),
            "tequio: image.zip: is not a zip archive: it begins with \"\\x89PNG\\x0d\\x0a\"; check that this is the "
            "right file");
  EXPECT_THAT(verdict_on("page.csv", "<!DOCTYPE html><html></html>"),
              AllOf(StartsWith("tequio: page.csv: "), HasSubstr("HTML")));
  EXPECT_THAT(verdict_on("a.csv.xz", std::string_view("\xFD"
                                                      "7zXZ\0",
                                                      6)),
              AllOf(HasSubstr("xz"), HasSubstr("decompress it first")));
  EXPECT_EQ(array_verdict_on("text.npy", "hello"),
            "tequio: text.npy: not a .npy file: it starts with 'hello'; give files written by numpy.save");
}

TEST_F(tool_failures, a_file_of_the_three_bytes_of_bzip2_on_every_engine) {
  folder.write("three.csv", "BZh");
  folder.write("three.npy", "BZh");
  for (const char* engine : {"serial", "threads", "processes"}) {
    const tool_result rows = query("N == 1", {"--engine", engine, "three.csv", "good.csv"});
    EXPECT_EQ(rows.exit_code, 1) << engine;
    EXPECT_EQ(rows.out, "N,T\n1,a\n") << engine;
    EXPECT_THAT(rows.err, HasSubstr("three.csv: there is no column 'N'")) << engine;
    const tool_result arrays =
        run_tool({"stats", "--engine", engine, "three.npy", "good.npy"}, {.folder = folder.path()});
    EXPECT_EQ(arrays.exit_code, 1) << engine;
    EXPECT_THAT(arrays.out, HasSubstr("good.npy")) << engine;
    EXPECT_THAT(arrays.err, HasSubstr("three.npy: not a .npy file: it starts with 'BZh'")) << engine;
  }
}

TEST_F(tool_failures, zips_without_one_table) {
  EXPECT_THAT(verdict_on("none.zip", zip_builder().finish()), HasSubstr("none.zip: the zip archive has no member"));
  zip_builder several;
  several.add(deflated_entry("a.csv", "N\n1\n")).add(deflated_entry("b.csv", "N\n1\n"));
  EXPECT_EQ(verdict_on("several.zip", several.finish()),
            "tequio: several.zip: has several tables: a.csv, b.csv; choose one with --member GLOB");
  zip_builder no_table;
  no_table.add(deflated_entry("a.png", "x")).add(deflated_entry("b.pdf", "x"));
  EXPECT_EQ(verdict_on("pictures.zip", no_table.finish()),
            "tequio: pictures.zip: none of its members is a table (.csv, .tsv, .txt): a.png, b.pdf; choose one with "
            "--member GLOB");
  zip_entry locked = deflated_entry("a.csv", "N\n1\n");
  locked.flags = 1;
  EXPECT_THAT(verdict_on("locked.zip", zip_builder().add(locked).finish()), HasSubstr("encrypted"));
  zip_entry wrong = deflated_entry("a.csv", "N,T\n1,a\n");
  wrong.crc ^= 1;
  EXPECT_THAT(verdict_on("wrong.zip", zip_builder().add(wrong).finish()), StartsWith("tequio: wrong.zip:a.csv: "));
}

TEST_F(tool_failures, broken_tables) {
  EXPECT_EQ(verdict_on("ragged.csv", "N,T\n1,a\n2,b,c\n"),
            "tequio: ragged.csv: line 3 has 3 fields where the header has 2; quote a field that holds ','");
  EXPECT_EQ(
      verdict_on("open.csv", "N,T\n1,a\n2,\"b\n"),
      "tequio: open.csv: line 3: the quote that opens here is never closed; close it; the input may also be cut short");
  EXPECT_EQ(verdict_on("latin.csv", "N,T\n1,M\xE9xico\n"),
            "tequio: latin.csv: line 2, field 2 (T): byte 0xE9 at byte 7 is not UTF-8; convert the text: iconv -f "
            "WINDOWS-1252 -t UTF-8 IN > OUT");
}

TEST_F(tool_failures, text_where_a_number_should_stand) {
  EXPECT_EQ(verdict_on("text.csv", "N,T\n1,a\nN/D,b\n"),
            "tequio: text.csv: line 3, column N: 'N/D' is not a number; if it stands for a missing value: --na 'N/D'; "
            "to compare the text: ... == 'N/D'; or --lenient");
}

TEST_F(tool_failures, an_unknown_column_is_pointed_at_once_and_each_source_is_named) {
  folder.write("c.csv", "NUMBER,NAME\n1,a\n");
  folder.write("d.csv", "NUMBER,NAME\n1,a\n");
  const tool_result run = query("NUMER > 0", {"c.csv", "good.csv", "d.csv"});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_EQ(run.out, "");
  EXPECT_EQ(run.err,
            "tequio: c.csv: there is no column 'NUMER'\n"
            "  NUMER > 0\n"
            "  ^\n"
            "did you mean NUMBER, NAME?\n"
            "tequio: good.csv: there is no column 'NUMER'\n"
            "  NUMER > 0\n"
            "  ^\n"
            "it has 2 columns: N, T\n"
            "tequio: d.csv: there is no column 'NUMER'\n"
            "tequio: 3 of 3 sources failed\n");
}

TEST_F(tool_failures, a_wrong_expression_is_wrong_usage_with_a_caret) {
  const auto refusal = [&](const std::string& where, const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{"good.csv"};
    words.insert(words.end(), more.begin(), more.end());
    const tool_result run = query(where, words);
    EXPECT_EQ(run.exit_code, 2);
    EXPECT_EQ(run.out, "");
    return run.err;
  };
  EXPECT_EQ(refusal("N >"),
            "tequio: query: the expression ends where a value should stand\n  N >\n     ^\ncomplete it\n");
  EXPECT_EQ(refusal("N = 1"), "tequio: query: '=' is not a comparison\n  N = 1\n    ^\nuse == to compare\n");
  EXPECT_EQ(refusal("N > @x"), "tequio: query: no variable @x\n  N > @x\n      ^\ngive it a value: --var x=...\n");
  EXPECT_EQ(refusal("N > 1", {"--var", "x"}), "tequio: --var x: no NAME=VALUE; write --var limit=100\n");
  EXPECT_EQ(refusal("N > 1", {"--delimiter", ";;"}), "tequio: --delimiter ;;: not one character; write , ; or tab\n");
  EXPECT_THAT(refusal(""), StartsWith("tequio: query: the expression is empty"));
}

TEST_F(tool_failures, servers_that_refuse_or_lie) {
  const std::string archive = zip_builder().add(deflated_entry("a.csv", "N,T\n1,a\n")).finish();
  const http_server server({
      {"/page.zip", serve_page("<html><body>moved</body></html>")},
      {"/cut.zip", serve_page(archive.substr(0, archive.size() / 2))},
  });
  const auto named = [&](const std::string& path, const std::string& words) {
    return "tequio: " + server.url(path) + ": " + words;
  };
  EXPECT_EQ(verdict(server.url("/no.zip")), named("/no.zip", "the server has no such page (404); check the address"));
  EXPECT_THAT(verdict(server.url("/page.zip")), AllOf(StartsWith(named("/page.zip", "")), HasSubstr("HTML")));
  EXPECT_THAT(verdict(server.url("/cut.zip")), StartsWith(named("/cut.zip", "cut short")));
  EXPECT_THAT(array_verdict(server.url("/no.npy")), StartsWith(named("/no.npy", "the server has no such page (404)")));
}

TEST_F(tool_failures, a_server_that_is_not_there) {
  std::string nowhere;
  { nowhere = http_server({}).url("/a.zip"); }
  EXPECT_EQ(verdict(nowhere),
            "tequio: " + nowhere +
                ": no connection to the server (Connection refused); check that it runs, and the host "
                "and port");
  EXPECT_THAT(verdict("ftp://host/a.zip"), HasSubstr("addresses of ftp:// are not supported"));
}

TEST_F(tool_failures, a_server_that_stops_half_way) {
  const http_server server({{"/half.csv", stop_after("N,T\n1,a\n2,b\n", 5, "")}});
  EXPECT_EQ(verdict(server.url("/half.csv")),
            "tequio: " + server.url("/half.csv") +
                ": the server stopped after 5 of 12 bytes (tried 4 times); try again later");
}

TEST_F(tool_failures, credentials_of_an_address_are_not_shown) {
  const http_server server({});
  std::string address = server.url("/no.zip");
  address.insert(address.find("127"), "user:secret@");
  EXPECT_EQ(verdict(address),
            "tequio: " + server.url("/no.zip") + ": the server has no such page (404); check the address");
}

TEST_F(tool_failures, all_failed_leaves_nothing_to_print) {
  const tool_result run = query("N > 0", {"a.csv", "b.csv"});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_EQ(run.out, "");
  EXPECT_EQ(lines_of(run.err).back(), "tequio: 2 of 2 sources failed");
}

}  // namespace
}  // namespace tequio::test
