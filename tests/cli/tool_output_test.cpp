// SPDX-License-Identifier: MIT
// Where the tool's result goes: files that appear whole, full disks, closed streams, readers that leave.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <string>

#include "support/files/folder_content.hpp"
#include "support/files/npy_file.hpp"
#include "support/files/scratch_folder.hpp"
#include "support/net/http_server.hpp"
#include "support/tool/run_tool.hpp"

namespace tequio::test {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class tool_output : public ::testing::Test {
 protected:
  tool_output() { folder.write("a.npy", npy_file<double>({2}, {1, 2})); }

  tool_result stats(const std::vector<std::string>& words, tool_options options = {}) const {
    std::vector<std::string> all{"stats", "a.npy", "--format", "csv"};
    all.insert(all.end(), words.begin(), words.end());
    options.folder = folder.path();
    return run_tool(all, options);
  }

  scratch_folder folder{};
};

TEST_F(tool_output, goes_to_the_file_and_nowhere_else) {
  const tool_result plain = stats({});
  const tool_result run = stats({"-o", "out.csv"});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_EQ(run.out, "");
  EXPECT_EQ(run.err, "");
  EXPECT_EQ(content_of(folder.path() / "out.csv"), plain.out);
  EXPECT_THAT(names_in(folder.path()), ElementsAre("a.npy", "out.csv"));
}

TEST_F(tool_output, of_a_job_with_failures_is_written_too) {
  const tool_result run = stats({"missing.npy", "-o", "out.csv"});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_EQ(lines_of(content_of(folder.path() / "out.csv")).size(), 2U);
}

TEST_F(tool_output, of_a_job_without_any_result_leaves_the_old_file) {
  folder.write("out.csv", "old");
  const tool_result run = run_tool({"stats", "missing.npy", "-o", "out.csv"}, {.folder = folder.path()});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.err, HasSubstr("tequio: out.csv: not written, as no file could be read\n"));
  const tool_result table =
      run_tool({"query", "-w", "N > 0", "missing.csv", "-o", "out.csv"}, {.folder = folder.path()});
  EXPECT_EQ(table.exit_code, 1);
  EXPECT_THAT(table.err, HasSubstr("tequio: out.csv: not written, as no source could be read\n"));
  EXPECT_EQ(content_of(folder.path() / "out.csv"), "old");
  EXPECT_THAT(names_in(folder.path()), ElementsAre("a.npy", "out.csv"));
}

TEST_F(tool_output, to_one_of_the_sources_is_refused_before_the_job) {
  fs::create_symlink("a.npy", folder.path() / "link");
  fs::create_hard_link(folder.path() / "a.npy", folder.path() / "twin");
  const std::string before = content_of(folder.path() / "a.npy");
  for (const char* name : {"a.npy", "./a.npy", "link", "twin"}) {
    const tool_result run = stats({"missing.npy", "-o", name});
    EXPECT_EQ(run.exit_code, 2);
    EXPECT_EQ(run.err, std::string("tequio: ") + name +
                           ": is also a source, which the result would destroy; name another file with -o\n");
  }
  folder.write("a.csv", "N\n1\n");
  const tool_result run = run_tool({"query", "-w", "N > 0", "*.csv", "-o", "a.csv"}, {.folder = folder.path()});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, HasSubstr("a.csv: is also a source"));
  EXPECT_EQ(content_of(folder.path() / "a.csv"), "N\n1\n");
  EXPECT_EQ(content_of(folder.path() / "a.npy"), before);
}

TEST_F(tool_output, is_not_there_before_the_end_and_the_old_file_is) {
  folder.write("out.csv", "old");
  const scratch_folder gate;
  const std::string open = gate.path() / "open";
  const http_server server({{"/a.npy", [=](http_exchange& exchange) {
                               while (!fs::exists(open)) ::usleep(1000);
                               exchange.send_page(npy_file<double>({1}, {1}));
                             }}});
  tool_process tool({"stats", server.url("/a.npy"), "-o", "out.csv"}, {.folder = folder.path()});
  ASSERT_TRUE(wait_until([&] { return server.requests("/a.npy") == 1; }));
  EXPECT_EQ(content_of(folder.path() / "out.csv"), "old");
  gate.write("open", "");
  EXPECT_EQ(tool.wait().exit_code, 0);
  EXPECT_THAT(content_of(folder.path() / "out.csv"), HasSubstr("total"));
  EXPECT_THAT(names_in(folder.path()), ElementsAre("a.npy", "out.csv"));
}

