// SPDX-License-Identifier: MIT
#include "tequio/detail/shared/message_ring.hpp"

#include <fmt/core.h>
#include <sched.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <mutex>

#include "sync/look_again.hpp"
#include "tequio/detail/base/page.hpp"
#include "tequio/error.hpp"

namespace tequio::detail {
namespace {

constexpr std::uint64_t closed_bit = std::uint64_t{1} << 63U;
constexpr std::size_t most_messages = std::size_t{1} << 40U;
// A ring keeps `kept_ring_bytes` always, and up to `kept_in_use` until it has been idle for one `look_again`.
constexpr std::uint64_t kept_ring_bytes = std::uint64_t{1} << 20U;
constexpr std::uint64_t kept_in_use = std::uint64_t{64} << 20U;
// Memory is committed in steps of this size, above `kept_ring_bytes` in larger ones: a system call per MiB costs
// nothing beside the copy of a MiB.
constexpr std::uint64_t step = std::uint64_t{64} << 10U;
constexpr std::uint64_t large_step = 16 * step;
// Address space per ring: free of charge, but shared among all rings. Of what is left a ring takes one part of 256, so
// that hundreds find room; or `usual_addresses`, where that is no more than a quarter.
constexpr std::uint64_t most_addresses = std::uint64_t{64} << 30U;
constexpr std::uint64_t usual_addresses = std::uint64_t{256} << 20U;
constexpr std::uint64_t least_addresses = std::uint64_t{2} << 20U;
constexpr std::uint64_t usual_parts = 256;
constexpr std::uint64_t fewest_parts = 4;

// Spin this often before sleeping: cheaper than a futex round trip, if the peer has a processor of its own.
constexpr int spins_beside_peer = 300;
const int spins = [] {
  cpu_set_t mine;
  return ::sched_getaffinity(0, sizeof mine, &mine) == 0 && CPU_COUNT(&mine) == 1 ? 0 : spins_beside_peer;
}();

// The bytes that a message takes: at least one, so that no two messages have the same place.
std::uint64_t taken_by(std::uint64_t size) { return aligned(std::max<std::uint64_t>(size, 1), 8); }

std::uint64_t range_size() {
  const std::uint64_t left = arena::here().largest_free();
  const std::uint64_t share = std::max(left / usual_parts, std::min(left / fewest_parts, usual_addresses));
  return std::max(least_addresses, std::min(share, most_addresses) / page_bytes * page_bytes);
}

[[noreturn]] void fail_damaged() {
  throw error({.object = "a message between processes",
               .problem = "what describes it in shared memory is damaged",
               .cure = "look for what writes outside its own memory"});
}

bool lock_until(robust_lock& lock, deadline until) {
  lock_result result = lock.try_lock();
  // a call that does not wait for a message still waits for one that is being copied
  if (result == lock_result::timed_out) result = lock.lock(until == at_once ? deadline_after(look_again) : until);
  if (result == lock_result::mine)
    throw error({.object = "a queue or pipe",
                 .problem = "used by a signal handler that interrupts its own use",
                 .cure = "let the handler set a flag"});
  return result != lock_result::timed_out;  // a dead owner leaves nothing to repair
}

void commit_or_take_back(std::span<std::byte> bytes) {
  arena& owner = arena::of(bytes.data());
  try {
    owner.commit(bytes);
  } catch (...) {
    owner.take_back(bytes);  // the part that was committed
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
  if (m_capacity == 0 || m_capacity > most_messages)
    throw error({.object = "a queue or pipe",
                 .problem = fmt::format("a capacity of {} messages", m_capacity),
                 .cure = "1 at least, and not more than memory can hold"});
  // the records before the oldest unread message and before the next one must not be overwritten
  const std::uint64_t entries = std::bit_ceil(m_capacity + 2);
  m_entry_mask = entries - 1;
  const std::uint64_t table_bytes = aligned(entries * entry_bytes(), page_bytes);
  m_range_bytes = m_item_bytes != 0 ? 0 : range_size();
  m_memory_bytes = table_bytes + m_range_bytes;
  m_memory = arena::here().reserve(m_memory_bytes);
  m_table = m_memory.data();
  m_range = m_table + table_bytes;
}

std::size_t message_ring::largest_message() const noexcept { return m_item_bytes != 0 ? m_item_bytes : m_range_bytes; }

std::byte* message_ring::entry(std::uint64_t number) const noexcept {
  return m_table + (number & m_entry_mask) * entry_bytes();
}

message_ring::record& message_ring::record_of(std::uint64_t number) const noexcept {
  return *reinterpret_cast<record*>(entry(number));
}

// ---- waiting

template <class Attempt, class Ready>
ring_result message_ring::retry_until(sleepers& place, deadline until, const peer* other, Attempt attempt,
                                      Ready ready) {
  ring_result result = attempt();
  if (result != ring_result::not_now || until == at_once) return result;
  for (int spin = 0; spin < spins; ++spin) {
    spin_pause();
    if (ready() && (result = attempt()) != ring_result::not_now) return result;
  }
  struct pass_wake_on_exit {
    sleepers& place;
    Ready& ready;
    ~pass_wake_on_exit() { place.leave(ready()); }
  } const at_end{place, ready};
  for (;;) {
    const std::uint32_t ticket = place.announce();
    if ((result = attempt()) != ring_result::not_now) return result;
    const bool in_time = place.sleep(ticket, until);
    if ((result = attempt()) != ring_result::not_now) return result;
    give_memory_back(kept_ring_bytes);
    if (!in_time) return result;
    if (other != nullptr && other->has_ended()) {
      result = attempt();  // its last message may have arrived now
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

ring_result message_ring::push(std::span<const std::byte> message, deadline until, const peer* other) {
  if (message.size() > largest_message())
    throw error({.object = "a message between processes",
                 .problem = fmt::format("{} bytes, more than the {} bytes of addresses for all", message.size(),
                                        largest_message()),
                 .cure = "send it in parts, or raise `ulimit -v` and `ulimit -f`"});
  const ring_result result = retry_until(
      m_for_room, until, other, [&] { return try_push(message, until); }, [&] { return has_room(); });
  if (result == ring_result::done) m_for_message.wake_one();
  return result;
}

ring_result message_ring::try_push(std::span<const std::byte> message, deadline until) {
  if (!lock_until(m_push_lock, until)) return ring_result::not_now;
  const std::lock_guard held(m_push_lock, std::adopt_lock);
  std::uint64_t number = m_pushed.load(std::memory_order_relaxed);
  if ((number & closed_bit) != 0) return ring_result::ended;
  if (number - m_seen_popped >= m_capacity) {
    m_seen_popped = m_popped.load();
    if (number - m_seen_popped > m_capacity) fail_damaged();
    if (number - m_seen_popped == m_capacity) return ring_result::not_now;
  }
  if (!place(message, number)) return ring_result::not_now;
  // the commit, which fails only where close() was faster
  return m_pushed.compare_exchange_strong(number, number + 1) ? ring_result::done : ring_result::ended;
}

bool message_ring::place(std::span<const std::byte> message, std::uint64_t number) {
  prepare_entry(number);
  if (m_item_bytes != 0) {
    std::memcpy(entry(number), message.data(), m_item_bytes);
    return true;
  }
  record own{.offset = 0, .size = message.size(), .lap_end = 0, .low_until = 0};
  // first where there is memory; then where messages were read meanwhile; then where there are addresses
  if (!find_place(own, number, m_ready.load(std::memory_order_relaxed))) {
    m_seen_popped = m_popped.load();
    if (!find_place(own, number, std::max(kept_ring_bytes, m_ready.load(std::memory_order_relaxed))) &&
        !find_place(own, number, m_range_bytes))
      return false;
  }
  prepare_bytes(own.offset + taken_by(own.size));
  if (own.size != 0) std::memcpy(m_range + own.offset, message.data(), own.size);
  record_of(number) = own;
  return true;
}

// Finds the place of message `number` below `limit`.
bool message_ring::find_place(record& own, std::uint64_t number, std::uint64_t limit) const {
  const std::uint64_t taken = taken_by(own.size);
  own.offset = own.lap_end = own.low_until = 0;
  if (number == m_seen_popped) return taken <= limit;  // all messages are read
  const record last = record_of(number - 1);
  const std::uint64_t oldest = record_of(m_seen_popped).offset;
  const std::uint64_t ready = m_ready.load(std::memory_order_relaxed);
  if (std::max({last.offset, last.size, last.lap_end, oldest}) > ready || last.offset + last.size > ready)
    fail_damaged();
  const std::uint64_t end = last.offset + taken_by(last.size);
  own.lap_end = last.lap_end;
  own.low_until = last.low_until;
  own.offset = end;
  if (oldest > last.offset) {  // in a lap below the oldest message
    if (end + taken <= oldest) return true;
    own.offset = last.lap_end;
    own.low_until = number;
    return own.offset + taken <= limit;
  }
  if (end + taken <= limit) return true;
  own.offset = 0;
  own.lap_end = end;
  return m_seen_popped >= last.low_until && taken <= oldest;
}

void message_ring::prepare_entry(std::uint64_t number) {
  const std::uint64_t end = ((number & m_entry_mask) + 1) * entry_bytes();
  if (end <= m_table_ready) return;
  const auto all = static_cast<std::uint64_t>(m_range - m_table);
  const std::uint64_t to = std::min(aligned(end, step), all);
  commit_or_take_back({m_table + m_table_ready, to - m_table_ready});
  m_table_ready = to;
}

void message_ring::prepare_bytes(std::uint64_t end) {
  const std::uint64_t ready = m_ready.load(std::memory_order_relaxed);
  if (end <= ready) return;
  const std::uint64_t to = std::min(aligned(end, ready < kept_ring_bytes ? step : large_step), m_range_bytes);
  commit_or_take_back({m_range + ready, to - ready});
  m_ready.store(to, std::memory_order_relaxed);
}

void message_ring::give_memory_back(std::uint64_t more_than) noexcept {
  if (m_ready.load(std::memory_order_relaxed) <= more_than || holds_any()) return;
  if (const lock_result result = m_push_lock.try_lock();
      result == lock_result::timed_out || result == lock_result::mine)
    return;  // the ring is in use
  const std::lock_guard held(m_push_lock, std::adopt_lock);
  const std::uint64_t popped = m_popped.load(std::memory_order_acquire);
  if ((m_pushed.load(std::memory_order_relaxed) & ~closed_bit) != popped) return;
  m_seen_popped = popped;  // the next message begins at 0
  m_ready.store(std::min(m_ready.load(std::memory_order_relaxed), kept_ring_bytes), std::memory_order_relaxed);
  // the whole range: also memory that a process committed and died before its use
  arena::of(m_range).take_back({m_range + kept_ring_bytes, m_range_bytes - kept_ring_bytes});
}

// ---- pop

ring_result message_ring::pop(message_buffer& into, deadline until, const peer* other) {
  return pop_into(into, until, other);
}

ring_result message_ring::pop(std::span<std::byte> into, deadline until, const peer* other) {
  return pop_into(into, until, other);
}

ring_result message_ring::wait(deadline until, const peer* other) {
  const auto look = [&] {
    const std::uint64_t popped = m_popped.load();
    const std::uint64_t pushed = m_pushed.load();
    if ((pushed & ~closed_bit) != popped) return ring_result::done;
    return (pushed & closed_bit) != 0 ? ring_result::ended : ring_result::not_now;
  };
  const ring_result result = retry_until(m_for_message, until, other, look, [&] { return holds_any(); });
  if (result != ring_result::not_now || other == nullptr || !other->has_ended()) return result;
  return look() == ring_result::done ? ring_result::done : ring_result::ended;
}

template <class Destination>
ring_result message_ring::pop_into(Destination& into, deadline until, const peer* other) {
  const ring_result result = retry_until(
      m_for_message, until, other, [&] { return try_pop(into, until); }, [&] { return holds_any(); });
  if (result != ring_result::done) return result;
  m_for_room.wake_one();
  give_memory_back(kept_in_use);
  return result;
}

template <class Destination>
ring_result message_ring::try_pop(Destination& into, deadline until) {
  if (!lock_until(m_pop_lock, until)) return ring_result::not_now;
  const std::lock_guard held(m_pop_lock, std::adopt_lock);
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
  // a stray write may have damaged the record
  const std::uint64_t ready = m_ready.load(std::memory_order_relaxed);
  if (own.size > ready || own.offset > ready - own.size) {
    m_popped.store(number + 1);
    fail_damaged();
  }
  const std::span<std::byte> to = room_in(into, own.size);
  if (own.size != 0) std::memcpy(to.data(), m_range + own.offset, own.size);
  m_popped.store(number + 1);
  return ring_result::done;
}

// ---- done

void message_ring::task_done() {
  std::uint64_t done = m_done.load();
  do {
    if (done >= m_popped.load())
      throw error({.object = "queue",
                   .problem = "task_done() for more values than were popped",
                   .cure = "call it once for each value that pop() gave"});
  } while (!m_done.compare_exchange_weak(done, done + 1));  // the commit
  if (unfinished() == 0) m_for_all_done.wake_one();
}

bool message_ring::join(deadline until) {
  const auto all_done = [&] { return unfinished() == 0; };
  const auto attempt = [&] { return all_done() ? ring_result::done : ring_result::not_now; };
  return retry_until(m_for_all_done, until, nullptr, attempt, all_done) == ring_result::done;
}

// 0 is exact: the counter that is read first only grows, and never beyond the other one.
std::size_t message_ring::unfinished() const noexcept {
  const std::uint64_t done = m_done.load();
  return (m_pushed.load() & ~closed_bit) - done;
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
