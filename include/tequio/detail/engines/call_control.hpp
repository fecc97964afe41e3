// SPDX-License-Identifier: MIT
// The protocol by which workers divide the items of one call among themselves: plain memory and atomics, the same for
// threads (on the heap) and processes (in the arena).
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>

#include "tequio/detail/base/cache_line.hpp"

namespace tequio::detail {

/// A range of items.
struct item_range {
  std::uint64_t first = 0;
  std::uint64_t last = 0;  ///< one past the end

  [[nodiscard]] std::uint64_t size() const noexcept { return last - first; }
  [[nodiscard]] bool empty() const noexcept { return first == last; }
};

/// The state of an item, as a worker writes it: `pending` until the item has a verdict.
enum class item_status : std::uint8_t { pending, value, failed };

/// Shared by all workers of one call.
///
/// Invariants:
///   1. Every index below `cursor` has been claimed by exactly one worker; none at or above it.
///   2. No item at or above `limit` is started. The limit only sinks, so of the items that fail, the first by index is
///      always run: the claims below it came earlier.
struct call_control {
  std::uint64_t count = 0;  ///< items
  std::uint64_t chunk = 0;  ///< items in a claim; 0: guided
  std::uint64_t workers = 1;
  std::uint64_t timed = 0;  ///< not 0: workers note when they start an item
  alignas(cache_line_bytes) std::atomic<std::uint64_t> cursor{0};
  alignas(cache_line_bytes) std::atomic<std::uint64_t> limit{0};

  /// Lowers `limit`; async-signal-safe.
  void stop_at(std::uint64_t item) noexcept {
    std::uint64_t current = limit.load(std::memory_order_relaxed);
    while (item < current && !limit.compare_exchange_weak(current, item, std::memory_order_relaxed)) {
    }
  }
};

/// The state of one worker in the call's memory. Only that worker writes it; the supervisor reads it when the worker is
/// dead.
///
/// Invariant: [next, last) are the items in hand. `next` was written before its item was started, and the items of the
/// range before it have their status. While a range is taken, `last` is 0: a worker that dies then has nothing in hand,
/// and its claim is found later as pending items that no worker has in hand.
struct alignas(cache_line_bytes) worker_slot {
  std::atomic<std::uint64_t> next{0};
  std::atomic<std::uint64_t> last{0};
  std::atomic<std::int64_t> started_ns{0};  ///< of this try of item `next`, where the call is timed
  std::atomic<std::uint64_t> attempts{0};   ///< tries of item `next` so far, this one counted
  std::atomic<std::uint64_t> committed{0};  ///< bytes of its result region that have memory behind them
  std::atomic<std::uint64_t> failures{0};   ///< newest record of a failed item, an offset in the result region; 0: none
  std::atomic<std::uint32_t> finished{0};   ///< 1: this worker found no more items, and ends

  /// Takes `range` into hand.
  void take(item_range range) noexcept {
    last.store(0, std::memory_order_release);
    next.store(range.first, std::memory_order_release);
    last.store(range.last, std::memory_order_release);
  }
  /// Leaves nothing in hand.
  void drop() noexcept { last.store(0, std::memory_order_release); }
  [[nodiscard]] item_range in_hand() const noexcept {
    const item_range range{next.load(std::memory_order_acquire), last.load(std::memory_order_acquire)};
    return range.first < range.last ? range : item_range{};
  }
};

/// Nanoseconds of the monotonic clock, the same in every process.
[[nodiscard]] inline std::int64_t monotonic_ns() noexcept {
  return std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// A guided claim is this part of a worker's even share of the items left. With more parts, workers end closer together
/// where items differ in cost; with fewer, there are fewer claims, each of which is a turn at the one cursor.
inline constexpr std::uint64_t guided_parts = 8;

/// Claims the next range; keeps invariant 1.
///
/// Guided: each claim is 1/(guided_parts * workers) of the items left, so ranges shrink to single items towards the
/// end.
/// @return an empty range when no item is left.
[[nodiscard]] inline item_range claim(call_control& call) noexcept {
  if (call.chunk != 0) {
    // without this load, each claim after the last item would add to the cursor, up to its overflow
    if (call.cursor.load(std::memory_order_relaxed) >= call.count) return {};
    const std::uint64_t first = call.cursor.fetch_add(call.chunk, std::memory_order_relaxed);
    if (first >= call.count) return {};
    return {first, first + std::min(call.chunk, call.count - first)};
  }
  std::uint64_t first = call.cursor.load(std::memory_order_relaxed);
  while (first < call.count) {
    const std::uint64_t size = std::max<std::uint64_t>(1, (call.count - first) / (guided_parts * call.workers));
    if (call.cursor.compare_exchange_weak(first, first + size, std::memory_order_relaxed)) return {first, first + size};
  }
  return {};
}

}  // namespace tequio::detail
