// SPDX-License-Identifier: MIT
// The whole state of a barrier is one 64-bit word, so every change is one instruction and a death leaves no change half
// done. Only a running completion lasts longer. Invariant: while the word says `completing`, the thread that set it
// holds the lock or is dead; it unsets it before it unlocks. So a thread that gets the lock and still reads
// `completing` knows of a death, and breaks the barrier.
#include "tequio/barrier.hpp"

#include <algorithm>
#include <mutex>
#include <string>
#include <utility>

namespace tequio {
namespace {

// A part of the word that a barrier is; the sleepers watch its upper half.
//
//   63      42 41         34           33       32 31       16 15        0
//   |  phase  |  completed  | completing | broken |  pending  | expected |
struct field {
  int shift;
  int bits;

  [[nodiscard]] constexpr std::uint32_t largest() const noexcept { return (1U << bits) - 1; }
  [[nodiscard]] constexpr std::uint32_t of(std::uint64_t word) const noexcept {
    return static_cast<std::uint32_t>(word >> shift) & largest();
  }
  [[nodiscard]] constexpr std::uint64_t put(std::uint32_t value) const noexcept {
    return std::uint64_t{value} << shift;
  }
};
constexpr field expected_field{.shift = 0, .bits = 16};
constexpr field pending_field{.shift = 16, .bits = 16};
constexpr field broken_field{.shift = 32, .bits = 1};
constexpr field completing_field{.shift = 33, .bits = 1};
constexpr field completed_field{.shift = 34, .bits = 8};
constexpr field phase_field{.shift = 42, .bits = 22};
static_assert(expected_field.largest() == barrier::max());

constexpr std::uint32_t phases = 1U << phase_field.bits;
constexpr int oldest = completed_field.bits - 1;  // bit of barrier::round::completed

std::uint32_t valid_count(std::ptrdiff_t expected) {
  if (expected >= 0 && expected <= barrier::max()) return static_cast<std::uint32_t>(expected);
  throw error({.object = "barrier",
               .problem = std::to_string(expected) + " members",
               .cure = "make it with 0 to " + std::to_string(barrier::max())});
}

[[noreturn]] void throw_broken() {
  throw broken_barrier(
      {.object = "barrier",
       .problem = "broken, by a wait that ran out of time or was stopped, a completion that failed, or abort()",
       .cure = "call reset() when all have heard of it"});
}

[[noreturn]] void throw_waits_for_itself() {
  throw error({.object = "barrier",
               .problem = "would wait for itself, inside its completion",
               .cure = "let members meet after it"});
}

}  // namespace

struct barrier::round {
  std::uint32_t phase = 0;
  std::uint32_t completed = completed_field.largest();  // bit 0: the phase before this one; the highest: all older ones
  bool completing = false;
  bool broken = false;
  std::uint32_t pending = 0;  // still to arrive
  std::uint32_t expected = 0;

