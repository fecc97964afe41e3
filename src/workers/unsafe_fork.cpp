// SPDX-License-Identifier: MIT
#include "tequio/unsafe_fork.hpp"

#include <fmt/core.h>
#include <sys/single_threaded.h>
#include <sys/stat.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "system/small_file.hpp"

namespace tequio {
namespace {

// Whether a thread runs no more code of the program: a joined thread may still be on its way out of the kernel.
bool has_ended(const std::filesystem::path& task) {
  constexpr unsigned exiting = 4;  // PF_EXITING
  const std::string text = small_file::read(task / "stat");
  if (text.empty()) return !std::filesystem::exists(task);
  // "number (name) state parent group session terminal its-group flags ...": a name may hold anything
  const auto fields = small_file::split(std::string_view(text).substr(text.rfind(')') + 1), ' ');
  const auto flags = fields.size() > 7 ? small_file::parse<unsigned>(fields[7]) : std::nullopt;
  return flags && (*flags & exiting) != 0;
}

std::size_t living_threads(std::size_t all) noexcept {
  try {
    std::size_t living = 0;
    for (const auto& task : std::filesystem::directory_iterator("/proc/self/task"))
      if (!has_ended(task.path())) ++living;
    return living;
  } catch (...) {
    return all;  // no descriptor or memory to look closer
  }
}

}  // namespace

std::size_t detail::thread_count() noexcept {
  if (__libc_single_threaded != 0) return 1;
  struct stat tasks {};
  // a folder has one link per folder in it and two more; here that is one per thread
  if (::stat("/proc/self/task", &tasks) != 0 || tasks.st_nlink < 3) return 0;
  const std::size_t harmless = harmless_threads.load();
  const std::size_t count = tasks.st_nlink - 2 - harmless;
  return count == 1 ? 1 : living_threads(count + harmless) - harmless;
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
             .cure = fmt::format("{}, fork before the program starts threads, or allow it with the option "
                                 ".forking = forking::at_any_time",
                                 instead)}),
      m_thread_count(thread_count) {}

}  // namespace tequio
