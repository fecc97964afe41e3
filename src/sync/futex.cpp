// SPDX-License-Identifier: MIT
#include "tequio/detail/sync/futex.hpp"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>

#include "sync/look_again.hpp"

namespace tequio::detail {
namespace {

static_assert(sizeof(std::atomic<std::uint32_t>) == 4 && std::atomic<std::uint32_t>::is_always_lock_free,
              "a futex is a plain word");

// The shared kind, not FUTEX_PRIVATE_FLAG: waker and sleeper may be of two processes.
long futex(const std::atomic<std::uint32_t>& word, int operation, std::uint32_t value, const timespec* until) noexcept {
  return ::syscall(SYS_futex, &word, operation, value, until, nullptr, FUTEX_BITSET_MATCH_ANY);
}

}  // namespace

constinit std::chrono::milliseconds look_again{100};

bool futex_wait(const std::atomic<std::uint32_t>& word, std::uint32_t expected, deadline until) noexcept {
  using namespace std::chrono;
  if (until.time == no_deadline.time) {
    futex(word, FUTEX_WAIT_BITSET, expected, nullptr);
    return true;
  }
  const auto since_boot = std::max(until.time.time_since_epoch(), deadline::clock::duration::zero());
  const auto whole = duration_cast<seconds>(since_boot);
  const timespec time{whole.count(), duration_cast<nanoseconds>(since_boot - whole).count()};
  return futex(word, FUTEX_WAIT_BITSET, expected, &time) == 0 || errno != ETIMEDOUT;
}

bool futex_watch(const std::atomic<std::uint32_t>& word, std::uint32_t expected, deadline until) noexcept {
  const auto next_look = deadline::clock::now() + look_again;
  const auto sleep = [&] { futex_wait(word, expected, std::min(until.time, next_look)); };
  if (until.stop == nullptr) {
    sleep();
  } else if (!until.stopped()) {
    // A stop between this line and the sleep finds no sleeper to wake; the next look finds it. Other sleepers that it
    // wakes look, and sleep on.
    const std::stop_callback wake_up(*until.stop, [&word]() noexcept { futex_wake(word, every_sleeper); });
    sleep();
  }
  return !has_passed(until);  // asked always: wakes without end would hide it
}

void futex_wake(const std::atomic<std::uint32_t>& word, std::uint32_t count) noexcept {
  futex(word, FUTEX_WAKE, count, nullptr);
}

}  // namespace tequio::detail
