// SPDX-License-Identifier: MIT
// The options of an engine's calls. Name only those that differ from the defaults: `crew.map(items, {.chunk = 1}, f)`.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <stop_token>

#include "tequio/detail/base/requirements.hpp"

namespace tequio {

/// The reaction of a call to a failed item.
enum class on_error {
  go_on,  ///< runs all other items
  stop,   ///< starts no item behind the first failed one; those are cancelled
};

/// How far a call has come.
struct progress {
  std::size_t done = 0;   ///< items with a verdict
  std::size_t total = 0;  ///< items of the call
  std::chrono::nanoseconds elapsed{};
};

/// Options of one call.
struct map_options {
  /// Items a worker takes at a time; 0: many at first, single ones at the end.
  std::size_t chunk = 0;
  /// How long one try of an item may take; 0: no limit. Only `processes` can end an item; other engines refuse it.
  /// Time in which the whole program was stopped (Ctrl-Z) does not count.
  std::chrono::nanoseconds timeout{0};
  /// How often an item that failed is tried again. Only its last try counts: `on_error` asks for that one, and until it
  /// has ended the item is not `progress::done`.
  unsigned retries = 0;
  tequio::on_error on_error = tequio::on_error::go_on;
  /// Called in the calling thread, about ten times per second, and at the end. Its exception ends the call, as soon as
  /// no item is run any more.
  std::function<void(const tequio::progress&)> progress{};
  /// Ends the call early: items in hand are finished, the rest is cancelled.
  std::stop_token stop{};
  /// After a stop, how long `processes` waits for items in hand before it kills their workers.
  std::chrono::nanoseconds grace = std::chrono::seconds(1);
};

}  // namespace tequio
