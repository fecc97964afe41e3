// SPDX-License-Identifier: MIT
// Starts another program, which is killed when its parent dies.
#pragma once

#include <sys/types.h>

namespace tequio::detail {

/// What a program is started with; the caller owns all of it.
struct exec_options {
  char* const* words = nullptr;        ///< its name, which is looked for in PATH, and its arguments
  char* const* environment = nullptr;  ///< like the words, it ends with a null pointer
  const char* folder = nullptr;        ///< the folder to run it in; nullptr: this process's
  int streams[3]{-1, -1, -1};          ///< its descriptors 0, 1 and 2; the numbers here are above 2
};

/// Starts a program. It blocks the signals that this thread blocks, and ignores those that this process ignores except
/// SIGPIPE, which has its default. When the calling thread ends, or its process for any reason, the kernel kills the
/// program. Processes that the program has started, and a program that changes its user or its rights, go on.
///
/// @return the program's pid; -1 where it cannot be started, and errno says why.
[[nodiscard]] pid_t fork_exec(const exec_options& options) noexcept;

}  // namespace tequio::detail
