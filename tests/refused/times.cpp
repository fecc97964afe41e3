// SPDX-License-Identifier: MIT
// A number where a time is wanted. The compiler's own words do here: one error that names the call, and std::chrono.
#include "tequio/mutex.hpp"
#include "tequio/queue.hpp"
#include "tequio/thread.hpp"

void all(tequio::mutex& lock, tequio::thread<int>& worker, tequio::queue<int>& tasks) {
  // says: error: no matching function for call to 'tequio::mutex::try_lock_for(int)'
  static_cast<void>(lock.try_lock_for(5));
  // says: mismatched types 'const std::chrono::duration<
  static_cast<void>(worker.join_for(0.5));
  // says: error: no matching function for call to 'tequio::queue<int>::pop_for(int)'
  static_cast<void>(tasks.pop_for(1));
}
