// SPDX-License-Identifier: MIT
#include "engines/supervisor.hpp"

#include <poll.h>

#include <algorithm>
#include <csignal>
#include <limits>
#include <utility>

#include "engines/engine_worker.hpp"
#include "engines/worker_process.hpp"
#include "system/system.hpp"
#include "system/waited_for_children.hpp"
#include "tequio/unsafe_fork.hpp"
#include "tequio/worker_count.hpp"

namespace tequio::detail {
namespace {

constexpr std::size_t idle_deaths_allowed = 8;
// A delay longer than this is a pause of the whole program, and not a busy machine.
constexpr std::chrono::milliseconds longest_delay{500};

}  // namespace

supervisor::supervisor(supervised_call& call, const call_task& task, const map_options& options, forking allowed)
    : m_call(call),
      m_task(task),
      m_options(options),
      m_forking(allowed),
      m_watch(options, call.control()),
      m_clock(options),
      m_core_share(std::max<std::size_t>(1, default_workers() / call.slots().size())) {
  call_control& control = call.control();
  control.chunk = std::min<std::uint64_t>(options.chunk, control.count);  // so that the cursor cannot pass 2^64
  control.workers = call.slots().size();
  control.timed = options.timeout.count() != 0 ? 1 : 0;
  control.limit = control.count;
  m_live.reserve(call.slots().size());  // so that noting a started worker cannot fail
}

void supervisor::run() {
  const waited_for_children children;
  try {
    do {
      start_workers();
      supervise();
    } while (give_back_lost());
  } catch (...) {
    kill_all();
    throw;
  }
  m_call.collect_failures();
  report(m_options, m_call.control(), m_call.slots(), 0, m_started_ns);
}

void supervisor::look_after(const descriptor& bell, std::chrono::milliseconds longest) {
  m_noticed_ns = monotonic_ns();  // the time since the last call belongs to the reader, and is no pause
  try {
    const bool news = stop_wanted() && !m_stopped_ns;
    if (m_live.size() < m_call.slots().size() && !stop_wanted()) start_workers();
    // returned items that no new worker could be started for are tried again
    if (!m_returned.empty() && (longest.count() < 0 || longest > longest_delay)) longest = longest_delay;
    turn(&bell, news ? std::chrono::milliseconds(0) : longest);
  } catch (...) {
    kill_all();
    throw;
  }
}

void supervisor::end(stop_mode kind) {
  m_noticed_ns = monotonic_ns();
  m_abandoned = m_abandoned || kind == stop_mode::abandoned;
  try {
    supervise();
  } catch (...) {
    kill_all();
    throw;
  }
}

bool supervisor::work_left() const noexcept { return !m_returned.empty() || m_call.has_unclaimed(); }

void supervisor::start_workers() {
  for (std::size_t slot = 0; slot < m_call.slots().size() && work_left(); ++slot) {
    if (std::ranges::any_of(m_live, [&](const live_worker& worker) { return worker.slot == slot; })) continue;
    // no more workers than open items; returned items always need a new worker
    if ((m_returned.empty() && m_live.size() >= m_call.open_items()) || stop_wanted()) return;
    if (!start_worker(slot)) break;
  }
  if (m_live.empty() && work_left() && !stop_wanted())
    throw error({.object = "processes",
                 .problem = "no worker could be started",
                 .cure = "raise `ulimit -u` and `ulimit -n`, free memory, or use fewer workers",
                 .code = m_start_failure});
}

// False where the system does not allow one more; the workers that live go on without it.
bool supervisor::start_worker(std::size_t slot) {
  try {
    require_safe_fork(m_forking, "processes", "use the engine threads");
  } catch (const unsafe_fork&) {
    if (m_live.empty() || !m_returned.empty()) throw;  // a live worker may never run the returned items
    return false;
  }
  worker_slot& own = m_call.slots()[slot];
  own.finished.store(0);
  own.started_ns.store(0);
  own.drop();
  worker_share share(m_core_share);
  const worker_identity self = engine_worker(slot, m_call.control());
  const auto life = [&] { live({m_call, m_task, m_options, slot, self, share}); };
  const returned_range given = m_returned.empty() ? returned_range{} : m_returned.back();
  try {
    own.attempts.store(given.attempts);
    m_call.give(given.range, slot);
    m_live.push_back({.slot = slot, .started = fork_child("worker", {.ends_with_thread = true}, std::ref(life))});
  } catch (const error& failed) {
    own.drop();  // without a go-ahead the child has not started an item
    m_start_failure = failed.code();
    return false;
  }
  if (!m_returned.empty()) m_returned.pop_back();
  return true;
}

void supervisor::supervise() {
  while (!m_live.empty()) {
    turn(nullptr, std::chrono::milliseconds(-1));
    if (m_clock.due()) report(m_options, m_call.control(), m_call.slots(), returned_count(), m_started_ns);
  }
}

// Sleeps until a worker ends, a stop is requested or the next deadline; then looks after the workers that ended.
void supervisor::turn(const descriptor* bell, std::chrono::milliseconds longest) {
  if (stop_wanted()) stop_workers();
  end_overdue();
  std::vector<pollfd> set;
  for (const live_worker& worker : m_live) set.push_back({worker.started.process.number(), POLLIN, 0});
  m_watch.add_to(set);
  if (bell != nullptr) set.push_back({bell->number(), POLLIN, 0});
  poll_workers(set, longest);
  const std::size_t before = m_live.size();
  for (std::size_t i = before; i-- > 0;) {
    if (set[i].revents == 0) continue;
    live_worker ended = std::move(m_live[i]);
    m_live.erase(m_live.begin() + static_cast<std::ptrdiff_t>(i));
    handle_end(ended);  // may throw: the workers still in m_live are then killed and waited for
  }
  if (m_live.size() < before && !stop_wanted()) start_workers();
}

void supervisor::poll_workers(std::vector<pollfd>& set, std::chrono::milliseconds longest) {
  static_cast<void>(system::retry([&] {
    notice_pause(std::chrono::milliseconds(0));
    const std::chrono::milliseconds asked(sleep_milliseconds(longest));
    const int ready = ::poll(set.data(), set.size(), static_cast<int>(asked.count()));
    if (asked.count() >= 0) notice_pause(asked);
    return ready;
  }));
}

// Called before and after each sleep. Where the time since the last call exceeds the sleep by `longest_delay`, this
// process and its workers were stopped (Ctrl-Z), or the machine was suspended.
void supervisor::notice_pause(std::chrono::milliseconds slept) {
  const std::int64_t now = monotonic_ns();
  if (now - m_noticed_ns > std::chrono::nanoseconds(slept + longest_delay).count()) m_resumed_ns = now;
  m_noticed_ns = now;
}

int supervisor::sleep_milliseconds(std::chrono::milliseconds allowed) const {
  using std::chrono::nanoseconds;
  auto longest = allowed.count() < 0 ? nanoseconds::max() : nanoseconds(allowed);
  if (m_options.progress) longest = std::min<nanoseconds>(longest, progress_interval);
  if (m_stopped_ns && !m_killed)
    longest = std::min(longest, nanoseconds(*m_stopped_ns - monotonic_ns()) + m_options.grace);
  if (m_options.timeout.count() != 0) {
    // an item that starts while we sleep cannot be overdue before a whole timeout has passed
    longest = std::min(longest, m_options.timeout);
    for (const live_worker& worker : m_live) {
      std::uint64_t item = 0;
      if (worker.overdue_item) continue;  // killed already: its pidfd tells its end
      if (const auto started = item_started(m_call.slots()[worker.slot], item))
        longest = std::min(longest, nanoseconds(deadline(*started) - monotonic_ns()));
    }
  }
  if (longest == nanoseconds::max()) return -1;
  const auto rounded_up = std::chrono::ceil<std::chrono::milliseconds>(longest).count();
  return static_cast<int>(std::clamp<std::int64_t>(rounded_up, 0, std::numeric_limits<int>::max()));
}

// The start of the item being run; nothing between two items. The worker clears the time before its slot names the next
// item, so a time that reads the same before and after reading the item belongs to that item.
std::optional<std::int64_t> supervisor::item_started(const worker_slot& slot, std::uint64_t& item) const noexcept {
  const std::int64_t before = slot.started_ns.load();
  const item_range hand = slot.in_hand();
  if (before == 0 || hand.empty() || slot.started_ns.load() != before) return std::nullopt;
  item = hand.first;
  return before;
}

// After a pause of the whole program an item gets its whole timeout again: the part before the pause is not known.
std::int64_t supervisor::deadline(std::int64_t started_ns) const noexcept {
  const std::int64_t counted_from = std::max(started_ns, m_resumed_ns);
  return counted_from + std::min(m_options.timeout.count(), std::numeric_limits<std::int64_t>::max() - counted_from);
}

void supervisor::end_overdue() {
  if (m_options.timeout.count() == 0) return;
  notice_pause(std::chrono::milliseconds(0));
  for (live_worker& worker : m_live) {
    std::uint64_t item = 0;
    const auto started = item_started(m_call.slots()[worker.slot], item);
    if (!started || worker.overdue_item || monotonic_ns() < deadline(*started)) continue;
    worker.overdue_item = item;
    send_signal(worker.started.process.number(), SIGKILL);
  }
}

// After a stop the workers finish the items in hand; those that take longer than the grace are killed.
void supervisor::stop_workers() {
  for (const returned_range& returned : std::exchange(m_returned, {})) m_call.cancel(returned.range);
  if (!m_stopped_ns) m_stopped_ns = monotonic_ns();
  if (m_killed || (!m_watch.urgent() && monotonic_ns() - *m_stopped_ns < m_options.grace.count())) return;
  for (const live_worker& worker : m_live) send_signal(worker.started.process.number(), SIGKILL);
  m_killed = true;
}

void supervisor::kill_all() noexcept {
  for (const live_worker& worker : m_live) {
    send_signal(worker.started.process.number(), SIGKILL);
    static_cast<void>(reap(worker.started.process.number()));
  }
  m_live.clear();
}

void supervisor::handle_end(live_worker& dead) {
  const exit_info how = reap(dead.started.process.number());
  const worker_slot& slot = m_call.slots()[dead.slot];
  const item_range hand = m_call.take_from_dead(dead.slot);
  const std::uint64_t claimed = m_call.control().cursor.load();
  if (!hand.empty()) {
    m_idle_deaths = 0;
    judge(dead, how, hand);
  } else if (slot.finished.load() == 0 && work_left()) {
    if (std::exchange(m_claimed_at_idle_death, claimed) != claimed) m_idle_deaths = 0;
    if (++m_idle_deaths > idle_deaths_allowed)
      throw error({.object = "processes",
                   .problem = "workers die before they take an item",
                   .cure = "look at what the program does at a fork (pthread_atfork) and at its memory limits"});
  }
}

// Decides on the items that a dead worker had in hand: the first was being run, the others go back.
void supervisor::judge(const live_worker& dead, const exit_info& how, item_range hand) {
  const std::uint64_t item = hand.first;
  const std::uint64_t attempts = std::max<std::uint64_t>(1, m_call.slots()[dead.slot].attempts.load());
  give_back({item + 1, hand.last}, 0);
  if (!m_call.is_pending(item)) return;  // it had its verdict, but the slot did not name the next item yet
  if (m_stopped_ns) {
    m_call.cancel({item, item + 1});
  } else if (dead.overdue_item && dead.overdue_item != item) {
    // killed for an earlier item, which ended just in time: this item is not the reason, and the try does not count
    give_back({item, item + 1}, attempts - 1);
  } else if (attempts <= m_options.retries) {
    give_back({item, item + 1}, attempts);
  } else {
    fail(dead, how, item, attempts);
  }
}

void supervisor::fail(const live_worker& dead, const exit_info& how, std::uint64_t item, std::uint64_t attempts) {
  m_call.fail({.kind = dead.overdue_item == item ? verdict::timed_out : verdict::died,
               .item = item,
               .signal = how.signal,
               .exit_code = how.exit_code,
               .pid = dead.started.pid,
               .worker = dead.slot,
               .attempts = static_cast<unsigned>(attempts),
               .peak_memory_bytes = how.peak_memory_bytes});
  if (m_options.on_error == on_error::stop) m_call.control().stop_at(item + 1);
}

void supervisor::give_back(item_range range, std::uint64_t attempts) {
  const std::uint64_t limit = m_call.control().limit.load();
  const item_range wanted{range.first, std::min(range.last, limit)};
  if (wanted.first < wanted.last) m_returned.push_back({wanted, attempts});
  const item_range unwanted{std::max(range.first, limit), range.last};
  if (unwanted.first < unwanted.last) m_call.cancel(unwanted);
}

// When all workers have ended, finds the pending items that a worker had claimed, but not yet noted in its slot, when
// it died.
bool supervisor::give_back_lost() {
  if (m_watch.requested()) return false;
  const call_control& control = m_call.control();
  const std::uint64_t end = std::min({control.count, control.limit.load(), control.cursor.load()});
  for (item_range lost = m_call.pending_range(0, end); !lost.empty(); lost = m_call.pending_range(lost.last, end))
    give_back(lost, 0);
  return work_left();
}

std::uint64_t supervisor::returned_count() const noexcept {
  std::uint64_t count = 0;
  for (const returned_range& returned : m_returned) count += returned.range.size();
  return count;
}

}  // namespace tequio::detail
