// SPDX-License-Identifier: MIT
// The progress display: on a terminal, a line that is gone at the end.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <unistd.h>

#include <array>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/files/npy_file.hpp"
#include "support/files/scratch_folder.hpp"
#include "support/tool/run_tool.hpp"

namespace tequio::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

/// A pseudo-terminal: what is written to one end is read from the other.
class terminal {
 public:
  terminal() { ::openpty(&m_screen, &m_line, nullptr, nullptr, nullptr); }
  terminal(const terminal&) = delete;
  terminal& operator=(const terminal&) = delete;
  ~terminal() {
    ::close(m_line);
    ::close(m_screen);
  }

  [[nodiscard]] bool is_there() const noexcept { return m_line >= 0; }
  [[nodiscard]] int line() const noexcept { return m_line; }
  /// The whole text that was written, after the last writer has ended.
  [[nodiscard]] std::string shown() const {
    ::fcntl(m_screen, F_SETFL, O_NONBLOCK);
    std::string text;
    std::array<char, 4096> buffer{};
    for (ssize_t count = 0; (count = ::read(m_screen, buffer.data(), buffer.size())) > 0;)
      text.append(buffer.data(), static_cast<std::size_t>(count));
    return text;
  }

 private:
  int m_screen = -1;
  int m_line = -1;
};

class tool_progress : public ::testing::Test {
 protected:
  tool_progress() { folder.write("a.npy", npy_file<double>({2}, {1, 2})); }

  tool_result stats(const std::vector<std::string>& words, const terminal* errors = nullptr) const {
    std::vector<std::string> all{"stats", "a.npy", "a.npy", "--format", "csv"};
    all.insert(all.end(), words.begin(), words.end());
    tool_options options{.folder = folder.path()};
    if (errors) options.before = [errors] { ::dup2(errors->line(), STDERR_FILENO); };
    return run_tool(all, options);
  }

  scratch_folder folder{};
};

TEST_F(tool_progress, is_silent_where_errors_go_to_no_terminal) {
  for (const char* engine : {"serial", "threads", "processes"}) EXPECT_EQ(stats({"--engine", engine}).err, "");
}

TEST_F(tool_progress, on_a_terminal_is_a_line_that_is_wiped_at_the_end) {
  for (const char* engine : {"serial", "threads", "processes"}) {
    const terminal screen;
    if (!screen.is_there()) GTEST_SKIP() << "no pseudo-terminals here: /dev/pts is not mounted";
    const tool_result run = stats({"missing.npy", "--engine", engine}, &screen);
    const std::string shown = screen.shown();
    EXPECT_EQ(run.exit_code, 1);
    EXPECT_THAT(shown, StartsWith("\r[")) << engine;
    const auto full = shown.find("] 3/3 files");
    const auto wiped = shown.rfind("\r\x1b[K");
    ASSERT_NE(full, std::string::npos) << shown;
    ASSERT_NE(wiped, std::string::npos) << shown;
    EXPECT_GT(wiped, full);
    EXPECT_THAT(shown.substr(wiped), StartsWith("\r\x1b[Ktequio: missing.npy: "));
    EXPECT_THAT(run.out, Not(HasSubstr("\r")));
  }
}

TEST_F(tool_progress, none_shows_nothing_on_a_terminal_either) {
  const terminal screen;
  EXPECT_EQ(stats({"--progress", "none"}, &screen).exit_code, 0);
  EXPECT_EQ(screen.shown(), "");
}

TEST_F(tool_progress, bar_is_shown_anywhere) { EXPECT_THAT(stats({"--progress", "bar"}).err, StartsWith("\r[")); }

TEST_F(tool_progress, json_is_a_line_for_programs_the_last_one_complete) {
  for (const char* engine : {"serial", "threads", "processes"}) {
    const tool_result run = stats({"--progress", "json", "--engine", engine});
    const auto lines = lines_of(run.err);
    ASSERT_FALSE(lines.empty()) << engine;
    for (const std::string& line : lines) {
      const auto parsed = nlohmann::json::parse(line);
      EXPECT_THAT(parsed, SizeIs(3));
      EXPECT_EQ(parsed["total"], 2);
      EXPECT_TRUE(parsed["seconds"].is_number());
    }
    EXPECT_EQ(nlohmann::json::parse(lines.back())["done"], 2);
  }
}

}  // namespace
}  // namespace tequio::test
