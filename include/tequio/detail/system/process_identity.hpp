// SPDX-License-Identifier: MIT
// Which process, in one word of shared memory, and whether it still runs; a process that got a dead one's number is not
// taken for it.
#pragma once

#include <cstdint>

#include "tequio/detail/base/requirements.hpp"

namespace tequio::detail {

/// A process, by its number and the time it started (0 where that cannot be known); 0 is none.
using process_identity = std::uint64_t;

/// The calling process; a forked child is another one.
[[nodiscard]] process_identity this_process() noexcept;

/// A process by its number: the one that has it now.
[[nodiscard]] process_identity identity_of(int process) noexcept;

/// Whether it has not ended; one that ended and is not waited for yet has.
[[nodiscard]] bool is_running(process_identity process) noexcept;

/// A moment as the system stamps processes' starts, to compare with them.
using start_stamp = std::uint32_t;
[[nodiscard]] start_stamp stamp_now() noexcept;

/// Whether the calling process is one thread without a child that started at or after `since` and still runs: nobody
/// else can have what it made then. False where the system does not tell.
[[nodiscard]] bool is_alone_since(start_stamp since) noexcept;

}  // namespace tequio::detail
