// SPDX-License-Identifier: MIT
#include "tequio/threads.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "engines/call_progress.hpp"
#include "engines/local_call.hpp"
#include "engines/start_threads.hpp"
#include "engines/stream_runners.hpp"
#include "system/bell.hpp"
#include "system/system.hpp"
#include "tequio/thread.hpp"
#include "tequio/worker_count.hpp"

namespace tequio {

/// The standing threads. Invariant: `m_call` is set from the moment a call is posted until the last thread has left it,
/// and `m_generation` tells a thread whether it has taken part in that call.
class threads::team {
 public:
  explicit team(std::size_t workers) : m_core_share(std::max<std::size_t>(1, default_workers() / workers)) {
    detail::start_threads(m_threads, workers,
                          [this](const std::stop_token& stop, std::size_t worker) { serve(stop, worker); });
  }

  [[nodiscard]] std::size_t size() const noexcept { return m_threads.size(); }
  /// Whether a call must not wait for these threads: the calling thread is one of them, or they wait for it through
  /// other engines, or they are threads of the process that this one was forked from.
  [[nodiscard]] bool is_out_of_reach() const noexcept {
    if (is_inherited()) return true;
    for (const team* waiting = t_current; waiting != nullptr; waiting = waiting->m_caller)
      if (waiting == this) return true;
    return false;
  }
  [[nodiscard]] bool is_inherited() const noexcept { return m_process != ::getpid(); }

  void run(detail::local_call& call, const detail::call_task& task, const map_options& options) {
    const std::scoped_lock one_call_at_a_time(m_calls);
    const descriptor done = detail::make_bell();
    if (call.watch().requested()) return;  // before a thread could take an item
    {
      const std::scoped_lock lock(m_guard);
      m_call = &call;
      m_task = &task;
      m_done = &done;
      m_caller = t_current;
      m_busy = m_threads.size();
      ++m_generation;
    }
    m_posted.notify_all();
    try {
      wait(call, done, options);
    } catch (...) {
      // the threads still use objects in this function's frame
      call.stop();
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
    m_call = nullptr;
    m_caller = nullptr;
  }

  // The caller sleeps until the last thread rings, waking for a stop and for reports.
  static void wait(detail::local_call& call, const descriptor& done, const map_options& options) {
    const int interval = options.progress ? static_cast<int>(detail::progress_interval.count()) : -1;
    for (;;) {
      static_cast<void>(call.watch().requested());
      std::vector<pollfd> set{{done.number(), POLLIN, 0}};
      call.watch().add_to(set);
      static_cast<void>(system::retry([&] { return ::poll(set.data(), set.size(), interval); }));
      if (set.front().revents != 0) break;
      call.report_progress();
    }
    call.report_progress();
  }

  void serve(const std::stop_token& stop, std::size_t worker) {
    t_current = this;
    detail::set_thread_core_budget(m_core_share);
    std::uint64_t seen = 0;
    for (;;) {
      detail::local_call* call = nullptr;
      const detail::call_task* task = nullptr;
      {
        std::unique_lock lock(m_guard);
        if (!m_posted.wait(lock, stop, [&] { return m_generation != seen; })) return;
        seen = m_generation;
        call = m_call;
        task = m_task;
      }
      call->run_worker(*task, worker);
      const std::scoped_lock lock(m_guard);
      if (--m_busy == 0) detail::ring(*m_done);
    }
  }

  static thread_local const team* t_current;

  pid_t m_process = ::getpid();
  std::size_t m_core_share;  // processors of each thread, for engines inside it
  std::mutex m_calls{};
  std::mutex m_guard{};
  std::condition_variable_any m_posted{};
  detail::local_call* m_call = nullptr;
  const detail::call_task* m_task = nullptr;
  const descriptor* m_done = nullptr;
  const team* m_caller = nullptr;  // the team whose thread made the call, if any
  std::size_t m_busy = 0;
  std::uint64_t m_generation = 0;
  std::vector<std::jthread> m_threads{};  // last member: the threads end before the others are destroyed
};

namespace {

/// A call that a thread of its own makes.
class thread_call final : public detail::started_call {
 public:
  thread_call(std::unique_ptr<detail::submitted_call> call, detail::thread_room::place place)
      : m_call(std::move(call)), m_thread([made = m_call.get(), place = std::move(place)](std::stop_token stop) {
          const detail::thread_room::visit visit(place.room());
          made->make(std::move(stop));
        }) {}

  [[nodiscard]] bool wait(detail::deadline until) override { return m_thread.join_until(until.time); }
  bool request_stop() override { return m_thread.request_stop(); }
  void get(void* result) override {
    m_thread.get();
    m_call->give_result(result);
  }

 private:
  std::unique_ptr<detail::submitted_call> m_call;
  thread<> m_thread;  // last member: it ends before the others are destroyed
};

}  // namespace

thread_local const threads::team* threads::team::t_current = nullptr;

threads::threads(std::size_t workers)
    : m_team(std::make_unique<team>(detail::chosen_workers(workers))),
      m_room(std::make_shared<detail::thread_room>(m_team->size())) {}
threads::threads(threads&&) noexcept = default;
threads& threads::operator=(threads&&) noexcept = default;
threads::~threads() {
  // a forked child has no such threads to join
  if (m_team && m_team->is_inherited()) static_cast<void>(m_team.release());
}

std::size_t threads::workers() const noexcept { return m_team->size(); }

bool threads::is_called_from_inside() const noexcept { return m_team->is_out_of_reach() || m_room->is_here(); }

void threads::run(detail::local_items& items, const detail::call_task& task, const map_options& options) {
  detail::local_call call(items, options, m_team->size());
  if (items.status().empty()) return;
  if (m_team->is_out_of_reach())
    call.run_here(task);
  else
    m_team->run(call, task, options);
}

std::unique_ptr<detail::stream_runner> threads::make_runner(detail::local_cells_base& cells,
                                                            const detail::call_task& task,
                                                            const map_options& options) const {
  if (m_team->is_out_of_reach()) return std::make_unique<detail::calling_runner>(cells, task, options);
  return std::make_unique<detail::thread_runner>(cells, task, options, m_team->size());
}

std::unique_ptr<detail::started_call> threads::start_call(std::unique_ptr<detail::submitted_call> call) const {
  if (is_called_from_inside()) return std::make_unique<detail::finished_call>(std::move(call));
  return std::make_unique<thread_call>(std::move(call), detail::thread_room::enter(m_room));
}

}  // namespace tequio
