// SPDX-License-Identifier: MIT
// Signals to a running tool and to its workers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include "support/files/folder_content.hpp"
#include "support/files/npy_file.hpp"
#include "support/files/scratch_folder.hpp"
#include "support/net/http_server.hpp"
#include "support/tool/run_tool.hpp"

namespace tequio::test {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::SizeIs;
using ::testing::StartsWith;

/// Files to read, and a page that is sent only after the gate is opened.
class tool_signals : public ::testing::Test {
 protected:
  tool_signals() { folder.write("a.npy", npy_file<double>({2}, {1, 2})); }

  /// One worker, which has read a.npy and waits for the page; two more files follow.
  std::vector<std::string> words(const std::string& engine = "processes") const {
    return {"stats", "a.npy", page(), "a.npy", "a.npy", "--format", "csv", "-j", "1", "--engine", engine};
  }

  std::string page() const { return server.url("/page.npy"); }
  bool wait_for_request() const {
    return wait_until([this] { return server.requests("/page.npy") == 1; });
  }
  void open_gate() const { gate.write("open", ""); }
  tool_options here() const { return {.folder = folder.path()}; }

  scratch_folder folder{};
  scratch_folder gate{};
  http_server server{{{"/page.npy", [path = gate.path() / "open"](http_exchange& exchange) {
                         while (!fs::exists(path)) ::usleep(1000);
                         exchange.send_page(npy_file<double>({1}, {5}));
                       }}}};
};

constexpr const char* header = "source,dtype,shape,count,nan_count,sum,mean,std,min,max";
constexpr const char* good = "a.npy,<f8,2,2,0,3,1.5,0.5,1,2";

TEST_F(tool_signals, ctrl_c_ends_the_job_and_says_what_was_not_read) {
  tool_process tool(words(), here());
  ASSERT_TRUE(wait_for_request());
  tool.send(SIGINT);
  const tool_result run = tool.wait();
  EXPECT_EQ(run.exit_code, 130);
  EXPECT_THAT(lines_of(run.out), ElementsAre(header, good));
  EXPECT_EQ(run.err, "tequio: 3 of 4 files were not read\ntequio: interrupted\n");
  EXPECT_TRUE(tool.left_nothing());
}

TEST_F(tool_signals, ctrl_c_of_a_terminal_reaches_the_workers_too_and_changes_nothing) {
  tool_process tool(words(), here());
  ASSERT_TRUE(wait_for_request());
  ::kill(-tool.pid(), SIGINT);
  const tool_result run = tool.wait();
  EXPECT_EQ(run.exit_code, 130);
  EXPECT_EQ(run.err, "tequio: 3 of 4 files were not read\ntequio: interrupted\n");
  EXPECT_TRUE(tool.left_nothing());
}

TEST_F(tool_signals, sigterm_and_sighup_do_as_ctrl_c) {
  for (const int signal : {SIGTERM, SIGHUP}) {
    tool_process tool(words(), here());
    const unsigned before = server.requests("/page.npy");
    ASSERT_TRUE(wait_until([&] { return server.requests("/page.npy") > before; }));
    tool.send(signal);
    EXPECT_EQ(tool.wait().exit_code, 130);
    EXPECT_TRUE(tool.left_nothing());
  }
}

TEST_F(tool_signals, a_signal_that_was_ignored_stays_ignored) {
  tool_options as_nohup = here();
  as_nohup.before = [] { ::signal(SIGHUP, SIG_IGN); };
  tool_process tool(words(), as_nohup);
  ASSERT_TRUE(wait_for_request());
  tool.send(SIGHUP);
  open_gate();
  EXPECT_EQ(tool.wait().exit_code, 0);
}

TEST_F(tool_signals, a_second_ctrl_c_ends_it_at_once) {
  tool_process tool(words(), here());
  ASSERT_TRUE(wait_for_request());
  tool.send(SIGINT);
  tool.send(SIGINT);
  const tool_result run = tool.wait();
  EXPECT_TRUE(run.exit_code == 130 || run.signal == SIGINT);
  EXPECT_TRUE(tool.left_nothing());
}

TEST_F(tool_signals, ctrl_c_leaves_the_old_file_of_the_result) {
  folder.write("out.csv", "old");
  std::vector<std::string> all = words();
  all.insert(all.end(), {"-o", "out.csv"});
  tool_process tool(all, here());
  ASSERT_TRUE(wait_for_request());
  tool.send(SIGINT);
  const tool_result run = tool.wait();
  EXPECT_EQ(run.exit_code, 130);
  EXPECT_THAT(run.err, StartsWith("tequio: out.csv: not written, as the result is not complete\n"));
  EXPECT_EQ(content_of(folder.path() / "out.csv"), "old");
  EXPECT_THAT(names_in(folder.path()), ElementsAre("a.npy", "out.csv"));
}

TEST_F(tool_signals, threads_and_serial_finish_the_file_in_hand) {
  for (const char* engine : {"threads", "serial"}) {
    fs::remove(gate.path() / "open");
    tool_process tool(words(engine), here());
    const unsigned before = server.requests("/page.npy");
    ASSERT_TRUE(wait_until([&] { return server.requests("/page.npy") > before; }));
    tool.send(SIGINT);
    ASSERT_TRUE(wait_until([&] { return tool.has_heard(); }));  // before the file in hand ends
    open_gate();
    const tool_result run = tool.wait();
    EXPECT_EQ(run.exit_code, 130);
    EXPECT_THAT(lines_of(run.out), SizeIs(3)) << engine;
    EXPECT_EQ(run.err, "tequio: 2 of 4 files were not read\ntequio: interrupted\n") << engine;
  }
}

TEST_F(tool_signals, a_third_ctrl_c_ends_what_cannot_be_stopped) {
  for (const char* engine : {"threads", "serial"}) {
    tool_process tool(words(engine), here());
    const unsigned before = server.requests("/page.npy");
    ASSERT_TRUE(wait_until([&] { return server.requests("/page.npy") > before; }));
    // a signal that is pending already is not counted twice: one after the other until it ends
    ASSERT_TRUE(wait_until([&] {
      tool.send(SIGINT);
      return tool.ended();
    }));
    EXPECT_EQ(tool.wait().signal, SIGINT);
  }
}

TEST_F(tool_signals, a_worker_that_is_killed_is_one_files_failure) {
  tool_process tool(words(), here());
  ASSERT_TRUE(wait_for_request());
  const std::vector<pid_t> workers = tool.workers();
  ASSERT_THAT(workers, SizeIs(1));
  ASSERT_EQ(::kill(workers.front(), SIGKILL), 0);
  const tool_result run = tool.wait();
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(lines_of(run.out), ElementsAre(header, good, good, good));
  const auto lines = lines_of(run.err);
  ASSERT_THAT(lines, SizeIs(2));
  EXPECT_THAT(lines[0], StartsWith("tequio: " + page() + ": its worker was killed by SIGKILL"));
  EXPECT_EQ(lines[1], "tequio: 1 of 4 files failed");
  EXPECT_TRUE(tool.left_nothing());
}

TEST_F(tool_signals, a_worker_that_is_killed_is_replaced_and_the_file_tried_again_if_asked) {
  std::vector<std::string> all = words();
  all.insert(all.end(), {"--retries", "1"});
  tool_process tool(all, here());
  ASSERT_TRUE(wait_for_request());
  open_gate();
  for (const pid_t worker : tool.workers()) ::kill(worker, SIGKILL);
  const tool_result run = tool.wait();
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(lines_of(run.out), SizeIs(5));
}

TEST_F(tool_signals, workers_do_not_outlive_a_tool_that_is_killed) {
  tool_process tool(words(), here());
  ASSERT_TRUE(wait_for_request());
  EXPECT_THAT(tool.workers(), SizeIs(1));
  tool.send(SIGKILL);
  EXPECT_EQ(tool.wait().signal, SIGKILL);
  EXPECT_TRUE(tool.left_nothing());
}

TEST_F(tool_signals, a_file_that_takes_too_long_is_one_files_failure) {
  std::vector<std::string> all = words();
  all.insert(all.end(), {"--timeout", "1"});
  const tool_result run = run_tool(all, here());
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(lines_of(run.out), ElementsAre(header, good, good, good));
  EXPECT_EQ(run.err,
            "tequio: " + page() +
                ": took longer than 1 s and was stopped; allow more with --timeout\ntequio: 1 of 4 files failed\n");
}

TEST_F(tool_signals, a_file_is_tried_again_as_often_as_asked) {
  std::vector<std::string> all = words();
  all.insert(all.end(), {"--timeout", "0.6", "--retries", "2"});
  const tool_result run = run_tool(all, here());
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.err,
              StartsWith("tequio: " + page() +
                         ": took longer than 0.6 s and was stopped (tried 3 times); allow more with --timeout\n"));
  EXPECT_EQ(server.requests("/page.npy"), 3U);
}

TEST_F(tool_signals, a_failure_says_how_often_it_was_tried) {
  EXPECT_THAT(
      run_tool({"stats", "no.npy", "--retries", "2"}, here()).err,
      StartsWith("tequio: no.npy: cannot be opened: No such file or directory; check the path (tried 3 times)\n"));
}

TEST_F(tool_signals, fail_fast_starts_no_further_file) {
  for (const char* engine : {"serial", "threads", "processes"}) {
    const tool_result run = run_tool({"stats", "a.npy", "no.npy", "a.npy", "a.npy", "--format", "csv", "-j", "1",
                                      "--fail-fast", "--engine", engine, "-o", "out.csv"},
                                     here());
    EXPECT_EQ(run.exit_code, 3);
    EXPECT_EQ(run.err,
              "tequio: out.csv: not written, as the result is not complete\n"
              "tequio: no.npy: cannot be opened: No such file or directory; check the path\n"
              "tequio: 1 of 4 files failed\n"
              "tequio: 2 of 4 files were not read\n"
              "tequio: stopped at the first failure, as --fail-fast asks\n")
        << engine;
  }
}

}  // namespace
}  // namespace tequio::test
