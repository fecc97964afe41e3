// SPDX-License-Identifier: MIT
// Bytes of one message outside shared memory, and how a value becomes one and is read back. Each thread keeps its buffer.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>

#include "tequio/serialize.hpp"

namespace tequio::detail {

/// A writer that grows without touching what it does not need: neither zeroed nor, when large, copied.
class message_buffer final : public writer {
 public:
  /// Takes over the calling thread's buffer; the destructor puts it back. One inside another is a new one.
  message_buffer() noexcept;
  ~message_buffer() override;

  [[nodiscard]] std::span<const std::byte> written() const noexcept {
    return {m_data, static_cast<std::size_t>(m_at - m_data)};
  }
  /// Room for a message to be copied in, which written() is then.
  ///
  /// Errors:  std::bad_alloc.
  [[nodiscard]] std::span<std::byte> resize(std::size_t size);

 private:
  void grow(std::size_t size) override;
  void allocate(std::size_t size);

  std::byte* m_data = nullptr;
};

/// Whether any bytes are a value of T: its bytes may be the message.
template <class T>
consteval bool any_bytes_are_one() {
  if constexpr (!std::is_trivially_copyable_v<T> || has_serialize_function<T> || std::same_as<T, bool>) {
    return false;
  } else if constexpr (bitwise<T> || is_complex<T> || is_duration<T> || is_time_point<T>) {
    return true;
  } else if constexpr (is_fixed_array<T>) {
    return any_bytes_are_one<typename T::value_type>();
  } else if constexpr (std::is_aggregate_v<T> && !std::is_array_v<T> && !std::is_empty_v<T>) {
    return []<std::size_t... Index>(std::index_sequence<Index...>) {
      return (any_bytes_are_one<boost::pfr::tuple_element_t<Index, T>>() && ...);
    }
    (std::make_index_sequence<boost::pfr::tuple_size_v<T>>());
  } else {
    return false;
  }
}

/// Whether values of T are small messages of one size, which need no record of where they lie.
template <class T>
inline constexpr bool is_small_message = [] {
  if constexpr (sizeof(T) <= 32)
    return any_bytes_are_one<T>();
  else
    return false;
}();

/// The value that a message holds.
///
/// Errors:  serialize_error where it is not one of T, and nothing but one.
template <class T>
[[nodiscard]] T value_of(std::span<const std::byte> message) {
  static_assert(std::default_initializable<T>, "tequio: a value is made first and read into then: T needs T{}");
  reader in(message);
  T value{};
  in(value);
  if (in.left() != 0) throw serialize_error("bytes are left over after the value");
  return value;
}

}  // namespace tequio::detail
