// SPDX-License-Identifier: MIT
// One stream with all its types: the range, the callable, and the places for results.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <ranges>
#include <type_traits>
#include <utility>
#include <vector>

#include "tequio/detail/engines/items.hpp"
#include "tequio/detail/engines/stream_cells.hpp"
#include "tequio/detail/engines/stream_core.hpp"
#include "tequio/detail/engines/work.hpp"
#include "tequio/stream.hpp"

namespace tequio::detail {

/// Items for workers that share the reader's memory: the reader moves on in the range, and leaves in each cell where its
/// item is, or the item itself where the range can be walked only once.
template <class Items>
class items_left_in_cells {
  using iterator = std::ranges::iterator_t<Items>;
  struct kept_item {
    std::ranges::range_value_t<Items> value;
  };
  using kept = std::conditional_t<std::ranges::forward_range<Items>, iterator, kept_item>;

 public:
  items_left_in_cells(Items& items, std::size_t cells)
      : m_at(std::ranges::begin(items)), m_end(std::ranges::end(items)), m_kept(cells) {}

  [[nodiscard]] bool put_next(std::uint32_t cell) {
    // moved on only when one more is wanted: the step may wait for input
    if (std::exchange(m_started, true)) ++m_at;
    if (m_at == m_end) return false;
    if constexpr (std::ranges::forward_range<Items>)
      m_kept[cell].emplace(m_at);
    else
      m_kept[cell].emplace(kept_item{*m_at});
    return true;
  }
  decltype(auto) get(std::uint64_t /*item*/, std::uint32_t cell) {
    if constexpr (std::ranges::forward_range<Items>)
      return **m_kept[cell];
    else
      return static_cast<std::ranges::range_reference_t<Items>>(m_kept[cell]->value);
  }

 private:
  iterator m_at;
  std::ranges::sentinel_t<Items> m_end;
  bool m_started = false;
  std::vector<std::optional<kept>> m_kept;
};

/// Items for workers that are forked when the stream starts: each walks the range for itself, as it is then.
template <class Items>
class items_walked_to {
  using iterator = std::ranges::iterator_t<Items>;

 public:
  items_walked_to(Items& items, std::size_t /*cells*/)
      : m_first(std::ranges::begin(items)), m_at(m_first), m_end(std::ranges::end(items)), m_walked(m_first) {}

  [[nodiscard]] bool put_next(std::uint32_t /*cell*/) {
    if (std::exchange(m_started, true)) ++m_at;
    return m_at != m_end;
  }
  decltype(auto) get(std::uint64_t item, std::uint32_t /*cell*/) {
    if constexpr (std::ranges::random_access_range<Items>) {
      return m_first[static_cast<std::ranges::range_difference_t<Items>>(item)];
    } else {
      if (item < m_walked_to) {  // one that another worker has died on
        m_walked = m_first;
        m_walked_to = 0;
      }
      for (; m_walked_to < item; ++m_walked_to) ++m_walked;
      return *m_walked;
    }
  }

 private:
  iterator m_first;
  iterator m_at;
  std::ranges::sentinel_t<Items> m_end;
  bool m_started = false;
  iterator m_walked;  // a worker's
  std::uint64_t m_walked_to = 0;
};

/// @tparam Items a reference for a range that was given as an lvalue.
template <class Value, class Items, class Callable, class Cells>
class stream_call final : private stream_core, public stream_source<Value> {
  using range = std::remove_reference_t<Items>;
  static_assert(Cells::shares_memory || std::ranges::forward_range<range>,
                "tequio: this range can be walked only once, so forked workers cannot read it for themselves; use the "
                "engines threads or serial, or put its items into a vector first");
  using inputs = std::conditional_t<Cells::shares_memory, items_left_in_cells<range>, items_walked_to<range>>;

 public:
  /// @param make_runner called with the cells, the task and the options.
  template <class MakeCrew>
  stream_call(Items&& items, Callable callable, const stream_options& options, stream_order order, std::size_t workers,
              MakeCrew&& make_runner)
      : stream_call(window(options, workers), std::forward<Items>(items), std::move(callable), options, order,
                    workers) {
    std::optional<std::uint64_t> total;
    if constexpr (std::ranges::sized_range<range>) total = static_cast<std::uint64_t>(std::ranges::size(m_items));
    start(make_runner(m_cells, m_task, this->options()), total);
  }
  stream_call(const stream_call&) = delete;
  stream_call& operator=(const stream_call&) = delete;
  ~stream_call() override { abandon(); }

  [[nodiscard]] std::optional<outcome<Value>> next() override {
    const auto cell = advance();
    if (!cell) return std::nullopt;
    std::optional<outcome<Value>> taken;
    try {
      taken.emplace(m_cells.take(*cell));
    } catch (...) {
      taken.emplace(current_failure(m_cells.board().item_in(*cell)));  // its own code says how it is moved
    }
    release(*cell);
    return taken;
  }

 private:
  stream_call(std::size_t cells, Items&& items, Callable&& callable, const stream_options& options, stream_order order,
              std::size_t workers)
      : stream_core(m_cells, options, order),
        m_cells(cells, workers),
        m_items(std::forward<Items>(items)),
        m_callable(std::move(callable)),
        m_inputs(m_items, cells) {}

  [[nodiscard]] bool put_next_item(std::uint32_t cell) override { return m_inputs.put_next(cell); }

  static void run(void* context, worker& any) {
    auto& call = *static_cast<stream_call*>(context);
    auto& self = static_cast<stream_worker&>(any);
    run_item(self, self.board.item_in(self.cell), self.board.cells()[self.cell].status,
             [&](std::uint64_t item, worker& /*any*/) {
               call.m_cells.put(self,
                                static_cast<Value>(apply_item(call.m_callable, call.m_inputs.get(item, self.cell))));
             });
  }

  Cells m_cells;
  Items m_items;
  Callable m_callable;
  inputs m_inputs;
  call_task m_task{&run, this};
};

}  // namespace tequio::detail
