// SPDX-License-Identifier: MIT
// The types whose values can be returned from another process; others do not compile, with a message that says why.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

#include "tequio/detail/base/page.hpp"
#include "tequio/detail/base/requirements.hpp"

namespace tequio::detail {

/// Whether a value only refers to an object elsewhere; a pointer inside a user's class is not seen.
template <class Value>
inline constexpr bool points_elsewhere = std::is_pointer_v<Value>;
template <class Char, class Traits>
inline constexpr bool points_elsewhere<std::basic_string_view<Char, Traits>> = true;
template <class Item, std::size_t Extent>
inline constexpr bool points_elsewhere<std::span<Item, Extent>> = true;
template <class Value>
inline constexpr bool points_elsewhere<std::reference_wrapper<Value>> = true;
template <class Value>
inline constexpr bool points_elsewhere<std::optional<Value>> = points_elsewhere<Value>;
template <class... Values>
inline constexpr bool points_elsewhere<std::tuple<Values...>> = (points_elsewhere<Values> || ...);
template <class First, class Second>
inline constexpr bool points_elsewhere<std::pair<First, Second>> = points_elsewhere<First> || points_elsewhere<Second>;
template <class... Values>
inline constexpr bool points_elsewhere<std::variant<Values...>> = (points_elsewhere<Values> || ...);
template <class Value, std::size_t Size>
inline constexpr bool points_elsewhere<std::array<Value, Size>> = points_elsewhere<Value>;

/// Whether values are returned byte by byte; others are serialised.
template <class Value>
inline constexpr bool returnable_as_bytes = std::is_trivially_copyable_v<Value>;

/// Compiles for a type that can be returned from another process.
template <class Value>
constexpr void require_returnable() {
  static_assert(returnable_as_bytes<Value> || std::is_default_constructible_v<Value>,
                "tequio: a result that comes back from another process is read into a default value; give the type a "
                "default constructor, or return what it is made from");
  static_assert(!points_elsewhere<Value>,
                "tequio: a result that points elsewhere (a pointer, std::string_view, std::span) would point into its "
                "worker's memory, which is gone when the result is read; return the object itself, or an index");
  static_assert(alignof(Value) <= page_bytes, "tequio: no result is aligned to more than a page");
}

}  // namespace tequio::detail
