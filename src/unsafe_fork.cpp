// SPDX-License-Identifier: MIT
#include "tequio/unsafe_fork.hpp"

#include <fmt/core.h>
#include <sys/single_threaded.h>
#include <sys/stat.h>

#include <utility>

#include "thread_count.hpp"

namespace tequio {

std::size_t detail::thread_count() noexcept {
  if (__libc_single_threaded != 0) return 1;
  struct stat tasks {};
  // a folder has a link for each folder in it and two more; here there is one for each thread
  if (::stat("/proc/self/task", &tasks) != 0 || tasks.st_nlink < 3) return 0;
  return tasks.st_nlink - 2 - harmless_threads.load();
}

void detail::require_safe_fork(forking allowed, const std::string& object, const std::string& instead) {
  if (allowed == forking::at_any_time) return;
  if (const std::size_t count = thread_count(); count != 1) throw unsafe_fork(object, count, instead);
}

unsafe_fork::unsafe_fork(std::string object, std::size_t thread_count, const std::string& instead)
    : error({.object = std::move(object),
             .problem = thread_count == 0
                            ? "cannot fork: /proc does not tell whether this process has other threads"
                            : fmt::format("cannot fork: this process has {} threads, and a child would inherit "
                                          "their locks locked",
                                          thread_count),
             .cure = fmt::format("{}, start it before starting threads, or allow it with the option "
                                 ".forking = forking::at_any_time",
                                 instead)}),
      m_thread_count(thread_count) {}

}  // namespace tequio
