// SPDX-License-Identifier: MIT
// What a stream asks of its engine: run the items that the reader offers, and end in order.
#pragma once

#include <chrono>
#include <cstdint>

#include "tequio/detail/engines/supervised_call.hpp"

namespace tequio::detail {

/// Runs the items of a stream: in the caller, on threads or on processes.
class stream_runner {
 public:
  stream_runner() = default;
  stream_runner(const stream_runner&) = delete;
  stream_runner& operator=(const stream_runner&) = delete;
  virtual ~stream_runner() = default;

  /// Whether items are run while the reader does something else.
  [[nodiscard]] virtual bool runs_ahead() const noexcept { return true; }
  /// Called between putting an item into a cell and its offer: where items are sent, this writes the item.
  ///
  /// Errors:  those of the item's serialisation; the range ends before this item then.
  virtual void prepare(std::uint64_t /*item*/, std::uint32_t /*cell*/) {}
  /// Looks after the workers, then sleeps until the board's bell rings, a worker ends or is overdue, a stop is
  /// requested or `longest` has passed (0: no sleep, negative: no limit). Does not sleep where it finds a stop not yet
  /// told.
  virtual void look_after(std::chrono::milliseconds longest) = 0;
  /// Waits until the workers have left the board, which has been closed. No worker is left, also after an exception.
  virtual void end(stop_mode kind) = 0;
};

}  // namespace tequio::detail
