// SPDX-License-Identifier: MIT
// How a child ended, asked of the kernel by the child's pidfd, so that no other process can be meant.
#pragma once

#include <cstdint>

namespace tequio::detail {

/// How a child ended.
struct exit_info {
  int signal = 0;  ///< that killed it, or 0
  int exit_code = 0;
  bool known = true;  ///< false where somebody else's wait took the status, or SIGCHLD is ignored
  std::uint64_t peak_memory_bytes = 0;
};

/// Takes the status of a child that has ended, or waits until it ends; it is no zombie then.
[[nodiscard]] exit_info reap(int process) noexcept;

/// Whether a child has ended; it stays a zombie.
[[nodiscard]] bool has_ended(int process) noexcept;

/// Sends a signal; none where the child has been reaped.
void send_signal(int process, int signal) noexcept;

}  // namespace tequio::detail
