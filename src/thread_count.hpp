// SPDX-License-Identifier: MIT
// How many threads this process has, which decides whether it may fork.
#pragma once

#include <cstddef>
#include <string>

#include "tequio/unsafe_fork.hpp"

namespace tequio::detail {

/// Threads of this process, less those known to be harmless; 0 where the system does not tell.
[[nodiscard]] std::size_t thread_count() noexcept;
/// Says how many threads of this process are harmless to a fork: they sleep, and hold no lock.
void note_harmless_threads(std::size_t count) noexcept;

/// Throws unsafe_fork where `object` would fork a process with other threads and is not allowed to.
void require_safe_fork(forking allowed, const std::string& object, const std::string& instead);

}  // namespace tequio::detail
