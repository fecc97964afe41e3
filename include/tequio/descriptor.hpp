// SPDX-License-Identifier: MIT
// An owned file descriptor, closed on every path out, and the calls on it that survive signals. Use it for every
// descriptor; those that tequio makes are close-on-exec and above 2.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "tequio/error.hpp"

namespace tequio {

/// Owns one file descriptor, or none.
class descriptor {
 public:
  descriptor() noexcept = default;
  explicit descriptor(int number) noexcept : m_number(number) {}
  descriptor(descriptor&& other) noexcept : m_number(std::exchange(other.m_number, -1)) {}
  descriptor& operator=(descriptor&& other) noexcept;
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() { close(); }

  [[nodiscard]] int number() const noexcept { return m_number; }
  explicit operator bool() const noexcept { return m_number >= 0; }
  void close() noexcept;
  /// Gives the number away without closing it.
  int release() noexcept { return std::exchange(m_number, -1); }

 private:
  int m_number = -1;
};

/// Opens `path` for reading.
///
/// Blocks:  as long as the file system does; never on a FIFO without a writer.
/// Errors:  error naming path and cause.
[[nodiscard]] descriptor open_for_reading(const std::string& path);

/// Reads up to `bytes.size()` bytes at the current position, less only at the end of the file.
///
/// @return bytes read; 0 at the end.
/// Blocks:  until all is read or the file ends.
/// Errors:  error naming `object`.
std::size_t read_full(const descriptor& file, std::span<std::byte> bytes, const std::string& object);

/// The same at `offset`; the position stays as it is.
std::size_t read_full_at(const descriptor& file, std::span<std::byte> bytes, std::uint64_t offset,
                         const std::string& object);

/// Writes all of `bytes`.
///
/// Blocks:  until all is written.
/// Errors:  error naming `object`.
void write_full(const descriptor& file, std::span<const std::byte> bytes, const std::string& object);

}  // namespace tequio
