// SPDX-License-Identifier: MIT
// The engine of standing threads, for work that is thread safe.
#pragma once

#include <cstddef>
#include <memory>

#include "tequio/map_calls.hpp"

namespace tequio {

/// Runs items on threads that are started once and wait between calls. See tequio/map_calls.hpp for the calls.
///
/// Safety:  calls from several threads take turns. A call made inside an item of the same engine, or in a process that
///          was forked after the threads were started, runs serially there.
class threads : public map_calls<threads> {
 public:
  /// @param workers threads to start; 0: one for each processor this process may use.
  ///
  /// Errors:  error where not a single thread could be started.
  explicit threads(std::size_t workers = 0);
  threads(threads&&) noexcept;
  threads& operator=(threads&&) noexcept;
  ~threads();

  [[nodiscard]] std::size_t workers() const noexcept;

 private:
  friend class map_calls<threads>;

  template <class Value>
  [[nodiscard]] static detail::local_store<Value> make_store(std::size_t count) {
    return detail::local_store<Value>(count);
  }
  void run(detail::local_items& items, const detail::job_task& task, const map_options& options);

  class crew;
  std::unique_ptr<crew> m_crew;
};

}  // namespace tequio
