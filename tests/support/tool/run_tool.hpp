// SPDX-License-Identifier: MIT
// Runs the command-line tool as a shell would, but without one: its own process group, its streams through pipes.
// A run that hangs is killed by a watchdog and fails its test.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace tequio::test {

/// How the tool is started.
struct tool_options {
  std::string input{};                     ///< its standard input, which then ends
  std::string folder{};                    ///< its working directory
  std::vector<std::string> environment{};  ///< "NAME=value", in addition to this process's
  std::function<void()> before{};          ///< run in the new process when its streams are in place
};

/// How a run ended and what it wrote.
struct tool_result {
  int exit_code = -1;  ///< -1 where a signal ended it
  int signal = 0;
  std::string out{};
  std::string err{};
  std::uint64_t peak_memory_bytes = 0;  ///< resident, of the tool or of one worker, whichever had most
};

/// A running tool. Its destructor kills what is left of it.
class tool_process {
 public:
  explicit tool_process(const std::vector<std::string>& arguments, const tool_options& options = {});
  tool_process(const tool_process&) = delete;
  tool_process& operator=(const tool_process&) = delete;
  ~tool_process();

  [[nodiscard]] pid_t pid() const noexcept { return m_pid; }
  /// The processes it has started and not yet waited for.
  [[nodiscard]] std::vector<pid_t> workers() const;
  /// Whether it has ended; wait() still returns its output.
  [[nodiscard]] bool ended() const;
  void send(int signal) const;
  /// Whether its main thread has handled every signal sent, and sleeps again.
  [[nodiscard]] bool has_heard() const;
  /// Reads until it has ended and both streams are closed.
  [[nodiscard]] tool_result wait();
  /// Whether all processes of its group have ended, workers too; waits for those that are about to end.
  [[nodiscard]] bool left_nothing() const;

 private:
  void read_streams();

  pid_t m_pid = -1;
  int m_in = -1;
  int m_out = -1;
  int m_err = -1;
  bool m_waited = false;
  std::string m_input;
  tool_result m_result{};
};

/// Runs the tool to its end.
[[nodiscard]] tool_result run_tool(const std::vector<std::string>& arguments, const tool_options& options = {});

/// Waits until `condition` holds; false when the watchdog's time is over.
[[nodiscard]] bool wait_until(const std::function<bool()>& condition);

/// The lines of a text, without their ends.
[[nodiscard]] std::vector<std::string> lines_of(const std::string& text);

}  // namespace tequio::test
