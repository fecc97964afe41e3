// SPDX-License-Identifier: MIT
// How a child ended. The kernel is asked through the child's pidfd, which can mean no other process.
#pragma once

#include <cstdint>

namespace tequio::detail {

/// How a child ended.
struct exit_info {
  int signal = 0;  ///< the signal that killed it, or 0
  int exit_code = 0;
  bool known = true;  ///< false where another wait() took the status, or SIGCHLD is ignored
  std::uint64_t peak_memory_bytes = 0;
};

/// Waits until a child has ended and takes its status; the child is no zombie then.
[[nodiscard]] exit_info reap(int process) noexcept;

/// Whether a child has ended. The status is not taken: it stays a zombie.
[[nodiscard]] bool has_ended(int process) noexcept;

/// Sends a signal; does nothing where the child has been reaped.
void send_signal(int process, int signal) noexcept;

}  // namespace tequio::detail
