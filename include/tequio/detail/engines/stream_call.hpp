// SPDX-License-Identifier: MIT
// One stream with all its types: the range, the callable, and the cells for results.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <ranges>
#include <type_traits>
#include <utility>

#include "tequio/detail/engines/engine_kind.hpp"
#include "tequio/detail/engines/items.hpp"
#include "tequio/detail/engines/shipped_work.hpp"
#include "tequio/detail/engines/stream_cells.hpp"
#include "tequio/detail/engines/stream_core.hpp"
#include "tequio/detail/engines/stream_inputs.hpp"
#include "tequio/detail/engines/work.hpp"
#include "tequio/stream.hpp"

namespace tequio::detail {

/// @tparam Items a reference for a range that was given as an lvalue.
/// @tparam Kind  the engine's kind; where the engine is chosen at run time, the constructor is given its kind.
template <class Value, class Items, class Callable, class Cells, engine_kind Kind>
class stream_call final : private stream_core, public stream_source<Value> {
  using range = std::remove_reference_t<Items>;
  static_assert(!workers_may_walk(Kind) || std::ranges::forward_range<range>,
                "tequio: this range can be walked only once, so forked workers cannot read it for themselves; use the "
                "engines threads or serial, or put its items into a vector first");

 public:
  /// @param make_cells  called with the number of cells.
  /// @param make_runner called with the cells, the task and the options.
  template <class MakeCells, class MakeRunner>
  stream_call(Items&& items, Callable callable, const stream_options& options, stream_order order, std::size_t workers,
              engine_kind chosen, MakeCells&& make_cells, MakeRunner&& make_runner)
      : stream_call(window(options, workers), std::forward<Items>(items), std::move(callable), options, order, chosen,
                    make_cells) {
    std::optional<std::uint64_t> total;
    if constexpr (std::ranges::sized_range<range>) total = static_cast<std::uint64_t>(std::ranges::size(m_items));
    start(m_cells, make_runner(m_cells, m_task, this->options()), total);
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
  template <class MakeCells>
  stream_call(std::size_t cells, Items&& items, Callable&& callable, const stream_options& options, stream_order order,
              engine_kind chosen, MakeCells& make_cells)
      : stream_core(options, order),
        m_cells(make_cells(cells)),
        m_items(std::forward<Items>(items)),
        m_callable(std::move(callable)),
        m_inputs(make_stream_inputs<range, Kind>(m_items, cells, chosen)) {
    m_task.shipping = shipping::template get<Kind>();
  }

  [[nodiscard]] bool put_next_item(std::uint32_t cell) override { return m_inputs.put_next(cell); }

  static void run(void* context, worker& any) {
    auto& call = *static_cast<stream_call*>(context);
    auto& self = static_cast<stream_worker&>(any);
    run_item(self, self.board.item_in(self.cell), self.board.cells()[self.cell].status,
             [&](std::uint64_t number, worker& /*any*/) {
               call.put(self, number,
                        static_cast<Value>(apply_item(call.m_callable, call.sent_item(number, self.cell))));
             });
  }

  // also for workers that have neither the callable nor the items
  using shipping = shipping_of<Value, range, Callable, stream_call>;
  friend shipping;
  [[nodiscard]] const Callable& sent_callable() const noexcept { return m_callable; }
  decltype(auto) sent_item(std::uint64_t number, std::uint32_t cell) { return m_inputs.get(number, cell); }
  void put(worker& self, std::uint64_t /*number*/, Value&& value) {
    m_cells.put(static_cast<stream_worker&>(self), std::move(value));
  }

  Cells m_cells;
  Items m_items;
  Callable m_callable;
  decltype(make_stream_inputs<range, Kind>(std::declval<range&>(), 0, engine_kind{})) m_inputs;
  call_task m_task{&run, this};
};

}  // namespace tequio::detail