TEST_F(tool_output, that_cannot_be_written_whole_leaves_the_old_file) {
  folder.write("out.csv", "old");
  const tool_result run = stats({"-o", "out.csv", "--engine", "serial"}, {.before = [] {
                                  const rlimit none{16, 16};
                                  ::signal(SIGXFSZ, SIG_IGN);
                                  ::setrlimit(RLIMIT_FSIZE, &none);
                                }});
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_THAT(run.err,
              HasSubstr("out.csv: cannot be written: File too large; raise the limit on file size (ulimit -f)"));
  EXPECT_EQ(content_of(folder.path() / "out.csv"), "old");
  EXPECT_THAT(names_in(folder.path()), ElementsAre("a.npy", "out.csv"));
}

TEST_F(tool_output, in_a_place_that_does_not_exist_fails_before_the_job) {
  const http_server server({{"/a.npy", serve_page("")}});
  const tool_result run = run_tool({"stats", server.url("/a.npy"), "-o", "no/out.csv"}, {.folder = folder.path()});
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_EQ(run.err, "tequio: no/out.csv: cannot be created: No such file or directory; make the folder first\n");
  EXPECT_EQ(server.requests("/a.npy"), 0U);
}

TEST_F(tool_output, cannot_be_a_directory) {
  fs::create_directory(folder.path() / "out");
  const tool_result run = stats({"-o", "out"});
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_EQ(run.err, "tequio: out: is a folder; name a file in it with -o\n");
}

TEST_F(tool_output, through_a_link_replaces_what_the_link_leads_to) {
  folder.write("real/out.csv", "old");
  fs::create_symlink("real/out.csv", folder.path() / "link.csv");
  EXPECT_EQ(stats({"-o", "link.csv"}).exit_code, 0);
  EXPECT_TRUE(fs::is_symlink(folder.path() / "link.csv"));
  EXPECT_THAT(content_of(folder.path() / "real/out.csv"), HasSubstr("a.npy,<f8"));
}

TEST_F(tool_output, to_a_device_does_not_replace_it) {
  EXPECT_EQ(stats({"-o", "/dev/null"}).exit_code, 0);
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST_F(tool_output, to_a_full_disk_is_an_error) {
  const tool_result run = stats({"-o", "/dev/full"});
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_EQ(run.err, "tequio: /dev/full: cannot be written: No space left on device; choose another place with -o\n");
  const tool_result shell = stats({}, {.before = [] { ::dup2(::open("/dev/full", O_WRONLY), STDOUT_FILENO); }});
  EXPECT_EQ(shell.exit_code, 3);
  EXPECT_EQ(shell.err,
            "tequio: standard output: cannot be written: No space left on device; choose another place with -o\n");
}

TEST_F(tool_output, to_a_closed_standard_output_is_an_error) {
  const tool_result run = stats({}, {.before = [] { ::close(STDOUT_FILENO); }});
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_EQ(run.err, "tequio: standard output: cannot be written: Bad file descriptor; choose another place with -o\n");
}

TEST_F(tool_output, to_a_file_needs_no_standard_streams) {
  const tool_result run = stats({"missing.npy", "-o", "out.csv"}, {.before = [] {
                                  for (const int number : {0, 1, 2}) ::close(number);
                                }});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_EQ(lines_of(content_of(folder.path() / "out.csv")).size(), 2U);
}

TEST_F(tool_output, with_all_standard_streams_closed_ends_with_its_code) {
  const tool_result run = stats({"missing.npy"}, {.before = [] {
                                  for (const int number : {0, 1, 2}) ::close(number);
                                }});
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_EQ(run.signal, 0);
}

TEST_F(tool_output, messages_to_a_full_disk_change_nothing_else) {
  const tool_result run =
      stats({"missing.npy"}, {.before = [] { ::dup2(::open("/dev/full", O_WRONLY), STDERR_FILENO); }});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_EQ(lines_of(run.out).size(), 2U);
}

TEST_F(tool_output, to_a_pipe_that_does_not_block_is_written_whole) {
  std::string rows = "N\n";
  for (int i = 0; i < 100'000; ++i) rows += std::to_string(i) + "\n";
  folder.write("long.csv", rows);  // more than a pipe holds
  const auto do_not_block = [] { ::fcntl(STDOUT_FILENO, F_SETFL, ::fcntl(STDOUT_FILENO, F_GETFL) | O_NONBLOCK); };
  const tool_result run =
      run_tool({"query", "-w", "N >= 0", "long.csv"}, {.folder = folder.path(), .before = do_not_block});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_TRUE(run.out == rows) << run.out.size() << " of " << rows.size() << " bytes";
}

TEST_F(tool_output, to_a_reader_that_leaves_is_quiet) {
  // a pipe whose read end is closed: every write fails, as after `| head -1`
  const auto leave = [] {
    int ends[2];
    if (::pipe(ends) != 0) ::_exit(125);
    ::dup2(ends[1], STDOUT_FILENO);
    ::close(ends[0]);
    ::close(ends[1]);
  };
  const tool_result run = stats({}, {.before = leave});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_EQ(run.signal, 0);
  EXPECT_EQ(run.err, "");
}

}  // namespace
}  // namespace tequio::test
