#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Prints include/tequio/detail/base/field_names.hpp; lint/generated compares."""

from itertools import product
from string import ascii_lowercase
from textwrap import fill

MOST = 64

HEAD = rf"""// SPDX-License-Identifier: MIT
// Aggregates of each number of fields: how one is initialised, and how its fields are named.
// Written by cmake/field_names.py, do not edit: C++20 has no structured binding for any number of names.
#pragma once

#include <cstddef>
#include <tuple>

#include "tequio/detail/base/requirements.hpp"

namespace tequio::detail {{

// clang-format off

inline constexpr std::size_t most_fields = {MOST};

/// In place of references to fields of which one is a bit-field: no reference can be bound to that.
struct bit_field_among_them {{}};

/// `initialises<T>`: whether N pairs of empty braces initialise a T. `tie(value)`: references to the N fields of
/// `value`.
template <std::size_t N>
struct field_names;

#if defined(__clang__) && __clang_major__ < 16
// a requires-expression cannot name a structured binding there; the compiler's own words must do
#define TEQUIO_CAN_TIE(...) true
#else
#define TEQUIO_CAN_TIE(...) requires {{ std::tie(__VA_ARGS__); }}
#endif
#define TEQUIO_EACH(...) __VA_ARGS__
#define TEQUIO_FIELD_NAMES(count, braces, ...)                                     \
  template <>                                                                      \
  struct field_names<count> {{                                                      \
    template <class T>                                                             \
    static constexpr bool initialises = requires {{ T{{TEQUIO_EACH braces}}; }};       \
    template <class T>                                                             \
    static constexpr auto tie(T& value) {{                                          \
      auto& [__VA_ARGS__] = value;                                                 \
      if constexpr (TEQUIO_CAN_TIE(__VA_ARGS__))                                   \
        return std::tie(__VA_ARGS__);                                              \
      else                                                                         \
        return bit_field_among_them();                                             \
    }}                                                                              \
  }};
"""

TAIL = """
#undef TEQUIO_FIELD_NAMES
#undef TEQUIO_EACH
#undef TEQUIO_CAN_TIE

// clang-format on

}  // namespace tequio::detail"""

# a ... z, aa, ab ..., without the words of the language
WORDS = {"as", "do", "if", "or"}
NAMES = [*ascii_lowercase, *(a + b for a, b in product(ascii_lowercase, repeat=2) if a + b not in WORDS)]

print(HEAD)
for count in range(1, MOST + 2):  # one more than can be sent, to tell that from most_fields
    line = f"TEQUIO_FIELD_NAMES({count}, ({', '.join(['{}'] * count)}), {', '.join(NAMES[:count])})"
    print(fill(line, width=120, subsequent_indent="    "))
print(TAIL)
