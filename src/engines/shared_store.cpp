// SPDX-License-Identifier: MIT
#include "tequio/detail/engines/shared_store.hpp"

#include <algorithm>
#include <memory>
#include <new>
#include <utility>

#include "engines/arena_share.hpp"
#include "tequio/detail/base/page.hpp"

namespace tequio::detail {
namespace {

// More bytes than a process can address; a sum of a few sizes below it stays below 2^64.
constexpr std::size_t address_space = std::size_t{1} << 46;
// A worker's region grows by the first size, then by twice as much each time, up to the largest: few system calls, and
// little unused memory.
constexpr std::size_t first_commit = std::size_t{1} << 16;
constexpr std::size_t largest_commit = std::size_t{1} << 26;

// A failed item in a region; the list of them begins with the newest.
struct failure_record {
  std::uint64_t previous = 0;  // offset, 0: none
  shared_bytes bytes{};
};

}  // namespace

shared_items::shared_items(std::size_t count, cell_shape cell, std::size_t workers) {
  const std::size_t slots = aligned(sizeof(call_control), alignof(worker_slot));
  const std::size_t status = slots + workers * sizeof(worker_slot);
  const std::size_t cells = aligned(status + count, std::max(cell.alignment, cache_line_bytes));
  if (count > address_space / std::max<std::size_t>(1, cell.bytes))
    throw error(
        {.object = "shared memory", .problem = "results larger than any address space", .cure = "map fewer items"});
  m_regions = aligned(cells + count * cell.bytes, page_bytes);

  arena& shared = arena::here();
  m_region_bytes = arena_share(shared, workers);
  m_memory = shared.reserve(m_regions + workers * m_region_bytes);
  m_memory.commit(0, m_regions);

  std::byte* const base = m_memory.data();
  m_control = new (base) call_control();
  m_control->count = count;
  m_slots = {reinterpret_cast<worker_slot*>(base + slots), workers};
  std::uninitialized_value_construct(m_slots.begin(), m_slots.end());
  // committed memory is zero, and zero is `pending`: no need to touch a page per 4,096 items
  static_assert(static_cast<int>(item_status::pending) == 0 && sizeof(std::atomic<item_status>) == 1);
  m_status = {reinterpret_cast<std::atomic<item_status>*>(base + status), count};
  m_cells = base + cells;
}

item_range shared_items::region(std::size_t worker) const noexcept {
  const std::size_t first = m_regions + worker * m_region_bytes;
  return {first, first + m_region_bytes};
}

std::span<const std::byte> shared_items::checked(shared_bytes where) const {
  if (where.offset < m_regions || where.offset > m_memory.size() || where.size > m_memory.size() - where.offset)
    throw serialize_error("a result that lies outside of its worker's memory");
  const std::size_t worker = (where.offset - m_regions) / m_region_bytes;
  const std::uint64_t start = region(worker).first;
  const std::uint64_t committed = std::min<std::uint64_t>(m_slots[worker].committed.load(), m_region_bytes);
  // reading beyond the committed bytes would commit memory silently and give zeros that no worker wrote
  if (where.offset + where.size > start + committed) throw serialize_error("a result that its worker never wrote");
  return {m_memory.data() + where.offset, where.size};
}

bool shared_items::has_unclaimed() const noexcept {
  return m_control->cursor.load() < std::min(m_control->count, m_control->limit.load());
}

bool shared_items::is_pending(std::uint64_t item) const noexcept {
  return m_status[item].load() == item_status::pending;
}

item_range shared_items::pending_range(std::uint64_t first, std::uint64_t last) const noexcept {
  while (first < last && !is_pending(first)) ++first;
  item_range found{first, first};
  while (found.last < last && is_pending(found.last)) ++found.last;
  return found;
}

item_range shared_items::take_from_dead(std::size_t slot) noexcept {
  const item_range hand = m_slots[slot].in_hand();
  m_slots[slot].drop();  // the supervisor decides on these items now, and progress counts them as open no longer
  // a dead worker may have written a false range: its items are found later as pending ones that no worker has in hand
  return hand.last > m_status.size() ? item_range{} : hand;
}

void shared_items::fail(failure reason) {
  std::atomic<item_status>& status = m_status[reason.item];
  m_failures.insert_or_assign(reason.item, std::move(reason));
  status.store(item_status::failed);
}

void shared_items::work(std::size_t slot, const call_task& task, const map_options& options) {
  process_worker self(*this, slot, options);
  detail::work(self, task);
}

void shared_items::collect_failures() {
  for (const worker_slot& slot : m_slots) {
    std::uint64_t at = slot.failures.load(std::memory_order_acquire);
    // no list is longer than the number of items: a damaged one ends there
    for (std::size_t seen = 0; at != 0 && seen < m_status.size(); ++seen) {
      failure_record record{};
      reader(checked({at, sizeof record}))(record.previous, record.bytes.offset, record.bytes.size);
      failure reason;
      reader(checked(record.bytes))(reason);
      m_failures.insert_or_assign(reason.item, std::move(reason));
      at = record.previous;
    }
  }
}

// The successor of a dead worker in the same region starts behind all bytes that the dead one had committed, so no page
// is shared between the two.
region_writer::region_writer(shared_items& items, worker_slot& slot, std::size_t worker)
    : m_memory(items.memory()), m_slot(slot), m_ahead(first_commit) {
  const item_range region = items.region(worker);
  m_at = m_end = m_memory.data() + region.first + std::min(region.size(), slot.committed.load());
  m_last = m_memory.data() + region.last;
}

shared_bytes region_writer::finish() const noexcept {
  return {static_cast<std::uint64_t>(m_start - m_memory.data()), static_cast<std::uint64_t>(m_at - m_start)};
}

void region_writer::grow(std::size_t size) {
  const auto left = static_cast<std::size_t>(m_last - m_end);
  const std::size_t missing = size - static_cast<std::size_t>(m_end - m_at);
  if (missing > left)
    throw error({.object = "shared memory",
                 .problem = "one worker's results do not fit into its share of the arena",
                 .cure = "use fewer workers, or return less from each item"});
  const std::size_t more = std::min(left, aligned(std::max(missing, m_ahead), page_bytes));
  m_memory.commit(static_cast<std::size_t>(m_end - m_memory.data()), more);
  m_end += more;
  m_ahead = std::min(2 * m_ahead, largest_commit);  // does not depend on this worker's predecessors: they may be many
  m_slot.committed.fetch_add(more, std::memory_order_release);
}

process_worker::process_worker(shared_items& items, std::size_t number, const map_options& given)
    : map_worker(items.control(), items.slots()[number], items.status(), number, given),
      output(items, items.slots()[number], number) {}

void process_worker::keep(failure reason) noexcept {
  try {
    output.start();
    output(reason);
    const shared_bytes bytes = output.finish();
    output.start();
    output(slot.failures.load(std::memory_order_relaxed), bytes.offset, bytes.size);
    // one store publishes the record: a worker that dies before it loses this item's reason, and not the list
    slot.failures.store(output.finish().offset, std::memory_order_release);
  } catch (...) {
    output.abandon();  // no shared memory left: the item's status tells that it failed
  }
}

}  // namespace tequio::detail
