// SPDX-License-Identifier: MIT
#include "tequio/print.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "support/leak_check.hpp"
#include "support/longest_test.hpp"
#include "support/workers/in_child.hpp"
#include "tequio/error.hpp"

namespace {

using tequio::test::in_child;

/// Every test prints in children, whose standard output is the test's.
class print_test : public tequio::test::leak_checked {};

/// A pipe, of which a child writes into one end and this process reads the other.
class printed_pipe {
 public:
  printed_pipe() {
    if (::pipe2(m_ends, O_CLOEXEC) != 0) std::abort();
  }
  printed_pipe(const printed_pipe&) = delete;
  printed_pipe& operator=(const printed_pipe&) = delete;
  ~printed_pipe() {
    close_write();
    if (m_ends[0] >= 0) ::close(m_ends[0]);
  }

  /// Starts a child that prints into it.
  pid_t start(const std::function<void()>& body) {
    const pid_t child = ::fork();
    if (child != 0) return child;
    ::alarm(tequio::test::longest_helper);
    ::dup2(m_ends[1], STDOUT_FILENO);
    body();
    ::_exit(0);
  }
  void close_write() {
    if (m_ends[1] >= 0) ::close(m_ends[1]);
    m_ends[1] = -1;
  }
  [[nodiscard]] int write_end() const { return m_ends[1]; }
  [[nodiscard]] int read_end() const { return m_ends[0]; }
  /// All until no writer is left.
  std::string read_all() {
    close_write();
    std::string all;
    static std::array<char, 1 << 16> buffer;
    for (;;) {
      const ssize_t count = ::read(m_ends[0], buffer.data(), buffer.size());
      if (count > 0) all.append(buffer.data(), static_cast<std::size_t>(count));
      if (count == 0 || (count < 0 && errno != EINTR)) return all;
    }
  }

