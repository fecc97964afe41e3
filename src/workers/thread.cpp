// SPDX-License-Identifier: MIT
#include "tequio/thread.hpp"

#include <cxxabi.h>
#include <fmt/core.h>
#include <pthread.h>
#include <unistd.h>

#include <system_error>

#include "tequio/detail/workers/worker_identity.hpp"

namespace tequio::detail {
namespace {

std::atomic<std::size_t> started_threads{0};

bool is_requested(const void* source) { return static_cast<const std::stop_source*>(source)->stop_requested(); }

}  // namespace

thread_core::thread_core(std::string name)
    : m_process(::getpid()),
      m_number(++started_threads),
      m_name(name.empty() ? fmt::format("thread-{}", m_number) : std::move(name)) {}

void thread_core::launch(std::function<void()> body) {
  try {
    m_thread = std::thread([this, body = std::move(body)]() mutable {
      run(body);
      body = nullptr;  // callable and arguments are destroyed in the thread that used them
      m_done.store(1, std::memory_order_release);
      futex_wake(m_done, every_sleeper);
    });
  } catch (const std::system_error& refused) {
    throw error({.object = fmt::format("thread \"{}\"", m_name),
                 .problem = "cannot be started",
                 .cure = "raise `ulimit -u`, or use fewer threads",
                 .code = refused.code()});
  }
}

// A forced unwind is thrown without an object, which UndefinedBehaviorSanitizer takes for a null reference.
__attribute__((no_sanitize("undefined"))) void thread_core::run(const std::function<void()>& body) {
  ::pthread_setname_np(::pthread_self(), m_name.substr(0, 15).c_str());
  const identity_scope self({m_name, m_number, &m_stop, &is_requested});
  try {
    body();
    m_outcome = worker_state::returned;
  } catch (const abi::__forced_unwind&) {  // pthread_exit(): the unwind goes on after this
    m_outcome = worker_state::exited;
    m_done.store(1, std::memory_order_release);
    futex_wake(m_done, every_sleeper);
    throw;
  } catch (...) {
    m_error = std::current_exception();
    m_outcome = worker_state::threw;
  }
}

bool thread_core::join(deadline until) {
  if (is_this_thread())
    throw error({.object = fmt::format("thread \"{}\"", m_name),
                 .problem = "would wait for itself",
                 .cure = "join it from another thread"});
  while (m_done.load(std::memory_order_acquire) == 0)
    if (!futex_watch(m_done, 0, until) && m_done.load(std::memory_order_acquire) == 0) return false;
  const std::scoped_lock lock(m_guard);
  if (m_thread.joinable()) m_thread.join();  // the thread has nothing left to do
  return true;
}

bool thread_core::is_this_thread() {
  const std::scoped_lock lock(m_guard);
  return m_thread.get_id() == std::this_thread::get_id();
}

bool thread_core::joinable() noexcept {
  if (is_inherited()) return false;
  const std::scoped_lock lock(m_guard);
  return m_thread.joinable();
}

worker_status thread_core::status() {
  if (m_done.load(std::memory_order_acquire) == 0) return {};
  return {.state = m_outcome, .exit_code = m_outcome == worker_state::threw ? 1 : 0};
}

void thread_core::require_result() {
  static_cast<void>(join(no_deadline));
  if (m_outcome == worker_state::returned) return;
  const auto who = fmt::format("thread \"{}\"", m_name);
  if (!m_error) throw worker_error(who, {.kind = verdict::died, .pid = m_process});
  try {
    std::rethrow_exception(m_error);
  } catch (...) {
    failure reason{.kind = verdict::error, .exceptions = describe_current_exception(), .pid = m_process};
    std::throw_with_nested(worker_error(who, std::move(reason)));
  }
}

bool thread_core::is_inherited() const noexcept { return m_process != ::getpid(); }

void thread_core::require_own_process() const {
  if (is_inherited())
    throw error({.object = fmt::format("thread \"{}\"", m_name),
                 .problem = "runs in another process than this one",
                 .cure = "use the object where it was made; a forked child has only a copy of it"});
}

void thread_core::fail_moved_from() {
  throw error({.object = "thread", .problem = "none was started by this object, or it has been moved from"});
}

// NOLINTNEXTLINE(bugprone-exception-escape): as declared
void thread_finisher::operator()(thread_core* core) const noexcept {
  if (core->is_inherited()) return;  // left as it is: its thread is in the parent
  core->request_stop();
  if (core->joinable()) static_cast<void>(core->join(no_deadline));  // else it was joined, or never started
  delete core;
}

}  // namespace tequio::detail
