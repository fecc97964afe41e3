// SPDX-License-Identifier: MIT
// Messages, as bytes, from any process to any process: what queue and pipe are made of. In order, bounded by their number,
// of any size; a process killed at any instruction leaves it as it was before its push or pop, or after.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

#include "tequio/arena.hpp"
#include "tequio/detail/cache_line.hpp"
#include "tequio/detail/futex.hpp"
#include "tequio/detail/message_buffer.hpp"
#include "tequio/detail/robust_lock.hpp"
#include "tequio/detail/sleepers.hpp"

namespace tequio::detail {

/// How a push or a pop ended.
enum class ring_result : std::uint8_t {
  done,
  not_now,  ///< full, or empty, until the deadline
  ended,    ///< closed, and for a pop nothing is left; or nobody is at the other side
};

/// Looks whether anybody is left at the other side, now and then while waiting for it.
class other_side {
 public:
  [[nodiscard]] virtual bool gone() const = 0;

 protected:
  other_side() = default;
  ~other_side() = default;
};

/// How many messages, and how large.
struct ring_shape {
  std::size_t capacity = 0;
  std::size_t item_bytes = 0;  ///< all messages are of this size, small; 0: of any
};

/// Memory and protocol of the messages; it lies in shared memory itself.
///
/// Two counters say what is in it: messages number [popped, pushed) are. A producer holds the push lock, writes message and
/// record number `pushed` where no unread one lies, and adds one to `pushed`: its one committing store. A consumer holds
/// the pop lock, copies number `popped` out, and adds one to `popped`. Everything else is derived: where the next bytes go
/// from the record before, what is free from the record of the last popped one.
///
/// Invariant: whatever a dead holder of a lock wrote without committing lies where the next holder writes; so there is
///            nothing to repair.
///
/// Bytes go to `home`, a small ring that keeps its memory; what finds no place there to `spill`, a ring of many
/// addresses that gets memory in front and loses it behind.
/// Invariant: spill's positions [freed, ready) have memory; unread bytes lie between; who may use positions up to freed +
///            spill's size is told by `freed` alone, which moves after the memory is gone.
class message_ring {
 public:
  /// The deadline of a call that does not wait for others' messages.
  static constexpr deadline at_once = deadline::min();

  /// Errors:  error for a capacity of 0 or more than memory can have; error where there are no addresses for it.
  explicit message_ring(ring_shape shape);

  /// Appends a message. Waits for room until the deadline; then or in the locks' order, one at a time.
  ///
  /// Errors:  error where there is no memory for it, or it is larger than largest_message(); it is not in then.
  [[nodiscard]] ring_result push(std::span<const std::byte> message, deadline until, const other_side* other = nullptr);

  /// Takes the oldest message. With the buffer, one of any size; with a span, one of exactly its size.
  ///
  /// Errors:  std::bad_alloc where the buffer cannot hold it, it stays then; error where what describes it is damaged,
  ///          it is gone then.
  [[nodiscard]] ring_result pop(message_buffer& into, deadline until, const other_side* other = nullptr);
  [[nodiscard]] ring_result pop(std::span<std::byte> into, deadline until, const other_side* other = nullptr);

  /// Waits until a pop would end without waiting: done with a message, ended as pop() has it.
  [[nodiscard]] ring_result wait(deadline until, const other_side* other = nullptr);

  /// Nothing more goes in; what is in can be popped. Waits for nothing and nobody.
  void close() noexcept;
  [[nodiscard]] bool closed() const noexcept;
  [[nodiscard]] std::size_t size() const noexcept;
  [[nodiscard]] std::size_t capacity() const noexcept { return m_capacity; }
  [[nodiscard]] std::size_t largest_message() const noexcept;
  /// The range of addresses its messages lie in.
  [[nodiscard]] std::span<std::byte> memory() const noexcept { return {m_table, m_memory_bytes}; }

 private:
  // Where a message lies: the `size` bytes before the end of the ring it is in. The other end is that of the message
  // before, so that each record knows both rings.
  struct record {
    std::uint64_t size;
    std::uint64_t home_end;
    std::uint64_t spill_end;
    std::uint64_t spilled;
  };

  [[nodiscard]] ring_result try_push(std::span<const std::byte> message, deadline until);
  template <class Destination>
  [[nodiscard]] ring_result try_pop(Destination& into, deadline until);
  template <class Destination>
  [[nodiscard]] ring_result pop_into(Destination& into, deadline until, const other_side* other);
  template <class Attempt, class Ready>
  [[nodiscard]] ring_result persist(sleepers& place, deadline until, const other_side* other, Attempt attempt,
                                    Ready ready);
  [[nodiscard]] bool holds_any() const noexcept;
  [[nodiscard]] bool has_room() const noexcept;

  // these need the push lock
  void prepare_entry(std::uint64_t number);
  [[nodiscard]] bool place(std::span<const std::byte> message, std::uint64_t number, deadline until);
  [[nodiscard]] bool spill_has_room(std::uint64_t begin, std::uint64_t end, deadline until);
  void prepare_home(std::uint64_t end);
  void prepare_spill(std::uint64_t end);
  // these need the pop lock
  [[nodiscard]] bool is_sound(const record& own) const noexcept;
  void free_spill(bool eagerly) noexcept;

  [[nodiscard]] std::byte* entry(std::uint64_t number) const noexcept;
  [[nodiscard]] record& record_of(std::uint64_t number) const noexcept;
  [[nodiscard]] record before(std::uint64_t number) const noexcept;
  [[nodiscard]] std::size_t entry_bytes() const noexcept { return m_item_bytes != 0 ? m_item_bytes : sizeof(record); }

  // never changes
  std::size_t m_capacity;
  std::size_t m_item_bytes;
  std::uint64_t m_entry_mask = 0;
  std::uint64_t m_home_bytes = 0;
  std::uint64_t m_spill_bytes = 0;
  std::byte* m_table = nullptr;  // a ring of records, or of the messages themselves where all have the same size
  std::byte* m_home = nullptr;
  std::byte* m_spill = nullptr;
  std::size_t m_memory_bytes = 0;
  arena_extent m_memory{};  // for the process that made it only: the others know addresses

  alignas(cache_line_bytes) robust_lock m_push_lock{};
  std::uint64_t m_seen_popped = 0;  // not more than `popped`
  std::uint64_t m_table_ready = 0;  // bytes that have memory
  std::uint64_t m_home_ready = 0;
  alignas(cache_line_bytes) std::atomic<std::uint64_t> m_spill_ready{0};
  alignas(cache_line_bytes) std::atomic<std::uint64_t> m_pushed{0};  // and the bit that says closed
  alignas(cache_line_bytes) robust_lock m_pop_lock{};
  std::uint64_t m_seen_pushed = 0;  // not more than `pushed`
  std::atomic<std::uint64_t> m_spill_freed{0};
  alignas(cache_line_bytes) std::atomic<std::uint64_t> m_popped{0};
  alignas(cache_line_bytes) sleepers m_for_message{};
  sleepers m_for_room{};
};

}  // namespace tequio::detail
