// SPDX-License-Identifier: MIT
#include "tequio/detail/engines/stream_board.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "system/bell.hpp"

namespace tequio::detail {

stream_board::stream_board(stream_control& control, std::span<stream_cell> cells,
                           std::span<std::atomic<std::uint32_t>> ring)
    : m_control(&control), m_cells(cells), m_ring(ring), m_bell(make_bell()) {
  control.call.count = control.call.limit = std::numeric_limits<std::uint64_t>::max();  // the end is not known yet
  for (stream_cell& cell : m_cells) {
    cell.claim.store(claim_by(0, withdrawn));
    cell.status.store(item_status::failed);  // free: not pending, and withdrawn from all workers
  }
}

std::uint64_t stream_board::item_in(std::uint32_t cell) const noexcept { return item_of(m_cells[cell].claim.load()); }

bool stream_board::is_pending(std::uint32_t cell) const noexcept {
  return m_cells[cell].status.load(std::memory_order_acquire) == item_status::pending;
}

std::optional<std::uint32_t> stream_board::cell_of(std::uint64_t item) const noexcept {
  for (std::uint32_t cell = 0; cell < m_cells.size(); ++cell)
    if (item_in(cell) == item && is_pending(cell)) return cell;
  return std::nullopt;
}

bool stream_board::has_unclaimed() const noexcept {
  return m_control->call.cursor.load() < std::min(m_control->offered.load(), m_control->call.limit.load());
}

// Keeps invariant 1: the item is in its cell and in the ring before it is offered.
void stream_board::offer(std::uint32_t cell) noexcept {
  const std::uint64_t item = m_control->offered.load(std::memory_order_relaxed);
  m_cells[cell].written.store(0, std::memory_order_relaxed);
  m_cells[cell].status.store(item_status::pending, std::memory_order_relaxed);
  m_ring[item % m_ring.size()].store(cell, std::memory_order_relaxed);
  m_cells[cell].claim.store(claim_by(item, unclaimed), std::memory_order_release);
  m_control->offered.store(item + 1);
  m_control->idle.wake_one();
}

bool stream_board::retract(std::uint32_t cell) const noexcept {
  const std::uint64_t item = item_in(cell);
  std::uint64_t offered = claim_by(item, unclaimed);
  return m_cells[cell].claim.compare_exchange_strong(offered, claim_by(item, withdrawn));
}

void stream_board::close() noexcept {
  m_control->closed.store(1);
  m_control->idle.wake_all();
}

// Both sides read, modify and write `awaited`: either the worker sees the awaited cell, or the reader then sees the
// status.
void stream_board::await(std::uint32_t what) noexcept { m_control->awaited.exchange(what); }

void stream_board::tell(std::uint32_t cell) noexcept {
  std::uint32_t awaited = m_control->awaited.fetch_or(0);
  if (awaited != any_awaited && awaited != awaiting(cell)) return;
  // one ring is enough; where a worker dies before it rings, the supervisor notices its death
  if (m_control->awaited.compare_exchange_strong(awaited, nothing_awaited)) ring(m_bell);
}

// Keeps invariant 2: every worker moves the cursor past an item only when the item's claim is no longer `unclaimed`.
std::optional<std::uint32_t> stream_board::try_take(std::size_t worker) noexcept {
  call_control& call = m_control->call;
  for (;;) {
    std::uint64_t item = call.cursor.load();
    if (m_control->closed.load() != 0 || item >= std::min(m_control->offered.load(), call.limit.load())) return {};
    const std::uint32_t cell = m_ring[item % m_ring.size()].load(std::memory_order_relaxed);
    std::uint64_t offered = claim_by(item, unclaimed);
    const bool mine = m_cells[cell].claim.compare_exchange_strong(offered, claim_by(item, claimed_by(worker)));
    call.cursor.compare_exchange_strong(item, item + 1);
    if (mine) return cell;
  }
}

std::optional<std::uint32_t> stream_board::take(std::size_t worker) noexcept {
  if (const auto cell = try_take(worker)) return cell;
  sleepers& idle = m_control->idle;
  for (;;) {
    const std::uint32_t ticket = idle.announce();
    if (const auto cell = try_take(worker)) {
      idle.leave(has_unclaimed());
      return cell;
    }
    if (m_control->closed.load() != 0) return {};
    idle.sleep(ticket, no_deadline);
  }
}

void run_stream_item(stream_worker& self, const call_task& task) {
  const std::uint64_t item = self.board.item_in(self.cell);
  if (item < self.call.limit.load(std::memory_order_relaxed)) {
    self.slot.take({item, item + 1});
    task(self);
    self.slot.drop();
  } else {
    self.keep({.kind = verdict::cancelled, .item = item});
    self.board.cells()[self.cell].status.store(item_status::failed, std::memory_order_release);
  }
  self.board.tell(self.cell);
}

void work_stream(stream_worker& self, const call_task& task) {
  while (const auto cell = self.board.take(self.index)) {
    self.cell = *cell;
    run_stream_item(self, task);
  }
}

}  // namespace tequio::detail
