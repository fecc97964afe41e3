// SPDX-License-Identifier: MIT
// Item access by index, applying the callable to an item, and an item's failure.
#pragma once

#include <atomic>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <ranges>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "tequio/detail/engines/call_items.hpp"
#include "tequio/outcome.hpp"

namespace tequio::detail {

template <class T>
concept tuple_item = requires {
  std::tuple_size<std::remove_cvref_t<T>>::value;
};

/// Calls with one item; a tuple's parts become arguments where the callable does not take the tuple itself.
template <class Callable, class Item>
decltype(auto) apply_item(Callable& callable, Item&& item) {
  if constexpr (tuple_item<Item> && !std::invocable<Callable&, Item>)
    return std::apply(callable, std::forward<Item>(item));
  else
    return std::invoke(callable, std::forward<Item>(item));
}

/// The type of a callable's result for an item of a range, as a value.
template <class Items, class Callable>
using item_result = std::remove_cvref_t<decltype(apply_item(std::declval<Callable&>(),
                                                            std::declval<std::ranges::range_reference_t<Items>>()))>;

/// Gives items by index. A range without random access is walked once before the call: where it can be walked again,
/// only the iterators are kept, otherwise the items themselves.
template <class Items>
class indexed {
 public:
  explicit indexed(Items& items) : m_first(std::ranges::begin(items)), m_size(std::ranges::size(items)) {}
  [[nodiscard]] std::size_t size() const { return m_size; }
  decltype(auto) operator[](std::size_t item) const {
    return m_first[static_cast<std::ranges::range_difference_t<Items>>(item)];
  }

 private:
  std::ranges::iterator_t<Items> m_first;
  std::size_t m_size;
};

template <class Items>
requires(std::ranges::forward_range<Items> &&
         (!std::ranges::random_access_range<Items> || !std::ranges::sized_range<Items>)) class indexed<Items> {
 public:
  explicit indexed(Items& items) {
    static_assert(!std::same_as<std::ranges::sentinel_t<Items>, std::unreachable_sentinel_t>,
                  "tequio: this range has no end; give it one, as std::views::iota(0, n) has");
    for (auto place = std::ranges::begin(items); place != std::ranges::end(items); ++place) m_places.push_back(place);
  }
  [[nodiscard]] std::size_t size() const { return m_places.size(); }
  decltype(auto) operator[](std::size_t item) const { return *m_places[item]; }

 private:
  std::vector<std::ranges::iterator_t<Items>> m_places{};
};

template <class Items>
requires(!std::ranges::forward_range<Items>) class indexed<Items> {
 public:
  explicit indexed(Items& items) {
    for (auto&& item : items) m_items.push_back({std::forward<decltype(item)>(item)});
  }
  [[nodiscard]] std::size_t size() const { return m_items.size(); }
  std::ranges::range_reference_t<Items> operator[](std::size_t item) {
    return static_cast<std::ranges::range_reference_t<Items>>(m_items[item].value);
  }

 private:
  // a struct, because a vector<bool> gives no references to its items
  struct kept {
    std::ranges::range_value_t<Items> value;
  };
  std::vector<kept> m_items{};
};

/// The failure of an item that has no value.
[[nodiscard]] failure take_failure(failure_map& failures, std::uint64_t item, item_status status);

/// Throws task_error where an item of a finished call has no value.
void require_all(std::span<std::atomic<item_status>> status, failure_map& failures);

}  // namespace tequio::detail
