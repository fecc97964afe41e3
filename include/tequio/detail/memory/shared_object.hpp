// SPDX-License-Identifier: MIT
// An object in the arena with one owner. Every worker forked or spawned later sees it at the same address; the handle
// in the process that made it destroys it.
#pragma once

#include <new>
#include <utility>

#include "tequio/detail/base/cache_line.hpp"
#include "tequio/detail/memory/arena.hpp"

namespace tequio::detail {

/// Lets a spawned process use the handles that are passed to it by reference.
class handle_access;

/// The place of an object that another handle owns.
template <class T>
struct attached {
  T* object;
};

/// Owns one object of type T in the arena. A forked worker's copy of the handle refers to the same object.
template <class T>
class shared_object {
 public:
  template <class... Arguments>
  explicit shared_object(Arguments&&... arguments)
      : m_memory(arena::here().allocate(sizeof(T))),
        m_object(new (m_memory.data()) T(std::forward<Arguments>(arguments)...)) {
    static_assert(alignof(T) <= cache_line_bytes, "tequio: the arena aligns objects to a cache line");
  }

  /// Refers to an object without owning it: for a process that was spawned with a reference to its handle.
  explicit shared_object(attached<T> other) noexcept : m_object(other.object) {}

  shared_object(shared_object&&) noexcept = default;
  shared_object& operator=(shared_object&&) = delete;
  ~shared_object() {
    if (m_memory.is_mine()) m_object->~T();
  }

  [[nodiscard]] T& operator*() const noexcept { return *m_object; }
  [[nodiscard]] T* operator->() const noexcept { return m_object; }
  [[nodiscard]] T* get() const noexcept { return m_object; }
  [[nodiscard]] bool is_mine() const noexcept { return m_memory.is_mine(); }
  /// Keeps its place from any later object: another process may still touch it.
  void abandon() noexcept { m_memory.abandon(); }

 private:
  arena_extent m_memory{};
  T* m_object;
};

}  // namespace tequio::detail
