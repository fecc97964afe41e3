// SPDX-License-Identifier: MIT
// Kills a process after each machine instruction of an operation, and checks each time whether the other processes can
// go on: "survives the death of a process" is tried, and not argued. For short operations on shared memory: each
// instruction costs half a millisecond, and one run of `prepare` and `check`.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <functional>
#include <limits>
#include <string>

namespace tequio::test {

/// One operation and what surrounds it. A child is forked for each place where it is killed.
struct stepped_operation {
  /// Runs in this process before each fork: puts the shared objects into their first state, forks the waiters.
  std::function<void()> prepare = [] {};
  /// Runs in the child before the first step, at full speed: acquires what the operation needs.
  std::function<void()> before = [] {};
  /// Runs in the child, step by step; the child is also killed when it has returned.
  std::function<void()> operation = [] {};
  /// Runs in this process when the operation sleeps in a system call: ends the sleep (releases the lock, pushes a
  /// value). The child is killed asleep, killed just after it was woken, and killed at every instruction after that.
  /// May be called twice for one sleep. It does nothing for a sleep that ends by itself at a deadline. Without it the
  /// sleep is the operation's end: the child is killed there.
  std::function<void()> wake{};
  /// Runs in this process when the child has been killed and reaped: expectations on the shared objects. `finished`:
  /// the operation had returned. Its waits need a time limit, because a wake may be lost; the first failure ends all.
  std::function<void(bool finished)> check = [](bool) {};
  /// Where an instruction is passed again and again (a loop that spins), it is a place for this many passes only.
  std::size_t passes = 3;
  /// The number of instructions from the start at which the child is killed: for an operation whose rest is long and of
  /// no interest, such as an exception's way to its handler.
  std::size_t first_instructions = std::numeric_limits<std::size_t>::max();
  /// Where the operation is longer than this, the test fails: step over less.
  std::size_t longest = 100'000;
};

struct step_count {
  std::size_t instructions = 0;  ///< of the operation, or of its part up to a sleep that nothing ends
  std::size_t kills = 0;
  std::size_t sleeps = 0;  ///< of the kills, those of a sleeper
};

/// Kills a child at every instruction of the operation, from before the first to after the last. One child steps
/// through it and notes the places; for each place another runs to it and is killed there. What the operation does
/// should be the same each time; where it is not, a child may be killed elsewhere.
///
///     TEST_F(bell_test, ringer_may_be_killed_at_any_instruction) {
///       if (const auto reason = why_not_stepped(); !reason.empty()) GTEST_SKIP() << reason;
///       const auto steps = kill_at_every_instruction({
///           .prepare = [&] { rung.store(0); },
///           .operation = [&] { ring(rung); },
///           .check = [&](bool finished) { EXPECT_TRUE(!finished || rung.load() == 1); },
///       });
///       EXPECT_GT(steps.kills, 10U);  // it was not empty
///     }
///
/// Errors:  what goes wrong (a crash, an exception of the operation, a check) is a failure of the test with the address
///          of the instruction, for `addr2line -e PROGRAM`.
/// Safety:  fixture leak_checked, whose watchdog ends a check that hangs. Signals sent to the child are delivered.
step_count kill_at_every_instruction(const stepped_operation& stepped);

/// Why this build or this system cannot do it; empty where it can.
[[nodiscard]] std::string why_not_stepped();

/// Returns when the process sleeps in a futex, a poll or another system call that waits; no luck is needed.
/// A process that ends instead is a failure of the test.
void await_sleep_of(pid_t process);

/// Forks a process that runs `body` and then ends with its result, 0 to 255.
[[nodiscard]] pid_t fork_with(const std::function<int()>& body);

/// What a child ended with: its exit code, or 1000 and the signal.
[[nodiscard]] int status_of(pid_t child);

/// Kills a child and reaps it.
void kill_and_reap(pid_t child);

}  // namespace tequio::test
