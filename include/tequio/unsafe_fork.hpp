// SPDX-License-Identifier: MIT
// When a program may fork: only while it has a single thread, unless the caller knows better.
#pragma once

#include <atomic>
#include <cstddef>
#include <string>

#include "tequio/error.hpp"

namespace tequio {

/// Thrown instead of a fork that could hang: the calling process has other threads, whose locks the child would inherit
/// locked.
class unsafe_fork : public error {
 public:
  /// @param object what was to fork.
  /// @param instead what to use in its place.
  unsafe_fork(std::string object, std::size_t thread_count, const std::string& instead);

  [[nodiscard]] std::size_t thread_count() const noexcept { return m_thread_count; }

 private:
  std::size_t m_thread_count;
};

/// When a process may be forked.
enum class forking {
  single_threaded,  ///< only in a process without other threads; else unsafe_fork
  at_any_time,      ///< the caller knows that no other thread holds a lock that the child needs
};

namespace detail {

/// Threads of this process, less those known to be harmless; 0 where the system does not tell.
[[nodiscard]] std::size_t thread_count() noexcept;
/// Threads of ours that are harmless to a fork: they sleep on a stop flag, and hold no lock.
inline std::atomic<std::size_t> harmless_threads{0};

/// Throws unsafe_fork where `object` would fork a process with other threads and is not allowed to.
void require_safe_fork(forking allowed, const std::string& object, const std::string& instead);

}  // namespace detail
}  // namespace tequio
