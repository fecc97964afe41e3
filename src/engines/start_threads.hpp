// SPDX-License-Identifier: MIT
// Starts the threads of an engine or of a stream.
#pragma once

#include <cstddef>
#include <system_error>
#include <vector>

#include "tequio/error.hpp"

namespace tequio::detail {

/// Starts threads until there are `count`, or as many as the system allows: fewer threads also run all items.
///
/// @param body called in each with its number (a std::jthread's stop token before it, where it takes one).
/// Errors:  error where not a single thread can be started.
template <class Thread, class Body>
void start_threads(std::vector<Thread>& threads, std::size_t count, const Body& body) {
  threads.reserve(count);
  while (threads.size() < count) {
    try {
      threads.emplace_back(body, threads.size());
    } catch (const std::system_error& failed) {
      if (!threads.empty()) return;
      throw error({.object = "threads",
                   .problem = "no thread could be started",
                   .cure = "raise `ulimit -u`, or use the engine serial",
                   .code = failed.code()});
    }
  }
}

}  // namespace tequio::detail
