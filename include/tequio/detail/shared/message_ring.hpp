// SPDX-License-Identifier: MIT
// Messages, as bytes, from any process to any process: queue and pipe are made of it. They stay in order, are bounded
// in number, and have any size. A process killed at any instruction leaves the ring as it was before its push or pop,
// or after.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

#include "tequio/detail/base/cache_line.hpp"
#include "tequio/detail/memory/arena.hpp"
#include "tequio/detail/shared/message_buffer.hpp"
#include "tequio/detail/sync/futex.hpp"
#include "tequio/detail/sync/robust_lock.hpp"
#include "tequio/detail/sync/sleepers.hpp"

namespace tequio::detail {

/// How a push or a pop ended.
enum class ring_result : std::uint8_t {
  done,
  not_now,  ///< full, or empty, until the deadline
  ended,    ///< closed, and for a pop empty as well; or the peer has ended
};

/// The process at the other end. A wait for it asks every 0.1 s whether it has ended.
class peer {
 public:
  [[nodiscard]] virtual bool has_ended() const = 0;

 protected:
  peer() = default;
  ~peer() = default;
};

/// The number of messages, and their size.
struct ring_shape {
  std::size_t capacity = 0;
  std::size_t item_bytes = 0;  ///< the small size of all messages; 0: any size
};

/// Memory and protocol of the messages; the object lies in shared memory itself.
///
/// Two counters tell its content: the messages [popped, pushed). A producer holds the push lock, writes message and
/// record number `pushed` where no unread message lies, and adds one to `pushed`: its one committing store. A consumer
/// holds the pop lock, copies number `popped` out, and adds one to `popped`. All else is derived: the place of the next
/// bytes follows from the record before and that of the oldest unread message.
///
/// Invariant: uncommitted bytes of a dead lock holder lie where the next holder writes; so there is nothing to repair.
///
/// A third counter follows them: done <= popped <= pushed, and each only grows. It counts and does not name messages,
/// so any process may count in the place of a dead consumer.
///
/// The bytes of messages lie one behind the other, from the beginning of the range up. They go on at the beginning (a
/// lap) where that is free and the next bytes have no memory yet. Where the new lap reaches the oldest unread message,
/// they jump to the end of the lap before, and stay above it until all messages from before the jump are read. So a
/// ring grows no further than its unread messages need, and uses its memory again. [0, ready) has memory; it is given
/// back when all messages are read.
/// Invariant: unread messages lie, in their order: rising; or rising, then rising from 0 below the first; or both and
///            then rising above all, until `low_until` is read.
class message_ring {
 public:
  /// Errors:  error for a capacity of 0 or too large for any memory; error where there are no addresses for it.
  explicit message_ring(ring_shape shape);

  /// Appends a message; waits for room until the deadline. Producers go one at a time, in the order of the push lock.
  ///
  /// Errors:  error where there is no memory for it, or it is larger than largest_message(); it is not appended then.
  [[nodiscard]] ring_result push(std::span<const std::byte> message, deadline until, const peer* other = nullptr);

  /// Takes the oldest message: of any size with a buffer, of exactly its size with a span.
  ///
  /// Errors:  std::bad_alloc where the buffer cannot hold it; it stays then. error where its record is damaged; it is
  ///          gone then.
  [[nodiscard]] ring_result pop(message_buffer& into, deadline until, const peer* other = nullptr);
  [[nodiscard]] ring_result pop(std::span<std::byte> into, deadline until, const peer* other = nullptr);

  /// Waits until a pop would not wait: done where there is a message, ended as for pop().
  [[nodiscard]] ring_result wait(deadline until, const peer* other = nullptr);

  /// Declares one of the popped messages done.
  ///
  /// Errors:  error where all popped messages are done already.
  void task_done();
  /// Waits until every pushed message is declared done.
  ///
  /// @return false where the deadline has passed before that.
  [[nodiscard]] bool join(deadline until);
  /// The number of messages pushed and not declared done.
  [[nodiscard]] std::size_t unfinished() const noexcept;

  /// From now on no message can be pushed; those inside can be popped. Does not wait.
  void close() noexcept;
  [[nodiscard]] bool closed() const noexcept;
  [[nodiscard]] std::size_t size() const noexcept;
  [[nodiscard]] std::size_t capacity() const noexcept { return m_capacity; }
  [[nodiscard]] std::size_t largest_message() const noexcept;
  /// The addresses of its table and its messages.
  [[nodiscard]] std::span<std::byte> memory() const noexcept { return {m_table, m_memory_bytes}; }

 private:
  // The place of a message, and what the place of the next one follows from.
  struct record {
    std::uint64_t offset;
    std::uint64_t size;
    std::uint64_t lap_end;    // of the lap before this one
    std::uint64_t low_until;  // no new lap until the messages before this number are read
  };

  [[nodiscard]] ring_result try_push(std::span<const std::byte> message, deadline until);
  template <class Destination>
  [[nodiscard]] ring_result try_pop(Destination& into, deadline until);
  template <class Destination>
  [[nodiscard]] ring_result pop_into(Destination& into, deadline until, const peer* other);
  template <class Attempt, class Ready>
  [[nodiscard]] ring_result retry_until(sleepers& place, deadline until, const peer* other, Attempt attempt,
                                        Ready ready);
  [[nodiscard]] bool holds_any() const noexcept;
  [[nodiscard]] bool has_room() const noexcept;

  // for the holder of the push lock
  void prepare_entry(std::uint64_t number);
  [[nodiscard]] bool place(std::span<const std::byte> message, std::uint64_t number);
  [[nodiscard]] bool find_place(record& own, std::uint64_t number, std::uint64_t limit) const;
  void prepare_bytes(std::uint64_t end);
  // takes the push lock, if it is free
  void give_memory_back(std::uint64_t more_than) noexcept;

  [[nodiscard]] std::byte* entry(std::uint64_t number) const noexcept;
  [[nodiscard]] record& record_of(std::uint64_t number) const noexcept;
  [[nodiscard]] std::size_t entry_bytes() const noexcept { return m_item_bytes != 0 ? m_item_bytes : sizeof(record); }

  // never changes
  std::size_t m_capacity;
  std::size_t m_item_bytes;
  std::uint64_t m_entry_mask = 0;
  std::uint64_t m_range_bytes = 0;
  std::byte* m_table = nullptr;  // a ring of records, or of the messages themselves where all have the same size
  std::byte* m_range = nullptr;
  std::size_t m_memory_bytes = 0;
  arena_extent m_memory{};  // for the process that made it only; the others know the addresses

  alignas(cache_line_bytes) robust_lock m_push_lock{};
  std::uint64_t m_seen_popped = 0;                                   // not more than `popped`
  std::uint64_t m_table_ready = 0;                                   // bytes that have memory
  alignas(cache_line_bytes) std::atomic<std::uint64_t> m_ready{0};   // of the range, bytes that have memory
  alignas(cache_line_bytes) std::atomic<std::uint64_t> m_pushed{0};  // and the closed bit
  alignas(cache_line_bytes) robust_lock m_pop_lock{};
  std::uint64_t m_seen_pushed = 0;  // not more than `pushed`
  alignas(cache_line_bytes) std::atomic<std::uint64_t> m_popped{0};
  alignas(cache_line_bytes) sleepers m_for_message{};
  sleepers m_for_room{};
  alignas(cache_line_bytes) std::atomic<std::uint64_t> m_done{0};
  sleepers m_for_all_done{};
};

}  // namespace tequio::detail
