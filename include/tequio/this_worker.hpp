// SPDX-License-Identifier: MIT
// The worker that runs this code: the main program, a process, a thread, or a worker of an engine; as std::this_thread
// for threads. Use it for names in messages and to end early on a request.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <string>

#include "tequio/detail/base/requirements.hpp"

namespace tequio::this_worker {

/// The name given to the process or thread, or its default ("process-3", "thread-1"); in an engine "worker-0" and so
/// on; in the main program "main". A thread that tequio did not start has the name of its process.
[[nodiscard]] std::string name();

/// The pid of the calling process.
[[nodiscard]] pid_t pid() noexcept;

/// In an engine the number of the worker, from 0; in a process or thread the number in its default name; in the main
/// program 0.
[[nodiscard]] std::size_t index() noexcept;

/// Whether this worker was asked to stop: by request_stop(), or because the call of its engine stops.
[[nodiscard]] bool stop_requested() noexcept;

}  // namespace tequio::this_worker
