// SPDX-License-Identifier: MIT
// A process in one word of shared memory, and whether it still runs. A later process with the same number is not
// mistaken for it.
#pragma once

#include <cstdint>

#include "tequio/detail/base/requirements.hpp"

namespace tequio::detail {

/// A process: its number, and the time it started (0 where the system does not tell). 0 is no process.
using process_identity = std::uint64_t;

/// The calling process; a forked child is another.
[[nodiscard]] process_identity this_process() noexcept;

/// The process that has this number now.
[[nodiscard]] process_identity identity_of(int process) noexcept;

/// Whether it still runs; a zombie does not.
[[nodiscard]] bool is_running(process_identity process) noexcept;

/// A point in time as the kernel stamps the start of processes, to compare with those.
using start_stamp = std::uint32_t;
[[nodiscard]] start_stamp stamp_now() noexcept;

/// Whether the calling process has one thread and no running child that started at or after `since`: then no other
/// process can have what it made at that time. False where the system does not tell.
[[nodiscard]] bool is_alone_since(start_stamp since) noexcept;

}  // namespace tequio::detail
