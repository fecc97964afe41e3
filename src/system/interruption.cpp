// SPDX-License-Identifier: MIT
#include "tequio/interruption.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <utility>

#include "system/bell.hpp"
#include "system/interruption_hooks.hpp"
#include "tequio/error.hpp"

namespace tequio {
namespace {

constexpr std::array signals{SIGINT, SIGTERM, SIGHUP};

// The only variables that a handler may touch.
std::atomic<int> first_signal{0};
std::atomic<int> signal_count{0};
std::atomic<int> bell_numbers[2]{-1, -1};  // rung by the first signal, by the second
descriptor bells[2];
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler needs it");

extern "C" void note_signal(int signal) {
  const int before = errno;
  int none = 0;
  first_signal.compare_exchange_strong(none, signal);
  const int earlier = signal_count.fetch_add(1);
  // after the second signal no call can delay the end: a third one ends the program
  if (earlier > 0) ::signal(signal, SIG_DFL);
  const std::uint64_t one = 1;
  if (const int number = bell_numbers[earlier == 0 ? 0 : 1].load(); number >= 0)
    static_cast<void>(!::write(number, &one, sizeof one));
  errno = before;
}

}  // namespace

int detail::interruption_descriptor(int seen) noexcept { return bell_numbers[seen].load(); }

bool detail::is_caught_by_interruption(int signal) noexcept {
  return bell_numbers[0].load() >= 0 && std::ranges::find(signals, signal) != signals.end();
}

void detail::forget_interruption() noexcept {
  if (bell_numbers[0].load() < 0) return;
  for (std::size_t i = 0; i < 2; ++i) {
    bell_numbers[i].store(-1);
    bells[i].close();
  }
  first_signal.store(0);
  signal_count.store(0);
}

interruption::interruption() {
  if (bell_numbers[0].load() >= 0) throw error({.object = "interruption", .problem = "there is one already"});
  descriptor made[2]{detail::make_bell(), detail::make_bell()};
  first_signal.store(0);
  signal_count.store(0);
  for (std::size_t i = 0; i < 2; ++i) {
    bells[i] = std::move(made[i]);
    bell_numbers[i].store(bells[i].number());
  }
  struct sigaction action {};
  action.sa_handler = &note_signal;
  action.sa_flags = SA_RESTART;
  ::sigfillset(&action.sa_mask);
  for (std::size_t i = 0; i < signals.size(); ++i) {
    ::sigaction(signals[i], nullptr, &m_before[i]);
    // a signal that the program was started to ignore (nohup) stays ignored
    if (m_before[i].sa_handler != SIG_IGN) ::sigaction(signals[i], &action, nullptr);
  }
}

interruption::~interruption() {
  for (std::size_t i = 0; i < signals.size(); ++i) ::sigaction(signals[i], &m_before[i], nullptr);
  detail::forget_interruption();
}

int interruption::signal() noexcept { return first_signal.load(); }
int interruption::count() noexcept { return signal_count.load(); }

}  // namespace tequio
