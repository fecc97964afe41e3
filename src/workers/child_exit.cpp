// SPDX-License-Identifier: MIT
#include "workers/child_exit.hpp"

#include <unistd.h>

#include <cstdlib>

#include "system/flush_streams.hpp"

namespace tequio::detail {
namespace {

// Handlers run in the reverse order of their registration: all that the child registered have run by now, and those of
// its parent would be next.
void end_after_exit_handlers(int code, void* /*unused*/) {
  // glibc has taken this handler off its list: another thread that calls exit() meanwhile would find the parent's
  static_cast<void>(::on_exit(&end_after_exit_handlers, nullptr));
  try {
    flush_streams_of_ending_process();
  } catch (...) {
    // a stream that throws what it cannot write: the code still tells how the process ended
  }
  ::_exit(code);
}

// glibc calls what at_quick_exit() registers as it calls all of its exit handlers: with an argument and the code.
void end_after_quick_exit_handlers(void* /*unused*/, int code) { ::_exit(code); }

}  // namespace

void prepare_exit_handlers() noexcept {
  // not on_exit(): its handlers stay when the library that they are in is unloaded
  static const bool prepared = std::at_quick_exit([] {}) == 0;
  static_cast<void>(prepared);
}

bool keep_from_parents_exit_handlers() noexcept {
  return ::on_exit(&end_after_exit_handlers, nullptr) == 0 &&
         std::at_quick_exit(reinterpret_cast<void (*)()>(&end_after_quick_exit_handlers)) == 0;
}

}  // namespace tequio::detail
