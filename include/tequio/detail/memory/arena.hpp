// SPDX-License-Identifier: MIT
// The memory that a program shares with its workers: one memfd, mapped once over a large reserved range of addresses.
// So a pointer into it means the same in every worker, no object in it needs a name, and it is gone with the last
// process. Shared objects and engines take their memory here; a program uses those, or named_memory for a name.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "tequio/error.hpp"

namespace tequio::detail {

/// A range of the arena's addresses. Its destructor gives it back with its memory, in the process that reserved it.
///
/// Safety:  commit() may be called in any process that has the range, for parts that no other process commits at the
///          same time.
class arena_extent {
 public:
  arena_extent() noexcept = default;
  arena_extent(arena_extent&& other) noexcept;
  arena_extent& operator=(arena_extent&& other) noexcept;
  arena_extent(const arena_extent&) = delete;
  arena_extent& operator=(const arena_extent&) = delete;
  ~arena_extent();

  [[nodiscard]] std::byte* data() const noexcept { return m_bytes.data(); }
  [[nodiscard]] std::size_t size() const noexcept { return m_bytes.size(); }
  /// Whether this process reserved it and gives it back.
  [[nodiscard]] bool is_mine() const noexcept;

  /// Commits zeroed memory behind [offset, offset + size); before that a touch of it may end the process.
  ///
  /// Errors:  error with the size that was asked for, where memory or a limit does not allow it; never a SIGBUS later.
  void commit(std::size_t offset, std::size_t size) const;
  /// Keeps a small object's place from any later object: other processes may still touch it after its end.
  void abandon() noexcept;
  /// Gives back a range of which no part was committed; without the system call that takes memory back.
  void release_unused() noexcept { release(memory::none); }

 private:
  friend class arena;
  enum class memory { none, perhaps };
  arena_extent(std::span<std::byte> bytes, class arena& owner) noexcept;
  void release(memory behind) noexcept;

  std::span<std::byte> m_bytes{};
  class arena* m_owner = nullptr;
  pid_t m_process = 0;
};

/// The arena of a process. A forked child sees its parent's memory, and makes an arena of its own when it reserves.
class arena {
 public:
  /// The arena of this process, made at the first use.
  ///
  /// Errors:  error where neither the system's nor the process's limits leave room for one.
  [[nodiscard]] static arena& here();

  /// The arena that an address lies in: this process's own, or that of a process it descends from.
  ///
  /// Errors:  error where it lies in none.
  [[nodiscard]] static arena& of(const void* address);

  /// What a spawned image of the program needs to map an arena.
  struct whereabouts {
    int file = -1;
    std::uintptr_t base = 0;
    std::size_t capacity = 0;
  };
  /// All arenas this process knows, newest first.
  [[nodiscard]] static std::vector<whereabouts> places();
  /// In a spawned image: maps another process's arena at the same address. Then of() finds it; here() stays this
  /// process's.
  ///
  /// Errors:  error where the addresses are taken.
  static void attach(const whereabouts& other);

  /// Reserves a range of addresses in whole pages, without memory.
  ///
  /// Errors:  error where the arena has no such range left.
  [[nodiscard]] arena_extent reserve(std::size_t size);

  /// Zeroed memory for one object, aligned to a cache line; small ones share pages.
  ///
  /// Errors:  error where there is no memory for it.
  [[nodiscard]] arena_extent allocate(std::size_t size);

  /// As arena_extent::commit(), for any part of a reserved range.
  void commit(std::span<std::byte> bytes) const;
  /// Gives the memory of whole pages back to the system; they must be committed again before they are touched.
  void take_back(std::span<std::byte> pages) const noexcept;

  [[nodiscard]] std::size_t capacity() const noexcept;
  /// Bytes of the largest range that can be reserved now.
  [[nodiscard]] std::size_t largest_free() const;
  /// Bytes reserved now; some of them may have no memory.
  [[nodiscard]] std::size_t reserved() const;

  arena(const arena&) = delete;
  arena& operator=(const arena&) = delete;
  ~arena();

 private:
  friend class arena_extent;
  arena();
  explicit arena(const whereabouts& other);
  void make_known() noexcept;
  [[nodiscard]] bool map_at(void* wanted, std::size_t size);
  struct state;
  std::unique_ptr<state> m_state;
};

}  // namespace tequio::detail
