// SPDX-License-Identifier: MIT
#include "support/kill/step_killer.hpp"

#include <dlfcn.h>
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <fstream>
#include <unordered_map>
#include <vector>

#include "support/longest_test.hpp"
#include "support/sanitizers.hpp"

namespace tequio::test {
namespace {

enum class phase : int { running, finished, threw };

// Written by the child, read by this process while the child stands still or sleeps.
struct child_report {
  volatile phase at = phase::running;
  char message[256] = {};
};

// Memory that both processes share.
class shared_report {
 public:
  shared_report()
      : m_report(static_cast<child_report*>(
            ::mmap(nullptr, sizeof(child_report), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0))) {}
  shared_report(const shared_report&) = delete;
  shared_report& operator=(const shared_report&) = delete;
  ~shared_report() { ::munmap(m_report, sizeof(child_report)); }
  child_report& operator*() const { return *m_report; }

 private:
  child_report* m_report;
};

// The state of a process from /proc: its letter, and the number of sleeps so far, which tells one sleep from another.
struct process_state {
  char letter = 'X';
  std::uint64_t sleeps = 0;

  static process_state of(pid_t process) {
    process_state found;
    std::ifstream file(fmt::format("/proc/{}/status", process));
    for (std::string line; std::getline(file, line);) {
      if (line.starts_with("State:")) found.letter = line[line.find_first_not_of("\t ", 6)];
      if (line.starts_with("voluntary")) found.sleeps = std::strtoull(line.c_str() + line.find(':') + 1, nullptr, 10);
    }
    return found;
  }
};

void await_stop(pid_t child, int& status) {
  while (::waitpid(child, &status, __WALL) == -1 && errno == EINTR) continue;
}

// The processor's part: where a stopped child is, what stops it, and what may sleep.
#if defined(__x86_64__)
constexpr long stop_instruction = 0xcc;
inline void stop_here() { asm volatile("int3" ::: "memory"); }
bool is_system_call(long word) { return (word & 0xffff) == 0x050f; }
std::uintptr_t position(pid_t child) {
  return static_cast<std::uintptr_t>(::ptrace(PTRACE_PEEKUSER, child, offsetof(user_regs_struct, rip), nullptr));
}
void set_position(pid_t child, std::uintptr_t address) {
  ::ptrace(PTRACE_POKEUSER, child, offsetof(user_regs_struct, rip), address);
}
#else
constexpr long stop_instruction = 0;
inline void stop_here() { std::abort(); }
bool is_system_call(long) { return true; }
std::uintptr_t position(pid_t) { return 0; }
void set_position(pid_t, std::uintptr_t) {}
#endif

[[noreturn]] void live_stepped(const stepped_operation& stepped, child_report& report) noexcept {
  try {
    stepped.before();
    ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
    stop_here();
    stepped.operation();
    report.at = phase::finished;
  } catch (const std::exception& thrown) {
    std::strncpy(report.message, thrown.what(), sizeof report.message - 1);
    report.at = phase::threw;
  }
  for (;;) ::pause();  // until it is killed
}

// A place in the operation: before the instruction at `address` when that is passed for the `pass`th time; or asleep
// in the system call there.
struct place {
  std::size_t instructions = 0;  // from the operation's start
  std::uintptr_t address = 0;
  std::size_t pass = 1;
  std::size_t sleep = 0;  // 1: in the first sleep
};

enum class stop : std::uint8_t { stopped, asleep, finished, failed };

// One child's life, from its fork to its end.
class stepped_child {
 public:
  stepped_child(const stepped_operation& stepped, child_report& report) : m_stepped(stepped), m_report(report) {
    m_report.at = phase::running;
    m_pid = ::fork();
    if (m_pid == 0) live_stepped(m_stepped, m_report);
    if (m_pid == -1) m_failure = "did not start: no process can be forked";
    if (!m_failure.empty()) return;
    await_stop(m_pid, m_status);
    if (!WIFSTOPPED(m_status) || WSTOPSIG(m_status) != SIGTRAP) failed("did not start");
    ::ptrace(PTRACE_SETOPTIONS, m_pid, nullptr, PTRACE_O_EXITKILL);
  }
  stepped_child(const stepped_child&) = delete;
  stepped_child& operator=(const stepped_child&) = delete;
  ~stepped_child() { end(); }

  [[nodiscard]] const std::string& failure() const { return m_failure; }

  void end() {
    if (m_pid != -1) kill_and_reap(m_pid);
    m_pid = -1;
  }

