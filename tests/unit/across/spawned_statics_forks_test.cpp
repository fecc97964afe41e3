// SPDX-License-Identifier: MIT
// Handles with static lifetime: a fresh image of this program makes its own of them, before it is told of its parent's.
#include <gtest/gtest.h>

#include <functional>
#include <mutex>

#include "tequio/mutex.hpp"
#include "tequio/process.hpp"
#include "tequio/shared_value.hpp"

namespace {

using tequio::process;

const tequio::process_options spawned{.start = tequio::start_method::spawn};

tequio::mutex guard;
tequio::shared_value<int> total{5};

int add_one(tequio::mutex& lock, tequio::shared_value<int>& sum) {
  const std::scoped_lock held(lock);
  return *sum.lock() += 1;
}

// A process of a process, each of which has such handles of its own.
int add_two(tequio::mutex& lock, tequio::shared_value<int>& sum) {
  return add_one(lock, sum) + process(spawned, add_one, std::ref(guard), std::ref(total)).get();
}

TEST(spawned_statics, are_the_parents_where_they_are_handed_over) {
  EXPECT_EQ(process(spawned, add_one, std::ref(guard), std::ref(total)).get(), 6);
  EXPECT_EQ(total.load(), 6);
  EXPECT_EQ(process(spawned, add_two, std::ref(guard), std::ref(total)).get(), 7 + 6);
  EXPECT_EQ(total.load(), 7);
}

}  // namespace
