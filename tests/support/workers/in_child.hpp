// SPDX-License-Identifier: MIT
// Runs a part of a test in a forked child, for changes that would stay in the test's own process: limits, signal
// handlers, a process group, a hang.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <functional>
#include <string>

#include "support/longest_test.hpp"

namespace tequio::test {

/// The result of `body` (0 to 255), or 1000 + the signal that ended the child; SIGALRM ends a child that hangs.
[[nodiscard]] inline int in_child(const std::function<int()>& body) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::alarm(longest_helper);
    ::_exit(body());
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

/// All that a child running `body` writes to its standard output, which it flushes at its end.
[[nodiscard]] inline std::string printed_in_child(const std::function<void()>& body) {
  std::array<int, 2> out{};
  if (::pipe(out.data()) != 0) return "no pipe";
  const pid_t child = ::fork();
  if (child == 0) {
    ::alarm(longest_helper);
    ::dup2(out[1], STDOUT_FILENO);
    ::close(out[0]);
    ::close(out[1]);
    body();
    std::fflush(stdout);
    ::_exit(0);
  }
  ::close(out[1]);
  std::string text;
  for (char c = 0; ::read(out[0], &c, 1) == 1;) text += c;
  ::close(out[0]);
  ::waitpid(child, nullptr, 0);
  return text;
}

}  // namespace tequio::test
