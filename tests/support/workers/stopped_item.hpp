// SPDX-License-Identifier: MIT
// A request to stop that an item of an engine waits for.
#pragma once

#include <unistd.h>

#include <chrono>
#include <stop_token>
#include <thread>
#include <vector>

#include "tequio/shared_atomic.hpp"
#include "tequio/this_worker.hpp"

namespace tequio::test {

/// Runs an item that ends when its call is stopped, and only then; whether it did.
template <class Engine>
bool item_sees_the_stop(Engine& engine) {
  std::stop_source source;
  shared_atomic<int> begun(0);
  std::jthread asks([&] {
    while (begun.load() == 0) ::usleep(100);
    source.request_stop();
  });
  const auto outcomes =
      engine.try_map(std::vector{1}, {.stop = source.get_token(), .grace = std::chrono::minutes(1)}, [&](int n) {
        begun.store(1);
        while (!this_worker::stop_requested()) ::usleep(100);
        return n;
      });
  return outcomes[0].has_value();
}

}  // namespace tequio::test
