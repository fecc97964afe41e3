// SPDX-License-Identifier: MIT
// Runs one call on forked workers: starts them, sleeps until one ends or time is up, and gives every item its verdict.
// One event loop in the calling thread; no helper thread, no signal handler.
#pragma once

#include <poll.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <system_error>
#include <vector>

#include "engines/call_progress.hpp"
#include "engines/stop_watch.hpp"
#include "system/exit_info.hpp"
#include "tequio/descriptor.hpp"
#include "tequio/detail/engines/supervised_call.hpp"
#include "tequio/detail/engines/work.hpp"
#include "tequio/map_options.hpp"
#include "tequio/unsafe_fork.hpp"
#include "workers/child_start.hpp"

namespace tequio::detail {

/// Invariant: every pending item below the call's limit is at or above the cursor, or in hand of a live worker, or in
/// `m_returned`, or was lost between a claim and its note in the slot; give_back_lost() finds the last kind when all
/// workers have ended.
class supervisor {
 public:
  /// @param allowed when a later worker may be forked; the caller has checked it for the first ones.
  supervisor(supervised_call& call, const call_task& task, const map_options& options,
             forking allowed = forking::at_any_time);
  supervisor(const supervisor&) = delete;
  supervisor& operator=(const supervisor&) = delete;
  ~supervisor() { kill_all(); }

  /// Blocks:  until every item has its verdict or the call is stopped; no worker is left then.
  /// Errors:  error where no worker can be started, or workers die without ever taking an item.
  void run();

  /// One step of a stream, whose items come while it runs: look_after() takes the place of run(), and end() comes last.
  ///
  /// Starts missing workers, sleeps until `bell` is readable or a worker needs attention, and looks after the workers
  /// that have ended or are overdue. Does not sleep where it finds a stop that the workers have not been told yet.
  ///
  /// @param longest the longest sleep; 0: none, negative: no limit.
  /// Errors:  as run().
  void look_after(const descriptor& bell, std::chrono::milliseconds longest);
  /// Blocks:  until all workers have ended; the owner of the call has told them to.
  void end(stop_mode kind);

 private:
  /// A worker that has been started and not yet been seen to end.
  struct live_worker {
    std::size_t slot = 0;
    child_handle started{};
    std::optional<std::uint64_t> overdue_item{};  // the item it was killed for
  };
  /// Items that wait for a new worker, and the number of tries of the first one.
  struct returned_range {
    item_range range{};
    std::uint64_t attempts = 0;
  };

  void start_workers();
  [[nodiscard]] bool start_worker(std::size_t slot);
  void supervise();
  void turn(const descriptor* bell, std::chrono::milliseconds longest);
  [[nodiscard]] bool stop_wanted() { return m_watch.requested() || m_abandoned; }
  void poll_workers(std::vector<pollfd>& set, std::chrono::milliseconds longest);
  void notice_pause(std::chrono::milliseconds slept);
  [[nodiscard]] std::int64_t deadline(std::int64_t started_ns) const noexcept;
  [[nodiscard]] int sleep_milliseconds(std::chrono::milliseconds longest) const;
  void stop_workers();
  void end_overdue();
  void kill_all() noexcept;
  void handle_end(live_worker& dead);
  void judge(const live_worker& dead, const exit_info& how, item_range hand);
  void fail(const live_worker& dead, const exit_info& how, std::uint64_t item, std::uint64_t attempts);
  void give_back(item_range range, std::uint64_t attempts);
  [[nodiscard]] bool give_back_lost();
  [[nodiscard]] bool work_left() const noexcept;
  [[nodiscard]] std::optional<std::int64_t> item_started(const worker_slot& slot, std::uint64_t& item) const noexcept;
  [[nodiscard]] std::uint64_t returned_count() const noexcept;

  supervised_call& m_call;
  const call_task& m_task;
  const map_options& m_options;
  forking m_forking;
  stop_watch m_watch;
  progress_clock m_clock;
  std::int64_t m_started_ns = monotonic_ns();
  std::size_t m_core_share;
  std::vector<live_worker> m_live{};
  std::vector<returned_range> m_returned{};
  std::error_code m_start_failure{};
  std::size_t m_idle_deaths = 0;  // deaths in a row, with items left, of workers that had none in hand or claimed
  std::uint64_t m_claimed_at_idle_death = 0;
  std::optional<std::int64_t> m_stopped_ns{};
  bool m_abandoned = false;
  bool m_killed = false;  // after a stop: all workers were sent SIGKILL
  std::int64_t m_noticed_ns = m_started_ns;
  std::int64_t m_resumed_ns = 0;  // the end of the last pause of this process
};

}  // namespace tequio::detail
