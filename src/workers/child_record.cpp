// SPDX-License-Identifier: MIT
#include "workers/child_record.hpp"

#include <cxxabi.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <span>
#include <thread>
#include <utility>

#include "system/blocked_signals.hpp"
#include "system/flush_streams.hpp"
#include "tequio/detail/base/cache_line.hpp"
#include "tequio/detail/base/page.hpp"
#include "tequio/detail/sync/futex.hpp"
#include "tequio/unsafe_fork.hpp"
#include "workers/result_file.hpp"

namespace tequio::detail {
namespace {

constexpr std::size_t failure_room = std::size_t{1} << 18;  // of addresses; more than the longest text of one exception

// Feeds the callable's stop token from the parent's flag. The thread sleeps until the flag is set, and then until the
// process ends: its end would make the count of harmless threads wrong.
void watch_for_stop(const std::atomic<std::uint32_t>& flag, std::stop_source source) {
  const system::blocked_signals not_for_this_thread;
  std::thread([&flag, source = std::move(source)]() mutable {
    while (flag.load(std::memory_order_acquire) == 0) futex_wait(flag, 0, no_deadline);
    source.request_stop();
    for (;;) ::pause();
  }).detach();
  harmless_threads.store(1);
}

// Makes the call; throws what it throws.
void call(const child_task& task, const child_record_memory& memory, int result_file) {
  std::stop_source source(std::nostopstate);
  if (task.wants_token) {
    source = std::stop_source();
    watch_for_stop(memory.record().stop, source);
  }
  if (task.is_serialised) {
    result_file_writer output(result_file, {memory.value(), child_record_memory::small_result_bytes});
    task.run(task.call, {nullptr, &output}, source.get_token());
    memory.record().result_bytes = output.size();
  } else {
    task.run(task.call, {memory.value(), nullptr}, source.get_token());
  }
}

}  // namespace

child_record_memory::child_record_memory(const child_task& task, std::byte* base)
    : m_base(base), m_value(aligned(sizeof(child_record), std::max(cache_line_bytes, task.value_alignment))) {}

child_record_memory::child_record_memory(const child_task& task) : child_record_memory(task, nullptr) {
  const std::size_t size = m_value + (task.is_serialised ? small_result_bytes : task.value_bytes);
  // a small record shares a page that has memory already; whole pages are aligned to more than a cache line
  m_memory = arena::here().allocate(task.value_alignment > cache_line_bytes ? std::max(size, page_bytes) : size);
  m_room = arena::here().reserve(failure_room);
  m_base = m_memory.data();
  new (m_base) child_record{.room = m_room.data()};
}

child_record_memory::~child_record_memory() {
  // there is none where the constructor has thrown
  if (m_base != nullptr && record().outcome.load() == child_outcome::value) m_room.release_unused();
}

worker_identity child_record_memory::identity(std::string name, std::size_t number) const {
  return {std::move(name), number, &record().stop, [](const void* flag) {
            return static_cast<const std::atomic<std::uint32_t>*>(flag)->load(std::memory_order_relaxed) != 0;
          }};
}

void child_record_memory::keep(failure reason) const noexcept {
  for (; !reason.exceptions.empty(); reason.exceptions.pop_back()) {  // the innermost causes are left out first
    try {
      buffer_writer text;
      text(reason.exceptions);
      const std::span<const std::byte> bytes = text.written();
      if (bytes.size() > failure_room) continue;
      std::byte* const room = record().room;
      arena::of(room).commit({room, aligned(bytes.size(), page_bytes)});
      std::memcpy(room, bytes.data(), bytes.size());
      record().failure_bytes = bytes.size();
      return;
    } catch (...) {
      // no memory for that much
    }
  }
}

failure child_record_memory::kept_failure() const {
  failure reason{.kind = verdict::error};
  const std::size_t size = record().failure_bytes;
  if (size == 0 || size > failure_room) return reason;
  try {
    reader({m_room.data(), size})(reason.exceptions);
  } catch (const serialize_error&) {
    reason.exceptions.clear();
  }
  return reason;
}

void take_identity(const worker_identity& identity) noexcept {
  ::prctl(PR_SET_NAME, identity.name.c_str());
  become(identity);
}

// A forced unwind is thrown without an object, which UndefinedBehaviorSanitizer takes for a null reference.
__attribute__((no_sanitize("undefined"))) void live_as_child(const child_task& task, const child_record_memory& memory,
                                                             int result_file) noexcept {
  memory.record().begun.store(1, std::memory_order_relaxed);
  const pid_t self = ::getpid();
  child_outcome outcome = child_outcome::none;
  try {
    call(task, memory, result_file);
    outcome = child_outcome::value;
  } catch (const abi::__forced_unwind&) {
    ::_exit(0);  // pthread_exit(): the one thread that ran the callable has ended
  } catch (...) {
    try {
      memory.keep({.kind = verdict::error, .exceptions = describe_current_exception()});
    } catch (...) {
      // no memory for the text: the outcome alone tells that the callable threw
    }
    outcome = child_outcome::error;
  }
  // a child that the callable forked, and that also returned from it, does not count
  if (::getpid() == self) memory.record().outcome.store(outcome, std::memory_order_release);
  flush_streams();  // _exit() flushes nothing, so that nothing of the parent's is printed twice
  ::_exit(outcome == child_outcome::value ? 0 : 1);
}

}  // namespace tequio::detail
