// SPDX-License-Identifier: MIT
// Starts another program that is killed when who started it dies.
#pragma once

#include <sys/types.h>

namespace tequio::detail {

/// What a program is started with; all of it belongs to the caller.
struct exec_options {
  char* const* words = nullptr;        ///< its name, looked for in PATH, and its arguments
  char* const* environment = nullptr;  ///< as the words, ends with a null pointer
  const char* folder = nullptr;        ///< to run it in; nullptr: this process's
  int streams[3]{-1, -1, -1};          ///< what it finds as 0, 1 and 2; ours are above these
};

/// Starts it, with the signals that this thread blocks and its process ignores; SIGPIPE has its default. When the
/// calling thread ends, and so when its process does, however it ends, the kernel kills the program; what that has
/// started itself, and a program that changes its user or its rights, goes on.
///
/// @return the program's pid; -1: errno says why there is none.
[[nodiscard]] pid_t fork_exec(const exec_options& options) noexcept;

}  // namespace tequio::detail
