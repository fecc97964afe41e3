// SPDX-License-Identifier: MIT
#include "tequio/threads.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include "engines/job_progress.hpp"
#include "engines/local_job.hpp"
#include "engines/stream_crew.hpp"
#include "system/bell.hpp"
#include "system/system.hpp"
#include "tequio/worker_count.hpp"

namespace tequio {

/// The standing threads. Invariant: `m_job` is set from the moment a call is posted until its last thread has left it,
/// and `m_generation` tells a thread whether it has done its part.
class threads::crew {
 public:
  explicit crew(std::size_t workers) : m_core_share(std::max<std::size_t>(1, default_workers() / workers)) {
    m_threads.reserve(workers);
    for (std::size_t worker = 0; worker < workers; ++worker) {
      try {
        m_threads.emplace_back([this, worker](const std::stop_token& stop) { serve(stop, worker); });
      } catch (const std::system_error& failed) {
        // fewer hands are hands still
        if (!m_threads.empty()) break;
        throw error({.object = "threads",
                     .problem = "no thread could be started",
                     .cure = "raise `ulimit -u`, or use the engine serial",
                     .code = failed.code()});
      }
    }
  }

  [[nodiscard]] std::size_t size() const noexcept { return m_threads.size(); }
  /// Whether a call must not wait for these threads: its own thread is one of them, or they wait for it through other
  /// engines, or they have stayed behind in the process that this one was forked from.
  [[nodiscard]] bool is_out_of_reach() const noexcept {
    if (is_inherited()) return true;
    for (const crew* waiting = t_current; waiting != nullptr; waiting = waiting->m_caller)
      if (waiting == this) return true;
    return false;
  }
  [[nodiscard]] bool is_inherited() const noexcept { return m_process != ::getpid(); }

  void run(detail::local_job& job, const detail::job_task& task, const map_options& options) {
    const std::scoped_lock one_call_at_a_time(m_calls);
    const descriptor done = detail::make_bell();
    if (job.watch().requested()) return;  // before a thread could take an item
    {
      const std::scoped_lock lock(m_guard);
      m_job = &job;
      m_task = &task;
      m_done = &done;
      m_caller = t_current;
      m_busy = m_threads.size();
      ++m_generation;
    }
    m_posted.notify_all();
    try {
      wait(job, done, options);
    } catch (...) {
      // what the threads still use lives in the caller's frame
      job.stop();
      struct pollfd left {
        done.number(), POLLIN, 0
      };
      while (::poll(&left, 1, -1) != 1) {
      }
      leave();
      throw;
    }
    leave();
  }

 private:
  void leave() {
    const std::scoped_lock lock(m_guard);
    m_job = nullptr;
    m_caller = nullptr;
  }

  // The caller sleeps until the last thread rings, waking for a stop and for reports.
  static void wait(detail::local_job& job, const descriptor& done, const map_options& options) {
    const int interval = options.progress ? static_cast<int>(detail::progress_interval.count()) : -1;
    for (;;) {
      static_cast<void>(job.watch().requested());
      std::vector<pollfd> set{{done.number(), POLLIN, 0}};
      job.watch().add_to(set);
      static_cast<void>(system::retry([&] { return ::poll(set.data(), set.size(), interval); }));
      if (set.front().revents != 0) break;
      job.report_progress();
    }
    job.report_progress();
  }

  void serve(const std::stop_token& stop, std::size_t worker) {
    t_current = this;
    detail::set_thread_core_budget(m_core_share);
    std::uint64_t seen = 0;
    for (;;) {
      detail::local_job* job = nullptr;
      const detail::job_task* task = nullptr;
      {
        std::unique_lock lock(m_guard);
        if (!m_posted.wait(lock, stop, [&] { return m_generation != seen; })) return;
        seen = m_generation;
        job = m_job;
        task = m_task;
      }
      job->run_worker(*task, worker);
      const std::scoped_lock lock(m_guard);
      if (--m_busy == 0) detail::ring(*m_done);
    }
  }

  static thread_local const crew* t_current;

  pid_t m_process = ::getpid();
  std::size_t m_core_share;  // of each thread, for engines inside it
  std::mutex m_calls{};
  std::mutex m_guard{};
  std::condition_variable_any m_posted{};
  detail::local_job* m_job = nullptr;
  const detail::job_task* m_task = nullptr;
  const descriptor* m_done = nullptr;
  const crew* m_caller = nullptr;  // whose thread made the call, where it was one
  std::size_t m_busy = 0;
  std::uint64_t m_generation = 0;
  std::vector<std::jthread> m_threads{};  // last: they end before what they use
};

thread_local const threads::crew* threads::crew::t_current = nullptr;

threads::threads(std::size_t workers)
    : m_crew(std::make_unique<crew>(detail::chosen_workers(workers))),
      m_room(std::make_shared<detail::thread_room>(m_crew->size())) {}
threads::threads(threads&&) noexcept = default;
threads& threads::operator=(threads&&) noexcept = default;
threads::~threads() {
  // in a forked child there is nobody to join
  if (m_crew && m_crew->is_inherited()) static_cast<void>(m_crew.release());
}

std::size_t threads::workers() const noexcept { return m_crew->size(); }

bool threads::is_called_from_inside() const noexcept { return m_crew->is_out_of_reach() || m_room->is_here(); }

void threads::run(detail::local_items& items, const detail::job_task& task, const map_options& options) {
  detail::local_job job(items, options, m_crew->size());
  if (items.status().empty()) return;
  if (m_crew->is_out_of_reach())
    job.run_here(task);
  else
    m_crew->run(job, task, options);
}

std::unique_ptr<detail::stream_crew> threads::make_crew(detail::local_cells_base& cells, const detail::job_task& task,
                                                        const map_options& options) const {
  if (m_crew->is_out_of_reach()) return std::make_unique<detail::calling_crew>(cells, task, options);
  return std::make_unique<detail::thread_crew>(cells, task, options, m_crew->size());
}

}  // namespace tequio
