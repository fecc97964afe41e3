// SPDX-License-Identifier: MIT
// A result as bytes for another process of the same program: as it lies in memory where it may come back so, else
// serialised.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <type_traits>

#include "tequio/detail/base/refused.hpp"
#include "tequio/detail/base/returnable.hpp"
#include "tequio/serialize.hpp"

namespace tequio::detail {

template <class Value>
void write_result(writer& out, const Value& value) {
  if constexpr (returnable_as_bytes<Value>)
    out.bytes(&value, sizeof value);
  else
    out(value);
}

/// Errors:  serialize_error where the bytes hold no such value.
template <class Value>
[[nodiscard]] Value read_result(reader& in) {
  if constexpr (returnable_as_bytes<Value>) {
    std::array<std::byte, sizeof(Value)> bytes;
    in.bytes(bytes.data(), bytes.size());
    return std::bit_cast<Value>(bytes);
  } else if constexpr (!std::is_default_constructible_v<Value>) {
    return refused();  // by require_returnable()
  } else {
    Value value{};
    in(value);
    return value;
  }
}

}  // namespace tequio::detail
