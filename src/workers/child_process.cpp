// SPDX-License-Identifier: MIT
#include "tequio/detail/workers/child_process.hpp"

#include <fmt/core.h>
#include <poll.h>
#include <sys/auxv.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <utility>

#include "sync/look_again.hpp"
#include "system/exit_info.hpp"
#include "system/spawned_image.hpp"
#include "tequio/unsafe_fork.hpp"
#include "workers/child_output.hpp"
#include "workers/child_record.hpp"
#include "workers/child_start.hpp"
#include "workers/print_lock_page.hpp"
#include "workers/result_file.hpp"
#include "workers/spawn_record.hpp"

namespace tequio::detail {
namespace {

std::atomic<std::size_t> started_processes{0};

std::string described(const std::string& name) { return fmt::format("process \"{}\"", name); }

// Whether a process ends before the deadline.
bool wait_for_end(int process, deadline until) noexcept {
  using namespace std::chrono;
  for (;;) {
    pollfd readable{process, POLLIN, 0};
    const auto now = steady_clock::now();
    auto look = until.time;
    if (until.stop != nullptr) look = until.stopped() ? now : std::min(look, now + look_again);
    const auto left = std::max(look - now, nanoseconds::zero());
    const auto whole = duration_cast<seconds>(left);
    const timespec time{whole.count(), duration_cast<nanoseconds>(left - whole).count()};
    const int ready = ::ppoll(&readable, 1, look == no_deadline.time ? nullptr : &time, nullptr);
    if (ready == 1) return true;
    // where ppoll() fails (no memory, no descriptors allowed), a wait without a deadline goes on in waitid()
    if (ready == -1 && errno != EINTR) return until == no_deadline || has_ended(process);
    if (ready == 0 && has_passed(until)) return false;
  }
}

}  // namespace

// Tells the child of a request to stop. In a forked copy of this process it does nothing.
struct stop_message {
  std::atomic<std::uint32_t>* flag;
  pid_t owner;

  void operator()() const noexcept {
    if (owner != ::getpid()) return;
    flag->store(1);
    futex_wake(*flag, every_sleeper);
  }
};
using stop_messenger = std::stop_callback<stop_message>;

/// Invariant: the pidfd is open until the status has been taken and no thread waits on it.
struct child_process::state {
  state(process_options&& options, const child_task& task);

  void fork(const child_task& task, int file);
  void spawn(const child_task& task, int file);
  [[nodiscard]] std::string object() const { return described(self.name); }
  bool join(deadline until);
  void take_status();
  [[nodiscard]] worker_status status();
  [[nodiscard]] failure reason() const;

  const pid_t owner = ::getpid();
  const std::size_t number = ++started_processes;
  child_record_memory memory;
  const worker_identity self;  // the child's
  std::stop_source stop{};
  stop_messenger tells_child{stop.get_token(), stop_message{&memory.record().stop, owner}};
  parents_descriptor result_file{};
  std::optional<child_output> output{};
  parents_descriptor record_file{};  // of a spawned process, until it has ended
  std::optional<std::string> spawn_error{};
  child_handle child{};
  bool is_spawned = false;
  bool was_sent_kill = false;

