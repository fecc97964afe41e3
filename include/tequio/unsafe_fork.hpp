// SPDX-License-Identifier: MIT
// When a program may fork: only while it has a single thread, unless the caller allows it.
#pragma once

#include <atomic>
#include <cstddef>
#include <string>

#include "tequio/error.hpp"

namespace tequio {

/// Thrown instead of a fork that could hang: the calling process has other threads, and the child would inherit their
/// locks in a locked state.
class unsafe_fork : public error {
 public:
  /// @param object the object that should fork.
  /// @param instead what to use in its place.
  unsafe_fork(std::string object, std::size_t thread_count, const std::string& instead);

  [[nodiscard]] std::size_t thread_count() const noexcept { return m_thread_count; }

 private:
  std::size_t m_thread_count;
};

/// When a process may be forked.
enum class forking {
  single_threaded,  ///< only in a process without other threads; otherwise unsafe_fork
  at_any_time,      ///< the caller promises that no other thread holds a lock that the child needs. In the child of a
                    ///< process with threads, exit() also runs what the process registered before the fork
};

namespace detail {

/// The number of threads of this process without the harmless ones; 0 where the system does not tell.
[[nodiscard]] std::size_t thread_count() noexcept;
/// The number of tequio's threads that are harmless to a fork: they sleep on a stop flag and hold no lock.
inline std::atomic<std::size_t> harmless_threads{0};

/// Throws unsafe_fork where the process has other threads and `allowed` does not permit the fork of `object`.
void require_safe_fork(forking allowed, const std::string& object, const std::string& instead);

}  // namespace detail
}  // namespace tequio
