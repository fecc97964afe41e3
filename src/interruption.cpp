// SPDX-License-Identifier: MIT
#include "tequio/interruption.hpp"

#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>

#include "stop_watch.hpp"
#include "tequio/error.hpp"

namespace tequio {
namespace {

constexpr std::array signals{SIGINT, SIGTERM, SIGHUP};

// All that a handler may touch.
std::atomic<int> first_signal{0};
std::atomic<int> signal_count{0};
std::atomic<int> bell_number{-1};
descriptor bell;
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler needs it");

extern "C" void note_signal(int signal) {
  const int before = errno;
  int none = 0;
  first_signal.compare_exchange_strong(none, signal);
  // who asks a second time gets what no call can delay: a third signal ends the program
  if (signal_count.fetch_add(1) > 0) ::signal(signal, SIG_DFL);
  const std::uint64_t one = 1;
  if (const int number = bell_number.load(); number >= 0) static_cast<void>(!::write(number, &one, sizeof one));
  errno = before;
}

}  // namespace

int detail::interruption_descriptor() noexcept { return bell_number.load(); }

interruption::interruption() : m_before{} {
  if (bell_number.load() >= 0) throw error({.object = "interruption", .problem = "there is one already"});
  bell = detail::make_bell();
  bell_number.store(bell.number());
  first_signal.store(0);
  signal_count.store(0);
  struct sigaction action {};
  action.sa_handler = &note_signal;
  action.sa_flags = SA_RESTART;
  ::sigfillset(&action.sa_mask);
  for (std::size_t i = 0; i < signals.size(); ++i) {
    ::sigaction(signals[i], nullptr, &m_before[i]);
    // what the caller was started to ignore (nohup) stays ignored
    if (m_before[i].sa_handler != SIG_IGN) ::sigaction(signals[i], &action, nullptr);
  }
}

interruption::~interruption() {
  for (std::size_t i = 0; i < signals.size(); ++i) ::sigaction(signals[i], &m_before[i], nullptr);
  bell_number.store(-1);
  bell.close();
  first_signal.store(0);
  signal_count.store(0);
}

int interruption::signal() noexcept { return first_signal.load(); }
int interruption::count() noexcept { return signal_count.load(); }

}  // namespace tequio
