// SPDX-License-Identifier: MIT
// A write into a pipe or connection without a reader is an error only, and no SIGPIPE, whatever the program does with
// that signal.
#pragma once

#include <signal.h>

#include <cerrno>

#include "system/system.hpp"

namespace tequio::system {

/// While it lives, SIGPIPE is blocked in this thread; its destructor takes a pending one away. Keeps errno.
class no_broken_pipe {
 public:
  no_broken_pipe() noexcept {
    ::sigemptyset(&m_signal);
    ::sigaddset(&m_signal, SIGPIPE);
    sigset_t pending;
    ::sigpending(&pending);
    m_pending_before = ::sigismember(&pending, SIGPIPE) == 1;
    ::pthread_sigmask(SIG_BLOCK, &m_signal, &m_mask);
  }
  no_broken_pipe(const no_broken_pipe&) = delete;
  no_broken_pipe& operator=(const no_broken_pipe&) = delete;
  ~no_broken_pipe() {
    const int code = errno;
    const timespec at_once{};
    if (!m_pending_before)
      static_cast<void>(system::retry([&] { return ::sigtimedwait(&m_signal, nullptr, &at_once); }));
    ::pthread_sigmask(SIG_SETMASK, &m_mask, nullptr);
    errno = code;
  }

 private:
  sigset_t m_signal{};
  sigset_t m_mask{};
  bool m_pending_before = false;
};

}  // namespace tequio::system
