// SPDX-License-Identifier: MIT
// The engine without workers: items run one after the other in the caller.
// Use it as the reference every other engine must equal, and to debug.
#pragma once

#include <cstddef>
#include <memory>
#include <utility>

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
  template <class Value>
  using stream_store = detail::local_cells<Value>;
  [[nodiscard]] static std::unique_ptr<detail::stream_runner> make_runner(detail::local_cells_base& cells,
                                                                          const detail::call_task& task,
                                                                          const map_options& options);
  template <class R, class... Parts>
  [[nodiscard]] static std::unique_ptr<detail::future_state<R>> start_call(Parts&&... parts) {
    return std::make_unique<detail::finished_future<R>>(detail::make_worker_call(std::forward<Parts>(parts)...));
  }
  static void run(detail::local_items& items, const detail::call_task& task, const map_options& options);
};

}  // namespace tequio
