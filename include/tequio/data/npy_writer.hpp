// SPDX-License-Identifier: MIT
// Writes arrays as .npy files (version 1.0, C order, data aligned to 64 bytes) that NumPy and everybody else read.
// Use write_npy() for numbers in memory, and npy_preamble() before data that is written piece by piece.
#pragma once

#include <bit>
#include <complex>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <ranges>
#include <span>
#include <string>

#include "tequio/data/npy_shape.hpp"
#include "tequio/error.hpp"

namespace tequio::data {

template <class T>
inline constexpr bool is_npy_complex = std::same_as<T, std::complex<float>> || std::same_as<T, std::complex<double>>;

/// What an array in memory may hold: bool, integers up to 64 bits, float, double and their complex numbers.
template <class T>
concept npy_value = std::same_as<T, bool> ||(std::integral<T> && sizeof(T) <= 8) || std::same_as<T, float> ||
                    std::same_as<T, double> || is_npy_complex<T>;

/// NumPy's name of T: "<f8", "|b1".
template <npy_value T>
[[nodiscard]] std::string npy_descriptor() {
  constexpr char order = sizeof(T) == 1 ? '|' : std::endian::native == std::endian::little ? '<' : '>';
  constexpr char kind = std::same_as<T, bool>     ? 'b'
                        : std::floating_point<T>  ? 'f'
                        : is_npy_complex<T>       ? 'c'
                        : std::signed_integral<T> ? 'i'
                                                  : 'u';
  return std::string{order, kind} + std::to_string(sizeof(T));
}

/// Everything a .npy file holds before its data.
///
/// Errors:  error when more than 64 axes are asked for.
[[nodiscard]] std::string npy_preamble(const std::string& descriptor, const npy_shape& shape);

/// Writes `count` values of `descriptor` that `bytes` holds in C order; replaces the file.
///
/// Blocks:  until all is written.
/// Errors:  error naming the path: when `shape` holds another number of values, or the system refuses.
void write_npy_bytes(const std::string& path, const std::string& descriptor, std::span<const std::byte> bytes,
                     std::uint64_t count, const npy_shape& shape);

/// Writes `values` as the array `shape`; replaces the file.
///
/// @param values in C order, contiguous: a vector, an array, a span.
/// Blocks:  until all is written.
/// Errors:  as write_npy_bytes().
template <std::ranges::contiguous_range Values>
requires npy_value<std::ranges::range_value_t<Values>>
void write_npy(const std::string& path, const Values& values, const npy_shape& shape) {
  using value = std::ranges::range_value_t<Values>;
  const std::span<const value> all(std::ranges::data(values), std::ranges::size(values));
  write_npy_bytes(path, npy_descriptor<value>(), std::as_bytes(all), all.size(), shape);
}

}  // namespace tequio::data
