// SPDX-License-Identifier: MIT
#include "system/fork_exec.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "system/blocked_signals.hpp"
#include "system/kernel_signals.hpp"
#include "system/system.hpp"

namespace tequio::detail {
namespace {

// Runs in the child, which shares its parent's memory and stops the thread that started it until it has another image
// or has ended. So it makes system calls only, and no handler of the parent may run in it.
void exec(const exec_options& options, const sigset_t& mask, pid_t parent) noexcept {
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return;
  // the parent may have died before; 0: the parent is in another pid namespace
  if (const pid_t now = ::getppid(); now != parent && now != 0) return;
  for (int number = 0; number < 3; ++number)
    if (::dup2(options.streams[number], number) == -1) return;
  if (options.folder != nullptr && ::chdir(options.folder) != 0) return;
  for (int signal = 1; signal < NSIG; ++signal)
    if (signal == SIGPIPE || has_handler(signal)) set_action(signal, SIG_DFL);
  set_mask(mask);
  ::execvpe(options.words[0], options.words, options.environment);
}

}  // namespace

pid_t fork_exec(const exec_options& options) noexcept {
  const pid_t parent = ::getpid();
  volatile int problem = 0;  // written by the child; in a real vfork, the memory is one
  pid_t child = 0;
  {
    const system::blocked_signals blocked;
    // a fork would cost a large parent milliseconds, and posix_spawn() has no death signal
    // NOLINTBEGIN(clang-analyzer-security.insecureAPI.vfork, clang-analyzer-unix.Vfork): it makes system calls only
    child = ::vfork();
    if (child == 0) {
      exec(options, blocked.before(), parent);
      problem = errno;
      ::_exit(127);
    }
    // NOLINTEND(clang-analyzer-security.insecureAPI.vfork, clang-analyzer-unix.Vfork)
  }
  if (child == -1 || problem == 0) return child;
  const int code = problem;
  system::retry([&] { return ::waitpid(child, nullptr, 0); });
  errno = code;
  return -1;
}

}  // namespace tequio::detail
