// SPDX-License-Identifier: MIT
// Kills a process after each machine instruction of an operation, and asks each time whether the others can go on: what
// "survives the death of a process" means, tried out instead of argued. For operations on shared memory; short ones: an
// instruction costs half a millisecond, and what `prepare` and `check` do.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <functional>
#include <limits>
#include <string>

namespace tequio::test {

/// One operation and what surrounds it. A child is forked for each place where it is killed.
struct stepped_operation {
  /// In this process before each fork; puts what is shared into its first state, forks those who wait.
  std::function<void()> prepare = [] {};
  /// In the child before the first step, at full speed: what it must hold or have used for the operation.
  std::function<void()> before = [] {};
  /// In the child, step by step; when it has returned, the child is killed too.
  std::function<void()> operation = [] {};
  /// In this process when the operation sleeps in a system call: lets it go on (gives back what it waits for). It is
  /// killed asleep, killed just after it was woken, and killed at every instruction behind that. May be called twice
  /// for one sleep. For a sleep that ends by itself at a deadline, one that does nothing. Without this, the sleep is
  /// the operation's end: it is killed there, and all is done.
  std::function<void()> wake{};
  /// In this process when the child has been killed and reaped: expectations on what is left. `finished`: the operation
  /// had returned. Must not wait for ever for what may be lost; the first failure ends all.
  std::function<void(bool finished)> check = [](bool) {};
  /// An instruction that is passed again and again (a loop that spins) is a place for these passes only.
  std::size_t passes = 3;
  /// Only this part of the operation, from its start: for one whose rest is long and of no interest, an exception's way
  /// to its handler.
  std::size_t first_instructions = std::numeric_limits<std::size_t>::max();
  /// Where the operation is longer than this, the test fails: step over less.
  std::size_t longest = 100'000;
};

struct step_count {
  std::size_t instructions = 0;  ///< of the operation, or of its part up to the sleep that nobody wakes
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
