// SPDX-License-Identifier: MIT
// Proves that a piece of code makes no system call: in a child where the first one is fatal.
#pragma once

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>
#include <functional>

#include "support/sanitizers.hpp"
#include "support/workers/in_child.hpp"

namespace tequio::test {

/// The result of in_child(): 0 where `body` made no system call, 1031 (killed by SIGSYS) where it did, 77 where the
/// system or the build has no such filter. `before` runs first, and may make system calls.
[[nodiscard]] inline int without_system_calls(const std::function<void()>& before, const std::function<void()>& body) {
  if (address_sanitizer) return 77;  // which makes system calls at the end
  return in_child([&] {
    before();
    sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_exit_group, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
    };
    sock_fprog program{sizeof filter / sizeof *filter, filter};
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
      return 77;
    body();
    return 0;
  });
}

}  // namespace tequio::test
