// SPDX-License-Identifier: MIT
#include "tequio/detail/message_ring.hpp"

#include <fmt/core.h>
#include <sched.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "tequio/error.hpp"

namespace tequio::detail {
namespace {

constexpr std::uint64_t page = 4096;
constexpr std::uint64_t closed_bit = std::uint64_t{1} << 63U;
constexpr std::size_t largest_capacity = std::size_t{1} << 40U;
constexpr std::uint64_t home_bytes = std::uint64_t{1} << 20U;
// Memory is had in steps, and given back in larger ones.
constexpr std::uint64_t step = std::uint64_t{64} << 10U;
constexpr std::uint64_t worth_giving_back = std::uint64_t{1} << 20U;
// Addresses for what finds no place at home: they cost nothing, but other queues want some too.
constexpr std::uint64_t most_spill = std::uint64_t{64} << 30U;
constexpr std::uint64_t usual_spill = std::uint64_t{256} << 20U;
constexpr std::uint64_t least_spill = std::uint64_t{1} << 20U;

// The other side is often about to act: looks that cost less than to sleep and be woken, where it can run meanwhile.
const int looks_awake = [] {
  cpu_set_t mine;
  return ::sched_getaffinity(0, sizeof mine, &mine) == 0 && CPU_COUNT(&mine) == 1 ? 0 : 300;
}();

std::uint64_t round_up(std::uint64_t size, std::uint64_t unit) { return (size + unit - 1) / unit * unit; }

std::uint64_t spill_size() {
  const std::uint64_t left = arena::here().largest_free();
  const std::uint64_t share = std::max(left / 256, std::min(left / 4, usual_spill));
  return std::max(least_spill, std::min(share, most_spill) / page * page);
}

[[noreturn]] void fail_damaged() {
  throw error({.object = "a message between processes",
               .problem = "what describes it in shared memory is damaged",
               .cure = "look for what writes outside its own memory"});
}

bool lock_until(robust_lock& lock, deadline until) {
  lock_result result = lock.try_lock();
  // who does not wait for a message still waits for one that is being copied
  if (result == lock_result::timed_out)
    result = lock.lock(until == message_ring::at_once ? deadline_after(look_again) : until);
  if (result == lock_result::mine)
    throw error({.object = "a queue or pipe",
                 .problem = "used by a signal handler that interrupts its own use",
                 .cure = "let the handler set a flag"});
  return result != lock_result::timed_out;  // a dead owner left nothing to repair
}

class unlocked_at_end {
 public:
  explicit unlocked_at_end(robust_lock& lock) noexcept : m_lock(lock) {}
  unlocked_at_end(const unlocked_at_end&) = delete;
  unlocked_at_end& operator=(const unlocked_at_end&) = delete;
  ~unlocked_at_end() { m_lock.unlock(); }

