// SPDX-License-Identifier: MIT
// The kinds of types to be serialised, and the messages for types that cannot be.
#pragma once

#include <array>
#include <bitset>
#include <chrono>
#include <complex>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <queue>
#include <ranges>
#include <span>
#include <stack>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

#include "tequio/detail/base/aggregate_fields.hpp"
#include "tequio/detail/base/refused.hpp"

namespace tequio {
class reader;
class writer;
}  // namespace tequio

namespace tequio::detail {

#ifdef __SIZEOF_INT128__
__extension__ using wide_int = __int128;
__extension__ using wide_unsigned = unsigned __int128;
#else
using wide_int = std::int64_t;
using wide_unsigned = std::uint64_t;
#endif

template <class T, template <class...> class Template>
inline constexpr bool is_a = false;
template <template <class...> class Template, class... Arguments>
inline constexpr bool is_a<Template<Arguments...>, Template> = true;

template <class T, class... Types>
concept one_of = (std::same_as<T, Types> || ...);

/// The types of the calendar: any numbers are a value; ok() tells whether they are a date.
template <class T>
concept calendar = one_of<T, std::chrono::day, std::chrono::month, std::chrono::year, std::chrono::weekday,
                          std::chrono::weekday_indexed, std::chrono::weekday_last, std::chrono::month_day,
                          std::chrono::month_day_last, std::chrono::month_weekday, std::chrono::month_weekday_last,
                          std::chrono::year_month, std::chrono::year_month_day, std::chrono::year_month_day_last,
                          std::chrono::year_month_weekday, std::chrono::year_month_weekday_last>;

template <class T>
inline constexpr bool is_truth = std::same_as<T, bool>;
template <class T>
requires std::is_enum_v<T>
inline constexpr bool is_truth<T> = std::same_as<std::underlying_type_t<T>, bool>;

/// A type whose bytes are its value. Any bytes are a value, except of bool and of enums over it.
template <class T>
concept bitwise = std::is_arithmetic_v<T> || std::is_enum_v<T> || one_of<T, wide_int, wide_unsigned> || calendar<T> ||
    one_of<T, std::complex<float>, std::complex<double>, std::complex<long double>>;
template <class T>
concept any_bytes = bitwise<T> && !is_truth<T>;

template <class T>
concept has_serialize_function = requires(T& value, reader& in) {
  serialize(in, value);
};
template <class T>
concept tuple_like = requires {
  std::tuple_size<T>::value;
};
template <class T>
concept growing_in_front = std::ranges::range<T> && requires(T& list, std::ranges::range_value_t<T> item) {
  list.insert_after(list.before_begin(), std::move(item));
};
template <class T>
concept growing = growing_in_front<T> ||(std::ranges::range<T>&& requires(T& list, std::ranges::range_value_t<T> item) {
  list.clear();
  list.insert(list.end(), std::move(item));
});
template <class T>
concept grows_at_its_end = std::ranges::range<T> && requires(T& list) {
  { list.emplace_back() } -> std::same_as<std::ranges::range_value_t<T>&>;
};
template <class T>
concept contiguous_bytes = std::ranges::contiguous_range<T> && any_bytes<std::ranges::range_value_t<T>>;
template <class T>
concept map_like = growing<T> && requires {
  typename T::mapped_type;
};
/// std::valarray, without its header, whose names would hide others here.
template <class T>
concept numeric_array = std::ranges::range<T> && requires(T& numbers) {
  numbers.resize(1);
  numbers.cshift(1);
};
/// Containers that give access to their ends only.
template <class T>
concept adaptor = is_a<T, std::stack> || is_a<T, std::queue> || is_a<T, std::priority_queue>;

template <class T>
inline constexpr bool is_fixed_array = std::is_bounded_array_v<T>;
template <class T, std::size_t Size>
inline constexpr bool is_fixed_array<std::array<T, Size>> = true;
template <class T>
inline constexpr bool is_bitset = false;
template <std::size_t Size>
inline constexpr bool is_bitset<std::bitset<Size>> = true;
template <class T>
inline constexpr bool is_span = false;
template <class T, std::size_t Extent>
inline constexpr bool is_span<std::span<T, Extent>> = true;
/// Owns one object, or none.
template <class T>
inline constexpr bool is_owner = is_a<T, std::optional>;
template <class T>
inline constexpr bool is_owner<std::unique_ptr<T>> = !std::is_array_v<T>;

// The item type of a container as it can be made and filled: the key of a map without its const.
template <class T>
struct item_of {
  using type = std::ranges::range_value_t<T>;
};
template <map_like T>
struct item_of<T> {
  using type = std::pair<typename T::key_type, typename T::mapped_type>;
};

/// An aggregate without a base class; and one whose fields can all be found.
template <class T>
concept plain_aggregate = std::is_aggregate_v<T> && !std::is_union_v<T> && !has_base<T>;
template <class T>
concept findable_aggregate = plain_aggregate<T> && has_findable_fields<T>;
/// An aggregate with a base class; where that is a container, it may have fields beside its items.
template <class T>
concept more_than_its_items = std::is_aggregate_v<T> && has_base<T>;

/// Whether a value may take no byte at all, such as one of an empty class.
template <class T>
consteval bool may_take_no_byte() {
  if constexpr (has_serialize_function<T> || is_bitset<T>) {
    return true;
  } else if constexpr (is_fixed_array<T>) {
    if constexpr (tuple_like<T>)
      if (std::tuple_size_v<T> == 0) return true;
    return may_take_no_byte<std::ranges::range_value_t<T>>();
    // NOLINTNEXTLINE(bugprone-branch-clone): the branches are in the order of those of write_value()
  } else if constexpr (bitwise<T> || growing<T>) {
    return false;
  } else if constexpr (tuple_like<T>) {
    return []<std::size_t... Index>(std::index_sequence<Index...>) {
      return (may_take_no_byte<std::tuple_element_t<Index, T>>() && ...);
    }
    (std::make_index_sequence<std::tuple_size_v<T>>());
  } else if constexpr (!findable_aggregate<T>) {
    return false;
  } else {
    return []<class... Fields>(std::type_identity<std::tuple<Fields&...>>) {
      return (may_take_no_byte<std::remove_const_t<Fields>>() && ...);
    }(std::type_identity<fields_of<T>>());
  }
}

/// Does not compile: names what to use instead of a type that cannot be sent.
template <class T>
constexpr void refuse() {
  if constexpr (std::is_pointer_v<T> || std::is_member_pointer_v<T> || std::is_null_pointer_v<T>)
    static_assert(never<T>,
                  "tequio: a pointer means nothing in another process; send what it points to, an index, or a "
                  "std::unique_ptr, which owns what it points to");
  else if constexpr (is_a<T, std::basic_string_view>)
    static_assert(never<T>, "tequio: a std::string_view only says where text lies; send a std::string");
  else if constexpr (is_span<T>)
    static_assert(never<T>, "tequio: a std::span only says where items lie; send a std::vector");
  else if constexpr (is_a<T, std::reference_wrapper>)
    static_assert(never<T>, "tequio: a std::reference_wrapper only says where an object lies; send the object");
  else if constexpr (is_a<T, std::shared_ptr> || is_a<T, std::weak_ptr>)
    static_assert(never<T>,
                  "tequio: what a std::shared_ptr shares stays in its process; send the object itself, or a "
                  "std::unique_ptr");
  else if constexpr (is_a<T, std::unique_ptr>)
    static_assert(never<T>,
                  "tequio: of std::unique_ptr only those of one object with the usual deleter can be sent; send a "
                  "std::vector for an array");
  else if constexpr (is_a<T, std::function>)
    static_assert(never<T>, "tequio: a std::function cannot be sent; send what it is to work on");
  else if constexpr (std::is_union_v<T>)
    static_assert(never<T>, "tequio: a union does not say which member it holds; use std::variant");
  else if constexpr (std::is_aggregate_v<T>)
    static_assert(never<T>,
                  "tequio: the fields of an aggregate with a base class cannot be found; make the base a member, or "
                  "write `template <class Archive> void serialize(Archive& archive, T& value)` beside it");
  else
    static_assert(
        never<T>,
        "tequio: this type cannot be sent from process to process; make it an aggregate of types that can, or "
        "write `template <class Archive> void serialize(Archive& archive, T& value)` beside it");
}

}  // namespace tequio::detail