  static round of(std::uint64_t word) noexcept {
    return {.phase = phase_field.of(word),
            .completed = completed_field.of(word),
            .completing = completing_field.of(word) != 0,
            .broken = broken_field.of(word) != 0,
            .pending = pending_field.of(word),
            .expected = expected_field.of(word)};
  }
  [[nodiscard]] std::uint64_t word() const noexcept {
    return phase_field.put(phase) | completed_field.put(completed) | completing_field.put(completing ? 1 : 0) |
           broken_field.put(broken ? 1 : 0) | pending_field.put(pending) | expected_field.put(expected);
  }
  [[nodiscard]] round ended(phase_end how) const noexcept {
    const bool well = how == phase_end::completed;
    const std::uint32_t older = completed & completed << 1 & 1U << oldest;
    return {.phase = (phase + 1) % phases,
            .completed = older | (completed << 1 & ((1U << oldest) - 1)) | (well ? 1U : 0U),
            .broken = !well,
            .pending = expected,
            .expected = expected};
  }
  // A sleeper may wake some phases later: where more threads meet than are expected, or after a reset, the others do
  // not wait for it.
  [[nodiscard]] phase_end end_of(std::uint32_t earlier) const noexcept {
    const std::uint32_t before = std::min<std::uint32_t>((phase - earlier - 1) % phases, oldest);
    return (completed >> before & 1) != 0 ? phase_end::completed : phase_end::broken;
  }
};

barrier::state::state(std::uint32_t expected, bool completes) noexcept
    : now(round{.pending = expected, .expected = expected}.word()), has_completion(completes) {}

barrier::barrier(std::ptrdiff_t expected, std::function<void()> completion)
    : m_state(valid_count(expected), static_cast<bool>(completion)), m_completion(std::move(completion)) {}

// A completion is a closure, which only the process that made it can call.
barrier::barrier(detail::attached<state> other) : m_state(other) {
  if (m_state->has_completion)
    throw error({.object = "barrier",
                 .problem = "one with a completion can't go to a spawned process",
                 .cure = "fork the process, or let one member do that work between two barriers"});
}

// Wakes all sleepers where it ends a phase. A sleeper counts itself and then lets the kernel compare the word; a change
// writes the word and then reads the count. So one of the two sees the other.
bool barrier::change(std::uint64_t& seen, const round& next) const noexcept {
  const std::uint32_t phase = round::of(seen).phase;
  if (!m_state->now.compare_exchange_strong(seen, next.word())) return false;
  if (next.phase != phase && m_state->sleepers.load() != 0)
    detail::futex_wake(detail::upper_half(m_state->now), detail::every_sleeper);
  return true;
}

// False where the phase has ended already.
bool barrier::break_phase(std::uint32_t phase) const noexcept {
  std::uint64_t seen = m_state->now.load();
  for (;;) {
    const round now = round::of(seen);
    if (now.phase != phase || now.broken) return false;
    if (change(seen, now.ended(phase_end::broken))) return true;
  }
}

void barrier::abort() noexcept {
  std::uint64_t seen = m_state->now.load();
  for (round now = round::of(seen); !now.broken; now = round::of(seen))
    if (change(seen, now.ended(phase_end::broken))) return;
}

void barrier::reset_to(std::optional<std::uint32_t> expected) noexcept {
  std::uint64_t seen = m_state->now.load();
  round next;
  do {
    const round now = round::of(seen);
    // a phase in which a member has arrived ends
    next = now.completing || now.pending != now.expected ? now.ended(phase_end::broken) : now;
    next.broken = false;
    next.pending = next.expected = expected.value_or(now.expected);
  } while (!change(seen, next));
}

void barrier::reset() noexcept { reset_to(std::nullopt); }
void barrier::reset(std::ptrdiff_t expected) { reset_to(valid_count(expected)); }

bool barrier::broken() const noexcept { return round::of(m_state->now.load()).broken; }

std::ptrdiff_t barrier::expected() const noexcept { return round::of(m_state->now.load()).expected; }

std::ptrdiff_t barrier::arrived() const noexcept {
  const round now = round::of(m_state->now.load());
  return std::ptrdiff_t{now.expected} - std::ptrdiff_t{now.pending};
}

// Gives nothing where the time has passed before the arrival.
std::optional<barrier::arrival_token> barrier::arrive_deadline(std::ptrdiff_t count, membership member,
                                                               detail::deadline until) {
  for (;;) {
    std::uint64_t seen = m_state->now.load();
    const round now = round::of(seen);
    if (now.broken) throw_broken();
    if (now.completing) {
      // all members of this phase have arrived
      if (await_end(now.phase, until) == phase_end::timed_out) return std::nullopt;
      continue;
    }
    if (count < 1 || count > std::ptrdiff_t{now.pending})
      throw error({.object = "barrier",
                   .problem = std::to_string(count) + " arrive where " + std::to_string(now.pending) + " of " +
                              std::to_string(now.expected) + " are still expected",
                   .cure = "make it with the number of those who arrive in a phase"});
    round next = now;
    next.pending -= static_cast<std::uint32_t>(count);
    if (member == membership::leaves) --next.expected;
    if (next.pending != 0 || !m_state->has_completion) {
      if (change(seen, next.pending != 0 ? next : next.ended(phase_end::completed))) return arrival_token(now.phase);
    } else {
      switch (m_state->completing.lock(until)) {
        case detail::lock_result::timed_out:
          return std::nullopt;
        case detail::lock_result::mine:
          throw_waits_for_itself();
        // if the word says `completing`, it is no longer as seen
        case detail::lock_result::owner_died:
        case detail::lock_result::acquired:
          break;
      }
      const std::unique_lock held(m_state->completing, std::adopt_lock);
      if (complete(seen, next)) return arrival_token(now.phase);
    }
  }
}

// Called with the lock held. False where the barrier is no longer as it was seen.
bool barrier::complete(std::uint64_t seen, round arrived) {
  arrived.completing = true;
  if (!change(seen, arrived)) return false;
  try {
    m_completion();
  } catch (...) {
    static_cast<void>(break_phase(arrived.phase));
    throw;
  }
  seen = arrived.word();
  if (!change(seen, arrived.ended(phase_end::completed))) throw_broken();
  return true;
}

void barrier::find_dead_completer(std::uint32_t phase) const {
  switch (m_state->completing.try_lock()) {
    case detail::lock_result::timed_out:
      return;  // the completer lives
    case detail::lock_result::mine:
      throw_waits_for_itself();
    case detail::lock_result::owner_died:
    case detail::lock_result::acquired:
      break;
  }
  const round now = round::of(m_state->now.load());
  if (now.completing && now.phase == phase) static_cast<void>(break_phase(phase));
  m_state->completing.unlock();
}

barrier::phase_end barrier::await_end(std::uint32_t phase, detail::deadline until) const {
  for (bool in_time = true;;) {
    const std::uint64_t seen = m_state->now.load();
    const round now = round::of(seen);
    if (now.phase != phase) return now.end_of(phase);
    if (now.completing) find_dead_completer(phase);
    if (!in_time) return phase_end::timed_out;
    m_state->sleepers.fetch_add(1);
    in_time = detail::futex_watch(detail::upper_half(m_state->now), static_cast<std::uint32_t>(seen >> 32), until);
    m_state->sleepers.fetch_sub(1);
  }
}

bool barrier::wait_deadline(const arrival_token& token, detail::deadline until) const {
  const phase_end end = await_end(token.m_phase, until);
  if (end == phase_end::broken) throw_broken();
  return end == phase_end::completed;
}

barrier::arrival_token barrier::arrive(std::ptrdiff_t count) {
  return *arrive_deadline(count, membership::stays, detail::no_deadline);
}

void barrier::wait(const arrival_token& token) const { static_cast<void>(wait_deadline(token, detail::no_deadline)); }

void barrier::arrive_and_drop() { static_cast<void>(arrive_deadline(1, membership::leaves, detail::no_deadline)); }

bool barrier::arrive_and_wait_deadline(detail::deadline until) {
  const std::optional<arrival_token> token = arrive_deadline(1, membership::stays, until);
  if (!token) {
    abort();
    return false;
  }
  if (wait_deadline(*token, until)) return true;
  // the phase may have ended meanwhile
  return !break_phase(token->m_phase) && wait_deadline(*token, until);
}

}  // namespace tequio
