// SPDX-License-Identifier: MIT
// A killed process leaves no process and no program behind: neither when all of them run, nor in the middle of its own
// start or of theirs. This test has a main() of its own, because it is also spawned.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "support/kill/step_killer.hpp"
#include "support/workers/processes_fixture.hpp"
#include "tequio/command.hpp"
#include "tequio/process.hpp"
#include "tequio/processes.hpp"

namespace {

using tequio::process;

// What a test starts, in a process of its own that is killed: it waits for what never ends.
struct start {
  const char* name;
  void (*run)();
  int child = 0;            // of those it forks: the one that calls stay()
  bool is_program = false;  // which goes its own ways behind its exec
  int step = 1;             // where there are many calls
};

constexpr const char* starter_variable = "TEQUIO_TEST_STARTER";

// Tells the starter that all runs, by a stop that its tracer sees; and never ends by itself.
void stay() {
  ::kill(std::atoi(std::getenv(starter_variable)), SIGSTOP);
  for (;;) ::pause();
}

const start forked{.name = "forked", .run = [] { process(stay).join(); }};
const start captured{.name = "captured", .run = [] {
                       process(tequio::process_options{.output = tequio::output_mode::captured}, stay).join();
                     }};
const start tagged{.name = "tagged",
                   .run = [] { process(tequio::process_options{.output = tequio::output_mode::tagged}, stay).join(); },
                   .child = 1};
const start spawned{
    .name = "spawned",
    .run = [] { process(tequio::process_options{.start = tequio::start_method::spawn}, [] { stay(); }).join(); },
    .step = 7};
const start worker{.name = "worker", .run = [] { tequio::processes(1).for_each(std::vector{0}, [](int) { stay(); }); }};
const start program{
    .name = "program",
    .run =
        [] {
          static_cast<void>(
              tequio::command({"sh", "-c", "kill -STOP $TEQUIO_TEST_STARTER 2>&-; exec sleep 1000"}).run());
        },
    .is_program = true};
const start program_of_thread{.name = "program of a thread", .run = [] { std::jthread([] { program.run(); }).join(); }};
const start program_of_worker{.name = "program of a worker", .run = [] {
                                tequio::processes(2).for_each(std::vector{0, 1}, [](int) { program.run(); });
                              }};
const start nested{.name = "nested", .run = [] {
                     process([] {
                       tequio::processes(2).for_each(std::vector{0, 1}, [](int) {
                         process(tequio::process_options{.output = tequio::output_mode::captured}, stay).join();
                       });
                     }).join();
                   }};

class parent_deaths_test : public tequio::test::processes_test {
 protected:
  void SetUp() override {
    processes_test::SetUp();
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);  // whoever loses its parent becomes a child of this process
  }
  void TearDown() override {
    ::prctl(PR_SET_CHILD_SUBREAPER, 0);
    processes_test::TearDown();
  }
};

