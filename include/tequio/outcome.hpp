// SPDX-License-Identifier: MIT
// What became of one item of a map: its value, or the reason why there is none.
// Every item ends in exactly one of these; nothing is lost.
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
  cancelled,  ///< not run, or stopped half way, because the call was told to stop
  value,      ///< the callable returned
  error,      ///< the callable threw
  died,       ///< its worker ended: by a signal, or by an exit the callable asked for
  timed_out,  ///< it took longer than `map_options::timeout` and its worker was ended
};

/// One exception as plain text.
struct exception_text {
  std::string type{};     ///< demangled, "std::out_of_range"
  std::string message{};  ///< `what()`, or empty for what is no std::exception
  tequio::hint hint{};    ///< of a tequio::error: reworded() says the message in other words
};

/// Why an item has no value.
struct failure {
  verdict kind = verdict::cancelled;
  std::size_t item = 0;                      ///< index in the range given to the call
  std::vector<exception_text> exceptions{};  ///< the one thrown, then those nested in it
  int signal = 0;                            ///< that ended the worker, or 0
  int exit_code = 0;                         ///< of the worker, where no signal ended it
  pid_t pid = 0;                             ///< of the worker
  std::size_t worker = 0;                    ///< its number, from 0
  unsigned attempts = 1;                     ///< how often the item was tried
  std::string last_output{};                 ///< of a process that died and whose output was captured: its last line
  std::uint64_t peak_memory_bytes = 0;       ///< of a worker that died, as the kernel accounted it

  /// One line without the item's number: "std::out_of_range: no such key" or "killed by SIGSEGV …".
  [[nodiscard]] std::string describe() const;
};

/// The exception being handled, as plain text. Call it inside a handler; never throws but std::bad_alloc.
[[nodiscard]] std::vector<exception_text> describe_current_exception();

/// Thrown by a call that found failed items; it names the first by index.
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

  /// The value; throws task_error where there is none.
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
