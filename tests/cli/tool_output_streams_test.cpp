// SPDX-License-Identifier: MIT
// `-o` names a target that is already open or cannot be replaced: standard output, descriptors, pipes, sockets.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <future>
#include <string>
#include <vector>

#include "support/files/folder_content.hpp"
#include "support/files/npy_file.hpp"
#include "support/files/scratch_folder.hpp"
#include "support/net/http_server.hpp"
#include "support/tool/run_tool.hpp"
#include "tequio/descriptor.hpp"

namespace tequio::test {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class tool_output_streams : public ::testing::Test {
 protected:
  tool_output_streams() {
    folder.write("a.npy", npy_file<double>({2}, {1, 2}));
    folder.write("a.csv", "N\n1\n2\n");
    fs::create_symlink("/dev/stdout", folder.path() / "link");
    fs::create_symlink("link", folder.path() / "link_to_link");
    names_before = names_in(folder.path());
    table = run({"stats", "a.npy", "--format", "csv"}).out;
  }

  tool_result run(const std::vector<std::string>& words, std::function<void()> before = {}) const {
    return run_tool(words, {.folder = folder.path(), .before = std::move(before)});
  }
  tool_result stats(const std::string& output, std::function<void()> before = {}) const {
    return run({"stats", "a.npy", "--format", "csv", "-o", output}, std::move(before));
  }
  std::string path(const std::string& name) const { return folder.path() / name; }

  /// The log as a shell opens it for all commands of `( ... ) > log`, or with O_APPEND for `>> log`.
  descriptor open_log(int flags) const {
    return descriptor(::open(path("log").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0666));
  }
  /// The content of the log when this command stands between `echo first` and `echo last`.
  std::string logged(const std::vector<std::string>& words, int flags, int number = STDOUT_FILENO) const {
    const descriptor log = open_log(flags);
    write_text(log, "first\n");
    const tool_result ran = run(words, [&] { ::dup2(log.number(), number); });
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    write_text(log, "last\n");
    return content_of(path("log"));
  }
  static void write_text(const descriptor& file, std::string_view text) {
    write_full(file, std::as_bytes(std::span(text)), "log");
  }

