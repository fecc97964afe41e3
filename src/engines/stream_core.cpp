// SPDX-License-Identifier: MIT
#include "tequio/detail/engines/stream_core.hpp"

#include <unistd.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "engines/call_progress.hpp"
#include "sync/look_again.hpp"
#include "system/system.hpp"
#include "tequio/detail/sync/futex.hpp"
#include "tequio/interruption.hpp"

namespace tequio::detail {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::uint64_t no_limit = std::numeric_limits<std::uint64_t>::max();
// The interval at which a reader that never waits looks after its workers.
constexpr milliseconds in_passing{10};
constexpr std::size_t most_ahead = std::size_t{1} << 24;
// The default of `ahead`: each worker has its next item while the reader holds its last result, and a few slow items do
// not stop the other workers.
constexpr std::size_t ahead_per_worker = 2;
constexpr std::size_t ahead_besides = 8;

/// What a stream has in common with a map; a base class would forbid designated initialisers.
map_options as_map_options(const stream_options& options) {
  return {.timeout = options.timeout,
          .retries = options.retries,
          .on_error = options.on_error,
          .progress = options.progress,
          .stop = options.stop,
          .grace = options.grace};
}

}  // namespace

stream_core::stream_core(const stream_options& options, stream_order order)
    : m_options(as_map_options(options)), m_order(order), m_process(this_process()) {}

std::size_t stream_core::window(const stream_options& options, std::size_t workers) {
  if (options.ahead > most_ahead)
    throw error({.object = "option ahead",
                 .problem = "more items than any memory holds",
                 .cure = "a few for each worker are enough"});
  return options.ahead != 0 ? options.ahead : ahead_per_worker * workers + ahead_besides;
}

void stream_core::start(stream_cells& cells, std::unique_ptr<stream_runner> runner,
                        std::optional<std::uint64_t> total) {
  m_cells = &cells;
  m_runner = std::move(runner);
  m_total = total;
  const auto count = static_cast<std::uint32_t>(m_cells->board().cells().size());
  for (std::uint32_t cell = count; cell-- > 0;) m_free.push_back(cell);
  m_unread.reserve(count);
  try {
    if (m_runner->runs_ahead()) {
      offer_items();
      if (!m_unread.empty()) m_runner->look_after(milliseconds(0));
    }
  } catch (...) {
    abandon();
    throw;
  }
}

std::optional<std::uint32_t> stream_core::advance() {
  if (m_ended) return std::nullopt;
  if (m_process != this_process())
    throw error({.object = "stream",
                 .problem = "is read in another process than the one that made it",
                 .cure = "make a stream of its own there"});
  try {
    return wait_for_next();
  } catch (...) {
    abandon();
    throw;
  }
}

std::optional<std::uint32_t> stream_core::wait_for_next() {
  for (;;) {
    if (is_stop_news()) {
      m_runner->look_after(milliseconds(0));
      cancel_beyond_limit();
    }
    offer_items();
    report_progress(false);
    if (m_unread.empty()) {
      end(stop_mode::done);
      report_progress(true);
      if (m_range_failure) std::rethrow_exception(std::exchange(m_range_failure, nullptr));
      return std::nullopt;
    }
    if (const auto place = find_ready()) {
      look_after_in_passing();
      const std::uint32_t cell = m_unread[*place];
      m_unread.erase(m_unread.begin() + static_cast<std::ptrdiff_t>(*place));
      ++m_read;
      return cell;
    }
    cancel_beyond_limit();
    wait();
  }
}

// Whether a stop was requested that the workers have not been told yet.
bool stream_core::is_stop_news() const noexcept {
  if (!m_options.stop.stop_requested() && interruption::count() == 0) return false;
  return m_cells->board().control().call.limit.load() == no_limit;
}

void stream_core::release(std::uint32_t cell) {
  m_free.push_back(cell);
  if (!m_ended && m_runner->runs_ahead()) offer_items();
}

void stream_core::offer_items() {
  while (!m_range_ended && !m_free.empty()) {
    if (!m_runner->runs_ahead() && !m_unread.empty()) return;
    if (m_cells->board().control().call.limit.load() != no_limit || is_stop_news()) return;
    try {
      m_range_ended = !put_next_item(m_free.back());
      if (!m_range_ended) m_runner->prepare(m_cells->board().control().offered.load(), m_free.back());
    } catch (...) {
      m_range_failure = std::current_exception();
      m_range_ended = true;
    }
    if (m_range_ended) return;
    m_unread.push_back(m_free.back());
    m_free.pop_back();
    m_cells->board().offer(m_unread.back());
  }
}

std::optional<std::size_t> stream_core::find_ready() const noexcept {
  const std::size_t wanted =
      m_order == stream_order::of_items ? std::min<std::size_t>(1, m_unread.size()) : m_unread.size();
  for (std::size_t place = 0; place < wanted; ++place)
    if (!m_cells->board().is_pending(m_unread[place])) return place;
  return std::nullopt;
}

void stream_core::wait() {
  stream_board& board = m_cells->board();
  // the bell may be lost: an item that closes all descriptors closes its worker's bell as well
  const milliseconds longest = m_options.progress ? progress_interval : look_again;
  board.await(m_order == stream_order::of_items ? stream_board::awaiting(m_unread.front()) : stream_board::any_awaited);
  if (!find_ready()) m_runner->look_after(longest);
  board.await(stream_board::nothing_awaited);
  std::uint64_t rings = 0;
  if (m_runner->runs_ahead())
    static_cast<void>(system::retry([&] { return ::read(board.bell().number(), &rings, sizeof rings); }));
  m_looked = steady_clock::now();
}

void stream_core::look_after_in_passing() {
  if (steady_clock::now() - m_looked < in_passing) return;
  m_runner->look_after(milliseconds(0));
  m_looked = steady_clock::now();
  cancel_beyond_limit();
}

// After a stop, and behind the first failed item where that stops the stream, the items that no worker has started are
// cancelled.
void stream_core::cancel_beyond_limit() {
  const std::uint64_t limit = m_cells->board().control().call.limit.load();
  if (limit == no_limit) return;
  m_range_ended = true;
  for (const std::uint32_t cell : m_unread) {
    const std::uint64_t item = m_cells->board().item_in(cell);
    if (item >= limit && m_cells->board().retract(cell))
      m_cells->fail_cell(cell, {.kind = verdict::cancelled, .item = item});
  }
}

void stream_core::report_progress(bool at_end) {
  if (!m_options.progress) return;
  const auto now = steady_clock::now();
  if (!at_end && now - m_reported < progress_interval) return;
  m_reported = now;
  const auto ready =
      std::ranges::count_if(m_unread, [&](std::uint32_t cell) { return !m_cells->board().is_pending(cell); });
  m_options.progress({.done = m_read + static_cast<std::uint64_t>(ready),
                      .total = m_total ? *m_total : m_read + m_unread.size(),
                      .elapsed = now - m_started});
}

void stream_core::end(stop_mode kind) {
  m_ended = true;
  if (!m_runner) return;
  if (kind == stop_mode::abandoned) m_cells->board().control().call.stop_at(0);
  m_cells->board().close();
  const auto runner = std::move(m_runner);
  runner->end(kind);
}

void stream_core::abandon() noexcept {
  if (m_process != this_process()) {
    static_cast<void>(m_runner.release());  // the workers are not children of this forked process
    return;
  }
  try {
    if (!m_ended || m_runner) end(stop_mode::abandoned);
  } catch (...) {
    // also after an exception no worker is left
  }
}

}  // namespace tequio::detail
