// SPDX-License-Identifier: MIT
// The writing and reading of each kind of type; the two functions at the end list them in the same order.
#pragma once

#include <algorithm>
#include <bitset>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <ranges>
#include <string>
#include <system_error>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "tequio/detail/base/archive.hpp"
#include "tequio/detail/base/serialize_kinds.hpp"

namespace tequio::detail {

/// Counts containers within containers and throws above `deepest_nesting`: corrupt bytes must not overflow the stack.
template <class Archive>
class nesting {
 public:
  explicit nesting(Archive& archive) : m_depth(archive.m_depth) {
    if (m_depth == deepest_nesting) fail_too_deep();
    ++m_depth;
  }
  nesting(const nesting&) = delete;
  nesting& operator=(const nesting&) = delete;
  ~nesting() { --m_depth; }

 private:
  unsigned& m_depth;
};

/// The number of an error code's category, and back; only categories of the standard have one.
[[nodiscard]] std::uint8_t number_of(const std::error_category& category);
[[nodiscard]] const std::error_category& category_of(std::uint8_t number);

/// Compiles for a type that can be read.
template <class T>
constexpr void require_default() {
  static_assert(std::is_default_constructible_v<T>,
                "tequio: what comes from another process is read into a default value; give the type a default "
                "constructor");
}

template <class T>
T read_as(reader& in) {
  T value{};
  read_value(in, value);
  return value;
}

/// Gives access to the protected container of a std::stack, std::queue or std::priority_queue.
template <class T>
struct adaptor_parts : T {
  static auto& container(T& value) { return value.*&adaptor_parts::c; }
  static const auto& container(const T& value) { return value.*&adaptor_parts::c; }
  static const auto& order(const T& value) { return value.*&adaptor_parts::comp; }
};

template <class T>
void write_items(writer& out, const T& items) {
  if constexpr (contiguous_bytes<T>) {
    out.bytes(std::ranges::data(items), std::ranges::size(items) * sizeof(std::ranges::range_value_t<T>));
  } else {
    for (const auto& item : items) {
      write_value<std::ranges::range_value_t<T>>(out, item);
      // at least one byte per item, so that the number of bytes limits a length
      if constexpr (may_take_no_byte<typename item_of<T>::type>()) out(std::byte{0});
    }
  }
}

template <class T>
void write_range(writer& out, const T& value) {
  const nesting inside(out);
  out(static_cast<std::uint64_t>(std::ranges::distance(value)));
  write_items(out, value);
}

template <class Item>
void read_item(reader& in, Item& item) {
  read_value(in, item);
  if constexpr (may_take_no_byte<Item>()) {
    std::byte padding{};
    in(padding);
  }
}

template <class T>
void read_range(reader& in, T& value) {
  using item_type = typename item_of<T>::type;
  require_default<item_type>();
  const nesting inside(in);
  value.clear();
  if constexpr (contiguous_bytes<T>) {
    const std::size_t length = in.length(sizeof(item_type));
    value.resize(length);
    in.bytes(std::ranges::data(value), length * sizeof(item_type));
  } else if constexpr (std::is_default_constructible_v<item_type>) {
    const std::size_t length = in.length(1);
    for (std::size_t i = 0; i < length; ++i) {
      if constexpr (grows_at_its_end<T>) {
        read_item(in, value.emplace_back());  // in its place: a large item would not fit on the stack
      } else {
        item_type item{};
        read_item(in, item);
        value.insert(value.end(), std::move(item));
      }
    }
  }
}

template <growing_in_front T>
void read_range(reader& in, T& value) {
  require_default<std::ranges::range_value_t<T>>();
  const nesting inside(in);
  value.clear();
  const std::size_t length = in.length(1);
  auto last = value.before_begin();
  for (std::size_t i = 0; i < length; ++i) {
    last = value.emplace_after(last);
    read_item(in, *last);
  }
}

template <numeric_array T>
void read_range(reader& in, T& value) {
  using item_type = typename T::value_type;
  if constexpr (bitwise<item_type>) {
    value.resize(in.length(sizeof(item_type)));
    for (item_type& item : value) read_item(in, item);
  } else {
    std::vector<item_type> items;  // grows with the items read
    read_range(in, items);
    value.resize(items.size());
    std::ranges::move(items, std::begin(value));
  }
}

template <class T>
void read_adaptor(reader& in, T& value) {
  auto& items = adaptor_parts<T>::container(value);
  read_range(in, items);
  if constexpr (is_a<T, std::priority_queue>) {
    if (std::is_heap(items.begin(), items.end(), adaptor_parts<T>::order(value))) return;
    items.clear();
    throw serialize_error("the items of a priority queue are in no order");
  }
}

template <std::size_t Size>
void read_bits(reader& in, std::bitset<Size>& value) {
  for (std::size_t first = 0; first < Size; first += 8) {
    const auto byte = read_as<std::uint8_t>(in);
    for (std::size_t bit = first; bit < first + 8; ++bit) {
      const bool set = (byte >> (bit - first) & 1) != 0;
      if (bit < Size)
        value[bit] = set;
      else if (set)
        throw serialize_error("a bit beyond a bitset's last");
    }
  }
}

template <std::size_t Size>
void write_bits(writer& out, const std::bitset<Size>& value) {
  for (std::size_t first = 0; first < Size; first += 8) {
    unsigned byte = 0;
    for (std::size_t bit = first; bit < std::min(first + 8, Size); ++bit) byte |= unsigned{value[bit]} << (bit - first);
    out(static_cast<std::uint8_t>(byte));
  }
}

template <std::size_t Index = 0, class... Types>
void read_alternative(reader& in, std::variant<Types...>& value, std::size_t index) {
  if constexpr (Index < sizeof...(Types)) {
    if (index != Index) return read_alternative<Index + 1>(in, value, index);
    read_value(in, value.template emplace<Index>());
  } else {
    throw serialize_error("a variant's tag is out of range");
  }
}

template <class T>
void write_owned(writer& out, const T& value) {
  using type = std::remove_cvref_t<decltype(*value)>;
  static_assert(
      is_a<T, std::optional> || !std::is_polymorphic_v<type> || std::is_final_v<type>,
      "tequio: behind a std::unique_ptr to a class with virtual functions may be a derived one, of which only "
      "the base would be sent; use std::variant of the classes there are");
  const nesting inside(out);
  out(static_cast<bool>(value));
  if (value) write_value(out, *value);
}

template <class T>
void read_owned(reader& in, T& value) {
  const nesting inside(in);
  value.reset();
  if (!read_as<bool>(in)) return;
  if constexpr (is_a<T, std::optional>)
    value.emplace();
  else
    value = std::make_unique<typename T::element_type>();
  read_value(in, *value);
}

template <class T>
void read_time_of_day(reader& in, T& value) {
  using time = typename T::precision;
  const auto since = read_as<time>(in);
  if (since == time::min()) throw serialize_error("a time of day that has no absolute value");
  value = T(since);
}

template <class T>
void write_value(writer& out, const T& value) {
  if constexpr (has_serialize_function<T>) {
    serialize(out, const_cast<T&>(value));  // one function for both directions; the writer does not change the value
  } else if constexpr (bitwise<T>) {
    out.bytes(&value, sizeof value);
  } else if constexpr (is_fixed_array<T>) {
    if constexpr (contiguous_bytes<T>)
      write_items(out, value);
    else
      for (const auto& item : value) write_value(out, item);
  } else if constexpr (std::same_as<T, std::filesystem::path>) {
    write_range(out, value.native());
  } else if constexpr (is_owner<T>) {
    write_owned(out, value);
  } else if constexpr (is_a<T, std::variant>) {
    out(static_cast<std::uint64_t>(value.index()));
    std::visit([&](const auto& alternative) { write_value(out, alternative); }, value);
  } else if constexpr (is_a<T, std::chrono::duration>) {
    out(value.count());
  } else if constexpr (is_a<T, std::chrono::time_point>) {
    out(value.time_since_epoch());
  } else if constexpr (is_a<T, std::chrono::hh_mm_ss>) {
    out(value.to_duration());
  } else if constexpr (is_bitset<T>) {
    write_bits(out, value);
  } else if constexpr (std::same_as<T, std::error_code>) {
    out(value.value(), number_of(value.category()));
  } else if constexpr (tuple_like<T>) {
    std::apply([&](const auto&... items) { out(items...); }, value);
  } else if constexpr ((growing<T> && !more_than_its_items<T>) || numeric_array<T>) {
    write_range(out, value);
  } else if constexpr (adaptor<T>) {
    write_range(out, adaptor_parts<T>::container(value));
  } else if constexpr (plain_aggregate<T>) {
    each_field(value, [&](const auto& field) { write_value(out, field); });
  } else {
    refuse<T>();
  }
}

template <class T>
void read_value(reader& in, T& value) {
  static_assert(!std::is_const_v<T>, "tequio: a const member cannot be read back; make it non-const");
  if constexpr (std::is_const_v<T>) {
  } else if constexpr (has_serialize_function<T>) {
    serialize(in, value);
  } else if constexpr (is_truth<T>) {
    const auto byte = read_as<std::uint8_t>(in);
    if (byte > 1) throw serialize_error("a bool is neither 0 nor 1");
    value = static_cast<T>(byte == 1);
  } else if constexpr (bitwise<T>) {
    in.bytes(&value, sizeof value);
  } else if constexpr (is_fixed_array<T>) {
    if constexpr (contiguous_bytes<T>)
      in.bytes(std::ranges::data(value), std::ranges::size(value) * sizeof(std::ranges::range_value_t<T>));
    else
      for (auto& item : value) read_value(in, item);
  } else if constexpr (std::same_as<T, std::filesystem::path>) {
    value = read_as<std::string>(in);
  } else if constexpr (is_owner<T>) {
    read_owned(in, value);
  } else if constexpr (is_a<T, std::variant>) {
    read_alternative(in, value, read_as<std::uint64_t>(in));
  } else if constexpr (is_a<T, std::chrono::duration>) {
    value = T(read_as<typename T::rep>(in));
  } else if constexpr (is_a<T, std::chrono::time_point>) {
    value = T(read_as<typename T::duration>(in));
  } else if constexpr (is_a<T, std::chrono::hh_mm_ss>) {
    read_time_of_day(in, value);
  } else if constexpr (is_bitset<T>) {
    read_bits(in, value);
  } else if constexpr (std::same_as<T, std::error_code>) {
    const auto code = read_as<int>(in);
    value = {code, category_of(read_as<std::uint8_t>(in))};
  } else if constexpr (tuple_like<T>) {
    std::apply([&](auto&... items) { in(items...); }, value);
  } else if constexpr ((growing<T> && !more_than_its_items<T>) || numeric_array<T>) {
    read_range(in, value);
  } else if constexpr (adaptor<T>) {
    read_adaptor(in, value);
  } else if constexpr (plain_aggregate<T>) {
    each_field(value, [&](auto& field) { read_value(in, field); });
  } else {
    refuse<T>();
  }
}

}  // namespace tequio::detail
