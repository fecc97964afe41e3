// SPDX-License-Identifier: MIT
// The reader's side of a stream: takes items from the range while there is room, waits for results, gives room back.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <vector>

#include "tequio/detail/engines/stream_cells.hpp"
#include "tequio/detail/engines/stream_runner.hpp"
#include "tequio/detail/engines/supervised_call.hpp"
#include "tequio/detail/system/process_identity.hpp"
#include "tequio/map_options.hpp"
#include "tequio/stream.hpp"

namespace tequio::detail {

enum class stream_order { of_items, as_finished };

/// A stream without the types of its items and results.
///
/// Invariant: every cell is free, or holds an unread item that was taken from the range; unread ones are in the order
/// of the items.
class stream_core {
 public:
  stream_core(const stream_core&) = delete;
  stream_core& operator=(const stream_core&) = delete;

 protected:
  stream_core(const stream_options& options, stream_order order);
  ~stream_core() = default;

  /// The options, as those of a map.
  [[nodiscard]] const map_options& options() const noexcept { return m_options; }
  [[nodiscard]] static std::size_t window(const stream_options& options, std::size_t workers);

  /// Offers the first items and starts the runner.
  void start(stream_cells& cells, std::unique_ptr<stream_runner> runner, std::optional<std::uint64_t> total);
  /// Waits for the next item's verdict and returns its cell; nothing at the end.
  [[nodiscard]] std::optional<std::uint32_t> advance();
  /// Makes room for the next item.
  void release(std::uint32_t cell);
  /// Ends the stream early; called before the range and the callable are destroyed.
  void abandon() noexcept;

  /// Puts the next item of the range into a cell; false where there is none.
  [[nodiscard]] virtual bool put_next_item(std::uint32_t cell) = 0;

 private:
  void offer_items();
  [[nodiscard]] bool is_stop_news() const noexcept;
  [[nodiscard]] std::optional<std::size_t> find_ready() const noexcept;
  [[nodiscard]] std::optional<std::uint32_t> wait_for_next();
  void wait();
  void look_after_in_passing();
  void cancel_beyond_limit();
  void report_progress(bool at_end);
  void end(stop_mode kind);

  stream_cells* m_cells = nullptr;  // from the start on
  map_options m_options;
  stream_order m_order;
  std::unique_ptr<stream_runner> m_runner{};
  std::optional<std::uint64_t> m_total{};
  std::vector<std::uint32_t> m_free{};
  std::vector<std::uint32_t> m_unread{};  // in the order of the items
  std::exception_ptr m_range_failure{};   // thrown by the range: rethrown after all items that were taken
  bool m_range_ended = false;
  bool m_ended = false;
  std::uint64_t m_read = 0;
  process_identity m_process;
  std::chrono::steady_clock::time_point m_started = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point m_reported = m_started;
  std::chrono::steady_clock::time_point m_looked = m_started;
};

}  // namespace tequio::detail
