// SPDX-License-Identifier: MIT
// A worker of any engine and the items in its hand: runs each item, stores its result, keeps its failure.
#pragma once

#include <atomic>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "tequio/detail/engines/call_control.hpp"
#include "tequio/map_options.hpp"
#include "tequio/outcome.hpp"

namespace tequio::detail {

/// One worker of one call, a map or a stream. An engine derives from it to say where failures go.
class worker {
 public:
  worker(call_control& control, worker_slot& own, std::size_t number, const map_options& given) noexcept
      : call(control),
        slot(own),
        index(number),
        options(given),
        tells_tries(given.retries != 0 || control.timed != 0) {}
  worker(const worker&) = delete;
  worker& operator=(const worker&) = delete;
  virtual ~worker() = default;

  /// Keeps the failure of an item; where no memory is left for it, the item's status alone tells.
  virtual void keep(failure reason) noexcept = 0;

  call_control& call;
  worker_slot& slot;
  std::size_t index;
  const map_options& options;
  bool tells_tries;  ///< whether its slot holds the number of an item's tries, and the start of the last one
};

/// One worker of a map; the status of its items is an array.
class map_worker : public worker {
 public:
  map_worker(call_control& control, worker_slot& own, std::span<std::atomic<item_status>> all, std::size_t number,
             const map_options& given) noexcept
      : worker(control, own, number, given), status(all) {}

  std::span<std::atomic<item_status>> status;
};

struct work_shipping;

/// The work of a call, without its types: runs the items in the worker's hand.
struct call_task {
  void (*run_in_hand)(void* context, worker& self) = nullptr;
  void* context = nullptr;
  /// For workers that have neither the callable nor the items; null: they cannot be sent.
  const work_shipping* shipping = nullptr;

  void operator()(worker& self) const { run_in_hand(context, self); }
};

/// Stands for the result of a callable that returns none.
struct nothing {};

/// The exception being handled as the failure of an item, in the calling process.
[[nodiscard]] failure current_failure(std::uint64_t item);

/// The failure of an item whose status alone tells that it failed.
[[nodiscard]] failure failure_without_reason(std::uint64_t item);

/// Keeps the exception being handled as the failure of `item`.
void keep_current_exception(worker& self, std::uint64_t item) noexcept;

/// Announces a try of the next item, so that a death in it counts.
inline void tell_try(worker& self) noexcept {
  if (self.options.retries != 0) self.slot.attempts.fetch_add(1, std::memory_order_release);
  if (self.call.timed != 0) self.slot.started_ns.store(monotonic_ns(), std::memory_order_release);
}
inline void tell_verdict(worker& self) noexcept {
  self.slot.started_ns.store(0, std::memory_order_release);
  self.slot.attempts.store(0, std::memory_order_release);
}

/// Runs one item until it gives a result or has been tried often enough, then writes its status.
template <class Item>
void run_item(worker& self, std::uint64_t item, std::atomic<item_status>& status, Item&& run) {
  for (;;) {
    if (self.tells_tries) tell_try(self);
    try {
      run(item, self);
      status.store(item_status::value, std::memory_order_release);
      break;
    } catch (...) {
      if (self.slot.attempts.load(std::memory_order_relaxed) <= self.options.retries && self.options.retries != 0)
        continue;
      keep_current_exception(self, item);
      // before the status: a reader of the status finds the limit lowered
      if (self.options.on_error == on_error::stop) self.call.stop_at(item + 1);
      status.store(item_status::failed, std::memory_order_release);
      break;
    }
  }
  if (self.tells_tries) tell_verdict(self);
}

/// Runs the items in hand, in order, up to the call's limit; then nothing is in hand.
///
/// Keeps the slot's invariant: an item's status is written before the slot names the next item.
template <class Item>
void run_in_hand(map_worker& self, Item&& run) {
  const item_range range = self.slot.in_hand();
  for (std::uint64_t item = range.first; item < range.last; ++item) {
    if (item >= self.call.limit.load(std::memory_order_relaxed)) break;
    run_item(self, item, self.status[item], run);
    self.slot.next.store(item + 1, std::memory_order_release);
  }
  self.slot.drop();
}

/// Runs the items that the worker was given, then those that it can claim, until none is left.
inline void work(worker& self, const call_task& task) {
  do {
    task(self);
    self.slot.take(claim(self.call));
  } while (!self.slot.in_hand().empty());
}

}  // namespace tequio::detail
