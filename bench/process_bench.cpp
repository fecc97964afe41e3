// SPDX-License-Identifier: MIT
// What does it cost to start a process and to wait for it? Beside the bare system calls, a program that does nothing,
// and Python's multiprocessing.
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "support/interleave.hpp"
#include "tequio/process.hpp"
#include "tequio/thread.hpp"

namespace {

using tequio::bench::alternative;
using tequio::bench::compare;

constexpr int starts = 200;

bool repeat(bool (*once)()) {
  for (int i = 0; i < starts; ++i)
    if (!once()) return false;
  return true;
}

bool ended_well(pid_t child) {
  int status = 0;
  return ::waitpid(child, &status, 0) == child && status == 0;
}

bool fork_and_wait() {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  return ended_well(child);
}

bool spawn_and_wait() {
  pid_t child = 0;
  const char* const words[]{"true", nullptr};
  return ::posix_spawn(&child, "/bin/true", nullptr, nullptr, const_cast<char**>(words), environ) == 0 &&
         ended_well(child);
}

bool process_and_join() {
  tequio::process p([] {});
  p.get();
  return p.status().state == tequio::worker_state::returned;
}

bool process_and_get() {
  return tequio::process([] { return std::string("ok"); }).get() == "ok";
}

bool thread_and_join() {
  return tequio::thread([] { return 1; }).get() == 1;
}

// The same number of starts and joins in one run of the interpreter; the start of the interpreter counts as well.
bool python_processes() {
  const std::string program =
      "import multiprocessing as m\n"
      "def f(): pass\n"
      "for i in range(" +
      std::to_string(starts) +
      "):\n"
      "  p = m.Process(target=f); p.start(); p.join(); assert p.exitcode == 0\n";
  return std::system(("/usr/bin/python3 -c '" + program + "'").c_str()) == 0;
}

alternative repeated(const char* name, bool (*once)()) {
  return {name, [once] { return repeat(once); }};
}

}  // namespace

int main() {
  compare("op:start_and_join/parent:small", starts,
          {repeated("impl:bare_fork_and_wait", &fork_and_wait),
           repeated("impl:posix_spawn_bin_true", &spawn_and_wait),
           repeated("impl:tequio_process_void", &process_and_join),
           repeated("impl:tequio_process_string", &process_and_get),
           {"impl:python_process_and_its_start", &python_processes}});
  compare("op:start_and_join/thread", starts, {repeated("impl:tequio_thread_int", &thread_and_join)});
}
