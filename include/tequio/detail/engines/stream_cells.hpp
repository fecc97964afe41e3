// SPDX-License-Identifier: MIT
// The results of a stream between a worker and the reader: as many cells as there may be unread items, in the caller's
// memory or in the arena. Each cell is used again when its item has been read.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "tequio/detail/base/returnable.hpp"
#include "tequio/detail/engines/stream_board.hpp"
#include "tequio/detail/engines/supervised_call.hpp"
#include "tequio/detail/memory/arena.hpp"
#include "tequio/outcome.hpp"
#include "tequio/serialize.hpp"

namespace tequio::detail {

/// The cells of a stream without the type of their results, as the reader needs them.
class stream_cells {
 public:
  stream_cells() = default;
  stream_cells(const stream_cells&) = delete;
  stream_cells& operator=(const stream_cells&) = delete;
  virtual ~stream_cells() = default;

  [[nodiscard]] stream_board& board() noexcept { return m_board; }
  /// The reader ends the item of a cell without a value.
  void fail_cell(std::uint32_t cell, failure reason);

 protected:
  /// Moves the failure of a cell's item out.
  [[nodiscard]] failure take_failure_of(std::uint32_t cell);
  [[nodiscard]] bool has_failure(std::uint32_t cell) const { return m_failures[cell].has_value(); }
  void set_failure(std::uint32_t cell, failure reason) { m_failures[cell] = std::move(reason); }

  stream_board m_board{};
  std::vector<std::optional<failure>> m_failures{};
};

/// Cells in the caller's memory.
class local_cells_base : public stream_cells {
 public:
  explicit local_cells_base(std::size_t cells);
  /// A worker keeps the failure of its cell's item.
  void keep_failure(std::uint32_t cell, failure reason) noexcept;

 private:
  stream_control m_control{};
  std::vector<stream_cell> m_cells;
  std::vector<std::atomic<std::uint32_t>> m_ring;
};

template <class Value>
class local_cells : public local_cells_base {
 public:
  explicit local_cells(std::size_t cells) : local_cells_base(cells), m_values(cells) {}

  void put(stream_worker& self, Value&& value) { m_values[self.cell].emplace(std::move(value)); }
  [[nodiscard]] outcome<Value> take(std::uint32_t cell) {
    if (m_board.cells()[cell].status.load(std::memory_order_acquire) != item_status::value)
      return outcome<Value>(take_failure_of(cell));
    outcome<Value> taken(*std::move(m_values[cell]));
    m_values[cell].reset();
    return taken;
  }

 private:
  std::vector<std::optional<Value>> m_values;
};

/// Cells in the arena: | control | slots | cells | ring | a buffer per cell |. Buffers are committed as they are
/// written; when a large result has been read, its memory is given back.
class shared_cells_base : public stream_cells, public supervised_call {
 public:
  shared_cells_base(std::size_t cells, std::size_t workers);

  [[nodiscard]] call_control& control() noexcept override { return m_board.control().call; }
  [[nodiscard]] std::span<worker_slot> slots() noexcept override { return m_slots; }
  [[nodiscard]] bool has_unclaimed() const noexcept override { return m_board.has_unclaimed(); }
  [[nodiscard]] std::uint64_t open_items() const noexcept override;
  [[nodiscard]] bool is_pending(std::uint64_t item) const noexcept override;
  [[nodiscard]] item_range pending_range(std::uint64_t /*first*/, std::uint64_t /*last*/) const noexcept override {
    return {};  // no claim is lost: it stands in the cell
  }
  [[nodiscard]] item_range take_from_dead(std::size_t slot) noexcept override;
  void give(item_range items, std::size_t slot) noexcept override;
  void fail(failure reason) override;
  void cancel(item_range items) override;
  void collect_failures() override {}
  void work(std::size_t slot, const call_task& task, const map_options& options) override;

  [[nodiscard]] std::span<std::byte> buffer(std::uint32_t cell) const noexcept;
  [[nodiscard]] const arena_extent& memory() const noexcept { return m_memory; }
  /// Bytes of a buffer that have memory behind them.
  [[nodiscard]] std::atomic<std::uint64_t>& committed(std::uint32_t cell) const noexcept {
    return m_board.cells()[cell].committed;
  }

 protected:
  /// The bytes that a worker wrote, by its own count; throws serialize_error where the buffer cannot have them.
  [[nodiscard]] std::span<const std::byte> written(std::uint32_t cell) const;
  [[nodiscard]] failure read_failure(std::uint32_t cell);
  void give_back_memory(std::uint32_t cell) const noexcept;

 private:
  [[nodiscard]] std::optional<std::uint32_t> cell_held_by(std::size_t slot) const noexcept;

  arena_extent m_memory{};
  std::span<worker_slot> m_slots{};
  std::size_t m_buffers = 0;  // offset of the first
  std::size_t m_buffer_bytes = 0;
};

/// Writes into the buffer of a cell, committing memory as it goes.
class cell_writer final : public writer {
 public:
  explicit cell_writer(const shared_cells_base& cells) noexcept : m_cells(cells) {}

  void start(std::uint32_t cell) noexcept;
  /// Room for `size` bytes at the start.
  [[nodiscard]] std::byte* place(std::size_t size);
  [[nodiscard]] std::size_t size() const noexcept;

 private:
  void grow(std::size_t size) override;

  const shared_cells_base& m_cells;
  std::uint32_t m_cell = 0;
};

/// A stream's worker in a process of its own.
class process_stream_worker final : public stream_worker {
 public:
  process_stream_worker(shared_cells_base& cells, std::size_t number, const map_options& given) noexcept
      : stream_worker(cells.board(), cells.slots()[number], number, given), output(cells) {}

  void keep(failure reason) noexcept override;
  /// Notes the size of the result in the cell's buffer.
  void note_written(std::size_t size) noexcept { board.cells()[cell].written.store(size, std::memory_order_relaxed); }

  cell_writer output;
};

template <class Value>
class shared_cells : public shared_cells_base {
  static constexpr bool direct = returnable_as_bytes<Value>;

 public:
  shared_cells(std::size_t cells, std::size_t workers) : shared_cells_base(cells, workers) {
    require_returnable<Value>();
  }

  void put(stream_worker& worker, Value&& value) {
    auto& self = static_cast<process_stream_worker&>(worker);  // every worker of a process engine is one
    self.output.start(self.cell);
    if constexpr (direct) {
      std::construct_at(reinterpret_cast<Value*>(self.output.place(sizeof(Value))), std::move(value));
      self.note_written(sizeof(Value));
    } else {
      self.output(value);
      self.note_written(self.output.size());
    }
  }

  [[nodiscard]] outcome<Value> take(std::uint32_t cell) {
    if (m_board.cells()[cell].status.load(std::memory_order_acquire) != item_status::value)
      return outcome<Value>(read_failure(cell));
    try {
      outcome<Value> taken(read(written(cell)));
      give_back_memory(cell);
      return taken;
    } catch (...) {
      give_back_memory(cell);
      return outcome<Value>(current_failure(m_board.item_in(cell)));  // its own code says how it is read
    }
  }

 private:
  [[nodiscard]] static Value read(std::span<const std::byte> bytes) {
    if constexpr (direct) {
      if (bytes.size() != sizeof(Value)) throw serialize_error("a result of another size than its type's");
      return *reinterpret_cast<const Value*>(bytes.data());
    } else {
      Value value{};
      reader in(bytes);
      in(value);
      return value;
    }
  }
};

}  // namespace tequio::detail
