// SPDX-License-Identifier: MIT
// Blocks all signals in a scope: around a fork, so that the child can reset its handlers before the first signal
// arrives, and around a long call that a signal would undo and not only interrupt.
#pragma once

#include <csignal>

namespace tequio::system {

/// No signal arrives in this thread while it lives.
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
