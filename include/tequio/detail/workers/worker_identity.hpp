// SPDX-License-Identifier: MIT
// The identity that tequio/this_worker.hpp tells, and how it is set.
#pragma once

#include <cstddef>
#include <string>

#include "tequio/detail/base/requirements.hpp"

namespace tequio::detail {

/// The name and number of a worker, and how it learns of a request to stop.
struct worker_identity {
  std::string name{"main"};
  std::size_t index = 0;
  const void* context = nullptr;
  bool (*is_asked_to_stop)(const void* context) = nullptr;  ///< nullptr: it is never asked
};

/// The identity of the calling thread; without one of its own, that of its process.
[[nodiscard]] const worker_identity& current_identity() noexcept;

/// Gives this process an identity for the rest of its life; `identity` must live as long.
void become(const worker_identity& identity) noexcept;
void become(worker_identity&&) = delete;

/// Gives the calling thread an identity while this object lives.
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
