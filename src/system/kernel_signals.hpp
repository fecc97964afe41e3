// SPDX-License-Identifier: MIT
// Signals of a child that has just begun, by the kernel's own calls. glibc's functions load more pages of the library,
// which each child pays for, and leave out two signals.
#pragma once

#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <cstddef>

namespace tequio::detail {

constexpr std::size_t kernel_set_bytes = _NSIG / 8;  // of a signal set

/// The action of a signal, as the kernel lays it out.
struct kernel_action {
  void (*handler)(int) = SIG_DFL;
  unsigned long others[16]{};  // flags and a mask, which only a handler needs
};

inline void set_action(int signal, void (*handler)(int)) noexcept {
  const kernel_action action{handler};
  ::syscall(SYS_rt_sigaction, signal, &action, nullptr, kernel_set_bytes);
}

inline bool has_handler(int signal) noexcept {
  kernel_action found;
  return ::syscall(SYS_rt_sigaction, signal, nullptr, &found, kernel_set_bytes) == 0 && found.handler != SIG_IGN &&
         found.handler != SIG_DFL;
}

inline void set_mask(const sigset_t& mask) noexcept {
  ::syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask, nullptr, kernel_set_bytes);
}

}  // namespace tequio::detail
