// SPDX-License-Identifier: MIT
// Elements of a file as numbers of this machine: any numeric type, either byte order, any address.
#pragma once

#include <bit>
#include <complex>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "tequio/data/dtype.hpp"

namespace tequio::data {

/// A half-precision number as its bits.
struct half {
  std::uint16_t bits = 0;
};

/// Exact, subnormal halves and infinities too.
inline double to_double(half number) {
  constexpr std::uint32_t exponent = 0x7c00, magnitude = 0x7fff, infinite = 0x7f800000;
  const std::uint32_t bits = number.bits;
  // the exponent is moved to its place and put right by a multiplication, which also makes subnormals normal
  const float scaled = std::bit_cast<float>((bits & magnitude) << 13U) * 0x1p112F;
  const std::uint32_t special = (bits & exponent) == exponent ? infinite : 0;
  const std::uint32_t sign = (bits & 0x8000U) << 16U;
  return static_cast<double>(std::bit_cast<float>(std::bit_cast<std::uint32_t>(scaled) | special | sign));
}

template <class Number>
requires std::is_arithmetic_v<Number>
double to_double(Number number) { return static_cast<double>(number); }

template <std::size_t Bytes>
using bits_of_size = std::conditional_t<
    Bytes == 1, std::uint8_t,
    std::conditional_t<Bytes == 2, std::uint16_t, std::conditional_t<Bytes == 4, std::uint32_t, std::uint64_t>>>;

template <std::unsigned_integral Bits>
Bits swapped(Bits bits) {
  if constexpr (sizeof(Bits) == 2) return __builtin_bswap16(bits);
  if constexpr (sizeof(Bits) == 4) return __builtin_bswap32(bits);
  if constexpr (sizeof(Bits) == 8) return __builtin_bswap64(bits);
  return bits;
}

/// The number at `from`, in byte order `Order`.
template <class Number, std::endian Order>
Number element(const std::byte* from) {
  bits_of_size<sizeof(Number)> bits{};
  std::memcpy(&bits, from, sizeof bits);
  if constexpr (Order != std::endian::native) bits = swapped(bits);
  if constexpr (std::same_as<Number, bool>) {
    return bits != 0;
  } else {
    return std::bit_cast<Number>(bits);
  }
}

/// Calls `use.template operator()<Number, Order>()` for the numeric type `type`; complex numbers by their parts.
template <class Use>
auto with_number_type(const dtype& type, const Use& use) {
  const auto ordered = [&]<class Number>() {
    constexpr auto other = std::endian::native == std::endian::little ? std::endian::big : std::endian::little;
    return type.order == std::endian::native ? use.template operator()<Number, std::endian::native>()
                                             : use.template operator()<Number, other>();
  };
  const auto integer = [&]<class One, class Two, class Four, class Eight>() {
    switch (type.item_bytes) {
      case 1:
        return use.template operator()<One, std::endian::native>();
      case 2:
        return ordered.template operator()<Two>();
      case 4:
        return ordered.template operator()<Four>();
      default:
        return ordered.template operator()<Eight>();
    }
  };
  switch (type.kind) {
    case dtype_kind::boolean:
      return use.template operator()<bool, std::endian::native>();
    case dtype_kind::signed_integer:
      return integer.template operator()<std::int8_t, std::int16_t, std::int32_t, std::int64_t>();
    case dtype_kind::unsigned_integer:
      return integer.template operator()<std::uint8_t, std::uint16_t, std::uint32_t, std::uint64_t>();
    default:
      break;
  }
  const std::uint64_t part_bytes = type.kind == dtype_kind::complex ? type.item_bytes / 2 : type.item_bytes;
  if (part_bytes == 2) return ordered.template operator()<half>();
  return part_bytes == 4 ? ordered.template operator()<float>() : ordered.template operator()<double>();
}

}  // namespace tequio::data
