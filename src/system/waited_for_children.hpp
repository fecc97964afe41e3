// SPDX-License-Identifier: MIT
// Makes sure that workers leave a status behind, in a program that ignores SIGCHLD.
#pragma once

#include <csignal>

namespace tequio::detail {

/// While it lives, children leave a status behind, whatever the program does with SIGCHLD.
class waited_for_children {
 public:
  waited_for_children() {
    ::sigaction(SIGCHLD, nullptr, &m_before);
    struct sigaction plain {};
    plain.sa_handler = SIG_DFL;
    m_changed = m_before.sa_handler == SIG_IGN || (m_before.sa_flags & SA_NOCLDWAIT) != 0;
    if (m_changed) ::sigaction(SIGCHLD, &plain, nullptr);
  }
  waited_for_children(const waited_for_children&) = delete;
  waited_for_children& operator=(const waited_for_children&) = delete;
  ~waited_for_children() {
    if (m_changed) ::sigaction(SIGCHLD, &m_before, nullptr);
  }

 private:
  struct sigaction m_before {};
  bool m_changed = false;
};

}  // namespace tequio::detail
