// SPDX-License-Identifier: MIT
// How many threads this process has, which decides whether it may fork.
#pragma once

#include <atomic>
#include <cstddef>
#include <string>

#include "tequio/unsafe_fork.hpp"

namespace tequio::detail {

/// Threads of this process, less those known to be harmless; 0 where the system does not tell.
[[nodiscard]] std::size_t thread_count() noexcept;
/// Threads of ours that are harmless to a fork: they sleep on a stop flag, and hold no lock.
inline std::atomic<std::size_t> harmless_threads{0};

/// Throws unsafe_fork where `object` would fork a process with other threads and is not allowed to.
void require_safe_fork(forking allowed, const std::string& object, const std::string& instead);

}  // namespace tequio::detail
