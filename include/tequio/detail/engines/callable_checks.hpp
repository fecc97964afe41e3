// SPDX-License-Identifier: MIT
// Whether the callables of a call suit its items; where they do not, a static_assert says so in a sentence.
#pragma once

#include <concepts>
#include <cstddef>
#include <ranges>
#include <tuple>
#include <type_traits>
#include <utility>

#include "tequio/detail/base/refused.hpp"
#include "tequio/detail/engines/items.hpp"

namespace tequio::detail {

template <class Callable, class Item>
consteval bool takes_item() {
  if constexpr (std::invocable<Callable&, Item>)
    return true;
  else if constexpr (tuple_item<Item>)
    return []<std::size_t... Index>(std::index_sequence<Index...>) {
      return std::invocable<Callable&, decltype(std::get<Index>(std::declval<Item>()))...>;
    }
  (std::make_index_sequence<std::tuple_size_v<std::remove_cvref_t<Item>>>());
  else return false;
}

/// Whether a callable takes the items of a range, which it must.
template <class Items, class Callable>
constexpr bool is_for_each() {
  constexpr bool takes = takes_item<Callable, std::ranges::range_reference_t<Items>>();
  static_assert(takes,
                "tequio: the callable does not take an item of this range; let it take one by value or as const auto& "
                "(the parts of a tuple may be its arguments)");
  return takes;
}

/// Whether a callable also returns something for each item, which it must.
template <class Items, class Callable>
constexpr bool is_map() {
  if constexpr (!is_for_each<Items, Callable>()) {
    return false;
  } else {
    constexpr bool returns = !std::is_void_v<item_result<Items, Callable>>;
    static_assert(returns, "tequio: the callable returns nothing; let it return a value, or use for_each");
    return returns;
  }
}

/// Whether `operation` combines the results of `transform` to a Value, as it must.
template <class Items, class Value, class Operation, class Transform>
constexpr bool is_reduction() {
  if constexpr (!is_map<Items, Transform>()) {
    return false;
  } else {
    using part = item_result<Items, Transform>;
    constexpr bool converts = requires { static_cast<Value>(std::declval<part>()); };
    static_assert(converts,
                  "tequio: an item does not convert to the type of the initial value; give an initial value of the "
                  "items' type, or use transform_reduce, whose last callable makes of an item what is combined");
    constexpr bool combines = std::is_invocable_r_v<Value, Operation&, Value, Value>;
    static_assert(combines,
                  "tequio: the operation does not combine two values of the initial value's type to one; let it take "
                  "two of them, by value or const reference, and return one");
    constexpr bool cuts = std::integral<Value> && std::floating_point<part>;
    static_assert(!cuts,
                  "tequio: the initial value is an integer, so every fraction would be cut off; write 0.0 for 0");
    return converts && combines && !cuts;
  }
}

}  // namespace tequio::detail
