// SPDX-License-Identifier: MIT
// A number that threads and processes share, and its lock, which a death of its owner gives back.
#pragma once

#include <mutex>

#include "tequio/detail/memory/shared_object.hpp"
#include "tequio/detail/sync/robust_lock.hpp"

namespace tequio::test {

/// The shared number in the condition of a condition_variable.
class guarded_int {
 public:
  class shared_lock {
   public:
    void lock() { static_cast<void>(m_lock.lock()); }
    void unlock() { m_lock.unlock(); }
    int number = 0;

   private:
    tequio::detail::robust_lock m_lock{};
  };
  [[nodiscard]] std::unique_lock<shared_lock> lock() const { return std::unique_lock(*m_state); }
  int& operator*() const { return m_state->number; }
  void set(int to) const {
    const auto held = lock();
    m_state->number = to;
  }
  [[nodiscard]] int get() const {
    const auto held = lock();
    return m_state->number;
  }

 private:
  tequio::detail::shared_object<shared_lock> m_state{};
};

}  // namespace tequio::test