  scratch_folder folder{};
  std::vector<std::string> names_before{};
  std::string table{};
};

TEST_F(tool_output_streams, standard_output_is_written_where_it_stands_by_each_of_its_names) {
  for (const char* name : {"-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "/proc/thread-self/fd/1",
                           "/dev/../dev/stdout", "link", "./link_to_link"}) {
    const std::vector<std::string> words{"stats", "a.npy", "--format", "csv", "-o", name};
    EXPECT_EQ(logged(words, O_TRUNC), "first\n" + table + "last\n") << name;
    folder.write("log", "kept\n");
    EXPECT_EQ(logged(words, O_APPEND), "kept\nfirst\n" + table + "last\n") << name;
    EXPECT_EQ(stats(name).out, table) << name;
    fs::remove(path("log"));
  }
  EXPECT_EQ(names_in(folder.path()), names_before);
}

TEST_F(tool_output_streams, standard_output_is_the_output_of_each_command) {
  EXPECT_EQ(run({"query", "-w", "N == 2", "a.csv", "-o", "-"}).out, "N\n2\n");
  EXPECT_THAT(run({"make", "npy", "runs", "--files", "2", "-o", "-"}).out, HasSubstr("made 2 files"));
  EXPECT_FALSE(fs::exists(path("-")));
}

TEST_F(tool_output_streams, a_file_called_minus_is_named_by_its_folder) {
  EXPECT_EQ(stats("./-").out, "");
  EXPECT_EQ(content_of(path("-")), table);
}

TEST_F(tool_output_streams, standard_output_is_no_folder_for_samples) {
  const tool_result minus = run({"make", "npy", "-"});
  EXPECT_EQ(minus.exit_code, 2);
  EXPECT_EQ(minus.err,
            "tequio: -: is standard output, and the samples are files in a folder; name a folder; one of this "
            "name is ./-\n");
  const tool_result device = run({"make", "npy", "/dev/stdout"});
  EXPECT_EQ(device.exit_code, 3);
  EXPECT_THAT(device.err, HasSubstr("/dev/stdout: cannot be made: Not a directory; name a folder"));
  EXPECT_EQ(names_in(folder.path()), names_before);
}

TEST_F(tool_output_streams, other_descriptors_are_written_where_they_stand_too) {
  const std::vector<std::string> words{"stats", "a.npy", "--format", "csv", "-o"};
  for (const auto& [name, number] : {std::pair{"/dev/stderr", 2}, {"/dev/fd/2", 2}, {"/dev/fd/7", 7}}) {
    std::vector<std::string> all = words;
    all.emplace_back(name);
    EXPECT_EQ(logged(all, O_TRUNC, number), "first\n" + table + "last\n") << name;
  }
}

TEST_F(tool_output_streams, a_descriptor_of_another_process_is_appended_to) {
  const descriptor log = open_log(O_TRUNC);
  write_text(log, "first\n");
  EXPECT_EQ(stats("/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(log.number())).exit_code, 0);
  EXPECT_EQ(content_of(path("log")), "first\n" + table);
}

TEST_F(tool_output_streams, a_socket_is_written) {
  int ends[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  const descriptor ours(ends[0]);
  descriptor theirs(ends[1]);
  EXPECT_EQ(stats("/dev/stdout", [&] { ::dup2(theirs.number(), STDOUT_FILENO); }).exit_code, 0);
  theirs.close();
  std::string got(table.size() + 1, '\0');
  got.resize(read_full(ours, std::as_writable_bytes(std::span(got)), "socket"));
  EXPECT_EQ(got, table);
}

TEST_F(tool_output_streams, a_descriptor_that_was_not_given_fails_before_the_job) {
  const http_server server({{"/a.npy", serve_page("")}});
  const auto only_standard_streams = [] { ::close_range(3, ~0U, 0); };
  // 3 to 12: also those that the tool has opened itself by then
  for (int number = 3; number <= 12; ++number) {
    const std::string name = "/dev/fd/" + std::to_string(number);
    const tool_result ran = run({"stats", server.url("/a.npy"), "-o", name}, only_standard_streams);
    EXPECT_EQ(ran.exit_code, 3);
    EXPECT_EQ(ran.err, "tequio: " + name + ": cannot be written: Bad file descriptor; choose another place with -o\n");
  }
  const tool_result read_only =
      run({"stats", server.url("/a.npy"), "-o", "/dev/stdin"}, [] { ::dup2(::open("a.csv", O_RDONLY), 0); });
  EXPECT_EQ(read_only.exit_code, 3);
  EXPECT_THAT(read_only.err, HasSubstr("/dev/stdin: cannot be written: Bad file descriptor"));
  EXPECT_EQ(server.requests("/a.npy"), 0U);
  EXPECT_EQ(content_of(path("a.csv")), "N\n1\n2\n");
}

TEST_F(tool_output_streams, a_fifo_is_written_and_stays_one) {
  ASSERT_EQ(::mkfifo(path("fifo").c_str(), 0666), 0);
  fs::create_symlink("fifo", path("link_to_fifo"));
  for (const char* name : {"fifo", "link_to_fifo"}) {
    auto reader = std::async(std::launch::async, [&] { return content_of(path("fifo")); });
    EXPECT_EQ(stats(name).exit_code, 0);
    EXPECT_EQ(reader.get(), table);
    EXPECT_TRUE(fs::is_fifo(path("fifo")));
  }
}

TEST_F(tool_output_streams, ctrl_c_ends_the_wait_for_the_reader_of_a_fifo) {
  ASSERT_EQ(::mkfifo(path("fifo").c_str(), 0666), 0);
  tool_process tool({"stats", "a.npy", "-o", "fifo"}, {.folder = folder.path()});
  ASSERT_TRUE(wait_until([&] { return tool.has_heard(); }));
  tool.send(SIGINT);
  EXPECT_EQ(tool.wait().signal, SIGINT);
  EXPECT_TRUE(fs::is_fifo(path("fifo")));
}

TEST_F(tool_output_streams, ctrl_c_leaves_the_lines_that_stand_there_and_adds_what_was_read) {
  const scratch_folder gate;
  const http_server server({{"/a.npy", [open = gate.path() / "open"](http_exchange& exchange) {
                               while (!fs::exists(open)) ::usleep(1000);
                               exchange.send_page(npy_file<double>({1}, {5}));
                             }}});
  const descriptor log = open_log(O_TRUNC);
  write_text(log, "first\n");
  tool_process tool({"stats", "a.npy", server.url("/a.npy"), "--format", "csv", "-j", "1", "-o", "-"},
                    {.folder = folder.path(), .before = [&] { ::dup2(log.number(), STDOUT_FILENO); }});
  ASSERT_TRUE(wait_until([&] { return server.requests("/a.npy") == 1; }));
  tool.send(SIGINT);
  EXPECT_EQ(tool.wait().exit_code, 130);
  gate.write("open", "");
  EXPECT_EQ(content_of(path("log")), "first\n" + table);
}

TEST_F(tool_output_streams, that_fail_in_the_middle_keep_what_stood_there) {
  const descriptor log = open_log(O_TRUNC);
  write_text(log, "first\n");
  const tool_result ran = run({"stats", "a.npy", "--engine", "serial", "-o", "/dev/stdout"}, [&] {
    ::dup2(log.number(), STDOUT_FILENO);
    const rlimit little{16, 16};
    ::signal(SIGXFSZ, SIG_IGN);
    ::setrlimit(RLIMIT_FSIZE, &little);
  });
  EXPECT_EQ(ran.exit_code, 3);
  EXPECT_EQ(ran.err, "tequio: /dev/stdout: cannot be written: File too large; choose another place with -o\n");
  EXPECT_THAT(content_of(path("log")), ::testing::StartsWith("first\n"));
  EXPECT_EQ(fs::file_size(path("log")), 16U);
}

TEST_F(tool_output_streams, whose_file_is_one_of_the_sources_are_refused) {
  const std::string before = content_of(path("a.npy"));
  const descriptor source(::open(path("a.npy").c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  for (const std::string name : {"-", "/dev/stdout", "link"}) {
    const tool_result ran = stats(name, [&] { ::dup2(source.number(), STDOUT_FILENO); });
    EXPECT_EQ(ran.exit_code, 2);
    EXPECT_EQ(ran.err,
              "tequio: " + name + ": is also a source, which the result would destroy; name another file with -o\n");
  }
  const tool_result by_default = run({"stats", "a.npy"}, [&] { ::dup2(source.number(), STDOUT_FILENO); });
  EXPECT_EQ(by_default.exit_code, 2);
  EXPECT_THAT(by_default.err, HasSubstr("standard output: is also a source"));
  EXPECT_EQ(content_of(path("a.npy")), before);
  const tool_result from_input = run({"query", "-w", "N == 2", "/dev/stdin", "-o", "a.csv"},
                                     [] { ::dup2(::open("a.csv", O_RDONLY), STDIN_FILENO); });
  EXPECT_EQ(from_input.exit_code, 2);
  EXPECT_EQ(content_of(path("a.csv")), "N\n1\n2\n");
}

}  // namespace
}  // namespace tequio::test
