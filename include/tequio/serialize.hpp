// SPDX-License-Identifier: MIT
// Values as bytes, to cross from one process to another of the same program.
// Arithmetic types, enums, strings, standard containers, optional, variant, tuple, path, chrono and aggregates need
// nothing; any other class gives `template <class Archive> void serialize(Archive& archive, T& value)` beside itself,
// which calls archive(value.a, value.b). What is read is checked like a file: lengths, tags and ends.
#pragma once

#include <array>
#include <bit>
#include <boost/pfr/core.hpp>
#include <chrono>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <optional>
#include <ranges>
#include <span>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "tequio/error.hpp"

namespace tequio {

/// Bytes that are not what their type says.
class serialize_error : public error {
 public:
  explicit serialize_error(std::string problem);
};

/// Appends values as bytes; where they go is the derived class's.
class writer {
 public:
  writer() = default;
  writer(const writer&) = delete;
  writer& operator=(const writer&) = delete;
  virtual ~writer() = default;

  template <class... Values>
  void operator()(const Values&... values);
  void bytes(const void* data, std::size_t size) {
    if (static_cast<std::size_t>(m_end - m_at) < size) grow(size);
    // memcpy may not be given null, which an empty container's data() is
    if (size != 0) std::memcpy(m_at, data, size);
    m_at += size;
  }

 protected:
  /// Makes room for `size` bytes more at m_at, by moving m_end or both.
  virtual void grow(std::size_t size) = 0;

  std::byte* m_at = nullptr;
  std::byte* m_end = nullptr;
};

/// A writer into memory of its own.
class buffer_writer final : public writer {
 public:
  [[nodiscard]] std::span<const std::byte> written() const noexcept {
    return {m_buffer.data(), static_cast<std::size_t>(m_at - m_buffer.data())};
  }

 private:
  void grow(std::size_t size) override;

  std::vector<std::byte> m_buffer{};
};

/// Reads values back in the order they were written.
///
/// Errors:  serialize_error where the bytes end too early or hold an impossible length or tag; what was read
///          until then is valid.
class reader {
 public:
  explicit reader(std::span<const std::byte> bytes) noexcept : m_bytes(bytes) {}

  template <class... Values>
  void operator()(Values&... values);
  void bytes(void* data, std::size_t size) {
    require(size);
    if (size != 0) std::memcpy(data, m_bytes.data(), size);
    m_bytes = m_bytes.subspan(size);
  }
  /// A length that the bytes left can hold, at `item_bytes` an item at least.
  [[nodiscard]] std::size_t length(std::size_t item_bytes);
  [[nodiscard]] std::size_t left() const noexcept { return m_bytes.size(); }

 private:
  void require(std::size_t size) const {
    if (size > m_bytes.size()) fail_short(size);
  }
  [[noreturn]] void fail_short(std::size_t size) const;

