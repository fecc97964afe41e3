// SPDX-License-Identifier: MIT
// The thread of tequio/thread.hpp, without the types of its callable and its result.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>

#include "tequio/detail/sync/futex.hpp"
#include "tequio/worker_status.hpp"

namespace tequio::detail {

/// One thread and its outcome.
///
/// Invariant: the thread stores `m_done` last; its outcome is not read before that.
class thread_core {
 public:
  explicit thread_core(std::string name);
  thread_core(const thread_core&) = delete;
  thread_core& operator=(const thread_core&) = delete;
  virtual ~thread_core() = default;

  /// Starts the thread, which runs `body()` once.
  template <class Body>
  void start(Body&& body) {
    // std::function copies its callable, which may be one that can only be moved
    auto shared = std::make_shared<std::decay_t<Body>>(std::forward<Body>(body));
    launch([shared = std::move(shared)] { (*shared)(); });
  }

  /// False where the deadline has passed.
  [[nodiscard]] bool join(deadline until);
  [[nodiscard]] bool joinable() noexcept;
  [[nodiscard]] worker_status status();
  /// Waits for the thread; throws worker_error, with the exception nested, unless its callable returned.
  void require_result();

  [[nodiscard]] pid_t pid() const noexcept { return m_process; }
  [[nodiscard]] const std::string& name() const noexcept { return m_name; }
  bool request_stop() noexcept { return m_stop.request_stop(); }
  [[nodiscard]] std::stop_token stop_token() const noexcept { return m_stop.get_token(); }
  [[nodiscard]] std::stop_source stop_source() const noexcept { return m_stop; }

  [[nodiscard]] bool is_inherited() const noexcept;
  void require_own_process() const;
  [[noreturn]] static void fail_moved_from();

 private:
  void launch(std::function<void()> body);
  void run(const std::function<void()>& body);
  [[nodiscard]] bool is_this_thread();

  const pid_t m_process;
  const std::size_t m_number;
  const std::string m_name;
  std::stop_source m_stop{};
  std::atomic<std::uint32_t> m_done{0};  // joiners sleep on it
  worker_state m_outcome = worker_state::running;
  std::exception_ptr m_error{};
  std::mutex m_guard{};  // of the thread object
  std::thread m_thread{};
};

/// Asks the thread to stop and waits for it; does nothing in a process forked from the one that made it, which has no
/// such thread.
struct thread_finisher {
  // NOLINTNEXTLINE(bugprone-exception-escape): another thread joins one that was started
  void operator()(thread_core* core) const noexcept;
};

}  // namespace tequio::detail
