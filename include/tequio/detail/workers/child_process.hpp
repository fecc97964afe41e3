// SPDX-License-Identifier: MIT
// A process of tequio/process.hpp without the types of its callable and its result.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <memory>
#include <span>
#include <stop_token>
#include <string>

#include "tequio/detail/sync/futex.hpp"
#include "tequio/detail/workers/child_task.hpp"
#include "tequio/process_options.hpp"
#include "tequio/serialize.hpp"
#include "tequio/worker_status.hpp"

namespace tequio::detail {

/// A started process, or none.
///
/// Safety:  every member may be called from several threads at once; only the destructor and the moves may not.
class child_process {
 public:
  child_process() noexcept;
  child_process(process_options options, const child_task& task);
  child_process(child_process&&) noexcept;
  child_process& operator=(child_process&&) noexcept;
  /// Asks the child to stop and waits for it; does nothing in a process forked from the one that made it.
  ~child_process();

  [[nodiscard]] bool joinable() const noexcept;
  /// False where the deadline has passed.
  bool join(deadline until) const;
  [[nodiscard]] worker_status status() const;
  [[nodiscard]] pid_t pid() const;
  [[nodiscard]] const std::string& name() const;
  /// What was captured until now of what the child printed.
  [[nodiscard]] std::string output() const;
  /// Its request is the child's.
  [[nodiscard]] std::stop_source stop_source() const;
  void send(int signal) const;

  /// Waits for the child; throws worker_error unless its callable returned.
  void require_result() const;
  /// The result, copied byte by byte there.
  [[nodiscard]] const std::byte* value() const;
  /// Calls `read(target, reader)` with the serialised result.
  ///
  /// Errors:  worker_error with what reading threw nested in it.
  void read_result(void* target, void (*read)(void* target, reader& in)) const;

 private:
  struct state;
  [[nodiscard]] state& here() const;
  void finish() noexcept;

  std::unique_ptr<state, void (*)(state*)> m_state;
};

}  // namespace tequio::detail
