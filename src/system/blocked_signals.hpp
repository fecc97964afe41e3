// SPDX-License-Identifier: MIT
// Keeps signals away for a moment: around a fork, so that the child can put its handlers in order before the first one
// arrives, and around a long call that a signal would undo and not merely interrupt.
#pragma once

#include <csignal>

namespace tequio::system {

/// While it lives no signal arrives in this thread.
class blocked_signals {
 public:
  blocked_signals() noexcept {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &m_before);
  }
  blocked_signals(const blocked_signals&) = delete;
  blocked_signals& operator=(const blocked_signals&) = delete;
  ~blocked_signals() { ::pthread_sigmask(SIG_SETMASK, &m_before, nullptr); }

  [[nodiscard]] const sigset_t& before() const noexcept { return m_before; }

 private:
  sigset_t m_before{};
};

}  // namespace tequio::system