// Forks a process that runs `what`, and is stopped before that.
pid_t fork_starter(const start& what, unsigned long options) {
  const pid_t starter = tequio::test::fork_with([&] {
    ::setenv(starter_variable, std::to_string(::getpid()).c_str(), 1);
    ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
    ::raise(SIGSTOP);
    what.run();
    return 0;
  });
  ::waitpid(starter, nullptr, 0);
  ::ptrace(PTRACE_SETOPTIONS, starter, nullptr, options | PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
  return starter;
}

bool is_at_call(int status) { return WSTOPSIG(status) == (SIGTRAP | 0x80); }

// Returns when this process has no child any more; the watchdog ends the wait for one that stays.
void kill_and_await_the_end_of_all(pid_t starter, pid_t held = 0) {
  ::kill(starter, SIGKILL);
  while (::waitpid(starter, nullptr, __WALL) == -1 && errno == EINTR) {
  }
  if (held != 0) ::ptrace(PTRACE_DETACH, held, nullptr, nullptr);
  while (::waitpid(-1, nullptr, __WALL) > 0 || errno == EINTR) {
  }
}

// Kills the starter at its n-th stop before or behind a system call; false: all ran before that, and it was killed
// then.
bool kill_starter(const start& what, int n) {
  const pid_t starter = fork_starter(what, 0);
  int stops = 0;
  int signal = 0;
  while (::ptrace(PTRACE_SYSCALL, starter, nullptr, signal) == 0) {
    int status = 0;
    ::waitpid(starter, &status, __WALL);
    if (!WIFSTOPPED(status) || WSTOPSIG(status) == SIGSTOP) break;
    signal = is_at_call(status) ? 0 : WSTOPSIG(status);
    if (is_at_call(status) && ++stops == n) break;
  }
  kill_and_await_the_end_of_all(starter);
  return stops == n;
}

// Holds what is started at its n-th stop, kills the starter, and lets it go on; false: all ran before that.
bool kill_starter_of_held(const start& what, int n) {
  const pid_t starter = fork_starter(what, PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACEEXEC);
  ::ptrace(PTRACE_CONT, starter, nullptr, nullptr);
  pid_t held = 0;
  std::vector<pid_t> early;  // children that have stopped before their parent has told of them
  int children = 0;
  for (int stops = 0; stops < n;) {
    int status = 0;
    const pid_t process = ::waitpid(-1, &status, __WALL);
    if (process == -1 && errno == EINTR) continue;
    const int event = status >> 16;
    if (process == starter && (event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_VFORK)) {
      unsigned long message = 0;
      ::ptrace(PTRACE_GETEVENTMSG, starter, nullptr, &message);
      const auto child = static_cast<pid_t>(message);
      if (std::erase(early, child) == 0) ::waitpid(child, nullptr, __WALL);
      if (children++ == what.child) held = child;
      ::ptrace(child == held ? PTRACE_SYSCALL : PTRACE_DETACH, child, nullptr, nullptr);
      ::ptrace(PTRACE_CONT, starter, nullptr, nullptr);
    } else if (process == starter) {
      if (!WIFSTOPPED(status) || WSTOPSIG(status) == SIGSTOP) {
        kill_and_await_the_end_of_all(starter);
        return false;
      }
      ::ptrace(PTRACE_CONT, starter, nullptr, WSTOPSIG(status));
    } else if (process == held) {
      if (!WIFSTOPPED(status)) {
        ADD_FAILURE() << "ended before its starter";
        kill_and_await_the_end_of_all(starter);
        return false;
      }
      if (event == PTRACE_EVENT_EXEC && what.is_program) n = 0;
      if (is_at_call(status) && ++stops == n) break;
      const bool is_event = is_at_call(status) || event != 0;
      if (n != 0) ::ptrace(PTRACE_SYSCALL, held, nullptr, is_event ? 0 : WSTOPSIG(status));
    } else {
      early.push_back(process);
    }
  }
  kill_and_await_the_end_of_all(starter, held);
  return n != 0;
}

TEST_F(parent_deaths_test, all_that_runs_ends_when_who_started_it_is_killed) {
  for (const start* const each :
       {&forked, &captured, &tagged, &spawned, &worker, &program, &program_of_thread, &program_of_worker, &nested}) {
    SCOPED_TRACE(each->name);
    EXPECT_FALSE(kill_starter(*each, 1'000'000));
  }
}

TEST_F(parent_deaths_test, starter_may_be_killed_at_any_system_call) {
  for (const start* const each : {&forked, &captured, &tagged, &spawned, &worker, &program}) {
    SCOPED_TRACE(each->name);
    int n = 1;
    while (kill_starter(*each, n)) ++n;
    EXPECT_GT(n, 10);
  }
}

TEST_F(parent_deaths_test, starter_may_be_killed_at_any_system_call_of_what_it_starts) {
  for (const start* const each : {&forked, &captured, &tagged, &spawned, &worker, &program}) {
    SCOPED_TRACE(each->name);
    int n = 1;
    while (kill_starter_of_held(*each, n)) n += each->step;
    EXPECT_GT(n, 10);
  }
}

}  // namespace
