// SPDX-License-Identifier: MIT
// A signal every millisecond to the calling thread, which ends the system calls it interrupts: a blocking call must not
// notice it.
#pragma once

#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <atomic>

namespace tequio::test {

/// Interrupts the thread that made it as long as it lives.
class signal_storm {
 public:
  signal_storm() : m_blows_before(blows()) {
    struct sigaction action {};
    action.sa_handler = [](int) { ++blows(); };  // without SA_RESTART
    ::sigaction(SIGUSR2, &action, &m_before);
    sigevent event{};
    event.sigev_notify = SIGEV_THREAD_ID;
    event.sigev_signo = SIGUSR2;
    event._sigev_un._tid = ::gettid();
    ::timer_create(CLOCK_MONOTONIC, &event, &m_timer);
    const itimerspec every{{0, 1000000}, {0, 1000000}};
    ::timer_settime(m_timer, 0, &every, nullptr);
  }
  signal_storm(const signal_storm&) = delete;
  signal_storm& operator=(const signal_storm&) = delete;
  ~signal_storm() {
    ::timer_delete(m_timer);
    ::sigaction(SIGUSR2, &m_before, nullptr);
  }

  /// Whether there were signals enough: on a busy machine they are late and become fewer.
  [[nodiscard]] bool has_blown() const { return blows() - m_blows_before >= 20; }

 private:
  // in this process
  static std::atomic<int>& blows() {
    static std::atomic<int> count{0};
    return count;
  }

  int m_blows_before;
  timer_t m_timer{};
  struct sigaction m_before {};
};

}  // namespace tequio::test
