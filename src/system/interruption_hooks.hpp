// SPDX-License-Identifier: MIT
// What the library asks of the program's `interruption`: whether one is there, what it caught, and to forget it.
#pragma once

namespace tequio::detail {

/// The descriptor that becomes readable, for good, when an interruption has caught more than `seen` signals (0 or 1);
/// -1 where there is no interruption. Nobody drains it, so that every call that waits is woken.
[[nodiscard]] int interruption_descriptor(int seen) noexcept;
/// Whether this process has an interruption that catches `signal`.
[[nodiscard]] bool is_caught_by_interruption(int signal) noexcept;
/// In a forked worker: the interruption is its caller's.
void forget_interruption() noexcept;

}  // namespace tequio::detail
