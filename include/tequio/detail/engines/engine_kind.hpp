// SPDX-License-Identifier: MIT
// The facts about an engine's workers that its calls (tequio/map_calls.hpp) need.
#pragma once

#include "tequio/detail/base/requirements.hpp"

namespace tequio::detail {

/// Where the results of a call lie until they are taken.
enum class result_memory {
  callers,  ///< on the heap of the calling process
  shared,   ///< in the arena
  either,   ///< known at run time
};

/// How the callable and the items of a call reach the workers.
enum class work_transport {
  in_place,  ///< workers are threads, or forked at the call: they find both where they are
  sent,      ///< as bytes: workers were there before the call, or run on other machines
  either,    ///< known at run time
};

struct engine_kind {
  result_memory results = result_memory::callers;
  work_transport work = work_transport::in_place;
  bool ends_items = false;  ///< a worker is a process, so an item that takes too long can be ended with it
};

/// Whether results may come back from another process.
[[nodiscard]] constexpr bool results_travel(engine_kind kind) noexcept {
  return kind.results != result_memory::callers || kind.work != work_transport::in_place;
}

/// Whether each worker may have to walk a stream's range for itself.
[[nodiscard]] constexpr bool workers_may_walk(engine_kind kind) noexcept {
  return kind.results != result_memory::callers && kind.work != work_transport::sent;
}

/// Whether each worker walks it, of a kind that is known.
[[nodiscard]] constexpr bool workers_walk(engine_kind kind) noexcept {
  return kind.results == result_memory::shared && kind.work == work_transport::in_place;
}

}  // namespace tequio::detail
