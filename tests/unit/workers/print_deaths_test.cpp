// SPDX-License-Identifier: MIT
// Processes that are killed or stopped while they print: what the others print stays whole, and no line is added that
// nobody printed.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <system_error>

#include "support/kill/step_killer.hpp"
#include "support/kill/stepped.hpp"
#include "support/leak_check.hpp"
#include "tequio/error.hpp"
#include "tequio/print.hpp"

namespace {

using tequio::test::await_sleep_of;
using tequio::test::fork_with;
using tequio::test::kill_and_reap;
using tequio::test::kill_at_every_instruction;
using tequio::test::status_of;

// A stream into a pipe, whose other end this process reads, or into a file.
class printed_stream {
 public:
  enum class kind { pipe, file };

  explicit printed_stream(kind where) {
    if (where == kind::pipe ? ::pipe2(m_ends, O_CLOEXEC | O_NONBLOCK) != 0 : !open_file()) std::abort();
    ::fcntl(m_ends[1], F_SETFL, ::fcntl(m_ends[1], F_GETFL) & ~O_NONBLOCK);
    m_stream = ::fdopen(m_ends[1], "w");
  }
  printed_stream(const printed_stream&) = delete;
  printed_stream& operator=(const printed_stream&) = delete;
  ~printed_stream() {
    std::fclose(m_stream);
    ::close(m_ends[0]);
  }
  operator std::FILE*() const { return m_stream; }  // NOLINT(google-explicit-constructor)
  [[nodiscard]] int number() const { return m_ends[1]; }
  /// What was printed since the last time.
  [[nodiscard]] std::string taken() const {
    std::string all;
    static std::array<char, 1 << 16> buffer;
    for (ssize_t count = 0; (count = ::read(m_ends[0], buffer.data(), buffer.size())) > 0;)
      all.append(buffer.data(), static_cast<std::size_t>(count));
    return all;
  }

 private:
  int m_ends[2]{-1, -1};
  std::FILE* m_stream = nullptr;

  bool open_file() {
    std::string path = testing::TempDir() + "print_deaths_XXXXXX";
    m_ends[1] = ::mkostemp(path.data(), O_CLOEXEC);
    m_ends[0] = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    ::unlink(path.c_str());
    return m_ends[0] != -1 && m_ends[1] != -1;
  }
};

class print_deaths_test : public tequio::test::leak_checked {};

using print_stepped = tequio::test::stepped<print_deaths_test>;

// Kills in a print of `line` into one stream; what comes out of another one behind it.
void kill_in_print(const printed_stream& stream, const std::string& line, const printed_stream& others,
                   const std::function<void(const std::string&, bool)>& check) {
  const auto steps = kill_at_every_instruction({
      .operation = [&] { tequio::println(stream, "{}", line); },
      .check =
          [&](bool finished) {
            tequio::println(others, "next");
            check(others.taken(), finished);
            static_cast<void>(stream.taken());
          },
  });
  EXPECT_GT(steps.kills, 100U);
}

// Invariant of workers/print.cpp: one write of a short text into a pipe is done or not done.
TEST_F(print_stepped, killed_with_a_short_line_it_is_printed_or_not) {
  for (const auto kind : {printed_stream::kind::pipe, printed_stream::kind::file}) {
    const printed_stream stream(kind);
    int printed = 0;
    kill_in_print(stream, "line", stream, [&](const std::string& text, bool finished) {
      EXPECT_TRUE(text == "line\nnext\n" || (!finished && text == "next\n")) << text;
      printed += text == "next\n" ? 0 : 1;
    });
    EXPECT_GT(printed, 5);
  }
}

// As it is with output_mode::captured and output_mode::tagged: the same number, another file.
TEST_F(print_stepped, killed_with_an_output_of_its_own_it_adds_nothing_to_the_others) {
  const printed_stream own(printed_stream::kind::file);
  const printed_stream others(printed_stream::kind::pipe);
  kill_in_print(own, "line", others, [&](const std::string& text, bool) { EXPECT_EQ(text, "next\n"); });
}

// Invariant of workers/print.cpp: a file that a process may have left within a line is noted as begun.
TEST_F(print_stepped, killed_with_a_line_longer_than_a_pipe_takes_at_once_it_is_ended) {
  const printed_stream stream(printed_stream::kind::pipe);
  const std::string line(5000, 'x');
  kill_in_print(stream, line, stream, [&](const std::string& text, bool finished) {
    // whether all or nothing of it was written cannot be told: then a line is ended that was not begun
    const std::string before = text.substr(0, text.size() - std::min<std::size_t>(text.size(), 5));
    EXPECT_TRUE(text.ends_with("next\n"));
    EXPECT_TRUE(before == line + '\n' || (!finished && (before.empty() || before == "\n" || before == line + "\n\n")))
        << text.size();
  });
}

// What a full pipe holds up, with a process that prints into it and one that waits for that.
struct held_up {
  printed_stream stream{printed_stream::kind::pipe};
  pid_t printing = 0;
  pid_t waiting = 0;