 private:
  int m_ends[2]{-1, -1};
};

int wait_for(pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}

// A line that tells its writer, its number and its length: "3 17 5 ccccc".
std::string line_of(int writer, int number, std::size_t length) {
  return fmt::format("{} {} {} {}", writer, number, length, std::string(length, static_cast<char>('a' + writer)));
}

/// Mostly short ones, some longer than a pipe takes at once.
void print_many(int writer, int count) {
  std::mt19937 random(static_cast<unsigned>(writer));
  for (int number = 0; number < count; ++number) {
    const std::size_t length = random() % 20 == 0 ? random() % 100'000 : random() % 200;
    tequio::println("{}", line_of(writer, number, length));
  }
}

void expect_whole_lines(std::istream& all, int writers, int count) {
  std::map<int, int> next;
  int lines = 0;
  for (std::string line; std::getline(all, line); ++lines) {
    std::istringstream words(line);
    int writer = -1, number = -1;
    std::size_t length = 0;
    ASSERT_TRUE(words >> writer >> number >> length) << line.substr(0, 100);
    ASSERT_EQ(line, line_of(writer, number, length));
    ASSERT_EQ(number, next[writer]++) << "the order of one writer";
  }
  EXPECT_EQ(lines, writers * count);
}

TEST_F(print_test, a_closed_output_is_an_error) {
  EXPECT_EQ(in_child([] {
              ::close(STDOUT_FILENO);
              try {
                tequio::println("text");
              } catch (const tequio::error& refused) {
                return std::string(refused.what()) ==
                               "standard output: cannot be written: Bad file descriptor; it is closed; redirect it to "
                               "/dev/null"
                           ? 0
                           : 1;
              }
              return 2;
            }),
            0);
}

TEST_F(print_test, a_reader_that_is_gone_is_an_error_and_no_signal) {
  EXPECT_EQ(in_child([] {
              ::signal(SIGPIPE, SIG_DFL);
              int ends[2];
              if (::pipe(ends) != 0) return 3;
              ::dup2(ends[1], STDOUT_FILENO);
              ::close(ends[0]);
              ::close(ends[1]);
              std::printf("waits in a buffer");
              try {
                tequio::println("text");
              } catch (const tequio::error& refused) {
                sigset_t pending, blocked;
                ::sigpending(&pending);
                ::sigprocmask(SIG_SETMASK, nullptr, &blocked);
                if (::sigismember(&pending, SIGPIPE) != 0 || ::sigismember(&blocked, SIGPIPE) != 0) return 1;
                return refused.code() == std::errc::broken_pipe ? 0 : 2;
              }
              return 4;
            }),
            0);
}

TEST_F(print_test, a_full_disk_is_an_error) {
  EXPECT_EQ(in_child([] {
              ::dup2(::open("/dev/full", O_WRONLY), STDOUT_FILENO);
              try {
                tequio::println("text");
              } catch (const tequio::error& refused) {
                return refused.code() == std::errc::no_space_on_device ? 0 : 1;
              }
              return 2;
            }),
            0);
}

TEST_F(print_test, one_killed_while_it_prints_leaves_the_next_line_whole) {
  printed_pipe pipe;
  const pid_t victim = pipe.start([] { tequio::println("{}", std::string(1 << 20, 'x')); });
  // it holds the lock once the pipe has some text, and keeps it, because the text is not read on
  char first = 0;
  ASSERT_EQ(::read(pipe.read_end(), &first, 1), 1);
  ::kill(victim, SIGKILL);
  wait_for(victim);
  const pid_t next = pipe.start([] { tequio::println("next"); });
  const std::string all = pipe.read_all();
  wait_for(next);
  EXPECT_TRUE(all.ends_with("x\nnext\n")) << all.size();
}

TEST_F(print_test, lines_of_eight_processes_stay_whole_in_a_pipe) {
  printed_pipe pipe;
  std::vector<pid_t> children;
  for (int writer = 0; writer < 8; ++writer) children.push_back(pipe.start([&] { print_many(writer, 1000); }));
  std::istringstream all(pipe.read_all());
  for (const pid_t child : children) EXPECT_EQ(wait_for(child), 0);
  expect_whole_lines(all, 8, 1000);
}

TEST_F(print_test, lines_of_processes_stay_whole_in_a_file_that_each_opened) {
  const std::string path = testing::TempDir() + "print_test_" + std::to_string(::getpid());
  std::ofstream(path).close();
  std::vector<pid_t> children;
  for (int writer = 0; writer < 4; ++writer) {
    children.push_back(::fork());
    if (children.back() != 0) continue;
    ::dup2(::open(path.c_str(), O_WRONLY | O_APPEND), STDOUT_FILENO);
    print_many(writer, 300);
    ::_exit(0);
  }
  for (const pid_t child : children) EXPECT_EQ(wait_for(child), 0);
  std::ifstream all(path);
  expect_whole_lines(all, 4, 300);
  std::filesystem::remove(path);
}

TEST_F(print_test, lines_of_threads_stay_whole) {
  printed_pipe pipe;
  const pid_t child = pipe.start([] {
    std::vector<std::jthread> threads;
    for (int writer = 0; writer < 4; ++writer) threads.emplace_back(print_many, writer, 300);
  });
  std::istringstream all(pipe.read_all());
  EXPECT_EQ(wait_for(child), 0);
  expect_whole_lines(all, 4, 300);
}

TEST_F(print_test, signals_and_an_output_that_does_not_block_lose_nothing) {
  printed_pipe pipe;
  ::fcntl(pipe.write_end(), F_SETFL, O_NONBLOCK);
  const pid_t child = pipe.start([] {
    struct sigaction tick {};
    tick.sa_handler = [](int) {};
    ::sigaction(SIGVTALRM, &tick, nullptr);
    ::sigaction(SIGPROF, &tick, nullptr);
    const itimerval every{{0, 1000}, {0, 1000}};
    ::setitimer(ITIMER_PROF, &every, nullptr);
    for (int i = 0; i < 20; ++i) tequio::println("{}", std::string(1 << 20, 'x'));
  });
  const std::string all = pipe.read_all();
  EXPECT_EQ(wait_for(child), 0);
  EXPECT_EQ(all.size(), 20U * ((1 << 20) + 1));
}

TEST_F(print_test, keeps_the_order_with_other_ways_to_print) {
  printed_pipe pipe;
  const pid_t child = pipe.start([] {
    std::printf("one ");
    tequio::print("two ");
    std::ios::sync_with_stdio(false);
    std::cout << "three ";
    tequio::print("{} ", "four");
    tequio::print(stdout, "five\n");
  });
  EXPECT_EQ(pipe.read_all(), "one two three four five\n");
  EXPECT_EQ(wait_for(child), 0);
}

TEST_F(print_test, tags_each_line_with_the_workers_name) {
  printed_pipe pipe;
  const pid_t child = pipe.start([] {
    tequio::tag_lines(tequio::line_tag::worker_name);
    tequio::print("one\ntwo\n");
    tequio::print("");
    tequio::println("");
    tequio::tag_lines(tequio::line_tag::none);
    tequio::println("plain");
  });
  EXPECT_EQ(pipe.read_all(), "[main] one\n[main] two\n[main] \nplain\n");
  EXPECT_EQ(wait_for(child), 0);
}

struct printing_itself {};

}  // namespace

template <>
struct fmt::formatter<printing_itself> : fmt::formatter<int> {
  auto format(const printing_itself&, fmt::format_context& context) const {
    tequio::println("inner");
    return fmt::format_to(context.out(), "outer");
  }
};

namespace {

TEST_F(print_test, what_is_printed_may_print) {
  printed_pipe pipe;
  const pid_t child = pipe.start([] { tequio::println("{}", printing_itself{}); });
  EXPECT_EQ(pipe.read_all(), "inner\nouter\n");
  EXPECT_EQ(wait_for(child), 0);
}

}  // namespace
