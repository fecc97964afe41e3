// SPDX-License-Identifier: MIT
// What tequio/this_worker.hpp tells, and who sets it.
#pragma once

#include <cstddef>
#include <string>

#include "tequio/detail/base/requirements.hpp"

namespace tequio::detail {

/// Who a worker is, and how it is told to stop.
struct worker_identity {
  std::string name{"main"};
  std::size_t index = 0;
  const void* context = nullptr;
  bool (*is_asked_to_stop)(const void* context) = nullptr;  ///< nullptr: nobody asks
};

/// The identity of the calling thread: its own, or else its process's.
[[nodiscard]] const worker_identity& current_identity() noexcept;

/// Gives this process an identity for the rest of its life, for which that is not destroyed.
void become(const worker_identity& identity) noexcept;
void become(worker_identity&&) = delete;

/// The calling thread has this identity while it lives.
class identity_scope {
 public:
  explicit identity_scope(worker_identity identity);
  identity_scope(const identity_scope&) = delete;
  identity_scope& operator=(const identity_scope&) = delete;
  ~identity_scope();

 private:
  worker_identity m_identity;
  const worker_identity* m_before;
};

}  // namespace tequio::detail
