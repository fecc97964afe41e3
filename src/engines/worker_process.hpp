// SPDX-License-Identifier: MIT
// The child's side of a forked worker, from its go-ahead to its _exit().
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

/// A worker's share of the processors, told to engines and to libraries inside it. Made before the fork, because
/// setenv() in the child would cost more than the fork.
class worker_share {
 public:
  explicit worker_share(std::size_t processors);

  /// Called in the worker, where this object must live until the end.
  void take() noexcept;

 private:
  std::size_t m_processors;
  std::vector<std::string> m_variables{};
  environment m_environment{};
};

/// The arguments of live().
struct worker_start {
  supervised_call& call;
  const call_task& task;
  const map_options& options;
  std::size_t slot = 0;
  const worker_identity& self;
  worker_share& share;
};

/// Runs the worker to its end; never returns.
[[noreturn]] void live(worker_start start) noexcept;

}  // namespace tequio::detail
