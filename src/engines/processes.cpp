// SPDX-License-Identifier: MIT
#include "tequio/processes.hpp"

#include <utility>

#include "engines/stream_runners.hpp"
#include "engines/supervisor.hpp"
#include "tequio/detail/workers/child_process.hpp"
#include "tequio/process_options.hpp"
#include "tequio/unsafe_fork.hpp"
#include "tequio/worker_count.hpp"

namespace tequio {
namespace {

/// A call that a forked process makes.
class process_call final : public detail::started_call {
 public:
  process_call(detail::child_process child, const detail::child_task& task)
      : m_child(std::move(child)),
        m_read(task.read_result),
        m_is_serialised(task.is_serialised),
        m_value_bytes(task.value_bytes) {}

  [[nodiscard]] bool wait(detail::deadline until) override { return m_child.join(until); }
  bool request_stop() override { return m_child.stop_source().request_stop(); }
  void get(void* result) override {
    m_child.require_result();
    if (m_read == nullptr) return;
    if (m_is_serialised) {
      m_child.read_result(result, m_read);
    } else {
      reader in({m_child.value(), m_value_bytes});
      m_read(result, in);
    }
  }

 private:
  detail::child_process m_child;
  void (*m_read)(void* result, reader& in);
  bool m_is_serialised;
  std::size_t m_value_bytes;
};

}  // namespace

processes::processes(std::size_t workers, processes_options options)
    : m_workers(detail::chosen_workers(workers)),
      m_options(options),
      m_room(std::make_shared<detail::process_room>()) {}

void processes::run(detail::shared_items& items, const detail::call_task& task, const map_options& options) const {
  if (items.status().empty()) return;
  detail::require_safe_fork(m_options.forking, "processes", "use the engine threads");
  detail::supervisor(items, task, options).run();
}

std::unique_ptr<detail::stream_runner> processes::make_runner(detail::shared_cells_base& cells,
                                                              const detail::call_task& task,
                                                              const map_options& options) const {
  detail::require_safe_fork(m_options.forking, "processes", "use the engine threads");
  return std::make_unique<detail::process_runner>(cells, task, options, m_options.forking);
}

std::unique_ptr<detail::started_call> processes::start_call(std::unique_ptr<detail::submitted_call> call) const {
  m_room->wait_for_place(m_workers);
  const detail::child_task task = call->task();
  detail::child_process child(process_options{.forking = m_options.forking}, task);
  m_room->add(child.pid());
  return std::make_unique<process_call>(std::move(child), task);
}

}  // namespace tequio
