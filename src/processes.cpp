// SPDX-License-Identifier: MIT
#include "tequio/processes.hpp"

#include <fmt/core.h>
#include <sys/single_threaded.h>
#include <sys/stat.h>

#include "supervisor.hpp"
#include "workers.hpp"

namespace tequio {
namespace {

// Threads of this process; 0 where the system does not tell.
std::size_t thread_count() {
  if (__libc_single_threaded != 0) return 1;
  struct stat tasks {};
  // a folder has a link for each folder in it and two more; here there is one for each thread
  if (::stat("/proc/self/task", &tasks) != 0 || tasks.st_nlink < 3) return 0;
  return tasks.st_nlink - 2;
}

}  // namespace

unsafe_fork::unsafe_fork(std::size_t thread_count)
    : error({.object = "processes",
             .problem = thread_count == 0
                            ? "cannot fork: /proc does not tell whether this process has other threads"
                            : fmt::format("cannot fork: this process has {} threads, and a child would inherit "
                                          "their locks locked",
                                          thread_count),
             .cure = "use the engine threads, call before starting threads, or allow it with "
                     "process_options{.forking = forking::at_any_time}"}),
      m_thread_count(thread_count) {}

processes::processes(std::size_t workers, process_options options)
    : m_workers(workers::chosen(workers)), m_options(options) {}

void processes::run(detail::shared_items& items, const detail::job_task& task, const map_options& options) const {
  if (items.status().empty()) return;
  if (m_options.forking == forking::single_threaded)
    if (const std::size_t count = thread_count(); count != 1) throw unsafe_fork(count);
  detail::supervisor(items, task, options).run();
}

}  // namespace tequio
