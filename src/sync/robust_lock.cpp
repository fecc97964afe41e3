// SPDX-License-Identifier: MIT
#include "tequio/detail/sync/robust_lock.hpp"

#include <linux/futex.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>

namespace tequio::detail {
namespace {

constexpr std::uint32_t waiters = FUTEX_WAITERS;
constexpr std::uint32_t owner_dead = FUTEX_OWNER_DIED;
constexpr std::uint32_t owner_bits = FUTEX_TID_MASK;

constexpr long word_behind_next = -static_cast<long>(offsetof(pthread_mutex_t, __data.__list.__next));

// The kernel's list of this thread's locks. The C library owns it and keeps its own robust mutexes in it.
struct lock_list {
  void* first;
  long word_offset;
  void* volatile pending;
};

struct this_thread {
  lock_list* list = nullptr;
  std::uint32_t id = 0;  // 0: not read yet
};
thread_local this_thread known_self;

// A forked child is another thread; its list is empty, at the same place.
const int forgets_after_fork = ::pthread_atfork(nullptr, nullptr, [] { known_self.id = 0; });

[[gnu::noinline]] void ask_for_self() noexcept {
  void* list = nullptr;
  std::size_t size = 0;
  // cannot fail with these arguments; another layout of mutexes means another C library than at the build
  if (::syscall(SYS_get_robust_list, 0, &list, &size) != 0 || list == nullptr) std::abort();
  known_self.list = static_cast<lock_list*>(list);
  if (known_self.list->word_offset != word_behind_next) std::abort();
  known_self.id = static_cast<std::uint32_t>(::gettid());
}

this_thread self() noexcept {
  if (known_self.id == 0) ask_for_self();
  return known_self;
}

// Keeps the compiler to the order that the kernel relies on; the processor keeps a thread's own order.
void compiler_fence() noexcept { std::atomic_signal_fence(std::memory_order_seq_cst); }

// While it lives, it names the lock that is being taken or released.
class pending_lock {
 public:
  pending_lock(const this_thread& thread, void* entry) noexcept : m_list(thread.list) {
    m_list->pending = entry;
    compiler_fence();
  }
  pending_lock(const pending_lock&) = delete;
  pending_lock& operator=(const pending_lock&) = delete;
  ~pending_lock() {
    compiler_fence();
    m_list->pending = nullptr;
  }

 private:
  lock_list* m_list;
};

// Entries point at a lock's m_next, with m_previous before it; the lowest bit of a pointer is the C library's (priority
// inheritance).
void** entry_of(void* pointer) noexcept {
  // NOLINTNEXTLINE(performance-no-int-to-ptr): a tagged pointer loses its tag
  return reinterpret_cast<void**>(reinterpret_cast<std::uintptr_t>(pointer) & ~std::uintptr_t{1});
}

void link(const this_thread& thread, void** entry) noexcept {
  void* const first = thread.list->first;
  entry[0] = first;
  entry[-1] = &thread.list->first;
  entry_of(first)[-1] = entry;
  compiler_fence();
  thread.list->first = entry;
}

void unlink(void** entry) noexcept {
  entry_of(entry[0])[-1] = entry[-1];
  compiler_fence();
  entry_of(entry[-1])[0] = entry[0];
}

}  // namespace

static_assert(sizeof(robust_lock) == sizeof(pthread_mutex_t), "the kernel finds the word by its distance from m_next");

lock_result robust_lock::try_lock() noexcept {
  const this_thread& thread = self();
  const pending_lock pending(thread, &m_next);
  std::uint32_t seen = m_word.load(std::memory_order_relaxed);
  while ((seen & owner_bits) == 0) {
    if (!m_word.compare_exchange_weak(seen, thread.id | (seen & waiters))) continue;
    link(thread, &m_next);
    return (seen & owner_dead) != 0 ? lock_result::owner_died : lock_result::acquired;
  }
  return (seen & owner_bits) == thread.id ? lock_result::mine : lock_result::timed_out;
}

lock_result robust_lock::lock(const deadline& until) noexcept {
  const this_thread& thread = self();
  const pending_lock pending(thread, &m_next);
  std::uint32_t free = 0;
  if (m_word.compare_exchange_strong(free, thread.id)) [[likely]] {
    link(thread, &m_next);
    return lock_result::acquired;
  }
  const lock_result result = lock_contended(thread.id, until);
  if (result == lock_result::acquired || result == lock_result::owner_died) link(thread, &m_next);
  return result;
}

// Takes the word, but not yet a place in the list. It sleeps at once and does not spin: the owner gets further while it
// keeps the cache line.
[[gnu::noinline]] lock_result robust_lock::lock_contended(std::uint32_t self, const deadline& until) noexcept {
  std::uint32_t others = 0;  // after a sleep it cannot know whether other sleepers are left
  bool in_time = true;
  std::uint32_t seen = m_word.load(std::memory_order_relaxed);
  for (;;) {
    if ((seen & owner_bits) == 0) {
      if (m_word.compare_exchange_weak(seen, self | (seen & waiters) | others))
        return (seen & owner_dead) != 0 ? lock_result::owner_died : lock_result::acquired;
    } else if ((seen & owner_bits) == self) {
      return lock_result::mine;
    } else if ((seen & waiters) != 0 || m_word.compare_exchange_weak(seen, seen | waiters, std::memory_order_relaxed)) {
      if (!in_time) return lock_result::timed_out;  // its wake passes to another sleeper: the bit is set
      in_time = futex_watch(m_word, seen | waiters, until);
      others = waiters;
      seen = m_word.load(std::memory_order_relaxed);
    }
  }
}

bool robust_lock::unlock_mine() noexcept {
  const this_thread& thread = self();
  if ((m_word.load(std::memory_order_relaxed) & owner_bits) != thread.id) return false;
  const pending_lock pending(thread, &m_next);
  unlink(&m_next);
  compiler_fence();
  // after a death between these two lines, or of the woken sleeper, the kernel wakes another
  if ((m_word.exchange(0, std::memory_order_release) & waiters) != 0) futex_wake(m_word, 1);
  return true;
}

bool robust_lock::is_mine() const noexcept {
  return (m_word.load(std::memory_order_relaxed) & owner_bits) == self().id;
}

bool robust_lock::is_held() const noexcept { return (m_word.load() & owner_bits) != 0; }

std::uint32_t robust_lock::this_thread_id() noexcept { return self().id; }

}  // namespace tequio::detail
