// SPDX-License-Identifier: MIT
#include "tequio/detail/engines/submitted_call.hpp"

#include <unistd.h>

#include "tequio/worker_status.hpp"

namespace tequio::detail {

finished_call::finished_call(std::unique_ptr<submitted_call> call) : m_call(std::move(call)) {
  try {
    m_call->make({});
  } catch (...) {
    m_error = std::current_exception();
  }
}

bool finished_call::wait(deadline /*until*/) { return true; }
bool finished_call::request_stop() { return false; }

void finished_call::get(void* result) {
  if (!m_error) return m_call->give_result(result);
  try {
    std::rethrow_exception(m_error);
  } catch (...) {
    failure reason{.kind = verdict::error, .exceptions = describe_current_exception(), .pid = ::getpid()};
    std::throw_with_nested(worker_error("call", std::move(reason)));
  }
}

}  // namespace tequio::detail
