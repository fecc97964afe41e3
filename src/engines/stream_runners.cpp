// SPDX-License-Identifier: MIT
#include "engines/stream_runners.hpp"

#include <poll.h>

#include <algorithm>
#include <utility>

#include "engines/engine_worker.hpp"
#include "engines/local_call.hpp"
#include "engines/start_threads.hpp"
#include "system/system.hpp"
#include "system/waited_for_children.hpp"
#include "tequio/worker_count.hpp"

namespace tequio::detail {
namespace {

// Keeps failures in the caller's memory.
class local_stream_worker final : public stream_worker {
 public:
  local_stream_worker(local_cells_base& cells, worker_slot& own, std::size_t number, const map_options& given) noexcept
      : stream_worker(cells.board(), own, number, given), m_cells(cells) {}

  void keep(failure reason) noexcept override { m_cells.keep_failure(cell, std::move(reason)); }

 private:
  local_cells_base& m_cells;
};

map_options without_progress(map_options options) {
  options.progress = nullptr;  // the reader reports
  return options;
}

}  // namespace

calling_runner::calling_runner(local_cells_base& cells, const call_task& task, const map_options& options)
    : m_cells(cells), m_task(task), m_options(options), m_watch(options, cells.board().control().call) {
  require_no_timeout(options);
}

void calling_runner::look_after(std::chrono::milliseconds longest) {
  if (m_watch.requested() || longest.count() == 0) return;
  local_stream_worker self(m_cells, m_slot, 0, m_options);
  const auto cell = m_cells.board().try_take(0);
  if (!cell) return;
  self.cell = *cell;
  run_stream_item(self, m_task);
}

thread_runner::thread_runner(local_cells_base& cells, const call_task& task, const map_options& options,
                             std::size_t workers)
    : m_cells(cells),
      m_task(task),
      m_options(options),
      m_watch(options, cells.board().control().call),
      m_slots(workers) {
  require_no_timeout(options);
}

thread_runner::~thread_runner() { end(stop_mode::abandoned); }

// As many threads as items have been offered, at most one per slot.
void thread_runner::start() {
  stream_board& board = m_cells.board();
  const std::size_t wanted = std::min<std::size_t>(m_slots.size(), board.control().offered.load());
  const std::size_t share = std::max<std::size_t>(1, default_workers() / m_slots.size());
  start_threads(m_threads, wanted, [this, share](std::size_t number) {
    set_thread_core_budget(share);
    const identity_scope identity(engine_worker(number, m_cells.board().control().call));
    local_stream_worker self(m_cells, m_slots[number], number, m_options);
    work_stream(self, m_task);
  });
}

void thread_runner::look_after(std::chrono::milliseconds longest) {
  const bool stopped = m_watch.requested();
  const bool news = stopped && !std::exchange(m_stop_told, stopped);
  if (!stopped) start();
  if (news || longest.count() == 0) return;
  std::vector<pollfd> set{{m_cells.board().bell().number(), POLLIN, 0}};
  m_watch.add_to(set);
  static_cast<void>(system::retry([&] { return ::poll(set.data(), set.size(), static_cast<int>(longest.count())); }));
}

void thread_runner::end(stop_mode /*kind*/) {
  m_cells.board().close();
  for (std::thread& one : m_threads) one.join();
  m_threads.clear();
}

process_runner::process_runner(shared_cells_base& cells, const call_task& task, const map_options& options,
                               forking allowed)
    : m_cells(cells), m_options(without_progress(options)), m_supervisor(cells, task, m_options, allowed) {}

void process_runner::look_after(std::chrono::milliseconds longest) {
  const waited_for_children children;
  m_supervisor.look_after(m_cells.board().bell(), longest);
}

void process_runner::end(stop_mode kind) {
  const waited_for_children children;
  m_supervisor.end(kind);
}

}  // namespace tequio::detail
