// SPDX-License-Identifier: MIT
#include "tequio/detail/engines/call_room.hpp"

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <utility>
#include <vector>

#include "system/system.hpp"
#include "workers/child_start.hpp"

namespace tequio::detail {
namespace {

thread_local const thread_room* visited = nullptr;

}  // namespace

struct thread_room::state {
  std::mutex guard{};
  std::condition_variable left{};
  std::size_t free = 0;
};

thread_room::thread_room(std::size_t places) : m_state(std::make_unique<state>()) { m_state->free = places; }
thread_room::~thread_room() = default;

bool thread_room::is_here() const noexcept { return visited == this; }

thread_room::place thread_room::enter(const std::shared_ptr<thread_room>& room) {
  std::unique_lock lock(room->m_state->guard);
  room->m_state->left.wait(lock, [&] { return room->m_state->free != 0; });
  --room->m_state->free;
  return place(room);
}

thread_room::place::~place() {
  if (!m_room) return;
  {
    const std::scoped_lock lock(m_room->m_state->guard);
    ++m_room->m_state->free;
  }
  m_room->m_state->left.notify_one();
}

thread_room::visit::visit(const thread_room& room) noexcept : m_before(std::exchange(visited, &room)) {}
thread_room::visit::~visit() { visited = m_before; }

struct process_room::state {
  pid_t owner = ::getpid();
  std::mutex guard{};
  std::vector<parents_descriptor> running{};
};

process_room::process_room() : m_state(std::make_unique<state>()) {}
process_room::~process_room() = default;

void process_room::wait_for_place(std::size_t places) {
  if (m_state->owner != ::getpid()) m_state = std::make_unique<state>();  // a forked child's own
  const std::scoped_lock lock(m_state->guard);
  auto& running = m_state->running;
  for (bool full = false;; full = running.size() >= places) {
    if (running.empty()) return;
    std::vector<pollfd> set;
    set.reserve(running.size());
    for (const parents_descriptor& one : running) set.push_back({one.number(), POLLIN, 0});
    static_cast<void>(system::retry([&] { return ::poll(set.data(), set.size(), full ? -1 : 0); }));
    for (std::size_t i = set.size(); i-- > 0;)
      if (set[i].revents != 0) running.erase(running.begin() + static_cast<std::ptrdiff_t>(i));
    if (running.size() < places) return;
  }
}

void process_room::add(pid_t process) {
  const auto opened = static_cast<int>(system::retry([&] { return ::syscall(SYS_pidfd_open, process, 0); }));
  if (opened == -1 && errno == ESRCH) return;  // it has ended, in a program that ignores SIGCHLD or waits for any child
  if (opened == -1) throw system::failure("process", "cannot be watched", system::cure_of_limit(errno));
  parents_descriptor file{descriptor(opened)};
  const std::scoped_lock lock(m_state->guard);
  m_state->running.push_back(std::move(file));
}

}  // namespace tequio::detail
