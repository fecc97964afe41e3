// SPDX-License-Identifier: MIT
// What a child process has to do and where it leaves the result, without the types of its callable and its result.
#pragma once

#include <cstddef>
#include <stop_token>

#include "tequio/serialize.hpp"

namespace tequio::detail {

/// Where a child leaves what its callable returned.
class child_result {
 public:
  child_result(std::byte* value, writer* output) noexcept : m_value(value), m_output(output) {}

  /// Memory for a result that is copied byte by byte.
  [[nodiscard]] std::byte* value() const noexcept { return m_value; }
  /// Takes a result that is serialised.
  [[nodiscard]] writer& output() const noexcept { return *m_output; }

 private:
  std::byte* m_value;
  writer* m_output;
};

/// What a child has to do, without its types.
struct child_task {
  using runner = void (*)(void* call, const child_result& result, std::stop_token stop);

  void* call = nullptr;
  runner run = nullptr;
  void (*write)(const void* call, writer& out) = nullptr;  ///< for a fresh image; nullptr: it cannot be sent there
  runner run_written = nullptr;                            ///< there, with a reader of what was written as its call
  bool wants_token = false;
  std::size_t value_bytes = 0;  ///< of a result that is copied byte by byte
  std::size_t value_alignment = 1;
  bool is_serialised = false;
};

}  // namespace tequio::detail