  held_up() {
    printing = fork_with([this] { return tequio::println(stream, "{}", std::string(1 << 20, 'x')), 0; });
    await_sleep_of(printing);
    waiting = fork_with([this] { return tequio::println(stream, "next"), 0; });
    await_sleep_of(waiting);
  }
  // Until the one that waited has printed.
  [[nodiscard]] std::string all() const {
    std::string text;
    while (!text.ends_with("next\n")) {
      ::usleep(1000);
      text += stream.taken();
    }
    return text;
  }
};

TEST_F(print_deaths_test, one_that_is_stopped_while_it_prints_holds_the_others_up_until_it_goes_on) {
  const held_up now;
  ::kill(now.printing, SIGSTOP);
  int status = 0;
  ASSERT_EQ(::waitpid(now.printing, &status, WUNTRACED), now.printing);
  const std::string before = now.stream.taken();
  EXPECT_EQ(before.find_first_not_of('x'), std::string::npos);
  await_sleep_of(now.waiting);
  ::kill(now.printing, SIGCONT);
  EXPECT_EQ(before.size() + now.all().size(), (1U << 20) + 1 + 5);
  EXPECT_EQ(status_of(now.printing), 0);
  EXPECT_EQ(status_of(now.waiting), 0);
}

TEST_F(print_deaths_test, one_that_is_stopped_while_it_prints_and_then_killed_holds_nobody_up) {
  const held_up now;
  ::kill(now.printing, SIGSTOP);
  int status = 0;
  ASSERT_EQ(::waitpid(now.printing, &status, WUNTRACED), now.printing);
  kill_and_reap(now.printing);
  EXPECT_TRUE(now.all().ends_with("x\nnext\n"));
  EXPECT_EQ(status_of(now.waiting), 0);
}

// A line that could not be written whole is no part of the next one.
// Invariant of workers/print.cpp: a file that a process may have left within a line is noted as begun.
TEST_F(print_deaths_test, an_output_that_fails_within_a_line_leaves_the_next_one_whole) {
  EXPECT_EQ(status_of(fork_with([] {
              const printed_stream stream(printed_stream::kind::file);
              ::signal(SIGXFSZ, SIG_IGN);
              const rlimit before{100, RLIM_INFINITY};
              ::setrlimit(RLIMIT_FSIZE, &before);
              try {
                tequio::println(stream, "{}", std::string(5000, 'x'));
                return 1;
              } catch (const tequio::error& refused) {
                if (refused.code() != std::errc::file_too_large) return 2;
              }
              const rlimit after{RLIM_INFINITY, RLIM_INFINITY};
              ::setrlimit(RLIMIT_FSIZE, &after);
              tequio::println(stream, "next");
              return stream.taken() == std::string(100, 'x') + "\nnext\n" ? 0 : 3;
            })),
            0);
}

}  // namespace
