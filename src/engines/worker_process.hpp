// SPDX-License-Identifier: MIT
// The child's side of a forked worker: from its go-ahead to its last breath.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "system/environment.hpp"
#include "tequio/detail/engines/supervised_call.hpp"
#include "tequio/detail/engines/work.hpp"
#include "tequio/detail/workers/worker_identity.hpp"
#include "tequio/map_options.hpp"

namespace tequio::detail {

/// A worker's processors, told to engines and to libraries inside it. Made before the fork: setenv() in the child would
/// cost it more than its start.
class worker_share {
 public:
  explicit worker_share(std::size_t processors);

  /// In the worker, for the rest of its life, in which this is not destroyed.
  void take() noexcept;

 private:
  std::size_t m_processors;
  std::vector<std::string> m_variables{};
  environment m_environment{};
};

/// What a worker finds when it wakes up in the child.
struct worker_birth {
  supervised_call& call;
  const call_task& task;
  const map_options& options;
  std::size_t slot = 0;
  const worker_identity& self;
  worker_share& share;
};

/// Lives the worker's life; never returns.
[[noreturn]] void live(worker_birth birth) noexcept;

}  // namespace tequio::detail