 private:
  robust_lock& m_lock;
};

// The one or two parts of a ring's memory that positions [from, to) are.
template <class Use>
void for_parts(std::byte* ring, std::uint64_t ring_bytes, std::uint64_t from, std::uint64_t to, Use use) {
  while (from != to) {
    const std::uint64_t offset = from % ring_bytes;
    const std::uint64_t size = std::min(to - from, ring_bytes - offset);
    use(std::span<std::byte>(ring + offset, size));
    from += size;
  }
}

void have_memory(std::span<std::byte> bytes) {
  arena& owner = arena::of(bytes.data());
  try {
    owner.commit(bytes);
  } catch (...) {
    owner.take_back(bytes);  // what it got of it
    throw;
  }
}

std::span<std::byte> room_in(message_buffer& buffer, std::uint64_t size) { return buffer.resize(size); }
std::span<std::byte> room_in(std::span<std::byte> bytes, std::uint64_t size) {
  if (bytes.size() != size) fail_damaged();
  return bytes;
}

}  // namespace

message_ring::message_ring(ring_shape shape) : m_capacity(shape.capacity), m_item_bytes(shape.item_bytes) {
  if (m_capacity == 0 || m_capacity > largest_capacity)
    throw error({.object = "a queue or pipe",
                 .problem = fmt::format("a capacity of {} messages", m_capacity),
                 .cure = "1 at least, and not more than memory can hold"});
  // the records before the oldest unread message and before the next one must still be there
  const std::uint64_t entries = std::bit_ceil(m_capacity + 2);
  m_entry_mask = entries - 1;
  const std::uint64_t table_bytes = round_up(entries * entry_bytes(), page);
  if (m_item_bytes == 0) {
    m_home_bytes = home_bytes;
    m_spill_bytes = spill_size();
  }
  m_memory_bytes = table_bytes + m_home_bytes + m_spill_bytes;
  m_memory = arena::here().reserve(m_memory_bytes);
  m_table = m_memory.data();
  m_home = m_table + table_bytes;
  m_spill = m_home + m_home_bytes;
}

std::size_t message_ring::largest_message() const noexcept {
  return m_item_bytes != 0 ? m_item_bytes : std::max(m_home_bytes, m_spill_bytes - page);
}

std::byte* message_ring::entry(std::uint64_t number) const noexcept {
  return m_table + (number & m_entry_mask) * entry_bytes();
}

message_ring::record& message_ring::record_of(std::uint64_t number) const noexcept {
  return *reinterpret_cast<record*>(entry(number));
}

message_ring::record message_ring::before(std::uint64_t number) const noexcept {
  return number == 0 ? record{} : record_of(number - 1);
}

// ---- waiting

template <class Attempt, class Ready>
ring_result message_ring::persist(sleepers& place, deadline until, const other_side* other, Attempt attempt,
                                  Ready ready) {
  ring_result result = attempt();
  if (result != ring_result::not_now || until == at_once) return result;
  for (int look = 0; look < looks_awake; ++look) {
    spin_pause();
    if (ready() && (result = attempt()) != ring_result::not_now) return result;
  }
  struct passes_on {
    sleepers& place;
    Ready& ready;
    ~passes_on() { place.leave(ready()); }
  } const at_end{place, ready};
  for (;;) {
    const std::uint32_t ticket = place.announce();
    if ((result = attempt()) != ring_result::not_now) return result;
    const bool in_time = place.sleep(ticket, until);
    if ((result = attempt()) != ring_result::not_now || !in_time) return result;
    if (other != nullptr && other->gone()) {
      result = attempt();  // its last message may be in now
      return result == ring_result::not_now ? ring_result::ended : result;
    }
  }
}

bool message_ring::has_room() const noexcept {
  const std::uint64_t popped = m_popped.load();
  const std::uint64_t pushed = m_pushed.load();
  return (pushed & closed_bit) != 0 || pushed - popped < m_capacity;
}

bool message_ring::holds_any() const noexcept {
  const std::uint64_t popped = m_popped.load();
  return m_pushed.load() != popped;  // or closed
}

// ---- push

ring_result message_ring::push(std::span<const std::byte> message, deadline until, const other_side* other) {
  if (message.size() > largest_message())
    throw error({.object = "a message between processes",
                 .problem = fmt::format("{} bytes, more than the {} bytes of addresses for all", message.size(),
                                        largest_message()),
                 .cure = "send it in parts, or raise `ulimit -v` and `ulimit -f`"});
  const ring_result result = persist(
      m_for_room, until, other, [&] { return try_push(message, until); }, [&] { return has_room(); });
  if (result == ring_result::done) m_for_message.wake_one();
  return result;
}

ring_result message_ring::try_push(std::span<const std::byte> message, deadline until) {
  if (!lock_until(m_push_lock, until)) return ring_result::not_now;
  const unlocked_at_end unlock(m_push_lock);
  std::uint64_t number = m_pushed.load(std::memory_order_relaxed);
  if ((number & closed_bit) != 0) return ring_result::ended;
  if (number - m_seen_popped >= m_capacity) {
    m_seen_popped = m_popped.load(std::memory_order_acquire);
    if (number - m_seen_popped > m_capacity) fail_damaged();
    if (number - m_seen_popped == m_capacity) return ring_result::not_now;
  }
  if (!place(message, number, until)) return ring_result::not_now;
  // the commit; only close() can have been faster
  return m_pushed.compare_exchange_strong(number, number + 1) ? ring_result::done : ring_result::ended;
}

bool message_ring::place(std::span<const std::byte> message, std::uint64_t number, deadline until) {
  prepare_entry(number);
  if (m_item_bytes != 0) {
    std::memcpy(entry(number), message.data(), m_item_bytes);
    return true;
  }
  record own = before(number);
  own.size = message.size();
  std::uint64_t used = own.home_end - before(m_seen_popped).home_end;
  if (message.size() > m_home_bytes - used) {
    m_seen_popped = m_popped.load(std::memory_order_acquire);
    used = own.home_end - before(m_seen_popped).home_end;
  }
  if (used > m_home_bytes) fail_damaged();
  own.spilled = message.size() > m_home_bytes - used ? 1 : 0;
  if (own.spilled != 0) {
    const std::uint64_t begin = own.spill_end;
    own.spill_end += own.size;
    if (!spill_has_room(begin, own.spill_end, until)) return false;
    prepare_spill(own.spill_end);
  } else {
    own.home_end += own.size;
    prepare_home(own.home_end);
  }
  std::byte* const ring = own.spilled != 0 ? m_spill : m_home;
  const std::uint64_t ring_bytes = own.spilled != 0 ? m_spill_bytes : m_home_bytes;
  const std::uint64_t end = own.spilled != 0 ? own.spill_end : own.home_end;
  const std::byte* from = message.data();
  for_parts(ring, ring_bytes, end - own.size, end, [&](std::span<std::byte> part) {
    std::memcpy(part.data(), from, part.size());
    from += part.size();
  });
  record_of(number) = own;
  return true;
}

void message_ring::prepare_entry(std::uint64_t number) {
  const std::uint64_t end = ((number & m_entry_mask) + 1) * entry_bytes();
  if (end <= m_table_ready) return;
  const auto all = static_cast<std::uint64_t>(m_home - m_table);
  const std::uint64_t to = std::min(round_up(end, step), all);
  have_memory({m_table + m_table_ready, to - m_table_ready});
  m_table_ready = to;
}

void message_ring::prepare_home(std::uint64_t end) {
  if (m_home_ready == m_home_bytes || end <= m_home_ready) return;
  const std::uint64_t to = std::min(round_up(end, step), m_home_bytes);
  have_memory({m_home + m_home_ready, to - m_home_ready});
  m_home_ready = to;
}

bool message_ring::spill_has_room(std::uint64_t begin, std::uint64_t end, deadline until) {
  const auto freed = [&] { return m_spill_freed.load(std::memory_order_acquire); };
  if (begin < freed() || begin > m_spill_ready.load(std::memory_order_relaxed)) fail_damaged();
  if (end - freed() <= m_spill_bytes) return true;
  if (end - before(m_seen_popped).spill_end > m_spill_bytes - page) return false;
  // read, but its reader put off giving it back, or died before
  if (!lock_until(m_pop_lock, until)) return false;
  const unlocked_at_end unlock(m_pop_lock);
  free_spill(true);
  return end - freed() <= m_spill_bytes;
}

void message_ring::prepare_spill(std::uint64_t end) {
  const std::uint64_t ready = m_spill_ready.load(std::memory_order_relaxed);
  if (end <= ready) return;
  const std::uint64_t limit = m_spill_freed.load(std::memory_order_acquire) + m_spill_bytes;
  const std::uint64_t to = std::min(round_up(end, step), limit);
  for_parts(m_spill, m_spill_bytes, ready, to, have_memory);
  m_spill_ready.store(to, std::memory_order_relaxed);
}

// ---- pop

ring_result message_ring::pop(message_buffer& into, deadline until, const other_side* other) {
  return pop_into(into, until, other);
}

ring_result message_ring::pop(std::span<std::byte> into, deadline until, const other_side* other) {
  return pop_into(into, until, other);
}

ring_result message_ring::wait(deadline until, const other_side* other) {
  const auto look = [&] {
    const std::uint64_t popped = m_popped.load();
    const std::uint64_t pushed = m_pushed.load();
    if ((pushed & ~closed_bit) != popped) return ring_result::done;
    return (pushed & closed_bit) != 0 ? ring_result::ended : ring_result::not_now;
  };
  const ring_result result = persist(m_for_message, until, other, look, [&] { return holds_any(); });
  if (result != ring_result::not_now || other == nullptr || !other->gone()) return result;
  return look() == ring_result::done ? ring_result::done : ring_result::ended;
}

template <class Destination>
ring_result message_ring::pop_into(Destination& into, deadline until, const other_side* other) {
  const ring_result result = persist(
      m_for_message, until, other, [&] { return try_pop(into, until); }, [&] { return holds_any(); });
  if (result == ring_result::done) m_for_room.wake_one();
  return result;
}

template <class Destination>
ring_result message_ring::try_pop(Destination& into, deadline until) {
  if (!lock_until(m_pop_lock, until)) return ring_result::not_now;
  const unlocked_at_end unlock(m_pop_lock);
  const std::uint64_t number = m_popped.load(std::memory_order_relaxed);
  if (number == m_seen_pushed) {
    const std::uint64_t pushed = m_pushed.load();
    m_seen_pushed = pushed & ~closed_bit;
    if (m_seen_pushed - number > m_capacity) fail_damaged();
    if (m_seen_pushed == number) return (pushed & closed_bit) != 0 ? ring_result::ended : ring_result::not_now;
  }
  if (m_item_bytes != 0) {
    std::memcpy(room_in(into, m_item_bytes).data(), entry(number), m_item_bytes);
    m_popped.store(number + 1);
    return ring_result::done;
  }
  const record own = record_of(number);
  std::byte* const ring = own.spilled != 0 ? m_spill : m_home;
  const std::uint64_t ring_bytes = own.spilled != 0 ? m_spill_bytes : m_home_bytes;
  const std::uint64_t end = own.spilled != 0 ? own.spill_end : own.home_end;
  if (!is_sound(own)) {
    m_popped.store(number + 1);
    fail_damaged();
  }
  std::byte* to = room_in(into, own.size).data();
  for_parts(ring, ring_bytes, end - own.size, end, [&](std::span<std::byte> part) {
    std::memcpy(to, part.data(), part.size());
    to += part.size();
  });
  m_popped.store(number + 1);
  if (own.spilled != 0) free_spill(own.spill_end == before(m_seen_pushed).spill_end);
  return ring_result::done;
}

// Whether a record, which anything may have written over, describes bytes that have memory.
bool message_ring::is_sound(const record& own) const noexcept {
  if (own.spilled == 0) return own.size <= m_home_bytes && own.size <= own.home_end;
  const std::uint64_t freed = m_spill_freed.load(std::memory_order_relaxed);
  return own.spilled == 1 && own.spill_end >= freed && own.size <= own.spill_end - freed &&
         own.spill_end <= m_spill_ready.load(std::memory_order_relaxed);
}

void message_ring::free_spill(bool eagerly) noexcept {
  const std::uint64_t from = m_spill_freed.load(std::memory_order_relaxed);
  const std::uint64_t to = before(m_popped.load(std::memory_order_relaxed)).spill_end / page * page;
  if (to <= from || to > m_spill_ready.load(std::memory_order_relaxed) || (!eagerly && to - from < worth_giving_back))
    return;
  for_parts(m_spill, m_spill_bytes, from, to,
            [](std::span<std::byte> part) { arena::of(part.data()).take_back(part); });
  m_spill_freed.store(to, std::memory_order_release);
}

// ---- the rest

void message_ring::close() noexcept {
  m_pushed.fetch_or(closed_bit);
  m_for_message.wake_all();
  m_for_room.wake_all();
}

bool message_ring::closed() const noexcept { return (m_pushed.load() & closed_bit) != 0; }

std::size_t message_ring::size() const noexcept {
  const std::uint64_t popped = m_popped.load();
  return std::min<std::uint64_t>((m_pushed.load() & ~closed_bit) - popped, m_capacity);
}

}  // namespace tequio::detail
