// SPDX-License-Identifier: MIT
// How a process or thread of tequio's is doing, or how it ended; and what get() throws where it left no result.
#pragma once

#include <cstdint>
#include <string>

#include "tequio/error.hpp"
#include "tequio/outcome.hpp"

namespace tequio {

/// What has become of a worker.
enum class worker_state : std::uint8_t {
  running,
  returned,  ///< its callable returned
  threw,     ///< its callable threw
  exited,    ///< it ended by exit() or the like, before its callable returned
  killed,    ///< by a signal
  unknown,   ///< it ended without a result, and somebody else's wait() took the reason
};

/// How a worker is doing, or how it ended.
struct worker_status {
  worker_state state = worker_state::running;
  int exit_code = 0;  ///< as a shell would see it, of a process that ended by itself: 0 returned, 1 threw
  int signal = 0;     ///< that killed it, or 0

  /// "running", "returned", "threw an exception", "exited with code 3", "killed by SIGSEGV (Segmentation fault)".
  [[nodiscard]] std::string describe() const;

  friend bool operator==(const worker_status&, const worker_status&) = default;
};

/// Thrown by get() of a worker that left no result; the message names the worker and says what happened.
class worker_error : public error {
 public:
  /// @param worker what it is: `process "uno"`.
  /// @param cure   what to do about it, where something is known.
  worker_error(std::string worker, tequio::failure reason, std::string cure = {});

  /// Its pid; signal and exit code, or the type and text of the exceptions its callable threw.
  [[nodiscard]] const tequio::failure& failure() const noexcept { return m_failure; }

 private:
  tequio::failure m_failure;
};

}  // namespace tequio
