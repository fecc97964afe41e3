// SPDX-License-Identifier: MIT
// Runs a part of a test in a forked child, for changes that would stay in the test's own process: limits, signal
// handlers, a process group, a hang.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <functional>

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

}  // namespace tequio::test
