// SPDX-License-Identifier: MIT
#include "supervisor.hpp"

#include <poll.h>

#include <algorithm>
#include <csignal>
#include <limits>
#include <utility>

#include "system.hpp"
#include "tequio/cpu.hpp"
#include "worker_process.hpp"

namespace tequio::detail {
namespace {

constexpr std::size_t idle_deaths_allowed = 8;
// What takes longer than this was not merely slow.
constexpr std::chrono::milliseconds longest_delay{500};

// While it lives children leave a status behind, whatever the program does with SIGCHLD.
class waited_for_children {
 public:
  waited_for_children() {
    ::sigaction(SIGCHLD, nullptr, &m_before);
    struct sigaction plain {};
    plain.sa_handler = SIG_DFL;
    m_changed = m_before.sa_handler == SIG_IGN || (m_before.sa_flags & SA_NOCLDWAIT) != 0;
    if (m_changed) ::sigaction(SIGCHLD, &plain, nullptr);
  }
  waited_for_children(const waited_for_children&) = delete;
  waited_for_children& operator=(const waited_for_children&) = delete;
  ~waited_for_children() {
    if (m_changed) ::sigaction(SIGCHLD, &m_before, nullptr);
  }

 private:
  struct sigaction m_before {};
  bool m_changed = false;
};

}  // namespace

supervisor::supervisor(shared_items& items, const job_task& task, const map_options& options)
    : m_items(items),
      m_task(task),
      m_options(options),
      m_watch(options, items.control()),
      m_clock(options),
      m_core_share(std::max<std::size_t>(1, default_workers() / items.slots().size())) {
  job_control& job = m_items.control();
  job.count = m_items.status().size();
  job.chunk = std::min<std::uint64_t>(options.chunk, job.count);  // a cursor that passes 2^64 would start over
  job.workers = m_items.slots().size();
  job.timed = options.timeout.count() != 0 ? 1 : 0;
  job.limit = job.count;
  m_live.reserve(m_items.slots().size());  // a worker that was started is never lost for want of memory
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
  m_items.collect_failures();
  report(m_options, m_items.control(), m_items.slots(), 0, m_started_ns);
}

bool supervisor::work_left() const noexcept {
  const job_control& job = m_items.control();
  return !m_returned.empty() || job.cursor.load() < std::min(job.count, job.limit.load());
}

void supervisor::start_workers() {
  for (std::size_t slot = 0; slot < m_items.slots().size() && work_left(); ++slot) {
    if (std::ranges::any_of(m_live, [&](const live_worker& worker) { return worker.slot == slot; })) continue;
    // no more hands than items
    if (m_live.size() >= m_items.status().size() || m_watch.requested()) return;
    if (!start_worker(slot)) break;
  }
  if (m_live.empty() && work_left() && !m_watch.requested())
    throw error({.object = "processes",
                 .problem = "no worker could be started",
                 .cure = "raise `ulimit -u` and `ulimit -n`, free memory, or use fewer workers",
                 .code = m_start_failure});
}

// False where the system does not allow one more; whoever is there goes on without it.
bool supervisor::start_worker(std::size_t slot) {
  worker_slot& own = m_items.slots()[slot];
  own.finished.store(0);
  own.started_ns.store(0);
  own.drop();
  const returned_range given = m_returned.empty() ? returned_range{} : m_returned.back();
  try {
    own.attempts.store(given.attempts);
    own.take(given.range);
    m_live.push_back({.slot = slot, .started = fork_child("worker", {.ends_with_thread = true}, [&] {
                                      live({m_items, m_task, m_options, slot, m_core_share});
                                    })});
  } catch (const error& failed) {
    own.drop();  // without a go-ahead it has not touched an item
    m_start_failure = failed.code();
    return false;
  }
  if (!m_returned.empty()) m_returned.pop_back();
  return true;
}

void supervisor::supervise() {
  while (!m_live.empty()) {
    if (m_watch.requested()) stop_workers();
    end_overdue();
    sleep();
    if (m_clock.due()) report(m_options, m_items.control(), m_items.slots(), returned_count(), m_started_ns);
  }
}

// Sleeps until a worker ends, a stop is requested or the next deadline; then looks after the workers that ended.
void supervisor::sleep() {
  std::vector<pollfd> set;
  for (const live_worker& worker : m_live) set.push_back({worker.started.process.number(), POLLIN, 0});
  m_watch.add_to(set);
  poll_workers(set);
  const std::size_t before = m_live.size();
  for (std::size_t i = before; i-- > 0;) {
    if (set[i].revents == 0) continue;
    live_worker ended = std::move(m_live[i]);
    m_live.erase(m_live.begin() + static_cast<std::ptrdiff_t>(i));
    reap(ended);  // may throw: whoever is still in m_live is then killed and waited for
  }
  if (m_live.size() < before && !m_watch.requested()) start_workers();
}

void supervisor::poll_workers(std::vector<pollfd>& set) {
  static_cast<void>(system::retry([&] {
    notice_pause(std::chrono::milliseconds(0));
    const std::chrono::milliseconds asked(sleep_milliseconds());
    const int ready = ::poll(set.data(), set.size(), static_cast<int>(asked.count()));
    if (asked.count() >= 0) notice_pause(asked);
    return ready;
  }));
}

// Called often: when far more time has passed since the last call than was to be slept, this process was stopped
// (Ctrl-Z) or the machine suspended, and its workers with it.
void supervisor::notice_pause(std::chrono::milliseconds slept) {
  const std::int64_t now = monotonic_ns();
  if (now - m_noticed_ns > std::chrono::nanoseconds(slept + longest_delay).count()) m_resumed_ns = now;
  m_noticed_ns = now;
}

int supervisor::sleep_milliseconds() const {
  using std::chrono::nanoseconds;
  auto longest = nanoseconds::max();
  if (m_options.progress) longest = progress_interval;
  if (m_stopped_ns && !m_killed)
    longest = std::min(longest, nanoseconds(*m_stopped_ns - monotonic_ns()) + m_options.grace);
  if (m_options.timeout.count() != 0) {
    // an item that starts while we sleep cannot be overdue before a whole timeout has passed
    longest = std::min(longest, m_options.timeout);
    for (const live_worker& worker : m_live) {
      std::uint64_t item = 0;
      if (worker.overdue_item) continue;  // killed: its pidfd tells when that is done
      if (const auto started = item_started(m_items.slots()[worker.slot], item))
        longest = std::min(longest, nanoseconds(deadline(*started) - monotonic_ns()));
    }
  }
  if (longest == nanoseconds::max()) return -1;
  const auto rounded_up = std::chrono::ceil<std::chrono::milliseconds>(longest).count();
  return static_cast<int>(std::clamp<std::int64_t>(rounded_up, 0, std::numeric_limits<int>::max()));
}

// When the item in hand was started; nothing between two items. The worker clears the time before it announces the next
// item, so a time that reads the same before and after the item belongs to it.
std::optional<std::int64_t> supervisor::item_started(const worker_slot& slot, std::uint64_t& item) const noexcept {
  const std::int64_t before = slot.started_ns.load();
  const item_range hand = slot.in_hand();
  if (before == 0 || hand.empty() || slot.started_ns.load() != before) return std::nullopt;
  item = hand.first;
  return before;
}

// After a pause of the whole program an item gets all its time again: how much of it the pause took is not known.
std::int64_t supervisor::deadline(std::int64_t started_ns) const noexcept {
  const std::int64_t counted_from = std::max(started_ns, m_resumed_ns);
  return counted_from + std::min(m_options.timeout.count(), std::numeric_limits<std::int64_t>::max() - counted_from);
}

void supervisor::end_overdue() {
  if (m_options.timeout.count() == 0) return;
  notice_pause(std::chrono::milliseconds(0));
  for (live_worker& worker : m_live) {
    std::uint64_t item = 0;
    const auto started = item_started(m_items.slots()[worker.slot], item);
    if (!started || worker.overdue_item || monotonic_ns() < deadline(*started)) continue;
    worker.overdue_item = item;
    send_signal(worker.started.process.number(), SIGKILL);
  }
}

// After a stop the workers finish what they have in hand; those that take longer than the grace are killed.
void supervisor::stop_workers() {
  m_returned.clear();
  if (!m_stopped_ns) m_stopped_ns = monotonic_ns();
  if (m_killed || (!m_watch.urgent() && monotonic_ns() - *m_stopped_ns < m_options.grace.count())) return;
  for (const live_worker& worker : m_live) send_signal(worker.started.process.number(), SIGKILL);
  m_killed = true;
}

void supervisor::kill_all() noexcept {
  for (const live_worker& worker : m_live) {
    send_signal(worker.started.process.number(), SIGKILL);
    static_cast<void>(detail::reap(worker.started.process.number()));
  }
  m_live.clear();
}

void supervisor::reap(live_worker& dead) {
  const ending how = detail::reap(dead.started.process.number());
  worker_slot& slot = m_items.slots()[dead.slot];
  item_range hand = slot.in_hand();
  slot.drop();  // what was in it is decided here, and counted as open no longer
  // a dead worker may have written anything: such a range is found again by give_back_lost()
  if (hand.last > m_items.status().size()) hand = {};
  const std::uint64_t claimed = m_items.control().cursor.load();
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

// Decides on the items a dead worker had in hand: the first was being run, the others go back.
void supervisor::judge(const live_worker& dead, const ending& how, item_range hand) {
  const worker_slot& slot = m_items.slots()[dead.slot];
  const std::uint64_t item = hand.first;
  std::atomic<item_status>& status = m_items.status()[item];
  const std::uint64_t attempts = std::max<std::uint64_t>(1, slot.attempts.load());
  give_back({item + 1, hand.last}, 0);
  if (status.load() != item_status::pending) return;  // it had its verdict, only the next was not yet announced
  if (m_stopped_ns) return;                           // stays pending, which is `cancelled` when the call ends
  const bool overdue = dead.overdue_item == item;
  if (dead.overdue_item && !overdue) {
    // killed for the item before, which made it in the last moment: this one is not to blame
    give_back({item, item + 1}, attempts - 1);
  } else if (attempts <= m_options.retries) {
    give_back({item, item + 1}, attempts);
  } else {
    m_items.failures()[item] = {.kind = overdue ? verdict::timed_out : verdict::died,
                                .item = item,
                                .signal = how.signal,
                                .exit_code = how.exit_code,
                                .pid = dead.started.pid,
                                .worker = dead.slot,
                                .attempts = static_cast<unsigned>(attempts),
                                .peak_memory_bytes = how.peak_memory_bytes};
    status.store(item_status::failed);
    if (m_options.on_error == on_error::stop) m_items.control().stop_at(item + 1);
  }
}

void supervisor::give_back(item_range range, std::uint64_t attempts) {
  range.last = std::min(range.last, m_items.control().limit.load());
  if (range.first < range.last) m_returned.push_back({range, attempts});
}

// With all workers gone, finds pending items that a worker had claimed when it died, but not yet noted.
bool supervisor::give_back_lost() {
  if (m_watch.requested()) return false;
  const job_control& job = m_items.control();
  const std::uint64_t end = std::min({job.count, job.limit.load(), job.cursor.load()});
  const auto pending = [&](std::uint64_t item) { return m_items.status()[item].load() == item_status::pending; };
  for (std::uint64_t item = 0; item < end; ++item) {
    if (!pending(item)) continue;
    const std::uint64_t first = item;
    while (item < end && pending(item)) ++item;
    give_back({first, item}, 0);
  }
  return work_left();
}

std::uint64_t supervisor::returned_count() const noexcept {
  std::uint64_t count = 0;
  for (const returned_range& returned : m_returned) count += returned.range.size();
  return count;
}

}  // namespace tequio::detail
