// SPDX-License-Identifier: MIT
// A file in memory that one process fills and another reads: results of any size, which the writer never waits to hand
// over.
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

/// The bytes of a file from one offset to another, or to its end where that is nearer.
[[nodiscard]] std::string read_from(int file, std::uint64_t from, std::uint64_t to);

/// Writes a small result to given memory, a larger one to a file in memory, which is committed before each write.
///
/// Errors:  error where there is no memory for more, or a limit on files forbids it.
class result_file_writer final : public writer {
 public:
  /// @param small memory for a result that fits.
  result_file_writer(int file, std::span<std::byte> small) noexcept : m_file(file), m_base(small.data()) {
    m_at = m_base;
    m_end = m_base + small.size();
  }
  result_file_writer(const result_file_writer&) = delete;
  result_file_writer& operator=(const result_file_writer&) = delete;
  ~result_file_writer() override;

  [[nodiscard]] std::size_t size() const noexcept { return static_cast<std::size_t>(m_at - m_base); }

 private:
  void grow(std::size_t size) override;

  int m_file;
  std::byte* m_base;
  bool m_is_mapped = false;
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
