// SPDX-License-Identifier: MIT
// A file in memory that one process fills and another reads: results of any size, which wait for nobody.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "tequio/descriptor.hpp"
#include "tequio/serialize.hpp"

namespace tequio::detail {

/// An empty file in memory.
[[nodiscard]] descriptor make_result_file();

/// What lies in a file from one place to another, or to its end where that is nearer.
[[nodiscard]] std::string read_from(int file, std::uint64_t from, std::uint64_t to);

/// Appends to a file in memory, which has memory behind whatever was written.
///
/// Errors:  error where there is no memory for more, or a limit on files forbids it.
class result_file_writer final : public writer {
 public:
  explicit result_file_writer(int file) noexcept : m_file(file) {}
  result_file_writer(const result_file_writer&) = delete;
  result_file_writer& operator=(const result_file_writer&) = delete;
  ~result_file_writer() override;

  [[nodiscard]] std::size_t size() const noexcept { return static_cast<std::size_t>(m_at - m_base); }

 private:
  void grow(std::size_t size) override;

  int m_file;
  std::byte* m_base = nullptr;
};

/// The first `size` bytes of a file, mapped to be read.
class mapped_result {
 public:
  /// Errors:  error where the file is not that large or cannot be mapped.
  mapped_result(int file, std::size_t size);
  mapped_result(const mapped_result&) = delete;
  mapped_result& operator=(const mapped_result&) = delete;
  ~mapped_result();

  [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return m_bytes; }

 private:
  std::span<std::byte> m_bytes{};
};

}  // namespace tequio::detail
