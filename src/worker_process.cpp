// SPDX-License-Identifier: MIT
#include "worker_process.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>

#include "stop_watch.hpp"
#include "system.hpp"
#include "tequio/cpu.hpp"

namespace tequio::detail {
namespace {

// The caller says so when it can watch this worker; one that it cannot watch ends without having touched an item.
void await_go_ahead(const descriptor& lifeline) noexcept {
  char byte = 0;
  if (system::retry([&] { return ::read(lifeline.number(), &byte, 1); }) != 1) ::_exit(1);
}

// The kernel sends SIGKILL when the lifeline's last write end closes, which no blocked signal and no busy loop can
// keep away. The death signal is a second belt; it alone would not do, as it follows the forking thread.
void tie_to(const descriptor& lifeline) noexcept {
  const int number = lifeline.number();
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  await_go_ahead(lifeline);
  ::fcntl(number, F_SETOWN, ::getpid());
  ::fcntl(number, F_SETSIG, SIGKILL);
  ::fcntl(number, F_SETFL, ::fcntl(number, F_GETFL) | O_ASYNC);
  // the caller may have died before that was set up
  pollfd closed{number, 0, 0};
  if (::poll(&closed, 1, 0) == 1) ::_exit(1);
}

// The caller decides what Ctrl-C means; its handlers are not for its workers. What its interruption catches is sent to
// the whole group by terminals and batch systems: workers then go on until the caller ends them.
void reset_signals(const sigset_t& mask) noexcept {
  for (int signal = 1; signal < NSIG; ++signal) {
    struct sigaction action {};
    if (::sigaction(signal, nullptr, &action) != 0 || action.sa_handler == SIG_IGN || action.sa_handler == SIG_DFL)
      continue;
    if (signal == SIGSEGV || signal == SIGBUS || signal == SIGFPE || signal == SIGILL || signal == SIGABRT)
      continue;  // a crash handler of the program's (a sanitizer's, too) is for its workers as well
    action.sa_handler = is_caught_by_interruption(signal) ? SIG_IGN : SIG_DFL;
    ::sigaction(signal, &action, nullptr);
  }
  forget_interruption();
  ::signal(SIGINT, SIG_IGN);
  ::pthread_sigmask(SIG_SETMASK, &mask, nullptr);
}

// Each worker gets its share of the processors; so do the libraries that start threads by themselves.
void take_share(std::size_t share) {
  set_core_budget(share);
  const std::string text = fmt::format("{}", share);
  for (const char* name : {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"})
    ::setenv(name, text.c_str(), 0);
}

}  // namespace

void live(worker_birth birth) noexcept {
  for (const int number : birth.inherited) ::close(number);
  tie_to(birth.lifeline);
  reset_signals(birth.signal_mask);
  take_share(birth.core_share);
  process_worker self(birth.items, birth.slot, birth.options);
  work(self, birth.task);
  // what items printed goes out now: _exit() flushes nothing, so that nothing of the caller's is printed twice
  std::cout.flush();
  std::clog.flush();
  std::fflush(nullptr);
  self.slot.finished.store(1, std::memory_order_release);
  ::_exit(0);
}

}  // namespace tequio::detail
