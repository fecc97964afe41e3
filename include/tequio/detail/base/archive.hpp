// SPDX-License-Identifier: MIT
// The writer and the reader of serialised values, and the error of bytes that cannot be read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "tequio/error.hpp"

namespace tequio {

class reader;
class writer;

/// Bytes that are no value of the type to be read.
class serialize_error : public error {
 public:
  explicit serialize_error(std::string problem,
                           std::string cure = "both sides must be the same program, and write and read the same type");
};

namespace detail {
template <class Archive>
class nesting;
template <class T>
void write_value(writer& out, const T& value);
template <class T>
void read_value(reader& in, T& value);
/// Most levels of containers within containers: as many as the stack of a thread has room for.
inline constexpr unsigned deepest_nesting = 500;
[[noreturn]] void fail_too_deep();
}  // namespace detail

/// Appends values as bytes; a derived class gives the memory for them.
class writer {
 public:
  writer() = default;
  writer(const writer&) = delete;
  writer& operator=(const writer&) = delete;
  virtual ~writer() = default;

  template <class... Values>
  void operator()(const Values&... values);
  void bytes(const void* data, std::size_t size) {
    if (static_cast<std::size_t>(m_end - m_at) < size) grow(size);
    // memcpy must not be given null, which the data() of an empty container is
    if (size != 0) std::memcpy(m_at, data, size);
    m_at += size;
  }

 protected:
  /// Makes room for `size` more bytes at m_at, by moving m_end or both.
  virtual void grow(std::size_t size) = 0;

  std::byte* m_at = nullptr;
  std::byte* m_end = nullptr;

 private:
  friend class detail::nesting<writer>;
  unsigned m_depth = 0;
};

/// A writer with memory of its own.
class buffer_writer final : public writer {
 public:
  [[nodiscard]] std::span<const std::byte> written() const noexcept {
    return {m_buffer.data(), static_cast<std::size_t>(m_at - m_buffer.data())};
  }

 private:
  void grow(std::size_t size) override;

  std::vector<std::byte> m_buffer{};
};

/// Reads values back in the order they were written.
///
/// Errors:  serialize_error where the bytes end too early, or hold an impossible length or tag; the values read
///          before it are valid.
class reader {
 public:
  explicit reader(std::span<const std::byte> bytes) noexcept : m_bytes(bytes) {}

  template <class... Values>
  void operator()(Values&... values);
  void bytes(void* data, std::size_t size) {
    require(size);
    if (size != 0) std::memcpy(data, m_bytes.data(), size);
    m_bytes = m_bytes.subspan(size);
  }
  /// A length that the bytes left can hold, with at least `item_bytes` per item.
  [[nodiscard]] std::size_t length(std::size_t item_bytes);
  [[nodiscard]] std::size_t left() const noexcept { return m_bytes.size(); }

 private:
  void require(std::size_t size) const {
    if (size > m_bytes.size()) fail_short(size);
  }
  [[noreturn]] void fail_short(std::size_t size) const;

  friend class detail::nesting<reader>;
  std::span<const std::byte> m_bytes;
  unsigned m_depth = 0;
};

template <class... Values>
void writer::operator()(const Values&... values) {
  (detail::write_value(*this, values), ...);
}

template <class... Values>
void reader::operator()(Values&... values) {
  (detail::read_value(*this, values), ...);
}

}  // namespace tequio
