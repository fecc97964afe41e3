// SPDX-License-Identifier: MIT
// Inflates deflate and gzip streams while they are read, with limits against bombs.
// zip_archive and open_table() use it; use it yourself for compressed bytes inside another format.
#pragma once

#include <cstdint>
#include <memory>

#include "tequio/data/format_error.hpp"
#include "tequio/data/input.hpp"

namespace tequio::data {

/// How a compressed stream is wrapped.
enum class deflate_format {
  raw,   ///< as inside a zip: the end is marked, nothing is checked
  gzip,  ///< one or more gzip members, each with its CRC and size, zeros after the last allowed
};

/// What may come out of a compressed stream, counted as it comes and not as the archive claims.
struct inflate_limits {
  std::uint64_t most_bytes = std::uint64_t{64} << 30;
  std::uint64_t most_ratio = 1000;                            ///< inflated to compressed bytes
  std::uint64_t ratio_counts_from = std::uint64_t{10} << 20;  ///< inflated bytes below which any ratio will do
};

/// The inflated bytes of `compressed`, under its name.
///
/// Memory:  about 220 KiB, whatever the stream claims; reads of 64 KiB and more are inflated in place.
/// Blocks:  as `compressed` does.
/// Errors:  format_error when the stream is damaged, cut short or has something after its end; what `compressed`
///          throws.
[[nodiscard]] std::unique_ptr<input> inflate(std::unique_ptr<input> compressed, deflate_format format);

/// `inflated`, ended with an error where it passes `limits`; `compressed_bytes` is the size it was made from.
///
/// Errors:  format_error naming the limit that was passed.
[[nodiscard]] std::unique_ptr<input> limit(std::unique_ptr<input> inflated, std::uint64_t compressed_bytes,
                                           const inflate_limits& limits);

}  // namespace tequio::data
