// SPDX-License-Identifier: MIT
// Printing from fresh images of this program, which therefore has a main() of its own.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <cstddef>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "support/files/scratch_folder.hpp"
#include "support/kill/step_killer.hpp"
#include "support/leak_check.hpp"
#include "tequio/print.hpp"
#include "tequio/process.hpp"

namespace {

using tequio::process;

const tequio::process_options spawned{.start = tequio::start_method::spawn};

class spawned_print : public tequio::test::leak_checked {};

// Standard output is a pipe that a forked process reads.
class piped_output {
 public:
  piped_output() : m_path(m_folder.write("output", "")), m_before(::fcntl(1, F_DUPFD_CLOEXEC, 3)) {
    std::fflush(stdout);
    int ends[2];
    EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    m_reader = tequio::test::fork_with([&] {
      ::close(ends[1]);
      std::ofstream file(m_path);
      static char bytes[65536];
      for (ssize_t count = 0; (count = ::read(ends[0], bytes, sizeof bytes)) > 0;) file.write(bytes, count);
      file.close();
      return file ? 0 : 1;
    });
    ::dup2(ends[1], 1);
    ::close(ends[0]);
    ::close(ends[1]);
  }
  piped_output(const piped_output&) = delete;
  piped_output& operator=(const piped_output&) = delete;
  ~piped_output() { restore(); }

  std::string all() {
    restore();
    std::stringstream text;
    text << std::ifstream(m_path).rdbuf();
    return text.str();
  }

 private:
  tequio::test::scratch_folder m_folder{};
  std::string m_path;
  int m_before;
  pid_t m_reader = 0;

  void restore() {
    if (m_before == -1) return;
    std::fflush(stdout);
    ::dup2(m_before, 1);
    ::close(m_before);
    m_before = -1;
    EXPECT_EQ(tequio::test::status_of(m_reader), 0);
  }
};

constexpr std::size_t line_size = 20'000;  // more than a pipe takes at once
constexpr int lines_each = 100;

void print_lines(char letter) {
  for (int i = 0; i < lines_each; ++i) tequio::println("{}", std::string(line_size, letter));
}

int spawn_and_print(char letter) {
  process<> other(spawned, print_lines, letter);
  print_lines(static_cast<char>(letter + 1));
  other.get();
  return 0;
}

TEST_F(spawned_print, long_lines_of_spawned_ones_of_their_children_and_of_forked_ones_stay_whole) {
  piped_output output;
  {
    std::vector<process<>> crew;
    for (const char letter : {'a', 'b'}) crew.emplace_back(spawned, print_lines, letter);
    crew.emplace_back(print_lines, 'c');
    process<int> grandparent(spawned, spawn_and_print, 'd');
    print_lines('f');
    EXPECT_EQ(grandparent.get(), 0);
    for (auto& each : crew) each.get();
  }
  std::istringstream all(output.all());
  std::string counts(6, '\0');
  for (std::string line; std::getline(all, line);) {
    ASSERT_TRUE(!line.empty() && line == std::string(line_size, line[0])) << line.substr(0, 50) << line.size();
    ++counts.at(static_cast<std::size_t>(line[0] - 'a'));
  }
  EXPECT_EQ(counts, std::string(6, static_cast<char>(lines_each)));
}

void print_more_than_a_pipe_takes() { tequio::println("{}", std::string(1 << 20, 'x')); }

TEST_F(spawned_print, one_killed_while_it_prints_leaves_the_next_line_whole) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  std::fflush(stdout);
  const int before = ::fcntl(1, F_DUPFD_CLOEXEC, 3);
  ::dup2(ends[1], 1);
  ::close(ends[1]);
  process<> victim(spawned, print_more_than_a_pipe_takes);
  pollfd begun{ends[0], POLLIN, 0};
  ASSERT_EQ(::poll(&begun, 1, -1), 1);
  victim.kill();  // nobody reads, so it is still at it
  victim.join();
  std::string text(1 << 20, '?');
  text.resize(static_cast<std::size_t>(::read(ends[0], text.data(), text.size())));
  EXPECT_EQ(text.find_first_not_of('x'), std::string::npos);
  tequio::println("next");
  text.resize(static_cast<std::size_t>(::read(ends[0], text.data(), text.size())));
  EXPECT_EQ(text, "\nnext\n");
  ::dup2(before, 1);
  ::close(before);
  ::close(ends[0]);
}

}  // namespace