  // Steps to the operation's end, or to its first sleep where nothing ends that, and notes all places on the way.
  std::vector<place> record(stop& ended) {
    std::vector<place> places;
    std::unordered_map<std::uintptr_t, std::size_t> passes;
    for (std::size_t instructions = 0; m_failure.empty() && instructions < m_stepped.first_instructions;
         ++instructions) {
      const std::uintptr_t address = position(m_pid);
      places.push_back({instructions, address, ++passes[address]});
      for (ended = step(); ended == stop::asleep; ended = wake()) {
        places.push_back({instructions, address, 1, ++m_sleeps});
        if (!m_stepped.wake) return places;
      }
      if (ended != stop::stopped) return places;
      if (instructions > m_stepped.longest)
        m_failure = fmt::format("is longer than {} instructions; step over less", m_stepped.longest);
    }
    return places;
  }

  // Runs to a place, or to the operation's end where the operation takes another way this time.
  stop run_to(const place& wanted) {
    if (!m_failure.empty()) return stop::failed;
    if (wanted.sleep != 0) return awake_until(wanted.sleep, go_on(PTRACE_CONT));
    std::size_t passes = position(m_pid) == wanted.address ? 1 : 0;
    for (; passes < wanted.pass; ++passes) {
      stop what = stop::stopped;
      if (position(m_pid) == wanted.address) what = awake_until(0, step());
      if (what == stop::stopped && position(m_pid) != wanted.address) what = run_to_address(wanted.address);
      if (what != stop::stopped) return what;
    }
    return stop::stopped;
  }

 private:
  const stepped_operation& m_stepped;
  child_report& m_report;
  pid_t m_pid = -1;
  int m_status = 0;
  __ptrace_request m_how = PTRACE_CONT;
  std::size_t m_sleeps = 0;
  std::uint64_t m_last_sleep = 0;
  std::string m_failure{};

  // The stop instruction is there as long as the child runs.
  stop run_to_address(std::uintptr_t address) {
    const long word = ::ptrace(PTRACE_PEEKTEXT, m_pid, address, nullptr);
    if (::ptrace(PTRACE_POKETEXT, m_pid, address, (word & ~0xffL) | stop_instruction) != 0)
      return failed("cannot be stopped");
    const stop what = awake_until(0, go_on(PTRACE_CONT));
    if (what != stop::stopped) return what;
    ::ptrace(PTRACE_POKETEXT, m_pid, address, word);
    set_position(m_pid, address);
    return what;
  }

  stop awake_until(std::size_t wanted_sleep, stop what) {
    for (; what == stop::asleep && ++m_sleeps != wanted_sleep && m_stepped.wake; what = wake()) continue;
    return what;
  }

  stop wake() {
    m_stepped.wake();
    return next_stop(may_sleep::yes);
  }

  enum class may_sleep : bool { no, yes };

  stop step() {
    const long word = ::ptrace(PTRACE_PEEKTEXT, m_pid, position(m_pid), nullptr);
    return go_on(PTRACE_SINGLESTEP, is_system_call(word) ? may_sleep::yes : may_sleep::no);
  }

  stop go_on(__ptrace_request how, may_sleep sleeps = may_sleep::yes) {
    m_how = how;
    ::ptrace(how, m_pid, nullptr, 0);
    return next_stop(sleeps);
  }

  stop next_stop(may_sleep sleeps) {
    for (;;) {
      if (sleeps == may_sleep::no)
        await_stop(m_pid, m_status);
      else if (!stops_before_it_sleeps())
        return m_report.at == phase::running ? stop::asleep : ended();
      if (!WIFSTOPPED(m_status)) return failed("ended its process");
      const int signal = WSTOPSIG(m_status);
      if (signal == SIGTRAP) return m_report.at == phase::running ? stop::stopped : ended();
      if (signal == SIGSEGV || signal == SIGBUS || signal == SIGILL || signal == SIGFPE || signal == SIGABRT)
        return failed(::strsignal(signal));
      ::ptrace(m_how, m_pid, nullptr, signal);
    }
  }

  bool stops_before_it_sleeps() {
    for (;;) {
      for (int look = 0; look < 20; ++look) {
        if (::waitpid(m_pid, &m_status, WNOHANG | __WALL) == m_pid) return true;
        ::sched_yield();
      }
      const process_state now = process_state::of(m_pid);
      if (now.letter != 'S' || now.sleeps == m_last_sleep) continue;
      m_last_sleep = now.sleeps;
      return false;
    }
  }

