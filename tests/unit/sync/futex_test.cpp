// SPDX-License-Identifier: MIT
#include "tequio/detail/sync/futex.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <limits>
#include <stop_token>

namespace {

using namespace std::chrono_literals;
using std::chrono::duration;
using std::chrono::steady_clock;
using std::chrono::system_clock;
using tequio::detail::at_once;
using tequio::detail::deadline_after;
using tequio::detail::deadline_at;
using tequio::detail::has_passed;
using tequio::detail::no_deadline;

TEST(futex, more_time_than_the_clock_counts_is_for_ever_in_any_unit) {
  EXPECT_EQ(deadline_after(std::chrono::nanoseconds::max()), no_deadline);
  EXPECT_EQ(deadline_after(std::chrono::hours::max()), no_deadline);
  EXPECT_EQ(deadline_after(std::chrono::years::max()), no_deadline);
  EXPECT_EQ(deadline_after(duration<double>(1e300)), no_deadline);
  EXPECT_EQ(deadline_after(duration<double>(std::numeric_limits<double>::infinity())), no_deadline);
  EXPECT_EQ(deadline_after(duration<unsigned long>::max()), no_deadline);
  EXPECT_EQ(deadline_at(steady_clock::time_point::max()), no_deadline);
  EXPECT_EQ(deadline_at(system_clock::time_point::max()), no_deadline);
  EXPECT_EQ(deadline_at(std::chrono::sys_days::max()), no_deadline);
  EXPECT_FALSE(has_passed(no_deadline));
}

TEST(futex, no_time_and_less_has_passed_at_once) {
  EXPECT_TRUE(has_passed(deadline_after(0s)));
  EXPECT_TRUE(has_passed(deadline_after(-1ns)));
  EXPECT_TRUE(has_passed(deadline_after(std::chrono::nanoseconds::min())));
  EXPECT_TRUE(has_passed(deadline_after(std::chrono::hours::min())));
  EXPECT_TRUE(has_passed(deadline_after(duration<double>(-std::numeric_limits<double>::infinity()))));
  EXPECT_TRUE(has_passed(deadline_after(duration<double>(std::numeric_limits<double>::quiet_NaN()))));
  EXPECT_TRUE(has_passed(deadline_at(steady_clock::time_point::min())));
  EXPECT_TRUE(has_passed(deadline_at(system_clock::time_point::min())));
  EXPECT_TRUE(has_passed(deadline_at(std::chrono::sys_days::min())));
  EXPECT_TRUE(has_passed(at_once));
}

TEST(futex, part_of_a_nanosecond_is_one) {
  const auto before = steady_clock::now();
  EXPECT_GT(deadline_after(duration<double, std::pico>(0.5)).time, before);
  EXPECT_GE(deadline_after(1500us).time, before + 1500us);
}

TEST(futex, deadline_that_has_passed_is_told_whatever_the_word_does) {
  const std::atomic<std::uint32_t> word{1};
  EXPECT_TRUE(tequio::detail::futex_watch(word, 0, no_deadline));
  EXPECT_TRUE(tequio::detail::futex_watch(word, 0, deadline_after(1h)));
  for (const std::uint32_t expected : {0U, 1U}) {
    EXPECT_FALSE(tequio::detail::futex_watch(word, expected, steady_clock::now()));
    EXPECT_FALSE(tequio::detail::futex_watch(word, expected, at_once));
  }
}

TEST(futex, stop_that_was_requested_is_told_as_time_that_has_passed) {
  const std::atomic<std::uint32_t> word{0};
  std::stop_source source;
  const std::stop_token token = source.get_token();
  EXPECT_FALSE(has_passed(tequio::detail::deadline(token)));
  EXPECT_TRUE(has_passed(tequio::detail::or_stop(deadline_after(0s), token)));
  EXPECT_TRUE(tequio::detail::futex_watch(word, 1, tequio::detail::deadline(token)));
  source.request_stop();
  EXPECT_TRUE(has_passed(tequio::detail::or_stop(no_deadline, token)));
  EXPECT_FALSE(tequio::detail::futex_watch(word, 0, tequio::detail::deadline(token)));
}

}  // namespace
