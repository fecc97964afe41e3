// SPDX-License-Identifier: MIT
// The bytes of one message outside shared memory, and how a value is written to them and read back. Each thread keeps
// its buffer.
#pragma once

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <ranges>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>

#include "tequio/detail/base/serialize_kinds.hpp"
#include "tequio/serialize.hpp"

namespace tequio::detail {

/// A writer that grows without zeroing its memory and, when large, without copying it.
class message_buffer final : public writer {
 public:
  /// Takes over the calling thread's buffer; the destructor puts it back. A buffer made while another lives starts
  /// empty.
  message_buffer() noexcept;
  ~message_buffer() override;

  [[nodiscard]] std::span<const std::byte> written() const noexcept {
    return {m_data, static_cast<std::size_t>(m_at - m_data)};
  }
  /// Room for a message of `size` bytes, which written() returns then.
  ///
  /// Errors:  std::bad_alloc.
  [[nodiscard]] std::span<std::byte> resize(std::size_t size);

 private:
  void grow(std::size_t size) override;
  void allocate(std::size_t size);

  std::byte* m_data = nullptr;
};

/// Whether any bytes are a value of T: then its bytes may be the message.
template <class T>
consteval bool any_bytes_are_one() {
  // NOLINTNEXTLINE(bugprone-branch-clone): the first question rules out more than the later ones
  if constexpr (!std::is_trivially_copyable_v<T> || has_serialize_function<T> || is_truth<T>) {
    return false;
  } else if constexpr (bitwise<T> || is_a<T, std::chrono::duration> || is_a<T, std::chrono::time_point>) {
    return true;
  } else if constexpr (is_fixed_array<T>) {
    return any_bytes_are_one<std::ranges::range_value_t<T>>();
  } else if constexpr (findable_aggregate<T> && !std::is_empty_v<T>) {
    return []<class... Fields>(std::type_identity<std::tuple<Fields&...>>) {
      return (any_bytes_are_one<std::remove_const_t<Fields>>() && ...);
    }(std::type_identity<fields_of<T>>());
  } else {
    return false;
  }
}

/// Whether values of T are small messages of one size, which need no record of their place.
template <class T>
inline constexpr bool is_small_message = [] {
  if constexpr (sizeof(T) <= 32)
    return any_bytes_are_one<T>();
  else
    return false;
}();

/// The value that a message holds.
///
/// Errors:  serialize_error where the bytes are not exactly one T.
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
