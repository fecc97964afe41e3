// SPDX-License-Identifier: MIT
#include "system/exit_info.hpp"

#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "system/system.hpp"

namespace tequio::detail {
namespace {

// Linux 6.15 and later keep the status for every holder of the pidfd; the struct is that of <linux/pidfd.h> there.
struct kernel_pidfd_info {
  std::uint64_t mask = 0;
  std::uint64_t cgroup = 0;
  std::uint32_t ids[11]{};
  std::int32_t exit_code = 0;
};
static_assert(sizeof(kernel_pidfd_info) == 64);
constexpr std::uint64_t with_exit_code = 1U << 3U;

bool ask_after_reaping(int process, exit_info& how) noexcept {
  kernel_pidfd_info info{.mask = with_exit_code};
  if (::ioctl(process, _IOWR(0xFF, 11, kernel_pidfd_info), &info) != 0 || (info.mask & with_exit_code) == 0)
    return false;
  if (WIFSIGNALED(info.exit_code))
    how.signal = WTERMSIG(info.exit_code);
  else
    how.exit_code = WEXITSTATUS(info.exit_code);
  return true;
}

}  // namespace

exit_info reap(int process) noexcept {
  siginfo_t info{};
  rusage usage{};
  exit_info how;
  // glibc's waitid() does not pass on the resource usage
  const long waited = system::retry([&] { return ::syscall(SYS_waitid, P_PIDFD, process, &info, WEXITED, &usage); });
  if (waited == 0) {
    (info.si_code == CLD_EXITED ? how.exit_code : how.signal) = info.si_status;
    how.peak_memory_bytes = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
  } else if (!ask_after_reaping(process, how)) {
    how.known = false;
    how.exit_code = -1;
  }
  return how;
}

bool has_ended(int process) noexcept {
  siginfo_t info{};
  return ::syscall(SYS_waitid, P_PIDFD, process, &info, WEXITED | WNOHANG | WNOWAIT, nullptr) != 0 || info.si_pid != 0;
}

void send_signal(int process, int signal) noexcept { ::syscall(SYS_pidfd_send_signal, process, signal, nullptr, 0); }

}  // namespace tequio::detail
