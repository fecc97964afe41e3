// SPDX-License-Identifier: MIT
// The engine without workers: items run one after the other in the caller.
// Use it to debug, and as the reference: every other engine gives the same results.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "tequio/detail/engines/local_store.hpp"
#include "tequio/map_calls.hpp"

namespace tequio {

/// Runs items in the calling thread, in order. See tequio/map_calls.hpp for the calls.
class serial : public map_calls<serial> {
 public:
  [[nodiscard]] static constexpr std::string_view name() noexcept { return "serial"; }
  [[nodiscard]] static constexpr std::size_t workers() noexcept { return 1; }

 private:
  friend class map_calls<serial>;
  friend class detail::core_of<serial>;

  static constexpr detail::engine_kind kind{};
  template <class Value>
  [[nodiscard]] static detail::local_store<Value> make_store(std::size_t count) {
    return detail::local_store<Value>(count);
  }
  template <class Value>
  [[nodiscard]] static detail::local_cells<Value> make_cells(std::size_t count) {
    return detail::local_cells<Value>(count);
  }
  static void run(detail::local_items& items, const detail::call_task& task, const map_options& options);
  [[nodiscard]] static std::unique_ptr<detail::stream_runner> make_runner(detail::local_cells_base& cells,
                                                                          const detail::call_task& task,
                                                                          const map_options& options);
  [[nodiscard]] static std::unique_ptr<detail::started_call> start_call(std::unique_ptr<detail::submitted_call> call);
};

}  // namespace tequio