  std::span<const std::byte> m_bytes;
};

namespace detail {

#ifdef __SIZEOF_INT128__
__extension__ using wide_int = __int128;
__extension__ using wide_unsigned = unsigned __int128;
#else
using wide_int = std::int64_t;
using wide_unsigned = std::uint64_t;
#endif

template <class T>
concept bitwise = std::is_arithmetic_v<T> || std::is_enum_v<T> || std::same_as<T, std::byte> ||
    std::same_as<T, wide_int> || std::same_as<T, wide_unsigned>;
template <class T>
concept has_serialize_function = requires(T& value, reader& in) {
  serialize(in, value);
};
template <class T>
concept tuple_like = requires {
  std::tuple_size<T>::value;
};
template <class T>
concept contiguous_bitwise = std::ranges::contiguous_range<T> && bitwise<std::ranges::range_value_t<T>> &&
    !std::same_as<std::ranges::range_value_t<T>, bool>;
template <class T>
concept growing = std::ranges::range<T> && requires(T& container, std::ranges::range_value_t<T> item) {
  container.clear();
  container.insert(container.end(), std::move(item));
};
template <class T>
concept map_like = growing<T> && requires {
  typename T::mapped_type;
};

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class T>
inline constexpr bool is_variant = false;
template <class... T>
inline constexpr bool is_variant<std::variant<T...>> = true;
template <class T>
inline constexpr bool is_complex = false;
template <class T>
inline constexpr bool is_complex<std::complex<T>> = true;
template <class T>
inline constexpr bool is_duration = false;
template <class R, class P>
inline constexpr bool is_duration<std::chrono::duration<R, P>> = true;
template <class T>
inline constexpr bool is_time_point = false;
template <class C, class D>
inline constexpr bool is_time_point<std::chrono::time_point<C, D>> = true;
template <class T>
inline constexpr bool is_fixed_array = false;
template <class T, std::size_t Size>
inline constexpr bool is_fixed_array<std::array<T, Size>> = true;
template <class T>
inline constexpr bool never = false;

// The value type of a container as it can be made and filled: a map's key loses its const.
template <class T>
struct item_of {
  using type = std::ranges::range_value_t<T>;
};
template <map_like T>
struct item_of<T> {
  using type = std::pair<typename T::key_type, typename T::mapped_type>;
};

/// Whether a value may take no byte at all, as an empty class does.
template <class T>
consteval bool may_take_no_byte() {
  if constexpr (has_serialize_function<T>) {
    return true;
  } else if constexpr (bitwise<T> || growing<T> || is_optional<T> || is_variant<T> ||
                       !(tuple_like<T> || std::is_aggregate_v<T>)) {
    return false;
  } else if constexpr (tuple_like<T>) {
    return []<std::size_t... Index>(std::index_sequence<Index...>) {
      return (may_take_no_byte<std::tuple_element_t<Index, T>>() && ...);
    }
    (std::make_index_sequence<std::tuple_size_v<T>>());
  } else {
    return []<std::size_t... Index>(std::index_sequence<Index...>) {
      return (may_take_no_byte<boost::pfr::tuple_element_t<Index, T>>() && ...);
    }
    (std::make_index_sequence<boost::pfr::tuple_size_v<T>>());
  }
}

template <class T>
void write_value(writer& out, const T& value);
template <class T>
void read_value(reader& in, T& value);

template <class T>
void write_range(writer& out, const T& value) {
  out(static_cast<std::uint64_t>(std::ranges::distance(value)));
  if constexpr (contiguous_bitwise<T>) {
    out.bytes(std::ranges::data(value), std::ranges::size(value) * sizeof(std::ranges::range_value_t<T>));
  } else {
    for (const auto& item : value) {
      write_value<std::ranges::range_value_t<T>>(out, item);
      // one byte an item at least, so that the bytes there are bound any length
      if constexpr (may_take_no_byte<typename item_of<T>::type>()) out(std::byte{0});
    }
  }
}

template <class T>
void read_range(reader& in, T& value) {
  using item_type = typename item_of<T>::type;
  value.clear();
  if constexpr (contiguous_bitwise<T>) {
    const std::size_t length = in.length(sizeof(item_type));
    value.resize(length);
    in.bytes(std::ranges::data(value), length * sizeof(item_type));
  } else {
    const std::size_t length = in.length(1);
    for (std::size_t i = 0; i < length; ++i) {
      item_type item{};
      read_value(in, item);
      if constexpr (may_take_no_byte<item_type>()) {
        std::byte padding{};
        in(padding);
      }
      value.insert(value.end(), std::move(item));
    }
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
void write_value(writer& out, const T& value) {
  if constexpr (has_serialize_function<T>) {
    serialize(out, const_cast<T&>(value));  // one function serves both ways; the writer does not change the value
  } else if constexpr (bitwise<T>) {
    out.bytes(&value, sizeof value);
  } else if constexpr (std::same_as<T, std::filesystem::path>) {
    write_range(out, value.native());
  } else if constexpr (is_optional<T>) {
    out(value.has_value());
    if (value) write_value(out, *value);
  } else if constexpr (is_variant<T>) {
    out(static_cast<std::uint64_t>(value.index()));
    std::visit([&](const auto& alternative) { write_value(out, alternative); }, value);
  } else if constexpr (is_complex<T>) {
    out(value.real(), value.imag());
  } else if constexpr (is_duration<T>) {
    out(value.count());
  } else if constexpr (is_time_point<T>) {
    out(value.time_since_epoch());
  } else if constexpr (is_fixed_array<T>) {
    for (const auto& item : value) write_value(out, item);
  } else if constexpr (tuple_like<T>) {
    std::apply([&](const auto&... items) { out(items...); }, value);
  } else if constexpr (growing<T>) {
    write_range(out, value);
  } else if constexpr (std::is_aggregate_v<T>) {
    boost::pfr::for_each_field(value, [&](const auto& field) { write_value(out, field); });
  } else {
    static_assert(
        never<T>,
        "tequio: this type cannot be sent from process to process; make it an aggregate of types that can, or "
        "write `template <class Archive> void serialize(Archive& archive, T& value)` beside it");
  }
}

template <class T>
void read_value(reader& in, T& value) {
  if constexpr (has_serialize_function<T>) {
    serialize(in, value);
  } else if constexpr (std::same_as<T, bool>) {
    std::uint8_t byte = 0;
    in(byte);
    if (byte > 1) throw serialize_error("a bool is neither 0 nor 1");
    value = byte == 1;
  } else if constexpr (bitwise<T>) {
    in.bytes(&value, sizeof value);
  } else if constexpr (std::same_as<T, std::filesystem::path>) {
    std::string text;
    in(text);
    value = std::move(text);
  } else if constexpr (is_optional<T>) {
    bool present = false;
    in(present);
    value.reset();
    if (present) read_value(in, value.emplace());
  } else if constexpr (is_variant<T>) {
    std::uint64_t index = 0;
    in(index);
    read_alternative(in, value, index);
  } else if constexpr (is_complex<T>) {
    typename T::value_type real{}, imaginary{};
    in(real, imaginary);
    value = {real, imaginary};
  } else if constexpr (is_duration<T>) {
    typename T::rep count{};
    in(count);
    value = T(count);
  } else if constexpr (is_time_point<T>) {
    typename T::duration since{};
    in(since);
    value = T(since);
  } else if constexpr (is_fixed_array<T>) {
    for (auto& item : value) read_value(in, item);
  } else if constexpr (tuple_like<T>) {
    std::apply([&](auto&... items) { in(items...); }, value);
  } else if constexpr (growing<T>) {
    read_range(in, value);
  } else if constexpr (std::is_aggregate_v<T>) {
    boost::pfr::for_each_field(value, [&](auto& field) { read_value(in, field); });
  } else {
    static_assert(never<T>, "tequio: this type cannot be read back from another process");
  }
}

}  // namespace detail

template <class... Values>
void writer::operator()(const Values&... values) {
  (detail::write_value(*this, values), ...);
}

template <class... Values>
void reader::operator()(Values&... values) {
  (detail::read_value(*this, values), ...);
}

}  // namespace tequio
