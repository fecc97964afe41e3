// SPDX-License-Identifier: MIT
#include "tequio/detail/engines/stream_cells.hpp"

#include <algorithm>
#include <limits>
#include <new>

#include "engines/arena_share.hpp"
#include "tequio/detail/base/page.hpp"
#include "tequio/error.hpp"

namespace tequio::detail {
namespace {

// The memory that buffers keep when they have been read: to commit it again costs more than to write a small result.
constexpr std::size_t kept_by_all = std::size_t{1} << 26;
constexpr std::size_t kept_at_least = std::size_t{1} << 16;

}  // namespace

void stream_cells::fail_cell(std::uint32_t cell, failure reason) {
  set_failure(cell, std::move(reason));
  m_board.cells()[cell].status.store(item_status::failed, std::memory_order_release);
}

failure stream_cells::take_failure_of(std::uint32_t cell) {
  const std::uint64_t item = m_board.item_in(cell);
  if (!m_failures[cell]) return failure_without_reason(item);
  failure reason = *std::exchange(m_failures[cell], std::nullopt);
  reason.item = item;
  return reason;
}

local_cells_base::local_cells_base(std::size_t cells) : m_cells(cells), m_ring(cells) {
  m_failures.resize(cells);
  m_board = stream_board(m_control, m_cells, m_ring);
}

void local_cells_base::keep_failure(std::uint32_t cell, failure reason) noexcept {
  try {
    set_failure(cell, std::move(reason));
  } catch (...) {
    // out of memory: the cell's status tells that the item failed
  }
}

shared_cells_base::shared_cells_base(std::size_t cells, std::size_t workers) {
  m_failures.resize(cells);
  const std::size_t slots = aligned(sizeof(stream_control), alignof(worker_slot));
  const std::size_t places = slots + workers * sizeof(worker_slot);
  const std::size_t ring = places + cells * sizeof(stream_cell);
  m_buffers = aligned(ring + cells * sizeof(std::uint32_t), page_bytes);

  arena& shared = arena::here();
  m_buffer_bytes = arena_share(shared, cells);
  m_memory = shared.reserve(m_buffers + cells * m_buffer_bytes);
  m_memory.commit(0, m_buffers);

  std::byte* const base = m_memory.data();
  auto* const control = new (base) stream_control();
  m_slots = {reinterpret_cast<worker_slot*>(base + slots), workers};
  std::uninitialized_value_construct(m_slots.begin(), m_slots.end());
  const std::span all(reinterpret_cast<stream_cell*>(base + places), cells);
  std::uninitialized_value_construct(all.begin(), all.end());
  const std::span numbers(reinterpret_cast<std::atomic<std::uint32_t>*>(base + ring), cells);
  std::uninitialized_value_construct(numbers.begin(), numbers.end());
  m_board = stream_board(*control, all, numbers);
}

std::uint64_t shared_cells_base::open_items() const noexcept {
  return static_cast<std::uint64_t>(std::ranges::count_if(
      m_board.cells(), [](const stream_cell& cell) { return cell.status.load() == item_status::pending; }));
}

bool shared_cells_base::is_pending(std::uint64_t item) const noexcept { return m_board.cell_of(item).has_value(); }

std::optional<std::uint32_t> shared_cells_base::cell_held_by(std::size_t slot) const noexcept {
  for (std::uint32_t cell = 0; cell < m_board.cells().size(); ++cell) {
    const std::uint64_t claim = m_board.cells()[cell].claim.load();
    if (stream_board::who_of(claim) == stream_board::claimed_by(slot) && m_board.is_pending(cell)) return cell;
  }
  return std::nullopt;
}

item_range shared_cells_base::take_from_dead(std::size_t slot) noexcept {
  m_slots[slot].drop();
  const auto cell = cell_held_by(slot);
  if (!cell) return {};
  const std::uint64_t item = m_board.item_in(*cell);
  m_board.cells()[*cell].claim.store(stream_board::claim_by(item, stream_board::withdrawn));
  return {item, item + 1};
}

void shared_cells_base::give(item_range items, std::size_t slot) noexcept {
  m_slots[slot].take(items);
  if (items.empty()) return;
  if (const auto cell = m_board.cell_of(items.first))
    m_board.cells()[*cell].claim.store(stream_board::claim_by(items.first, stream_board::claimed_by(slot)));
}

void shared_cells_base::fail(failure reason) {
  if (const auto cell = m_board.cell_of(reason.item)) fail_cell(*cell, std::move(reason));
}

void shared_cells_base::cancel(item_range items) {
  for (std::uint64_t item = items.first; item < items.last; ++item) fail({.kind = verdict::cancelled, .item = item});
}

void shared_cells_base::work(std::size_t slot, const call_task& task, const map_options& options) {
  process_stream_worker self(*this, slot, options);
  if (const auto given = cell_held_by(slot)) {
    self.cell = *given;
    run_stream_item(self, task);
  }
  work_stream(self, task);
}

std::span<std::byte> shared_cells_base::buffer(std::uint32_t cell) const noexcept {
  return {m_memory.data() + m_buffers + cell * m_buffer_bytes, m_buffer_bytes};
}

std::span<const std::byte> shared_cells_base::written(std::uint32_t cell) const {
  const stream_cell& place = m_board.cells()[cell];
  const std::uint64_t size = place.written.load(std::memory_order_relaxed);
  // reading beyond the committed bytes would commit memory silently and give zeros that no worker wrote
  if (size > std::min<std::uint64_t>(committed(cell).load(), m_buffer_bytes))
    throw serialize_error("a result that its worker never wrote");
  return buffer(cell).first(size);
}

failure shared_cells_base::read_failure(std::uint32_t cell) {
  if (!has_failure(cell) && m_board.cells()[cell].written.load() != 0) {
    failure reason;
    try {
      reader in(written(cell));
      in(reason);
    } catch (const error&) {
      reason = current_failure(m_board.item_in(cell));
    }
    set_failure(cell, std::move(reason));
  }
  give_back_memory(cell);
  return take_failure_of(cell);
}

void shared_cells_base::give_back_memory(std::uint32_t cell) const noexcept {
  const std::size_t kept =
      std::min(m_buffer_bytes, std::max(kept_at_least, kept_by_all / m_board.cells().size() / page_bytes * page_bytes));
  if (committed(cell).load() <= kept) return;
  committed(cell).store(kept);
  arena::of(m_memory.data()).take_back(buffer(cell).subspan(kept));
}

void cell_writer::start(std::uint32_t cell) noexcept {
  m_cell = cell;
  const std::span<std::byte> all = m_cells.buffer(cell);
  m_at = all.data();
  m_end = all.data() + std::min<std::uint64_t>(m_cells.committed(cell).load(), all.size());
}

std::byte* cell_writer::place(std::size_t size) {
  if (static_cast<std::size_t>(m_end - m_at) < size) grow(size);
  return m_at;
}

std::size_t cell_writer::size() const noexcept {
  return static_cast<std::size_t>(m_at - m_cells.buffer(m_cell).data());
}

void cell_writer::grow(std::size_t size) {
  const std::span<std::byte> all = m_cells.buffer(m_cell);
  const auto had = static_cast<std::size_t>(m_end - all.data());
  const std::size_t needed = this->size() + size;
  if (needed > all.size())
    throw error({.object = "shared memory",
                 .problem = "one result does not fit into its share of the arena",
                 .cure = "use fewer workers or a smaller `ahead`, or return less from each item"});
  const std::size_t total = std::min(all.size(), aligned(std::max(needed, 2 * had), page_bytes));
  m_cells.memory().commit(static_cast<std::size_t>(m_end - m_cells.memory().data()), total - had);
  m_end = all.data() + total;
  // after the commit: when a worker dies between the two, the next one commits the same bytes again
  m_cells.committed(m_cell).store(total);
}

void process_stream_worker::keep(failure reason) noexcept {
  try {
    note_written(0);
    output.start(cell);
    output(reason);
    note_written(output.size());
  } catch (...) {
    // no shared memory left: the cell's status tells that the item failed
  }
}

}  // namespace tequio::detail
