// SPDX-License-Identifier: MIT
// A child is killed at every instruction of what it does with shared memory: its parent's arena stays whole.
#include <gtest/gtest.h>

#include <cstring>
#include <optional>

#include "support/kill/step_killer.hpp"
#include "support/kill/stepped.hpp"
#include "tequio/detail/memory/arena.hpp"
#include "tequio/shared_array.hpp"

namespace {

using tequio::detail::arena;
using tequio::detail::arena_extent;
using tequio::test::kill_at_every_instruction;

class arena_step : public tequio::test::stepped<> {
 protected:
  // The arena gives out, takes and gives back as ever, and zeroed.
  static void expect_whole(std::size_t reserved_before) {
    ASSERT_EQ(arena::here().reserved(), reserved_before);
    const arena_extent small = arena::here().allocate(64);
    const arena_extent large = arena::here().allocate(3 * 4096);
    for (const arena_extent* each : {&small, &large}) {
      for (std::size_t i = 0; i < each->size(); ++i) ASSERT_EQ(each->data()[i], std::byte{0});
      std::memset(each->data(), 0x5a, each->size());
    }
  }
};

TEST_F(arena_step, commit_in_a_range_of_the_parents) {
  std::optional<arena_extent> range;
  std::size_t reserved = 0;
  const auto steps = kill_at_every_instruction({
      .prepare =
          [&] {
            range.reset();
            range.emplace(arena::here().reserve(1 << 20));
            reserved = arena::here().reserved();
          },
      .operation = [&] { range->commit(4096, 8192); },
      .check =
          [&](bool finished) {
            expect_whole(reserved);
            if (finished) {
              EXPECT_EQ(range->data()[4096], std::byte{0});
            }
            range->commit(0, 1 << 18);  // also what is committed already
            std::memset(range->data(), 1, 1 << 18);
          },
  });
  EXPECT_GT(steps.kills, 50U);
}

TEST_F(arena_step, objects_that_a_child_makes_and_gives_back_in_an_arena_of_its_own) {
  const arena_extent parents = arena::here().allocate(64);
  std::size_t reserved = 0;
  const auto steps = kill_at_every_instruction({
      .prepare = [&] { reserved = arena::here().reserved(); },
      .before = [] { static_cast<void>(arena::here().allocate(64)); },
      .operation =
          [] {
            const arena_extent made = arena::here().allocate(64);
            made.data()[0] = std::byte{1};
          },
      .check = [&](bool) { expect_whole(reserved); },
  });
  EXPECT_GT(steps.kills, 50U);
}

TEST_F(arena_step, handles_of_the_parents_that_a_child_drops_stay_the_parents) {
  std::optional<tequio::shared_array<int>> numbers;
  std::size_t reserved = 0;
  const auto steps = kill_at_every_instruction({
      .prepare =
          [&] {
            numbers.reset();
            numbers.emplace(4096, 7);
            reserved = arena::here().reserved();
          },
      .operation = [&] { numbers.reset(); },
      .check =
          [&](bool) {
            EXPECT_EQ((*numbers)[4095], 7);
            expect_whole(reserved);
          },
  });
  EXPECT_GT(steps.kills, 10U);
}

}  // namespace
