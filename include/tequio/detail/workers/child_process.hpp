// SPDX-License-Identifier: MIT
// The process of tequio/process.hpp, without the types of its callable and its result.
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
/// Safety:  every member may be called from several threads at once, except the destructor and the moves.
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
  /// The captured output of the child until now.
  [[nodiscard]] std::string output() const;
  /// A stop requested of it is requested of the child.
  [[nodiscard]] std::stop_source stop_source() const;
  void send(int signal) const;

  /// Waits for the child; throws worker_error unless its callable returned.
  void require_result() const;
  /// The result, where the child has stored it byte by byte.
  [[nodiscard]] const std::byte* value() const;
  /// Calls `read(target, reader)` with the serialised result.
  ///
  /// Errors:  worker_error, with the exception of the reading nested in it.
  void read_result(void* target, void (*read)(void* target, reader& in)) const;

 private:
  struct state;
  [[nodiscard]] state& here() const;
  void finish() noexcept;

  std::unique_ptr<state, void (*)(state*)> m_state;
};

}  // namespace tequio::detail
