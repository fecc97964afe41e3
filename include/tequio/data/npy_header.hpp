// SPDX-License-Identifier: MIT
// The header of a .npy file, versions 1.0, 2.0 and 3.0: read from bytes wherever they come from.
// Nothing is evaluated, and nothing is allocated because a header claims it. Use npy_reader for whole files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "tequio/data/dtype.hpp"
#include "tequio/data/format_error.hpp"
#include "tequio/data/npy_shape.hpp"

namespace tequio::data {

enum class memory_order : std::uint8_t { c, fortran };

/// What to do with bytes after an array's data; NumPy writes several arrays into one file this way.
enum class trailing_bytes : std::uint8_t { accept, refuse };

/// Limits on what is believed of a header and held of a file.
struct npy_options {
  std::size_t header_characters = 10'000;             ///< longer headers are refused, as NumPy does
  std::size_t window_bytes = std::size_t{16} << 20U;  ///< longer files are read in pieces
  trailing_bytes trailing = trailing_bytes::accept;
};

/// What a .npy file holds and where.
struct npy_header {
  dtype type{};
  npy_shape shape{};
  memory_order order = memory_order::c;
  std::uint64_t count = 0;        ///< elements: the product of shape
  std::uint64_t data_bytes = 0;   ///< count times the element's bytes, below 2^63
  std::uint64_t data_offset = 0;  ///< where the data starts in the file
  unsigned version = 1;           ///< major format version
};

/// How many of a file's first bytes parse_npy_header() may need.
[[nodiscard]] constexpr std::size_t npy_start_bytes(const npy_options& options) noexcept {
  constexpr std::size_t longest_fixed_part = 12, longest_character = 4;
  return longest_fixed_part + longest_character * options.header_characters;
}

/// Reads the header.
///
/// @param start  the file's first npy_start_bytes(options) bytes, or more, or the whole file if it is shorter.
/// @param object what messages call the file.
/// Errors:  format_error naming object, problem and byte: every way to break a header, object arrays (their data is
///          a pickle) and long double.
[[nodiscard]] npy_header parse_npy_header(std::span<const std::byte> start, const std::string& object,
                                          const npy_options& options = {});

}  // namespace tequio::data
