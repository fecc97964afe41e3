// SPDX-License-Identifier: MIT
// What one element of an array is: kind, size and byte order, named as NumPy names them.
#pragma once

#include <bit>
#include <cstdint>
#include <string>

#include "tequio/detail/base/requirements.hpp"

namespace tequio::data {

/// What an element means. All kinds have a fixed size; Python objects are refused when a header is read.
enum class dtype_kind : std::uint8_t {
  boolean,
  signed_integer,
  unsigned_integer,
  floating,   ///< 2, 4 or 8 bytes
  complex,    ///< 8 or 16 bytes
  bytes,      ///< padded with NUL
  text,       ///< UCS-4
  raw,        ///< bytes without meaning
  datetime,   ///< 64-bit count of a unit since 1970
  timedelta,  ///< 64-bit count of a unit
  record      ///< named fields
};

/// The type of an array's elements.
struct dtype {
  dtype_kind kind = dtype_kind::floating;
  std::endian order = std::endian::native;
  std::uint64_t item_bytes = 8;
  std::string descriptor = "<f8";  ///< as NumPy's `dtype.descr` says it: "<f8", "|b1", "[('x', '<i4'), ('y', '<f4')]"

  friend bool operator==(const dtype&, const dtype&) = default;
};

/// Whether elements are bool, integers, floating point or complex numbers.
[[nodiscard]] constexpr bool is_numeric(const dtype& type) noexcept { return type.kind <= dtype_kind::complex; }

}  // namespace tequio::data
