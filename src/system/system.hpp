// SPDX-License-Identifier: MIT
// The one place where an interrupted system call is repeated, and a failed one becomes an error.
#pragma once

#include <cerrno>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "tequio/descriptor.hpp"
#include "tequio/error.hpp"

namespace tequio::system {

/// The error of the system call that failed last, from `errno`.
[[nodiscard]] inline error failure(std::string object, std::string problem, std::string cure = {}) {
  const std::error_code code(errno, std::generic_category());
  return error({.object = std::move(object), .problem = std::move(problem), .cure = std::move(cure), .code = code});
}

/// Repeats a call as long as a signal interrupts it, and returns its result.
template <class Call>
auto retry(Call call) {
  for (;;) {
    const auto result = call();
    if (result != -1 || errno != EINTR) return result;
  }
}

/// The cure where a limit made a call fail; empty for other reasons.
[[nodiscard]] inline std::string cure_of_limit(int code) {
  switch (code) {
    case EMFILE:
    case ENFILE:
      return "raise `ulimit -n`, or use fewer workers";
    case EAGAIN:
      return "raise `ulimit -u`, or use fewer workers";
    case ENOMEM:
      return "free memory, or use fewer workers";
    default:
      return {};
  }
}

/// As retry(), and throws where the call failed.
template <class Call>
auto check(std::string_view object, std::string_view problem, Call call) {
  const auto result = retry(call);
  if (result == -1) throw failure(std::string(object), std::string(problem), cure_of_limit(errno));
  return result;
}

/// Writes all. Where the file is non-blocking and takes no more, waits until it does.
///
/// @return false where it cannot be written; errno says why.
[[nodiscard]] bool write_all(int file, std::span<const std::byte> bytes) noexcept;
[[nodiscard]] inline bool write_all(int file, std::string_view text) noexcept {
  return write_all(file, std::as_bytes(std::span(text)));
}

/// Appends to `text` what one read of a pipe gives: up to `most` bytes, and no more than 64 KiB. A non-blocking pipe
/// that is empty now gives 0.
///
/// @return the number of bytes; nothing at the pipe's end, or where it cannot be read.
[[nodiscard]] std::optional<std::size_t> read_available(int pipe, std::string& text, std::size_t most);

/// The number of bytes in a pipe now; 0 for any other descriptor.
[[nodiscard]] std::size_t bytes_waiting(int pipe) noexcept;

/// Reads what is in a pipe now and no more: another holder of its write end may never stop writing.
///
/// @param read reads up to a number of bytes and returns how many it has read; 0 ends it.
template <class Read>
void read_waiting(int pipe, Read read) {
  for (std::size_t left = bytes_waiting(pipe); left > 0;) {
    const std::size_t count = read(left);
    if (count == 0) return;
    left -= count;
  }
}

/// Moves a descriptor that landed on 0, 1 or 2 (they were closed when the program started) above them.
[[nodiscard]] descriptor above_standard_streams(descriptor file);

}  // namespace tequio::system
