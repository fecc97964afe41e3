// SPDX-License-Identifier: MIT
// Runs another program with text for its standard input, and gives back what it wrote and how it ended.
// Use it for any program; for a callable of this one use a process.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "tequio/worker_status.hpp"

namespace tequio {

/// Options of one run; give those that differ.
struct command_options {
  std::string input{};  ///< what the program reads; at its end the standard input is closed
  std::optional<std::chrono::nanoseconds> timeout{};  ///< after which it is killed; none: it may take for ever
  std::filesystem::path folder{};                     ///< to run it in; empty: this process's
  std::vector<std::string> environment{};             ///< "NAME=value", added to this process's or in place of it
  std::stop_token stop{};                             ///< on a request it is killed
};

/// What became of a run.
struct command_result {
  std::string output{};    ///< all it wrote to its standard output
  std::string error{};     ///< all it wrote to its standard error
  worker_status status{};  ///< exited with a code, or killed by a signal; unknown where somebody else waited for it
  bool timed_out = false;  ///< it was killed because its time was over
  bool stopped = false;    ///< it was killed because a stop was requested

  /// Whether it exited with code 0.
  [[nodiscard]] bool succeeded() const noexcept {
    return status.state == worker_state::exited && status.exit_code == 0;
  }
};

/// A program and its arguments; no shell, so nothing needs quoting.
///
/// `auto sorted = tequio::command({"sort", "-n"}).run({.input = "3\n1\n"});`
class command {
 public:
  /// @param words the program, looked for as a shell does (PATH), and its arguments.
  ///
  /// Errors:  error where there is no word.
  explicit command(std::vector<std::string> words);

  /// Runs the program; may be called again, and from several threads at once.
  ///
  /// Blocks:  until it has ended, however much it reads or writes on its three streams. What it leaves behind in the
  ///          background is not waited for.
  /// Deaths:  when this process ends, however it ends, the program is killed; what that has started itself is not, nor a
  ///          program that takes another user's rights (sudo). One that is to outlive its caller is started by
  ///          {"setsid", "--fork", ...}, and run() does not wait for it.
  /// Errors:  error naming the program where it is missing or cannot be run, or where a limit is met. An exit code
  ///          other than 0 is no error; see the result. Under tools that make a fork of every vfork (ThreadSanitizer,
  ///          Valgrind) a program that cannot be run ends with exit code 127, as in a shell.
  [[nodiscard]] command_result run(const command_options& options = {}) const;

 private:
  std::vector<std::string> m_words;
};

}  // namespace tequio
