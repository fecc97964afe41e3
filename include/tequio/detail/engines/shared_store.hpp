// SPDX-License-Identifier: MIT
// Where the results of a call go when its workers are processes: a call laid out in the arena.
// A trivially copyable value is written straight into the array of cells; any other is serialised into its worker's
// own append-only region and read back from there. The caller checks the bytes of a worker before it uses them.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "tequio/detail/base/returnable.hpp"
#include "tequio/detail/engines/call_control.hpp"
#include "tequio/detail/engines/call_items.hpp"
#include "tequio/detail/engines/supervised_call.hpp"
#include "tequio/detail/engines/work.hpp"
#include "tequio/detail/memory/arena.hpp"
#include "tequio/serialize.hpp"

namespace tequio::detail {

/// Where serialised bytes lie, from the start of the call's memory.
struct shared_bytes {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

/// Size and alignment of one cell; no bytes where a call keeps no results.
struct cell_shape {
  std::size_t bytes = 0;
  std::size_t alignment = 1;
};

/// The memory of one call: | control | slots | status | cells | a region per worker |. Regions are committed as they
/// fill.
class shared_items : public call_items, public supervised_call {
 public:
  shared_items(std::size_t count, cell_shape cell, std::size_t workers);

  [[nodiscard]] call_control& control() noexcept override { return *m_control; }
  [[nodiscard]] std::span<worker_slot> slots() noexcept override { return m_slots; }
  [[nodiscard]] const arena_extent& memory() const noexcept { return m_memory; }
  [[nodiscard]] std::byte* cells() noexcept { return m_cells; }
  /// Where the region of a worker begins and ends, from the start of the memory.
  [[nodiscard]] item_range region(std::size_t worker) const noexcept;

  /// The bytes of a worker at `where`; throws serialize_error where its region cannot have them.
  [[nodiscard]] std::span<const std::byte> checked(shared_bytes where) const;

  [[nodiscard]] bool has_unclaimed() const noexcept override;
  [[nodiscard]] std::uint64_t open_items() const noexcept override { return m_status.size(); }
  [[nodiscard]] bool is_pending(std::uint64_t item) const noexcept override;
  [[nodiscard]] item_range pending_range(std::uint64_t first, std::uint64_t last) const noexcept override;
  [[nodiscard]] item_range take_from_dead(std::size_t slot) noexcept override;
  void give(item_range items, std::size_t slot) noexcept override { m_slots[slot].take(items); }
  void fail(failure reason) override;
  void cancel(item_range /*items*/) override {}  // pending at the end is cancelled
  void collect_failures() override;
  void work(std::size_t slot, const call_task& task, const map_options& options) override;

 private:
  arena_extent m_memory{};
  call_control* m_control = nullptr;
  std::span<worker_slot> m_slots{};
  std::byte* m_cells = nullptr;
  std::size_t m_regions = 0;  // offset of the first region
  std::size_t m_region_bytes = 0;
};

/// Appends to a worker's region, committing memory ahead of itself.
class region_writer final : public writer {
 public:
  region_writer(shared_items& items, worker_slot& slot, std::size_t worker);

  /// Starts a value; finish() returns its place, abandon() takes it back.
  void start() noexcept { m_start = m_at; }
  [[nodiscard]] shared_bytes finish() const noexcept;
  void abandon() noexcept { m_at = m_start; }

 private:
  void grow(std::size_t size) override;

  const arena_extent& m_memory;
  worker_slot& m_slot;
  std::byte* m_start = nullptr;
  std::byte* m_last = nullptr;  // end of the region
  std::size_t m_ahead;          // what the next commit asks for at least
};

/// A map worker in a process of its own.
class process_worker final : public map_worker {
 public:
  process_worker(shared_items& items, std::size_t number, const map_options& given);

  void keep(failure reason) noexcept override;

  region_writer output;
};

/// Values and their status.
template <class Value>
class shared_store : public shared_items {
  static constexpr bool direct = returnable_as_bytes<Value>;
  using cell = std::conditional_t<direct, Value, shared_bytes>;

 public:
  shared_store(std::size_t count, std::size_t workers)
      : shared_items(count, {std::same_as<Value, nothing> ? 0 : sizeof(cell), alignof(cell)}, workers) {
    require_returnable<Value>();
  }

  void put(std::uint64_t item, Value&& value, worker& self) {
    if constexpr (direct) {
      std::construct_at(&at(item), std::move(value));  // not assigned: a member may be const
    } else {
      // every worker of a process engine is one
      region_writer& out = static_cast<process_worker&>(self).output;
      out.start();
      try {
        out(value);
      } catch (...) {
        out.abandon();
        throw;
      }
      at(item) = out.finish();
    }
  }

  /// The value of an item that has one.
  [[nodiscard]] Value take(std::uint64_t item) {
    if constexpr (direct) {
      return at(item);
    } else {
      Value value{};
      reader(checked(at(item)))(value);
      return value;
    }
  }
  /// The values of all items, each of which must have one.
  [[nodiscard]] std::vector<Value> take_all() {
    const std::size_t count = status().size();
    if constexpr (direct && !std::same_as<Value, bool>) {
      return std::vector<Value>(&at(0), &at(0) + count);
    } else {
      std::vector<Value> all;
      all.reserve(count);
      std::size_t item = 0;
      try {
        for (; item < count; ++item) all.push_back(take(item));
      } catch (...) {
        throw task_error({current_failure(item)});
      }
      return all;
    }
  }

 private:
  [[nodiscard]] cell& at(std::uint64_t item) noexcept { return reinterpret_cast<cell*>(cells())[item]; }
};

}  // namespace tequio::detail
