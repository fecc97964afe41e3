// SPDX-License-Identifier: MIT
// Values through a message_ring. A value becomes bytes before the ring's lock is taken, and a value again after it is
// released, so that an exception or a wait in a type's own code disturbs no other process.
#pragma once

#include <array>
#include <bit>
#include <optional>

#include "tequio/detail/shared/message_buffer.hpp"
#include "tequio/detail/shared/message_ring.hpp"

namespace tequio::detail {

template <class T>
[[nodiscard]] constexpr ring_shape shape_for(std::size_t capacity) {
  return {.capacity = capacity, .item_bytes = is_small_message<T> ? sizeof(T) : 0};
}

template <class T>
[[nodiscard]] ring_result push_value(message_ring& ring, const T& value, deadline until, const peer* other = nullptr) {
  if constexpr (is_small_message<T>) {
    return ring.push(std::as_bytes(std::span<const T, 1>(&value, 1)), until, other);
  } else {
    message_buffer bytes;
    bytes(value);
    return ring.push(bytes.written(), until, other);
  }
}

template <class T>
[[nodiscard]] std::optional<T> pop_value(message_ring& ring, deadline until, const peer* other = nullptr) {
  if constexpr (is_small_message<T>) {
    std::array<std::byte, sizeof(T)> bytes;
    if (ring.pop(std::span<std::byte>(bytes), until, other) != ring_result::done) return std::nullopt;
    return std::bit_cast<T>(bytes);
  } else {
    message_buffer bytes;
    if (ring.pop(bytes, until, other) != ring_result::done) return std::nullopt;
    return value_of<T>(bytes.written());
  }
}

}  // namespace tequio::detail
