// SPDX-License-Identifier: MIT
#include "workers/child_start.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <mutex>
#include <new>
#include <utility>
#include <vector>

#include "system/blocked_signals.hpp"
#include "system/environment.hpp"
#include "system/flush_streams.hpp"
#include "system/interruption_hooks.hpp"
#include "system/kernel_signals.hpp"
#include "system/spawned_image.hpp"
#include "system/system.hpp"
#include "tequio/unsafe_fork.hpp"
#include "workers/child_exit.hpp"

namespace tequio::detail {
namespace {

// Never destroyed: static objects may close their descriptors in any order.
struct parents_descriptors {
  std::mutex guard{};
  std::vector<int> numbers{};

  static parents_descriptors& here() {
    // not on the heap: a page is copied when a child writes to it
    alignas(parents_descriptors) static std::byte place[sizeof(parents_descriptors)];
    static auto* const instance = new (place) parents_descriptors();
    return *instance;
  }
};

// In a child. The forking thread held the lock of the list, so the list is whole.
void close_parents_descriptors() noexcept {
  parents_descriptors& all = parents_descriptors::here();
  for (const int number : all.numbers) ::close(number);
  all.numbers.clear();
  new (&all.guard) std::mutex();
}

// The parent gives it when it can watch this child; a child that cannot be watched ends before it has done anything.
void await_go_ahead(const descriptor& lifeline) noexcept {
  char byte = 0;
  if (system::retry([&] { return ::read(lifeline.number(), &byte, 1); }) != 1) ::_exit(1);
}

void send_go_ahead(const parents_descriptor& lifeline) noexcept {
  const char byte = 1;
  static_cast<void>(system::retry([&] { return ::write(lifeline.number(), &byte, 1); }));
}

// Watches a child that waits for its go-ahead, and gives that.
void watch(const std::string& object, child_handle& child) {
  try {
    // the child waits for its go-ahead, so its number is still valid
    child.process = parents_descriptor(descriptor(static_cast<int>(
        system::check(object, "cannot be watched", [&] { return ::syscall(SYS_pidfd_open, child.pid, 0); }))));
  } catch (...) {
    ::kill(child.pid, SIGKILL);  // without a go-ahead it has done nothing
    system::retry([&] { return ::waitpid(child.pid, nullptr, 0); });
    throw;
  }
  send_go_ahead(child.lifeline);
}

[[noreturn]] void begin(const descriptor& lifeline, const sigset_t& mask, const fork_options& options,
                        bool parent_was_alone, const std::function<void()>& life) noexcept {
  close_parents_descriptors();
  if (harmless_threads.load() != 0) harmless_threads.store(0);  // a write copies the page
  reset_signals(options.caught);
  tie_to(lifeline, options.ends_with_thread);
  set_mask(mask);
  if (parent_was_alone && !keep_from_parents_exit_handlers())
    ::_exit(1);  // without having done anything, as without a go-ahead
  life();
  ::_exit(0);
}

// The file actions of posix_spawn().
struct spawn_actions {
  posix_spawn_file_actions_t all{};

  spawn_actions() { require(::posix_spawn_file_actions_init(&all)); }
  spawn_actions(const spawn_actions&) = delete;
  spawn_actions& operator=(const spawn_actions&) = delete;
  ~spawn_actions() { ::posix_spawn_file_actions_destroy(&all); }

