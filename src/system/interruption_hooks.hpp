// SPDX-License-Identifier: MIT
// How the library asks the program's `interruption`: whether there is one, what it caught, and to forget it.
#pragma once

namespace tequio::detail {

/// The descriptor that becomes readable, for good, when an interruption has caught more than `seen` signals (0 or 1);
/// -1 where there is no interruption. It is never drained, so that every waiting call is woken.
[[nodiscard]] int interruption_descriptor(int seen) noexcept;
/// Whether this process has an interruption that catches `signal`.
[[nodiscard]] bool is_caught_by_interruption(int signal) noexcept;
/// In a forked worker: the interruption belongs to its caller.
void forget_interruption() noexcept;

}  // namespace tequio::detail
