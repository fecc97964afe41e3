// SPDX-License-Identifier: MIT
// An object in the arena with one owner: made here, seen at the same address by every worker forked or spawned later,
// destroyed by the handle in the process that made it.
#pragma once

#include <new>
#include <utility>

#include "tequio/arena.hpp"

namespace tequio::detail {

/// Owns one object of type T in the arena. A forked worker's copy of the handle refers to the same object.
template <class T>
class shared_object {
 public:
  template <class... Arguments>
  explicit shared_object(Arguments&&... arguments)
      : m_memory(arena::here().allocate(sizeof(T))),
        m_object(new (m_memory.data()) T(std::forward<Arguments>(arguments)...)) {
    static_assert(alignof(T) <= 64, "tequio: the arena aligns objects to a cache line");
  }

  [[nodiscard]] T& operator*() const noexcept { return *m_object; }
  [[nodiscard]] T* operator->() const noexcept { return m_object; }
  [[nodiscard]] T* get() const noexcept { return m_object; }

 private:
  arena_extent m_memory;
  T* m_object;
};

}  // namespace tequio::detail
