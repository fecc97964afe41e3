// SPDX-License-Identifier: MIT
// What every engine's streams promise, written once and run for each with 1, 2 and 4 workers.
#include "tequio/stream.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <forward_list>
#include <ranges>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

#include "support/workers/engine_crews.hpp"
#include "support/workers/processes_fixture.hpp"
#include "tequio/engine.hpp"
#include "tequio/shared_array.hpp"
#include "tequio/shared_atomic.hpp"

namespace {

using namespace std::chrono_literals;
using tequio::any_engine;
using tequio::verdict;
using tequio::test::first_numbers;

class stream_conformance : public tequio::test::engine_test {};
INSTANTIATE_TEST_SUITE_P(all, stream_conformance, ::testing::ValuesIn(tequio::test::all_engines()),
                         tequio::test::name_of_engine);

template <class Stream>
auto read_all(Stream&& stream) {
  std::vector<std::remove_cvref_t<decltype(*stream.begin())>> all;
  for (auto&& one : stream) all.push_back(std::move(one));
  return all;
}

int twice(int n) { return 2 * n; }

int bad_at_five(int n) {
  if (n == 5) throw std::out_of_range("five");
  return n;
}

TEST_P(stream_conformance, results_come_in_the_order_of_the_items) {
  auto engine = crew();
  const auto numbers = first_numbers(5000);
  EXPECT_EQ(read_all(engine.stream(numbers, twice)), tequio::serial().map(numbers, twice));
}

TEST_P(stream_conformance, unordered_results_are_those_of_all_items) {
  auto engine = crew();
  const auto numbers = first_numbers(5000);
  auto found = read_all(engine.stream_unordered(numbers, twice));
  std::ranges::sort(found);
  EXPECT_EQ(found, tequio::serial().map(numbers, twice));
}

TEST_P(stream_conformance, no_items_and_fewer_items_than_workers) {
  auto engine = crew();
  EXPECT_TRUE(read_all(engine.stream(std::vector<int>{}, twice)).empty());
  EXPECT_TRUE(read_all(engine.try_stream_unordered(std::vector<int>{}, twice)).empty());
  EXPECT_EQ(read_all(engine.stream(std::vector{1, 2, 3}, twice)), (std::vector{2, 4, 6}));
}

TEST_P(stream_conformance, failed_item_is_named_where_the_reader_comes_to_it_and_the_rest_follows) {
  auto engine = crew();
  auto results = engine.stream(first_numbers(12), bad_at_five);
  std::vector<int> found;
  for (bool more = true; more;) {
    try {
      const auto one = results.next();
      more = one.has_value();
      if (more) found.push_back(*one);
    } catch (const tequio::task_error& thrown) {
      EXPECT_EQ(thrown.first().item, 5U);
      EXPECT_STREQ(thrown.what(), "item 5: std::out_of_range: five");
      found.push_back(-1);
    }
  }
  EXPECT_EQ(found, (std::vector{0, 1, 2, 3, 4, -1, 6, 7, 8, 9, 10, 11}));
  EXPECT_FALSE(results.next().has_value());
}

TEST_P(stream_conformance, iterator_goes_on_behind_a_failed_item) {
  auto engine = crew();
  auto results = engine.stream(first_numbers(8), bad_at_five);
  std::vector<int> found;
  for (auto at = results.begin(); at != results.end(); ++at) {
    try {
      found.push_back(*at);
    } catch (const tequio::task_error&) {
      found.push_back(-1);
    }
  }
  EXPECT_EQ(found, (std::vector{0, 1, 2, 3, 4, -1, 6, 7}));
}

TEST_P(stream_conformance, every_item_has_one_outcome) {
  auto engine = crew();
  std::vector<int> seen(300);
  for (auto& one : engine.try_stream_unordered(first_numbers(300), {.retries = 1}, [](int n) {
         if (n % 3 == 0) throw std::runtime_error("three");
         return std::to_string(n);
       })) {
    const std::size_t item = one ? static_cast<std::size_t>(std::stoi(*one)) : one.failure().item;
    ++seen.at(item);
    EXPECT_EQ(one.has_value(), item % 3 != 0);
    if (!one) {
      EXPECT_EQ(one.failure().describe(), "std::runtime_error: three (tried 2 times)");
    }
  }
  EXPECT_EQ(std::ranges::count(seen, 1), 300);
}

TEST_P(stream_conformance, endless_items_are_taken_as_the_reader_goes) {
  auto engine = crew();
  tequio::shared_atomic<int> started(0);
  auto results = engine.stream(std::views::iota(0), {.ahead = 5}, [&](int n) {
    started.fetch_add(1);
    return n;
  });
  for (int n = 0; n < 100; ++n) {
    ASSERT_EQ(results.next(), n);
    ASSERT_LE(started.load(), n + 1 + 5);
  }
  std::this_thread::sleep_for(20ms);  // time for workers to run further, if they did
  EXPECT_LE(started.load(), 105);
}

TEST_P(stream_conformance, slow_reader_bounds_what_is_taken_from_the_range) {
  auto engine = crew();
  int taken = 0;
  auto counted = first_numbers(100000) | std::views::transform([&](int n) { return n; }) |
                 std::views::filter([&](int) { return ++taken > 0; });
  auto results = engine.stream(counted, twice);
  ASSERT_EQ(results.next(), 0);
  EXPECT_LE(taken, static_cast<int>(2 * GetParam().workers + 8 + 2));
}

TEST_P(stream_conformance, leaving_the_loop_early_or_by_an_exception_ends_the_workers) {
  auto engine = crew();
  for (const int one : engine.stream(std::views::iota(0), twice))
    if (one == 20) break;
  EXPECT_THROW(
      {
        for (const int one : engine.stream_unordered(std::views::iota(0), twice))
          if (one == 20) throw std::runtime_error("enough");
      },
      std::runtime_error);
  static_cast<void>(engine.stream(std::views::iota(0), twice));  // never read
  // the fixture looks for what is left
}

TEST_P(stream_conformance, ranges_without_random_access_and_tuples) {
  auto engine = crew();
  const std::forward_list<int> list{3, 1, 2};
  EXPECT_EQ(read_all(engine.stream(list, twice)), (std::vector{6, 2, 4}));
  const auto many = first_numbers(1000);
  const std::forward_list<int> long_list(many.begin(), many.end());
  EXPECT_EQ(read_all(engine.stream(long_list, twice)), tequio::serial().map(many, twice));
  const std::vector<std::tuple<int, std::string>> pairs{{2, "a"}, {3, "b"}};
  EXPECT_EQ(read_all(engine.stream(pairs, [](int n, const std::string& text) { return std::to_string(n) + text; })),
            (std::vector<std::string>{"2a", "3b"}));
}

TEST_P(stream_conformance, stop_ends_it_with_a_verdict_for_all_that_was_taken) {
  auto engine = crew();
  std::stop_source source;
  tequio::shared_array<int> started(100);
  std::size_t values = 0;
  std::size_t cancelled = 0;
  for (auto& one : engine.try_stream(std::views::iota(0), {.ahead = 20, .stop = source.get_token()}, [&](int n) {
         started[static_cast<std::size_t>(n)] = 1;
         return n;
       })) {
    const std::size_t item = values + cancelled;
    ASSERT_LT(item, started.size());
    EXPECT_EQ(started[item], one ? 1 : 0) << item;
    if (one) {
      EXPECT_EQ(static_cast<std::size_t>(*one), item);
      if (++values == 50) source.request_stop();
    } else {
      EXPECT_EQ(one.verdict(), verdict::cancelled);
      EXPECT_EQ(one.failure().item, item);
      ++cancelled;
    }
  }
  EXPECT_GE(values, 50U);
  EXPECT_LE(values + cancelled, 71U);
}

TEST_P(stream_conformance, stop_before_the_stream_lets_nothing_run) {
  auto engine = crew();
  std::stop_source source;
  source.request_stop();
  tequio::shared_atomic<int> started(0);
  for (auto& one : engine.try_stream(first_numbers(50), {.stop = source.get_token()}, [&](int n) {
         started.fetch_add(1);
         return n;
       }))
    EXPECT_EQ(one.verdict(), verdict::cancelled);
  EXPECT_EQ(started.load(), 0);
}

TEST_P(stream_conformance, fail_fast_starts_nothing_behind_the_first_failure) {
  auto engine = crew();
  std::vector<verdict> found;
  for (auto& one : engine.try_stream(std::views::iota(0), {.on_error = tequio::on_error::stop}, bad_at_five))
    found.push_back(one.verdict());
  ASSERT_GE(found.size(), 6U);
  EXPECT_EQ(found[4], verdict::value);
  EXPECT_EQ(found[5], verdict::error);
  EXPECT_LE(found.size(), 6 + 2 * GetParam().workers + 8);
}

TEST_P(stream_conformance, range_that_throws_does_so_behind_what_was_taken_from_it) {
  auto engine = crew();
  auto broken = std::views::iota(0) | std::views::filter([](int n) {
                  if (n == 30) throw std::runtime_error("input");
                  return true;
                });
  std::vector<int> found;
  EXPECT_THROW(
      {
        for (const int one : engine.stream(broken, twice)) found.push_back(one);
      },
      std::runtime_error);
  EXPECT_EQ(found.size(), 30U);
}

TEST_P(stream_conformance, results_of_a_megabyte_keep_memory_bounded) {
  auto engine = crew();
  std::size_t sum = 0;
  for (auto& block : engine.stream(std::views::iota(0, 200), [](int n) { return std::vector<int>(1U << 18U, n); }))
    sum += static_cast<std::size_t>(block.back());
  EXPECT_EQ(sum, 199U * 100U);
}

TEST_P(stream_conformance, progress_ends_with_everything_done_and_may_throw) {
  auto engine = crew();
  std::vector<tequio::progress> seen;
  read_all(engine.stream(first_numbers(100), {.progress = [&](const tequio::progress& now) { seen.push_back(now); }},
                         twice));
  ASSERT_FALSE(seen.empty());
  EXPECT_EQ(seen.back().done, 100U);
  EXPECT_EQ(seen.back().total, 100U);
  auto throwing = engine.stream(std::views::iota(0, 3), {.progress = [](const tequio::progress&) { throw 1; }}, twice);
  EXPECT_THROW(read_all(throwing), int);
  EXPECT_FALSE(throwing.next().has_value());
}

TEST_P(stream_conformance, two_streams_and_a_map_of_one_engine_at_once) {
  auto engine = crew();
  auto one = engine.stream(first_numbers(100), twice);
  auto other = engine.stream(first_numbers(100), twice);
  for (int n = 0; n < 100; ++n) {
    ASSERT_EQ(one.next(), 2 * n);
    ASSERT_EQ(other.next(), 2 * n);
    ASSERT_EQ(engine.map(std::vector{n}, twice), std::vector{2 * n});
  }
}

TEST_P(stream_conformance, stream_inside_an_item_works) {
  auto engine = crew();
  const auto sums = engine.map(first_numbers(4), [&](int n) {
    int sum = 0;
    for (const int one : tequio::threads(2).stream(std::views::iota(0, n), twice)) sum += one;
    return sum;
  });
  EXPECT_EQ(sums, (std::vector{0, 0, 2, 6}));
}

}  // namespace
