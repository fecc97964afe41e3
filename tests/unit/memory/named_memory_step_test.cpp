// SPDX-License-Identifier: MIT
// Named memory whose maker or remover is killed at every instruction: its name is not there, or there with the whole.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>

#include "support/kill/step_killer.hpp"
#include "support/kill/stepped.hpp"
#include "support/leak_check.hpp"
#include "tequio/error.hpp"
#include "tequio/named_memory.hpp"

namespace {

using tequio::named_memory;
using tequio::test::kill_at_every_instruction;

constexpr tequio::named_memory_options lasting{.name_lasts = tequio::name_lasts::until_removed};

class named_memory_step_test : public tequio::test::stepped<> {
 protected:
  void TearDown() override {
    EXPECT_FALSE(named_memory::remove(name)) << "a name is left";
    leak_checked::TearDown();
  }
  // Nothing where there is none.
  [[nodiscard]] std::optional<named_memory> found() const {
    try {
      return named_memory::open(name);
    } catch (const tequio::error& refused) {
      EXPECT_EQ(refused.code(), std::errc::no_such_file_or_directory) << refused.what();
      return std::nullopt;
    }
  }

  const std::string name = "tequio_step_test_" + std::to_string(::getpid());
};

TEST_F(named_memory_step_test, killed_in_create_it_is_complete_or_there_is_none) {
  std::size_t made = 0;
  const auto steps = kill_at_every_instruction({
      .operation = [&] { const auto memory = named_memory::create(name, 5000, lasting); },
      .check =
          [&](bool finished) {
            if (const auto memory = found()) {
              ++made;
              EXPECT_EQ(memory->size(), 5000U);
              EXPECT_TRUE(std::ranges::all_of(memory->bytes(), [](std::byte one) { return one == std::byte{0}; }));
              EXPECT_TRUE(named_memory::remove(name));
            } else {
              EXPECT_FALSE(finished);
            }
          },
      .passes = 1,
  });
  EXPECT_GT(made, 10U);
  EXPECT_GT(steps.kills - made, 10U);
}

TEST_F(named_memory_step_test, killed_in_remove_it_is_complete_or_there_is_none) {
  std::size_t gone = 0;
  const auto steps = kill_at_every_instruction({
      .prepare = [&] { named_memory::create(name, 5000, lasting).bytes()[4999] = std::byte{7}; },
      .operation = [&] { named_memory::remove(name); },
      .check =
          [&](bool finished) {
            if (const auto memory = found()) {
              EXPECT_FALSE(finished);
              EXPECT_EQ(memory->bytes()[4999], std::byte{7});
              EXPECT_TRUE(named_memory::remove(name));
            } else {
              ++gone;
            }
          },
      .passes = 1,
  });
  EXPECT_GT(gone, 5U);
  EXPECT_GT(steps.kills - gone, 10U);
}

}  // namespace