  void keep_open(int file) { require(::posix_spawn_file_actions_adddup2(&all, file, file)); }
  static void require(int code) {
    errno = code;
    if (code != 0) throw system::failure("process", "cannot be spawned", system::cure_of_limit(code));
  }
};

}  // namespace

parents_descriptor::parents_descriptor(descriptor file) : m_file(std::move(file)), m_process(::getpid()) {
  auto& all = parents_descriptors::here();
  const std::scoped_lock lock(all.guard);
  all.numbers.push_back(m_file.number());
}

parents_descriptor::parents_descriptor(parents_descriptor&& other) noexcept
    : m_file(std::move(other.m_file)), m_process(other.m_process) {}

parents_descriptor& parents_descriptor::operator=(parents_descriptor&& other) noexcept {
  if (this != &other) {
    close();
    m_file = std::move(other.m_file);
    m_process = other.m_process;
  }
  return *this;
}

void parents_descriptor::close() noexcept {
  if (!m_file) return;
  if (!is_mine()) {
    m_file.release();  // this child has closed it at its start
    return;
  }
  auto& all = parents_descriptors::here();
  const std::scoped_lock lock(all.guard);
  if (const auto found = std::ranges::find(all.numbers, m_file.number()); found != all.numbers.end()) {
    *found = all.numbers.back();
    all.numbers.pop_back();
  }
  m_file.close();
}

pipe_ends make_pipe(std::string_view object, std::string_view problem) {
  int ends[2];
  system::check(object, problem, [&] { return ::pipe2(ends, O_CLOEXEC); });
  pipe_ends made{descriptor(ends[0]), descriptor(ends[1])};
  made.read = system::above_standard_streams(std::move(made.read));
  made.write = system::above_standard_streams(std::move(made.write));
  return made;
}

// The kernel sends SIGKILL when the lifeline's last write end closes; no blocked signal and no busy loop can prevent
// that. The death signal is a second safeguard; alone it is not enough, because it follows the forking thread.
void tie_to(const descriptor& lifeline, bool ends_with_thread) noexcept {
  const int number = lifeline.number();
  if (ends_with_thread) ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  await_go_ahead(lifeline);
  ::fcntl(number, F_SETOWN, ::getpid());
  ::fcntl(number, F_SETSIG, SIGKILL);
  ::fcntl(number, F_SETFL, O_ASYNC);  // the only settable flag that a pipe's read end has
  // the parent may have died before this was set
  pollfd closed{number, 0, 0};
  if (::poll(&closed, 1, 0) == 1) ::_exit(1);
}

// The parent decides the meaning of Ctrl-C; its handlers are not for its children.
void reset_signals(caught_signals caught) noexcept {
  for (int signal = 1; signal < NSIG; ++signal) {
    if (signal == 32 || signal == 33) continue;  // glibc's, for pthread_cancel() and setuid(): set once, and needed
    if (!has_handler(signal)) continue;
    if (signal == SIGSEGV || signal == SIGBUS || signal == SIGFPE || signal == SIGILL || signal == SIGABRT)
      continue;  // a crash handler of the program or of a sanitizer is for its children as well
    const bool ignored = caught == caught_signals::ignored && is_caught_by_interruption(signal);
    set_action(signal, ignored ? SIG_IGN : SIG_DFL);
  }
  forget_interruption();
  set_action(SIGINT, SIG_IGN);
}

child_handle fork_child(const std::string& object, const fork_options& options, const std::function<void()>& life) {
  require_worker_main_called();
  pipe_ends lifeline = make_pipe(object, "cannot be given a lifeline");
  child_handle child;
  child.lifeline = parents_descriptor(std::move(lifeline.write));
  if (options.writes) flush_streams();
  prepare_exit_handlers();
  const bool alone = thread_count() == 1;
  {
    // the forking thread holds it, so that the child finds the list whole
    const std::unique_lock lock(parents_descriptors::here().guard);
    const system::blocked_signals blocked;
    child.pid = system::check(object, "cannot be forked", [] { return ::fork(); });
    if (child.pid == 0) begin(lifeline.read, blocked.before(), options, alone, life);
  }
  watch(object, child);
  return child;
}

child_handle spawn_child(const std::string& object, const std::function<spawn_setting(int lifeline)>& prepare) {
  pipe_ends lifeline = make_pipe(object, "cannot be given a lifeline");
  child_handle child;
  child.lifeline = parents_descriptor(std::move(lifeline.write));
  const spawn_setting setting = prepare(lifeline.read.number());
  spawn_actions inheritance;
  for (const int file : setting.files) inheritance.keep_open(file);
  environment variables;
  variables.set(setting.variable);
  char* const words[]{program_invocation_name, nullptr};
  errno = ::posix_spawn(&child.pid, "/proc/self/exe", &inheritance.all, nullptr, words, variables.entries());
  if (errno != 0) throw system::failure(object, "cannot be spawned", system::cure_of_limit(errno));
  watch(object, child);
  return child;
}

}  // namespace tequio::detail
