// SPDX-License-Identifier: MIT
// The work of a map with all its types: gives an item to the callable and stores the result.
#pragma once

#include <concepts>
#include <cstdint>
#include <utility>

#include "tequio/detail/engines/items.hpp"
#include "tequio/detail/engines/work.hpp"

namespace tequio::detail {

template <class Value, class Items, class Callable, class Store>
class map_work {
 public:
  map_work(indexed<Items>& items, Callable& callable, Store& store) noexcept
      : m_items(items), m_callable(callable), m_store(store) {}

  /// The task that does this work; this object must outlive the call.
  [[nodiscard]] call_task task(const work_shipping* shipping) noexcept { return {&run, this, shipping}; }

  void operator()(std::uint64_t number, worker& self) {
    if constexpr (std::same_as<Value, nothing>)
      static_cast<void>(apply_item(m_callable, m_items[number]));
    else
      m_store.put(number, static_cast<Value>(apply_item(m_callable, m_items[number])), self);
  }

  // for workers that have neither the callable nor the items
  [[nodiscard]] Callable& sent_callable() const noexcept { return m_callable; }
  [[nodiscard]] decltype(auto) sent_item(std::uint64_t number, std::uint32_t /*cell*/) { return m_items[number]; }
  void put(worker& self, std::uint64_t number, Value&& value) { m_store.put(number, std::move(value), self); }

 private:
  static void run(void* context, worker& self) {
    run_in_hand(static_cast<map_worker&>(self), *static_cast<map_work*>(context));
  }

  indexed<Items>& m_items;
  Callable& m_callable;
  Store& m_store;
};

}  // namespace tequio::detail