  std::mutex guard{};  // of the members below and of the descriptors
  std::size_t waiting = 0;
  bool ended = false;
  exit_info how{};
};

child_process::state::state(process_options&& options, const child_task& task)
    : memory(task),
      self(
          memory.identity(options.name.empty() ? fmt::format("process-{}", number) : std::move(options.name), number)) {
  require_worker_main_called();
  const bool fresh = options.start == start_method::spawn;
  if (!fresh) require_safe_fork(options.forking, object(), "use a thread, start it with start_method::spawn");
  descriptor file = task.is_serialised ? make_result_file() : descriptor();
  output.emplace(options.output, self.name);
  if (fresh)
    spawn(task, file.number());
  else
    fork(task, file.number());
  output->started();
  if (file) result_file = parents_descriptor(std::move(file));
}

void child_process::state::fork(const child_task& task, int file) {
  const auto life = [&]() noexcept {
    take_identity(self);
    output->take_over();
    live_as_child(task, memory, file);
  };
  child = fork_child(object(),
                     {.caught = caught_signals::deadly, .ends_with_thread = ::gettid() == owner},  // the main thread's
                     std::ref(life));
}

void child_process::state::spawn(const child_task& task, int file) {
  if (::getauxval(AT_SECURE) != 0)
    throw error({.object = object(),
                 .problem = "a program with more rights than its user (setuid) starts no fresh image of itself, which "
                            "would take its orders from the environment",
                 .cure = "start it by fork"});
  if (task.write == nullptr)
    throw error({.object = object(),
                 .problem = "its callable or an argument cannot be sent to a fresh image of the program",
                 .cure =
                     "use a function, a lambda without captures or tequio::bind_values(), and arguments that can be "
                     "serialised or std::ref of tequio's handles; or start it by fork"});
  buffer_writer call;
  task.write(task.call, call);
  descriptor record = make_result_file();
  child = spawn_child(object(), [&](int lifeline) {
    return write_spawn_record(record, {.run_written = place_of(reinterpret_cast<any_function>(task.run_written)),
                                       .name = self.name,
                                       .number = number,
                                       .wants_token = task.wants_token,
                                       .is_serialised = task.is_serialised,
                                       .value_bytes = task.value_bytes,
                                       .value_alignment = task.value_alignment,
                                       .record = reinterpret_cast<std::uintptr_t>(memory.base()),
                                       .arenas = arena::places(),
                                       .lifeline = lifeline,
                                       .result_file = file,
                                       .streams = output->streams(),
                                       .print_lock_page = print_lock_page::file(),
                                       .call = {call.written().begin(), call.written().end()}});
  });
  record_file = parents_descriptor(std::move(record));
  is_spawned = true;
}

bool child_process::state::join(deadline until) {
  std::unique_lock lock(guard);
  if (ended) return true;
  ++waiting;
  const int process = child.process.number();
  lock.unlock();
  const bool gone = wait_for_end(process, until);
  lock.lock();
  --waiting;
  if (gone) take_status();
  return ended;
}

// Called by the thread that sees the end first; the last waiter closes the descriptors that all wait on.
void child_process::state::take_status() {
  if (!ended) {
    how = reap(child.process.number());
    output->finish();
    ended = true;
    if (record_file) spawn_error = error_in(record_file);
    record_file.close();
  }
  if (waiting != 0) return;
  child.process.close();
  child.lifeline.close();
}

worker_status child_process::state::status() {
  if (!join(std::chrono::steady_clock::now())) return {};
  const child_outcome outcome = memory.record().outcome.load(std::memory_order_acquire);
  if (how.signal != 0) return {.state = worker_state::killed, .signal = how.signal};
  if (outcome == child_outcome::value) return {.state = worker_state::returned};
  if (outcome == child_outcome::error) return {.state = worker_state::threw, .exit_code = 1};
  if (!how.known) return {.state = worker_state::unknown, .exit_code = -1};
  return {.state = worker_state::exited, .exit_code = how.exit_code};
}

failure child_process::state::reason() const {
  const bool threw = memory.record().outcome.load(std::memory_order_acquire) == child_outcome::error;
  failure found = threw ? memory.kept_failure() : failure{.kind = verdict::died};
  if (!threw) {
    found.signal = how.signal;
    found.exit_code = how.exit_code;
    found.peak_memory_bytes = how.peak_memory_bytes;
    found.last_output = output->last_line();
  }
  found.pid = child.pid;
  return found;
}

child_process::child_process(process_options options, const child_task& task)
    : m_state(new state(std::move(options), task), [](state* gone) { delete gone; }) {
  if (task.hand_over != nullptr) task.hand_over(task.call, m_state->child.pid);
}

child_process::child_process() noexcept : m_state(nullptr, [](state*) {}) {}

child_process::child_process(child_process&& other) noexcept : m_state(std::move(other.m_state)) {}

child_process& child_process::operator=(child_process&& other) noexcept {
  if (this != &other) {
    finish();
    m_state = std::move(other.m_state);
  }
  return *this;
}

child_process::~child_process() { finish(); }

void child_process::finish() noexcept {
  if (!m_state || m_state->owner != ::getpid()) return;
  if (joinable()) m_state->stop.request_stop();
  join(no_deadline);
}

child_process::state& child_process::here() const {
  if (!m_state)
    throw error({.object = "process", .problem = "none was started by this object, or it has been moved from"});
  if (m_state->owner != ::getpid())
    throw error({.object = m_state->object(),
                 .problem = "was started by another process than this one",
                 .cure = "use the object where it was made; a child has only a copy of it"});
  return *m_state;
}

bool child_process::joinable() const noexcept {
  if (!m_state || m_state->owner != ::getpid()) return false;
  const std::scoped_lock lock(m_state->guard);
  return !m_state->ended;
}

bool child_process::join(deadline until) const { return here().join(until); }
worker_status child_process::status() const { return here().status(); }
pid_t child_process::pid() const { return here().child.pid; }
const std::string& child_process::name() const { return here().self.name; }

std::string child_process::output() const { return here().output->captured(); }

std::stop_source child_process::stop_source() const { return here().stop; }

void child_process::send(int signal) const {
  state& self = here();
  const std::scoped_lock lock(self.guard);
  if (self.ended) return;
  send_signal(self.child.process.number(), signal);
  self.was_sent_kill |= signal == SIGKILL;
}

void child_process::require_result() const {
  state& self = here();
  self.join(no_deadline);
  if (self.memory.record().outcome.load(std::memory_order_acquire) == child_outcome::value) return;
  std::string cure;
  if (self.spawn_error)
    cure = *self.spawn_error;
  else if (self.is_spawned && self.memory.record().begun.load() == 0)
    cure = "it never began: call tequio::worker_main(argc, argv) first in main()";
  else if (self.memory.record().begun.load() == 0 && self.how.signal == 0)
    cure = "it never began: free memory, or raise the program's limit of it";
  else if (self.how.signal == SIGKILL && !self.was_sent_kill)
    cure = "it was not sent through this object: another program did, or the kernel when memory ran out";
  throw worker_error(self.object(), self.reason(), std::move(cure));
}

const std::byte* child_process::value() const { return here().memory.value(); }

void child_process::read_result(void* target, void (*read)(void* target, reader& in)) const {
  state& self = here();
  try {
    const std::size_t size = self.memory.record().result_bytes;
    const bool is_small = size <= child_record_memory::small_result_bytes;
    const mapped_result large(self.result_file.number(), is_small ? 0 : size);
    reader in(is_small ? std::span(self.memory.value(), size) : large.bytes());
    read(target, in);
  } catch (...) {
    failure reason{.kind = verdict::error, .exceptions = describe_current_exception(), .pid = self.child.pid};
    std::throw_with_nested(worker_error("result of " + self.object(), std::move(reason)));
  }
}

}  // namespace tequio::detail
