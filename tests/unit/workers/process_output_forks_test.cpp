// SPDX-License-Identifier: MIT
// Where what a process prints goes: captured or tagged, whole and in order, whatever becomes of the process.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "support/files/scratch_folder.hpp"
#include "support/longest_test.hpp"
#include "support/workers/in_child.hpp"
#include "support/workers/processes_fixture.hpp"
#include "tequio/process.hpp"

namespace {

using tequio::output_mode;
using tequio::process;
using tequio::process_options;
using ::testing::HasSubstr;
using process_output = tequio::test::processes_test;

// Where standard output and error lead while it lives: a file of its own.
class redirected_streams {
 public:
  redirected_streams() : m_path(m_folder.write("output", "")) {
    std::fflush(nullptr);
    const int file = ::open(m_path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
    for (const int stream : {1, 2}) {
      m_before[stream - 1] = ::fcntl(stream, F_DUPFD_CLOEXEC, 3);
      ::dup2(file, stream);
    }
    ::close(file);
  }
  redirected_streams(const redirected_streams&) = delete;
  redirected_streams& operator=(const redirected_streams&) = delete;
  ~redirected_streams() {
    std::fflush(nullptr);
    for (const int stream : {1, 2}) {
      ::dup2(m_before[stream - 1], stream);
      ::close(m_before[stream - 1]);
    }
  }
  [[nodiscard]] std::vector<std::string> lines() const {
    std::ifstream file(m_path);
    std::vector<std::string> all;
    for (std::string line; std::getline(file, line);) all.push_back(line);
    return all;
  }

 private:
  tequio::test::scratch_folder m_folder{};
  std::string m_path;
  int m_before[2]{};
};

TEST_F(process_output, captured_output_is_there_after_a_crash_and_its_last_line_is_in_the_error) {
  process p(process_options{.name = "uno", .output = output_mode::captured}, [] {
    std::printf("first\n");
    std::fprintf(stderr, "second: out of beans\n\n");
    ::raise(SIGKILL);
  });
  try {
    p.get();
    FAIL() << "no error";
  } catch (const tequio::worker_error& thrown) {
    EXPECT_THAT(thrown.what(), HasSubstr("its last output was \"second: out of beans\""));
  }
  EXPECT_EQ(p.output(), "first\nsecond: out of beans\n\n");
}

TEST_F(process_output, captured_output_of_any_size_waits_for_nobody) {
  const std::string line(1000, 'x');
  process p(process_options{.output = output_mode::captured}, [&] {
    for (int i = 0; i < 5000; ++i) std::cout << line << '\n';
    return 7;
  });
  EXPECT_EQ(p.get(), 7);
  EXPECT_EQ(p.output().size(), 5000U * 1001);
}

TEST_F(process_output, captured_output_of_programs_it_runs_is_there_too) {
  process p(process_options{.output = output_mode::captured},
            [] { return std::system("echo from a shell; echo bad >&2"); });
  EXPECT_EQ(p.get(), 0);
  EXPECT_EQ(p.output(), "from a shell\nbad\n");
}

TEST_F(process_output, captured_nothing_is_empty) {
  process captured(process_options{.output = output_mode::captured}, [] { return 1; });
  EXPECT_EQ(captured.get(), 1);
  EXPECT_EQ(captured.output(), "");
  process inherited([] { return 1; });
  EXPECT_EQ(inherited.get(), 1);
  EXPECT_EQ(inherited.output(), "");
}

TEST_F(process_output, tagged_lines_of_both_streams_are_whole_and_all_there_when_it_is_joined) {
  const redirected_streams redirected;
  std::vector<process<>> crew;
  for (const char* name : {"uno", "dos", "tres"})
    crew.emplace_back(process_options{.name = name, .output = output_mode::tagged}, [] {
      for (int i = 0; i < 200; ++i) {
        // in pieces, which is what garbles lines
        std::fputs("a line ", stdout);
        std::fflush(stdout);
        std::fputs("in pieces\n", stdout);
        std::fflush(stdout);
      }
      std::fputs("trouble", stderr);  // without an end
    });
  for (auto& worker : crew) worker.get();
  std::size_t lines = 0;
  for (const std::string& line : redirected.lines()) {
    ++lines;
    const std::string text = line.substr(line.find(' ') + 1);
    EXPECT_TRUE(line.starts_with("[uno] ") || line.starts_with("[dos] ") || line.starts_with("[tres] ")) << line;
    EXPECT_TRUE(text == "a line in pieces" || text == "trouble") << line;
  }
  EXPECT_EQ(lines, 3U * 201);
}

TEST_F(process_output, thread_that_waits_for_input_holds_nobody_up) {
  EXPECT_EQ(tequio::test::in_child([] {
              int input[2];
              if (::pipe(input) != 0 || ::dup2(input[0], STDIN_FILENO) != STDIN_FILENO) return 1;
              const auto wait_for_input = [] {
                std::thread([] { std::getchar(); }).detach();
                while (::ftrylockfile(stdin) == 0) {
                  ::funlockfile(stdin);
                  ::usleep(500);
                }
              };
              wait_for_input();
              for (const output_mode how : {output_mode::inherited, output_mode::captured, output_mode::tagged}) {
                process p({.output = how, .forking = tequio::forking::at_any_time}, [&] {
                  wait_for_input();
                  return 4;
                });
                if (p.get() != 4) return 2;
              }
              return 0;
            }),
            0);
}

TEST_F(process_output, tagged_lines_that_a_crash_left_behind_are_not_lost) {
  const redirected_streams redirected;
  process p(process_options{.name = "uno", .output = output_mode::tagged}, [] {
    std::printf("before the crash\n");
    ::raise(SIGKILL);
  });
  p.join();
  EXPECT_EQ(redirected.lines(), std::vector<std::string>{"[uno] before the crash"});
}

TEST_F(process_output, tagged_process_that_leaves_another_behind_is_joined_all_the_same) {
  const redirected_streams redirected;
  process p(process_options{.name = "uno", .output = output_mode::tagged}, [] {
    const pid_t left = ::fork();
    if (left == 0) {
      ::alarm(tequio::test::longest_helper);
      for (;;) ::pause();
    }
    return left;
  });
  const pid_t left = p.get();  // its pipes are still open
  ::kill(left, SIGKILL);
}

TEST_F(process_output, tagged_process_that_leaves_some_behind_that_write_for_ever_is_joined_all_the_same) {
  const redirected_streams redirected;
  process p(process_options{.name = "uno", .output = output_mode::tagged}, [] {
    return std::system(
        "for i in 1 2 3; do yes & done; until grep -q 'wchar: [1-9]' /proc/$!/io 2>/dev/null; do :; done");
  });
  EXPECT_EQ(p.get(), 0);
}

// It lives on as a static object of the child's copy of the program, whose end does not take another's status for its
// own.
TEST_F(process_output, tagged_process_holds_up_no_exit_of_a_child_forked_later) {
  const redirected_streams redirected;
  static std::optional<process<>> tagged;
  tagged.emplace(process_options{.name = "uno", .output = output_mode::tagged}, [] { ::pause(); });
  // a plain fork: exit() in a process of tequio's would not destroy it
  const int code = tequio::test::in_child([]() -> int {
    auto* const crew = new std::vector<process<>>;  // never joined
    for (int i = 0; i < 6; ++i)
      crew->emplace_back([] {
        for (;;) ::pause();
      });
    std::exit(3);
  });
  EXPECT_EQ(code, 3);
  tagged->kill();
  tagged.reset();
}

TEST_F(process_output, tagged_lines_of_several_stay_whole_in_a_pipe_that_takes_no_more_for_a_moment) {
  for (const int flags : {0, O_NONBLOCK}) {
    tequio::test::scratch_folder folder;
    const std::string path = folder.write("lines", "");
    {
      const redirected_streams redirected;
      std::FILE* const reader = ::popen(("cat > " + path).c_str(), "w");
      ::fcntl(::fileno(reader), F_SETFL, O_WRONLY | flags);
      ::dup2(::fileno(reader), 1);
      std::vector<process<>> crew;
      for (const char* name : {"uno", "dos", "tres"})
        crew.emplace_back(process_options{.name = name, .output = output_mode::tagged}, [] {
          std::string lines;
          for (int i = 0; i < 300; ++i) lines.append(100, 'x').append("\n");
          for (int i = 0; i < 50; ++i) std::cout << lines << std::flush;
        });
      for (auto& worker : crew) worker.get();
      ::dup2(2, 1);  // else the reader waits for more
      ::pclose(reader);
    }
    std::ifstream file(path);
    int whole = 0;
    int torn = 0;
    for (std::string line; std::getline(file, line);)
      ++(line.substr(line.find(' ') + 1) == std::string(100, 'x') && line.size() <= 107 ? whole : torn);
    EXPECT_EQ(whole, 3 * 50 * 300);
    EXPECT_EQ(torn, 0);
  }
}

TEST_F(process_output, tagged_output_that_nobody_reads_does_not_stop_the_process) {
  const redirected_streams redirected;
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  ::close(ends[0]);
  ::dup2(ends[1], 1);
  ::close(ends[1]);
  process p(process_options{.name = "uno", .output = output_mode::tagged}, [] {
    for (int i = 0; i < 20000; ++i) std::printf("nobody reads this line\n");
    return 5;
  });
  EXPECT_EQ(p.get(), 5);
}

}  // namespace