  stop ended() { return m_report.at == phase::finished ? stop::finished : failed(m_report.message); }

  stop failed(const char* how) {
    m_failure = how;
    if (!WIFSTOPPED(m_status)) m_pid = -1;
    return stop::failed;
  }
};

// A child shares its tracer's processor: to wake another for each step takes four times as long.
class on_one_processor {
 public:
  on_one_processor() {
    ::sched_getaffinity(0, sizeof m_before, &m_before);
    cpu_set_t here;
    CPU_ZERO(&here);
    CPU_SET(static_cast<std::size_t>(::sched_getcpu()), &here);
    ::sched_setaffinity(0, sizeof here, &here);
  }
  on_one_processor(const on_one_processor&) = delete;
  on_one_processor& operator=(const on_one_processor&) = delete;
  ~on_one_processor() { ::sched_setaffinity(0, sizeof m_before, &m_before); }

 private:
  cpu_set_t m_before{};
};

std::string name_of(const place& at) {
  Dl_info found{};
  std::uintptr_t base = 0;
  // NOLINTNEXTLINE(performance-no-int-to-ptr): the register of another process holds a number
  if (::dladdr(reinterpret_cast<void*>(at.address), &found) != 0)
    base = reinterpret_cast<std::uintptr_t>(found.dli_fbase);
  return fmt::format("killed {} {} instructions, pass {} of {:#x} in {}", at.sleep != 0 ? "asleep after" : "after",
                     at.instructions, at.pass, at.address - base, base == 0 ? "the process" : found.dli_fname);
}

}  // namespace

step_count kill_at_every_instruction(const stepped_operation& stepped) {
  const shared_report report;
  const on_one_processor pinned;
  step_count count;
  const auto one_life = [&](const place& wanted, const auto& live) {
    stepped.prepare();
    stepped_child child(stepped, *report);
    const stop what = live(child);
    child.end();
    SCOPED_TRACE(name_of(wanted));
    if (!child.failure().empty()) ADD_FAILURE() << "the operation " << child.failure();
    ++count.kills;
    if (what == stop::asleep) ++count.sleeps;
    stepped.check(what == stop::finished);
  };
  std::vector<place> places;
  one_life({}, [&](stepped_child& child) {
    stop what = stop::failed;
    places = child.record(what);
    return what;
  });
  for (const place& at : places) {
    if (::testing::Test::HasFailure()) break;
    if (at.pass <= stepped.passes) one_life(at, [&](stepped_child& child) { return child.run_to(at); });
    count.instructions = at.instructions + 1;
  }
  return count;
}

std::string why_not_stepped() {
  if (thread_sanitizer || address_sanitizer) return "a sanitizer's own instructions would be stepped over";
#if !defined(__x86_64__)
  return "system calls are recognised on x86-64 only";
#else
  static const bool permitted = [] {
    const pid_t child = ::fork();
    if (child == 0) {
      if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) == 0) ::syscall(SYS_kill, ::getpid(), SIGSTOP);
      ::_exit(0);
    }
    int status = 0;
    await_stop(child, status);
    bool steps = WIFSTOPPED(status) && ::ptrace(PTRACE_SINGLESTEP, child, nullptr, 0) == 0;
    if (steps) await_stop(child, status);
    steps = steps && WIFSTOPPED(status);
    if (WIFSTOPPED(status)) kill_and_reap(child);
    return steps;
  }();
  return permitted ? "" : "ptrace is not permitted here";
#endif
}

void await_sleep_of(pid_t process) {
  for (int looks = 0;; ++looks) {
    const char state = process_state::of(process).letter;
    if (state == 'S') return;
    if (state == 'X' || state == 'Z') {
      ADD_FAILURE() << "process " << process << " ended and did not sleep";
      return;
    }
    if (looks < 100)
      ::sched_yield();
    else
      ::poll(nullptr, 0, 1);
  }
}

pid_t fork_with(const std::function<int()>& body) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  ::alarm(longest_helper);
  int result = 250;
  try {
    result = body();
  } catch (const std::exception& thrown) {
    fmt::print(stderr, "{}\n", thrown.what());
  }
  ::_exit(result);
}

int status_of(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) == -1 && errno == EINTR) continue;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

void kill_and_reap(pid_t child) {
  ::kill(child, SIGKILL);
  int status = 0;
  do await_stop(child, status);
  while (WIFSTOPPED(status));
}

}  // namespace tequio::test
