// SPDX-License-Identifier: MIT
// The way of a stream's items from its range to the workers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <ranges>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "tequio/detail/engines/engine_kind.hpp"

namespace tequio::detail {

/// Items for workers that share the reader's memory, and for workers that are sent their items. The reader walks the
/// range and leaves an iterator in each cell, or the item itself where the range can be walked only once.
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
    // the step to the next item is taken only when that item is wanted, because it may wait for input
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

/// Items for workers that are forked when the stream starts: each worker walks the range, as it is at the fork.
template <class Items>
class items_walked_to {
  using iterator = std::ranges::iterator_t<Items>;

 public:
  explicit items_walked_to(Items& items)
      : m_first(std::ranges::begin(items)), m_at(m_first), m_end(std::ranges::end(items)), m_walked(m_first) {}

  [[nodiscard]] bool put_next(std::uint32_t /*cell*/) {
    if (std::exchange(m_started, true)) ++m_at;
    return m_at != m_end;
  }
  decltype(auto) get(std::uint64_t item, std::uint32_t /*cell*/) {
    if constexpr (std::ranges::random_access_range<Items>) {
      return m_first[static_cast<std::ranges::range_difference_t<Items>>(item)];
    } else {
      if (item < m_walked_to) {  // given to this worker after the death of another one
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
  iterator m_walked;  // of the worker
  std::uint64_t m_walked_to = 0;
};

/// Items for workers of an engine that is chosen at run time.
template <class Items>
class items_either_way {
  using left = items_left_in_cells<Items>;
  using walked = items_walked_to<Items>;

 public:
  items_either_way(Items& items, std::size_t cells, engine_kind chosen)
      : m_inputs(workers_walk(chosen) ? inputs(std::in_place_type<walked>, items)
                                      : inputs(std::in_place_type<left>, items, cells)) {}

  [[nodiscard]] bool put_next(std::uint32_t cell) {
    if (auto* const here = std::get_if<left>(&m_inputs)) return here->put_next(cell);
    return std::get_if<walked>(&m_inputs)->put_next(cell);
  }
  std::ranges::range_reference_t<Items> get(std::uint64_t item, std::uint32_t cell) {
    if (auto* const here = std::get_if<left>(&m_inputs)) return here->get(item, cell);
    return std::get_if<walked>(&m_inputs)->get(item, cell);
  }

 private:
  using inputs = std::variant<left, walked>;
  inputs m_inputs;
};

/// The inputs for an engine's kind.
template <class Items, engine_kind Kind>
[[nodiscard]] auto make_stream_inputs(Items& items, std::size_t cells, [[maybe_unused]] engine_kind chosen) {
  if constexpr (Kind.results == result_memory::either)
    return items_either_way<Items>(items, cells, chosen);
  else if constexpr (workers_walk(Kind))
    return items_walked_to<Items>(items);
  else
    return items_left_in_cells<Items>(items, cells);
}

}  // namespace tequio::detail
