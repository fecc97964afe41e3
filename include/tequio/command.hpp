// SPDX-License-Identifier: MIT
// Runs another program with text for its standard input, and returns its output and its exit status. Use it for any
// program; for a callable of this one use a process.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "tequio/worker_status.hpp"

namespace tequio {

/// Options of one run; name those that differ from the defaults.
struct command_options {
  std::string input{};  ///< the text that the program reads; at its end the standard input is closed
  std::optional<std::chrono::nanoseconds> timeout{};  ///< after which it is killed; none: no limit
  std::filesystem::path folder{};                     ///< the folder to run it in; empty: this process's
  std::vector<std::string> environment{};             ///< "NAME=value", added to this process's or replacing it
  std::stop_token stop{};                             ///< its request kills the program
};

/// The result of a run.
struct command_result {
  std::string output{};    ///< all of its standard output
  std::string error{};     ///< all of its standard error
  worker_status status{};  ///< exited with a code, or killed by a signal; unknown where another wait() took it
  bool timed_out = false;  ///< whether it was killed because its time had passed
  bool stopped = false;    ///< whether it was killed because a stop was requested

  /// Whether it exited with code 0.
  [[nodiscard]] bool succeeded() const noexcept {
    return status.state == worker_state::exited && status.exit_code == 0;
  }
};

/// A program and its arguments. There is no shell, so they need no quotes.
///
/// `auto sorted = tequio::command({"sort", "-n"}).run({.input = "3\n1\n"});`
class command {
 public:
  /// @param words the program, which is looked for in PATH as by a shell, and its arguments.
  ///
  /// Errors:  error where there is no word.
  explicit command(std::vector<std::string> words);

  /// Runs the program; may be called again, and from several threads at once.
  ///
  /// Blocks:  until it has ended, whatever it reads or writes on its three streams. Processes that it leaves behind in
  ///          the background are not waited for.
  /// Deaths:  when this process ends for any reason, the program is killed, except a program that takes another user's
  ///          rights (sudo). Processes that the program has started are not killed. Start one that must outlive its
  ///          caller by {"setsid", "--fork", ...}; run() does not wait for it.
  /// Errors:  error naming the program where it is missing or cannot be run, or where a limit is met. An exit code
  ///          other than 0 is no error; see the result. Under tools that turn every vfork into a fork (ThreadSanitizer,
  ///          Valgrind) a program that cannot be run ends with exit code 127, as in a shell.
  [[nodiscard]] command_result run(const command_options& options = {}) const;

 private:
  std::vector<std::string> m_words;
};

}  // namespace tequio
