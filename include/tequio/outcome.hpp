// SPDX-License-Identifier: MIT
// The outcome of one item of a map: its value, or the reason why there is none.
// Every item has exactly one outcome.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tequio/error.hpp"

namespace tequio {

/// How an item ended.
enum class verdict : std::uint8_t {
  cancelled,  ///< not run, or ended half way, because a stop was requested
  value,      ///< the callable returned
  error,      ///< the callable threw
  died,       ///< its worker ended: by a signal, or by an exit() of the callable
  timed_out,  ///< it took longer than `map_options::timeout`, and its worker was killed
};

/// One exception as plain text.
struct exception_text {
  std::string type{};     ///< demangled, "std::out_of_range"
  std::string message{};  ///< `what()`; empty where it is no std::exception
  tequio::hint hint{};    ///< of a tequio::error: reworded() says the message in other words
};

/// Why an item has no value.
struct failure {
  verdict kind = verdict::cancelled;
  std::size_t item = 0;                      ///< index in the range given to the call
  std::vector<exception_text> exceptions{};  ///< the exception thrown, then those nested in it
  int signal = 0;                            ///< the signal that ended the worker, or 0
  int exit_code = 0;                         ///< the worker's, where no signal ended it
  pid_t pid = 0;                             ///< the worker's
  std::size_t worker = 0;                    ///< the worker's number, from 0
  unsigned attempts = 1;                     ///< number of times that the item was tried
  std::string last_output{};                 ///< the last line of a process that died, where its output was captured
  std::uint64_t peak_memory_bytes = 0;       ///< of a worker that died, as accounted by the kernel

  /// One line without the item's number: "std::out_of_range: no such key" or "killed by SIGSEGV …".
  [[nodiscard]] std::string describe() const;
};

/// The exception being handled, as plain text. Call it inside a handler; it throws nothing except std::bad_alloc.
[[nodiscard]] std::vector<exception_text> describe_current_exception();

/// Thrown by a call with failed items; it names the first one by index.
class task_error : public error {
 public:
  explicit task_error(std::vector<failure> failures);

  /// The failed item with the lowest index.
  [[nodiscard]] const failure& first() const noexcept { return m_failures.front(); }
  /// All failed items by index, the first among them.
  [[nodiscard]] const std::vector<failure>& failures() const noexcept { return m_failures; }

 private:
  std::vector<failure> m_failures;
};

/// The value of one item, or the failure in its place.
template <class Value>
class outcome {
 public:
  explicit outcome(Value value) : m_value(std::move(value)) {}
  explicit outcome(tequio::failure reason) : m_failure(std::move(reason)) {}

  [[nodiscard]] bool has_value() const noexcept { return m_value.has_value(); }
  explicit operator bool() const noexcept { return has_value(); }
  [[nodiscard]] tequio::verdict verdict() const noexcept { return has_value() ? verdict::value : m_failure->kind; }

  /// The value.
  ///
  /// Errors:  task_error where there is none.
  [[nodiscard]] Value& value() & { return checked(), *m_value; }
  [[nodiscard]] const Value& value() const& { return checked(), *m_value; }
  [[nodiscard]] Value&& value() && { return checked(), std::move(*m_value); }
  /// The value, which must be there.
  [[nodiscard]] Value& operator*() noexcept { return *m_value; }
  [[nodiscard]] const Value& operator*() const noexcept { return *m_value; }
  [[nodiscard]] Value* operator->() noexcept { return &*m_value; }
  [[nodiscard]] const Value* operator->() const noexcept { return &*m_value; }
  /// The reason, which must be there.
  [[nodiscard]] const tequio::failure& failure() const noexcept { return *m_failure; }

 private:
  void checked() const {
    if (!m_value) throw task_error({*m_failure});
  }

  std::optional<Value> m_value{};
  std::optional<tequio::failure> m_failure{};
};

}  // namespace tequio
