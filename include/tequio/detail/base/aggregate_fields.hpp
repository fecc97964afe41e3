// SPDX-License-Identifier: MIT
// The fields of an aggregate in order, found without a declaration by its author: counted by the number of empty braces
// that initialise it, and named by a structured binding. A C array is one field.
#pragma once

#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

#include "tequio/detail/base/field_names.hpp"

namespace tequio::detail {

/// Initialises any base class, and no field.
template <class T>
struct any_base {
  template <class Base>
  requires(std::is_base_of_v<Base, T> && !std::is_same_v<Base, T>) operator Base() const;  // NOLINT
};
struct no_field {};

/// Whether an aggregate has a base class: its first initialiser takes one, and does not take any type.
template <class T>
concept has_base = requires {
  T{any_base<T>{}};
}
&&!requires { T{no_field{}}; };

/// The number of fields, by binary search: `Fits` is not too large, `TooMany` is.
template <class T, std::size_t Fits, std::size_t TooMany>
consteval std::size_t count_fields() {
  constexpr std::size_t middle = (Fits + TooMany) / 2;
  if constexpr (middle == Fits)
    return Fits;
  else if constexpr (field_names<middle>::template initialises<T>)
    return count_fields<T, middle, TooMany>();
  else
    return count_fields<T, Fits, middle>();
}

/// How many fields an aggregate has; `most_fields + 1` also stands for more. 0 where one of them has no default value.
template <class T>
inline constexpr std::size_t field_count = count_fields<T, 0, most_fields + 2>();

/// References to all fields, in the order of their declarations; none where they cannot be found.
template <class T>
constexpr auto tie_fields([[maybe_unused]] T& value) {
  if constexpr (field_count<T> == 0 || field_count < T >> most_fields)
    return std::tuple<>();
  else
    return field_names<field_count<T>>::tie(value);
}

/// A tuple of references to an aggregate's fields.
template <class Aggregate>
using fields_of = decltype(tie_fields(std::declval<Aggregate&>()));

/// Whether all fields of an aggregate can be found.
template <class T>
concept has_findable_fields = (field_count<T> != 0 || std::is_empty_v<T>)&&field_count<T> <= most_fields &&
                              !std::is_same_v<fields_of<T>, bit_field_among_them>;

/// Compiles for an aggregate whose fields can be found; for any other the message says why.
template <class T>
constexpr void require_findable_fields() {
  static_assert(field_count<T> != 0 || std::is_empty_v<T>,
                "tequio: the fields of this aggregate cannot be found: one of them has no default value, or is a "
                "reference; write `template <class Archive> void serialize(Archive& archive, T& value)` beside it");
  static_assert(field_count<T> <= most_fields,
                "tequio: an aggregate of more than 64 fields; group them in aggregates of their own, or write "
                "`template <class Archive> void serialize(Archive& archive, T& value)` beside it");
  static_assert(!std::is_same_v<fields_of<T>, bit_field_among_them>,
                "tequio: a field of this aggregate is a bit-field, to which no reference can be bound; give it a type "
                "of its own, such as std::uint8_t, or write `template <class Archive> void serialize(Archive& archive, "
                "T& value)` beside it");
}

/// Calls `call` with each field.
template <class Aggregate, class Call>
constexpr void each_field(Aggregate& value, const Call& call) {
  using type = std::remove_const_t<Aggregate>;
  require_findable_fields<type>();
  // without const: a const reference to a bit-field would refer to a copy
  if constexpr (has_findable_fields<type>)
    std::apply([&](auto&... fields) { (call(fields), ...); }, tie_fields(const_cast<type&>(value)));
}

}  // namespace tequio::detail
