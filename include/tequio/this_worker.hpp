// SPDX-License-Identifier: MIT
// Who runs this code: the main program, a process, a thread, or a worker of an engine. As std::this_thread is for
// threads; use it for names in messages and to stop early when asked.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <string>

#include "tequio/detail/base/requirements.hpp"

namespace tequio::this_worker {

/// The name given to the process or thread, or its default ("process-3", "thread-1"); "worker-0" and so on in an engine;
/// "main" in the main program. A thread that tequio did not start has the name of its process.
[[nodiscard]] std::string name();

/// The pid of the process this runs in.
[[nodiscard]] pid_t pid() noexcept;

/// The number of an engine's worker, from 0; of a process or thread, the number in its default name; 0 in the main
/// program.
[[nodiscard]] std::size_t index() noexcept;

/// Whether this worker was asked to stop: by request_stop(), or because its engine's call is to stop.
[[nodiscard]] bool stop_requested() noexcept;

}  // namespace tequio::this_worker
