// SPDX-License-Identifier: MIT
// Which values and callables can be sent to a spawned image of the program; others are refused without an error here.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <ranges>
#include <string>
#include <system_error>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

#include "tequio/detail/base/returnable.hpp"
#include "tequio/detail/memory/handle_access.hpp"
#include "tequio/serialize.hpp"

namespace tequio::detail {

/// A callable whose type is all there is to send.
template <class T>
concept stateless = std::is_empty_v<T> && std::is_default_constructible_v<T>;
template <class T>
concept function_pointer = std::is_pointer_v<T> && std::is_function_v<std::remove_pointer_t<T>>;

/// Whether tequio/serialize.hpp writes a T, and reads it back into a default value; false for the types that refuse()
/// refuses there. In the order of write_value(). `Around` are the types that contain T, because a type may contain
/// itself.
template <class T, class... Around>
consteval bool can_be_serialised() {
  // NOLINTNEXTLINE(bugprone-branch-clone): the order of the questions is that of write_value()
  if constexpr (one_of<T, Around...>) {
    return true;
    // NOLINTNEXTLINE(bugprone-branch-clone): the same
  } else if constexpr (!std::is_default_constructible_v<T> || std::is_const_v<T> || points_elsewhere<T>) {
    return false;
  } else if constexpr (has_serialize_function<T> || bitwise<T> || std::same_as<T, std::filesystem::path> ||
                       is_a<T, std::chrono::duration> || is_a<T, std::chrono::time_point> ||
                       is_a<T, std::chrono::hh_mm_ss> || is_bitset<T> || std::same_as<T, std::error_code>) {
    return true;
  } else if constexpr (is_fixed_array<T>) {
    return can_be_serialised<std::ranges::range_value_t<T>, T, Around...>();
  } else if constexpr (is_owner<T>) {
    return can_be_serialised<std::remove_cvref_t<decltype(*std::declval<T&>())>, T, Around...>();
  } else if constexpr (is_a<T, std::variant>) {
    return []<class... Types>(const std::variant<Types...>*) {
      return (can_be_serialised<Types, T, Around...>() && ...);
    }(static_cast<const T*>(nullptr));
  } else if constexpr (tuple_like<T>) {
    return []<std::size_t... Index>(std::index_sequence<Index...>) {
      return (can_be_serialised<std::remove_reference_t<std::tuple_element_t<Index, T>>, T, Around...>() && ...);
    }
    (std::make_index_sequence<std::tuple_size_v<T>>());
  } else if constexpr ((growing<T> && !more_than_its_items<T>) || numeric_array<T>) {
    return can_be_serialised<typename item_of<T>::type, T, Around...>();
  } else if constexpr (adaptor<T>) {
    return can_be_serialised<typename T::value_type, T, Around...>();
  } else if constexpr (findable_aggregate<T>) {
    return []<class... Fields>(std::type_identity<std::tuple<Fields...>>) {
      return (can_be_serialised<std::remove_reference_t<Fields>, T, Around...>() && ...);
    }(std::type_identity<fields_of<T>>());
  } else {
    return false;
  }
}

template <class T>
inline constexpr bool is_handle_reference = false;
template <class T>
inline constexpr bool is_handle_reference<std::reference_wrapper<T>> =
    handle_access::is_handle<std::remove_const_t<T>>();

/// The type in which a T is kept until it is taken: text by itself, the item of a map without its const.
template <class T>
struct kept_form {
  using type = T;
};
template <>
struct kept_form<const char*> {
  using type = std::string;
};
template <class Key, class Value>
struct kept_form<std::pair<const Key, Value>> {
  using type = std::pair<Key, Value>;
};

/// Whether an argument can be sent: a value, text, or a reference to a handle.
template <class T>
consteval bool can_be_shipped() {
  if constexpr (is_handle_reference<T>)
    return true;
  else
    return can_be_serialised<typename kept_form<T>::type>();
}

}  // namespace tequio::detail
