// SPDX-License-Identifier: MIT
#include "tequio/this_worker.hpp"

#include <unistd.h>

#include <utility>

#include "tequio/detail/workers/worker_identity.hpp"

namespace tequio {
namespace {

const detail::worker_identity* started_process = nullptr;  // the identity of a process that tequio started
thread_local const detail::worker_identity* thread_identity = nullptr;

}  // namespace

const detail::worker_identity& detail::current_identity() noexcept {
  if (thread_identity != nullptr) return *thread_identity;
  if (started_process != nullptr) return *started_process;
  // NOLINTNEXTLINE(bugprone-unhandled-exception-at-new): a few bytes, once
  static const auto* const main_program = new worker_identity();  // leaked: code that runs at exit may still ask
  return *main_program;
}

void detail::become(const worker_identity& identity) noexcept {
  started_process = &identity;
  thread_identity = nullptr;
}

detail::identity_scope::identity_scope(worker_identity identity)
    : m_identity(std::move(identity)), m_before(std::exchange(thread_identity, &m_identity)) {}

detail::identity_scope::~identity_scope() { thread_identity = m_before; }

std::string this_worker::name() { return detail::current_identity().name; }

pid_t this_worker::pid() noexcept { return ::getpid(); }

std::size_t this_worker::index() noexcept { return detail::current_identity().index; }

bool this_worker::stop_requested() noexcept {
  const auto& self = detail::current_identity();
  return self.is_asked_to_stop != nullptr && self.is_asked_to_stop(self.context);
}

}  // namespace tequio
