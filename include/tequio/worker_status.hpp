// SPDX-License-Identifier: MIT
// The state of a process or thread, or how it ended; and the error of get() where it left no result.
#pragma once

#include <cstdint>
#include <string>

#include "tequio/error.hpp"
#include "tequio/outcome.hpp"

namespace tequio {

/// The state of a worker.
enum class worker_state : std::uint8_t {
  running,
  returned,  ///< its callable returned
  threw,     ///< its callable threw
  exited,    ///< it ended by exit() or a similar call, before its callable returned
  killed,    ///< by a signal
  unknown,   ///< it ended without a result, and another wait() took the reason
};

/// The state of a worker, and how it ended.
struct worker_status {
  worker_state state = worker_state::running;
  int exit_code = 0;  ///< as a shell sees it, of a process that ended by itself: 0 returned, 1 threw
  int signal = 0;     ///< the signal that killed it, or 0

  /// "running", "returned", "threw an exception", "exited with code 3", "killed by SIGSEGV (Segmentation fault)".
  [[nodiscard]] std::string describe() const;

  friend bool operator==(const worker_status&, const worker_status&) = default;
};

/// Thrown by get() where the worker left no result; the message names the worker and the reason.
class worker_error : public error {
 public:
  /// @param worker the worker shown, such as `process "uno"`.
  /// @param cure what to do about it, where that is known.
  worker_error(std::string worker, tequio::failure reason, std::string cure = {});

  /// Its pid; signal and exit code, or the type and text of the exceptions its callable threw.
  [[nodiscard]] const tequio::failure& failure() const noexcept { return m_failure; }

 private:
  tequio::failure m_failure;
};

}  // namespace tequio
