// SPDX-License-Identifier: MIT
// The supervisor's view of a call on forked workers, which is a map or a stream.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "tequio/detail/engines/call_control.hpp"
#include "tequio/detail/engines/work.hpp"
#include "tequio/map_options.hpp"
#include "tequio/outcome.hpp"

namespace tequio::detail {

/// How a stream is ended.
enum class stop_mode {
  done,       ///< workers have nothing in hand
  abandoned,  ///< as after a stop: workers finish the items in hand, or are killed after the grace
};

/// A call laid out in memory that the caller shares with its workers.
class supervised_call {
 public:
  supervised_call() = default;
  supervised_call(supervised_call&&) = default;
  supervised_call& operator=(supervised_call&&) = default;
  virtual ~supervised_call() = default;

  [[nodiscard]] virtual call_control& control() noexcept = 0;
  [[nodiscard]] virtual std::span<worker_slot> slots() noexcept = 0;

  /// Whether there are items that no worker has claimed.
  [[nodiscard]] virtual bool has_unclaimed() const noexcept = 0;
  /// The number of items that could be run at once.
  [[nodiscard]] virtual std::uint64_t open_items() const noexcept = 0;
  [[nodiscard]] virtual bool is_pending(std::uint64_t item) const noexcept = 0;
  /// The first range of items in [first, last) that are pending; empty for a call that cannot lose a claim. A map can:
  /// its worker may die between claim() and slot.take().
  [[nodiscard]] virtual item_range pending_range(std::uint64_t first, std::uint64_t last) const noexcept = 0;

  /// Takes from a dead worker the items it had in hand.
  [[nodiscard]] virtual item_range take_from_dead(std::size_t slot) noexcept = 0;
  /// Gives items to the worker that is about to be forked.
  virtual void give(item_range items, std::size_t slot) noexcept = 0;
  /// Ends an item that has no value.
  virtual void fail(failure reason) = 0;
  /// Ends items that no worker will run. A map does nothing: an item that is pending at its end is cancelled.
  virtual void cancel(item_range items) = 0;
  /// Reads the failures that workers kept, when all workers have ended.
  virtual void collect_failures() = 0;

  /// In a forked worker: runs the items given to it, then those that it can claim.
  virtual void work(std::size_t slot, const call_task& task, const map_options& options) = 0;
};

}  // namespace tequio::detail
