// SPDX-License-Identifier: MIT
// A stream of bytes that is read forward once: a file, a member of a zip, a page of a server.
// It is the seam between a source of bytes and a reader of a format.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "tequio/data/format_error.hpp"
#include "tequio/error.hpp"

namespace tequio::data {

/// Bytes that are read forward once.
class input {
 public:
  input() = default;
  input(const input&) = delete;
  input& operator=(const input&) = delete;
  virtual ~input() = default;

  /// Reads up to `bytes.size()` bytes; less than that only where it suits the source.
  ///
  /// @return bytes read; 0 only at the end.
  /// Blocks:  until at least one byte is there or the input ends.
  /// Errors:  format_error or error naming the source; after one the input is of no further use.
  virtual std::size_t read(std::span<std::byte> bytes) = 0;

  /// What messages call it: "ITER_01_2020_csv.zip:ITER_01CSV20.csv".
  [[nodiscard]] virtual const std::string& name() const noexcept = 0;
};

}  // namespace tequio::data
