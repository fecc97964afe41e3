// SPDX-License-Identifier: MIT
#include "tequio/detail/system/process_identity.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <ctime>
#include <string_view>

#include "system/system.hpp"

namespace tequio::detail {
namespace {

struct process_stat {
  char state = 'X';
  std::uint32_t start = 0;  // the lower half of its start time, in clock ticks since boot
};

// What /proc says about a process. No memory is allocated, because a call may come at any time.
enum class asked : std::uint8_t { told, no_process, no_proc };
asked ask(pid_t process, process_stat& found) noexcept {
  std::array<char, 32> path{"/proc/"};
  *std::to_chars(path.data() + 6, path.data() + 20, process).ptr = '/';
  const std::size_t length = std::string_view(path.data()).size();
  std::string_view("stat").copy(path.data() + length, 4);
  const int file = system::retry([&] { return ::open(path.data(), O_RDONLY | O_CLOEXEC); });
  std::array<char, 1024> text;
  const ssize_t size = file < 0 ? -1 : system::retry([&] { return ::read(file, text.data(), text.size()); });
  const bool gone = size < 0 && (errno == ENOENT || errno == ESRCH);
  if (file >= 0) ::close(file);
  if (gone) return ::access("/proc/self/stat", F_OK) == 0 ? asked::no_process : asked::no_proc;
  if (size <= 0) return asked::no_proc;
  std::string_view fields(text.data(), static_cast<std::size_t>(size));
  // "pid (name) state ...": a name may hold anything; the start is field 22, the state field 3
  const std::size_t name_end = fields.rfind(')');
  if (name_end == std::string_view::npos || name_end + 2 >= fields.size()) return asked::no_proc;
  fields.remove_prefix(name_end + 2);
  found.state = fields.front();
  for (int field = 3; field < 22; ++field) fields.remove_prefix(std::min(fields.find(' '), fields.size() - 1) + 1);
  std::uint64_t start = 0;
  std::from_chars(fields.data(), fields.data() + fields.size(), start);
  found.start = static_cast<std::uint32_t>(start);
  return asked::told;
}

// Whether a process still runs whose first thread has ended: the others may go on.
bool other_threads_run(pid_t process) noexcept {
  const auto file = static_cast<int>(::syscall(SYS_pidfd_open, process, 0));
  if (file < 0) return false;
  pollfd ended{.fd = file, .events = POLLIN, .revents = 0};
  const bool running = system::retry([&] { return ::poll(&ended, 1, 0); }) == 0;
  ::close(file);
  return running;
}

std::atomic<process_identity> known_process{0};
const int process_forgets_after_fork = ::pthread_atfork(nullptr, nullptr, [] { known_process.store(0); });

}  // namespace

process_identity identity_of(int process) noexcept {
  process_stat found{};
  static_cast<void>(ask(process, found));  // without /proc, or a free descriptor, the number alone must do
  return static_cast<process_identity>(process) << 32U | found.start;
}

process_identity this_process() noexcept {
  process_identity self = known_process.load(std::memory_order_relaxed);
  if (self != 0) return self;
  self = identity_of(::getpid());
  known_process.store(self, std::memory_order_relaxed);
  return self;
}

bool is_running(process_identity process) noexcept {
  const auto number = static_cast<pid_t>(process >> 32U);
  process_stat found{};
  switch (ask(number, found)) {
    case asked::told:
      if (const auto start = static_cast<std::uint32_t>(process); start != 0 && start != found.start) return false;
      return found.state != 'X' && (found.state != 'Z' || other_threads_run(number));
    case asked::no_process:
      return false;
    case asked::no_proc:
      break;
  }
  return ::kill(number, 0) == 0 || errno == EPERM;
}

start_stamp stamp_now() noexcept {
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  const auto ticks = static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
  return static_cast<start_stamp>(static_cast<std::uint64_t>(now.tv_sec) * ticks +
                                  static_cast<std::uint64_t>(now.tv_nsec) * ticks / 1'000'000'000);
}

bool is_alone_since(start_stamp since) noexcept {
  struct stat tasks {};
  // the folder has one link per thread, and two more
  if (::stat("/proc/self/task", &tasks) != 0 || tasks.st_nlink != 3) return false;
  const int file = system::retry([] { return ::open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC); });
  if (file < 0) return false;
  std::array<char, 4096> text;
  const ssize_t size = system::retry([&] { return ::read(file, text.data(), text.size()); });
  ::close(file);
  if (size < 0 || size == static_cast<ssize_t>(text.size())) return false;
  const char* at = text.data();
  const char* const end = at + size;
  while (at < end) {
    pid_t child = 0;
    const char* const after = std::from_chars(at, end, child).ptr;
    if (after == at) break;
    at = after + 1;
    process_stat found{};
    if (ask(child, found) != asked::told || found.state == 'X') continue;
    if (found.state == 'Z' && !other_threads_run(child)) continue;
    if (static_cast<std::int32_t>(found.start - since) >= 0) return false;
  }
  return true;
}

}  // namespace tequio::detail
