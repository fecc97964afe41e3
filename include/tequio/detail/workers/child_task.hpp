// SPDX-License-Identifier: MIT
// The task of a child process and the place of its result, without the types of its callable and its result.
#pragma once

#include <cstddef>
#include <stop_token>

#include "tequio/serialize.hpp"

namespace tequio::detail {

/// The place where a child leaves the result of its callable.
class child_result {
 public:
  child_result(std::byte* value, writer* output) noexcept : m_value(value), m_output(output) {}

  /// The memory of a result that is copied byte by byte.
  [[nodiscard]] std::byte* value() const noexcept { return m_value; }
  /// The writer of a result that is serialised.
  [[nodiscard]] writer& output() const noexcept { return *m_output; }

 private:
  std::byte* m_value;
  writer* m_output;
};

/// The task of a child, without its types.
struct child_task {
  using runner = void (*)(void* call, const child_result& result, std::stop_token stop);

  void* call = nullptr;
  runner run = nullptr;
  void (*write)(const void* call, writer& out) = nullptr;      ///< to a spawned image; nullptr: it cannot
  runner run_written = nullptr;                                ///< there; its call is a reader
  void (*hand_over)(const void* call, int process) = nullptr;  ///< tells arguments that the child has them now
  /// Reads what the callable returned into a std::optional of it.
  void (*read_result)(void* result, reader& in) = nullptr;
  bool wants_token = false;
  std::size_t value_bytes = 0;  ///< size of a result that is copied byte by byte
  std::size_t value_alignment = 1;
  bool is_serialised = false;
};

}  // namespace tequio::detail
