// SPDX-License-Identifier: MIT
// The protocol by which the reader of a stream gives out items and its workers take them: plain memory and atomics, the
// same for threads (on the heap) and processes (in the arena).
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "tequio/descriptor.hpp"
#include "tequio/detail/base/cache_line.hpp"
#include "tequio/detail/engines/call_control.hpp"
#include "tequio/detail/engines/work.hpp"
#include "tequio/detail/sync/sleepers.hpp"
#include "tequio/worker_count.hpp"

namespace tequio::detail {

/// The place of one item, from the offer by the reader until the reader has the result.
///
/// Invariant: `claim` holds the item and its worker in one word. So a worker that dies at any instruction leaves behind
/// either an item that is still offered, or an item that is known to be its own.
struct alignas(cache_line_bytes) stream_cell {
  std::atomic<std::uint64_t> claim{0};                    ///< made by claim_by()
  std::atomic<item_status> status{item_status::pending};  ///< written after the result
  std::atomic<std::uint64_t> committed{0};                ///< of its buffer: bytes that have memory behind them
  std::atomic<std::uint64_t> written{0};                  ///< of its buffer: bytes of the result
};

/// Shared by the reader and all workers of one stream.
///
/// Invariants, besides those of call_control:
///   1. Each item below `offered` has been put into a cell, and the cell's number into the ring, by the item's number.
///      An item is in one cell at most, and no more items are unread than there are cells.
///   2. All offered items without a claim are at or above `cursor`, so their places in the ring are not used again. The
///      ring may still hold the cell of an item below the cursor; the claim in that cell then names another item or a
///      worker.
struct stream_control {
  call_control call{};
  alignas(cache_line_bytes) std::atomic<std::uint64_t> offered{0};
  std::atomic<std::uint32_t> closed{0};                             ///< 1: workers leave
  sleepers idle{};                                                  ///< workers that wait for an offer
  alignas(cache_line_bytes) std::atomic<std::uint32_t> awaited{0};  ///< by the sleeping reader: any or awaiting(cell)
};

/// The cells of one stream, wherever they lie.
class stream_board {
 public:
  stream_board() = default;
  stream_board(stream_control& control, std::span<stream_cell> cells, std::span<std::atomic<std::uint32_t>> ring);

  [[nodiscard]] stream_control& control() const noexcept { return *m_control; }
  [[nodiscard]] std::span<stream_cell> cells() const noexcept { return m_cells; }
  [[nodiscard]] const descriptor& bell() const noexcept { return m_bell; }
  [[nodiscard]] std::uint64_t item_in(std::uint32_t cell) const noexcept;
  [[nodiscard]] bool is_pending(std::uint32_t cell) const noexcept;
  /// The cell of an unread item.
  [[nodiscard]] std::optional<std::uint32_t> cell_of(std::uint64_t item) const noexcept;
  /// Whether a worker could claim something now.
  [[nodiscard]] bool has_unclaimed() const noexcept;

  /// The reader gives out the next item in a free cell.
  void offer(std::uint32_t cell) noexcept;
  /// Takes an offer back; false where a worker has it.
  [[nodiscard]] bool retract(std::uint32_t cell) const noexcept;
  /// Tells workers to leave.
  void close() noexcept;

  static constexpr std::uint32_t nothing_awaited = 0;
  static constexpr std::uint32_t any_awaited = ~std::uint32_t{0};
  [[nodiscard]] static constexpr std::uint32_t awaiting(std::uint32_t cell) noexcept { return cell + 1; }
  /// The reader says which cell shall ring the bell, looks whether it has its status already, sleeps, and says
  /// `nothing_awaited`.
  void await(std::uint32_t what) noexcept;

  /// A worker claims the next item, waiting for it; nothing when the stream is closed.
  [[nodiscard]] std::optional<std::uint32_t> take(std::size_t worker) noexcept;
  [[nodiscard]] std::optional<std::uint32_t> try_take(std::size_t worker) noexcept;
  /// A worker rings the bell where the reader waits for this cell, which has its status now.
  void tell(std::uint32_t cell) noexcept;

  /// The word of a claim: | item | who |.
  static constexpr unsigned claim_who_bits = 20;
  /// The owner in a claim: no worker yet, a worker, or no worker any more.
  static constexpr std::uint64_t unclaimed = 0;
  static constexpr std::uint64_t withdrawn = (std::uint64_t{1} << claim_who_bits) - 1;
  [[nodiscard]] static constexpr std::uint64_t claimed_by(std::size_t worker) noexcept { return worker + 1; }
  static_assert(most_workers < withdrawn, "a worker's number must fit beside the item");

  [[nodiscard]] static constexpr std::uint64_t claim_by(std::uint64_t item, std::uint64_t who) noexcept {
    return item << claim_who_bits | who;
  }
  [[nodiscard]] static constexpr std::uint64_t item_of(std::uint64_t claim) noexcept { return claim >> claim_who_bits; }
  [[nodiscard]] static constexpr std::uint64_t who_of(std::uint64_t claim) noexcept { return claim & withdrawn; }

 private:
  stream_control* m_control = nullptr;
  std::span<stream_cell> m_cells{};
  std::span<std::atomic<std::uint32_t>> m_ring{};  // cells, by item
  descriptor m_bell{};
};

/// A worker of a stream; it runs one item at a time.
class stream_worker : public worker {
 public:
  stream_worker(stream_board& all, worker_slot& own, std::size_t number, const map_options& given) noexcept
      : worker(all.control().call, own, number, given), board(all) {}

  stream_board& board;
  std::uint32_t cell = 0;  ///< the cell of its item
};

/// Runs items until the stream is closed. `stream_worker::cell` is set for each before the task is run.
void work_stream(stream_worker& self, const call_task& task);
/// Runs the item of the worker's cell, unless the stream has been told to stop.
void run_stream_item(stream_worker& self, const call_task& task);

}  // namespace tequio::detail
