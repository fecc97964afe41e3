// SPDX-License-Identifier: MIT
// The engine without workers: items run one after the other in the caller.
// Use it as the reference every other engine must equal, and to debug.
#pragma once

#include <cstddef>

#include "tequio/map_calls.hpp"

namespace tequio {

/// Runs items in the calling thread, in order. See tequio/map_calls.hpp for the calls.
class serial : public map_calls<serial> {
 public:
  [[nodiscard]] static constexpr std::size_t workers() noexcept { return 1; }

 private:
  friend class map_calls<serial>;

  template <class Value>
  [[nodiscard]] static detail::local_store<Value> make_store(std::size_t count) {
    return detail::local_store<Value>(count);
  }
  static void run(detail::local_items& items, const detail::job_task& task, const map_options& options);
};

}  // namespace tequio
