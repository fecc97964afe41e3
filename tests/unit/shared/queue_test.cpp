// SPDX-License-Identifier: MIT
#include "tequio/queue.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <limits>
#include <map>
#include <numeric>
#include <stdexcept>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "support/leak_check.hpp"
#include "support/sanitizers.hpp"
#include "tequio/error.hpp"

namespace {

using namespace std::chrono_literals;
using clock_type = std::chrono::steady_clock;

class queue_test : public tequio::test::leak_checked {};

TEST_F(queue_test, values_come_out_in_the_order_they_went_in) {
  tequio::queue<int> numbers(100);
  for (int round = 0; round < 50; ++round) {
    for (int i = 0; i < 77; ++i) ASSERT_TRUE(numbers.push(round * 1000 + i));
    for (int i = 0; i < 77; ++i) ASSERT_EQ(numbers.pop(), round * 1000 + i);
  }
}

TEST_F(queue_test, a_full_queue_refuses_and_one_that_waits_waits_its_time) {
  tequio::queue<std::string> words(2);
  EXPECT_TRUE(words.push("a"));
  EXPECT_TRUE(words.try_push("b"));
  EXPECT_FALSE(words.try_push("c"));
  const auto start = clock_type::now();
  EXPECT_FALSE(words.push_for("c", 30ms));
  EXPECT_GE(clock_type::now() - start, 30ms);
  EXPECT_FALSE(words.push_until("c", std::chrono::system_clock::now() + 10ms));
  EXPECT_FALSE(words.closed());
  EXPECT_EQ(words.pop(), "a");
  EXPECT_TRUE(words.push_for("c", 1h));
  EXPECT_EQ(words.pop(), "b");
  EXPECT_EQ(words.pop(), "c");
}

TEST_F(queue_test, an_empty_queue_gives_nothing_and_one_that_waits_waits_its_time) {
  tequio::queue<std::string> words(2);
  EXPECT_EQ(words.try_pop(), std::nullopt);
  const auto start = clock_type::now();
  EXPECT_EQ(words.pop_for(30ms), std::nullopt);
  EXPECT_GE(clock_type::now() - start, 30ms);
  EXPECT_EQ(words.pop_until(clock_type::now() + 10ms), std::nullopt);
  EXPECT_TRUE(words.push("late"));
  EXPECT_EQ(words.pop_for(1h), "late");
}

TEST_F(queue_test, times_of_zero_below_and_beyond_the_clock_are_times) {
  tequio::queue<int> numbers(1);
  EXPECT_EQ(numbers.pop_for(0s), std::nullopt);
  EXPECT_EQ(numbers.pop_for(-5s), std::nullopt);
  EXPECT_EQ(numbers.pop_until(clock_type::time_point::min()), std::nullopt);
  EXPECT_TRUE(numbers.push_for(1, 0s));
  EXPECT_FALSE(numbers.push_for(2, -1h));
  EXPECT_EQ(numbers.pop_for(std::chrono::hours::max()), 1);
  std::jthread later([&] { EXPECT_TRUE(numbers.push_for(3, std::chrono::duration<double>::max())); });
  EXPECT_EQ(numbers.pop_until(clock_type::time_point::max()), 3);
}

TEST_F(queue_test, size_is_what_is_inside) {
  tequio::queue<int> numbers(3);
  EXPECT_EQ(numbers.capacity(), 3U);
  EXPECT_TRUE(numbers.empty());
  for (std::size_t i = 1; i <= 3; ++i) {
    EXPECT_TRUE(numbers.push(0));
    EXPECT_EQ(numbers.size(), i);
  }
  EXPECT_TRUE(numbers.pop().has_value());
  numbers.close();
  EXPECT_EQ(numbers.size(), 2U);
  EXPECT_FALSE(numbers.empty());
}

TEST_F(queue_test, one_for_no_message_is_an_error_and_so_is_one_for_more_than_memory) {
  EXPECT_THROW(tequio::queue<int>(0), tequio::error);
  EXPECT_THROW(tequio::queue<int>(std::numeric_limits<std::size_t>::max()), tequio::error);
  EXPECT_THROW(tequio::queue<std::string>(std::size_t{1} << 40), tequio::error);
  tequio::queue<int> one(1);
  for (int i = 0; i < 10; ++i) {
    EXPECT_TRUE(one.push(i));
    EXPECT_FALSE(one.try_push(i));
    EXPECT_EQ(one.pop(), i);
  }
}

TEST_F(queue_test, after_close_nothing_goes_in_and_what_is_in_comes_out) {
  tequio::queue<std::string> words(5);
  EXPECT_TRUE(words.push("a"));
  EXPECT_TRUE(words.push("b"));
  words.close();
  words.close();
  EXPECT_TRUE(words.closed());
  EXPECT_FALSE(words.push("c"));
  EXPECT_FALSE(words.try_push("c"));
  EXPECT_FALSE(words.push_for("c", 1h));
  EXPECT_EQ(words.pop(), "a");
  EXPECT_EQ(words.try_pop(), "b");
  EXPECT_EQ(words.pop(), std::nullopt);
  EXPECT_EQ(words.pop_for(1h), std::nullopt);
}

TEST_F(queue_test, close_wakes_those_who_sleep_in_pop) {
  tequio::queue<int> numbers(1);
  std::vector<std::jthread> sleepers;
  for (int i = 0; i < 3; ++i) sleepers.emplace_back([&] { EXPECT_EQ(numbers.pop(), std::nullopt); });
  std::this_thread::sleep_for(20ms);
  numbers.close();
}

TEST_F(queue_test, close_wakes_those_who_sleep_in_push) {
  tequio::queue<int> numbers(1);
  EXPECT_TRUE(numbers.push(1));
  std::vector<std::jthread> sleepers;
  for (int i = 0; i < 3; ++i) sleepers.emplace_back([&] { EXPECT_FALSE(numbers.push(2)); });
  std::this_thread::sleep_for(20ms);
  numbers.close();
  sleepers.clear();
  EXPECT_EQ(numbers.pop(), 1);
  EXPECT_EQ(numbers.pop(), std::nullopt);
}

TEST_F(queue_test, a_loop_over_it_ends_at_close) {
  tequio::queue<std::vector<int>> lists(4);
  std::jthread producer([&] {
    for (int i = 0; i < 1000; ++i) EXPECT_TRUE(lists.push(std::vector(10, i)));
    lists.close();
  });
  int expected = 0;
  for (auto&& list : lists) ASSERT_EQ(list, std::vector(10, expected++));
  EXPECT_EQ(expected, 1000);
}

enum class colour : std::uint8_t { red, green };
struct point {
  double x = 0;
  std::array<std::int16_t, 3> cells{};
  colour shade{};
  bool operator==(const point&) const = default;
};
struct person {
  std::string name{};
  std::vector<point> path{};
  std::optional<bool> well{};
  bool operator==(const person&) const = default;
};

template <class T>
void expect_same_back(const std::vector<T>& values) {
  tequio::queue<T> channel(values.size());
  for (const T& value : values) EXPECT_TRUE(channel.push(value));
  for (const T& value : values) EXPECT_EQ(channel.pop(), value);
}

TEST_F(queue_test, values_of_any_serialisable_type_come_back_the_same) {
  expect_same_back<char>({'a', '\0', '\xff'});
  expect_same_back<bool>({true, false});
  expect_same_back<double>({-0.5, std::numeric_limits<double>::infinity()});
  expect_same_back<colour>({colour::green, colour::red});
  expect_same_back<point>({{1.5, {1, -2, 3}, colour::green}, {}});
  expect_same_back<std::array<std::uint64_t, 3>>({{1, 2, 3}, {4, 5, 6}});
  expect_same_back<std::string>({"", "a", std::string(1000, '\0')});
  expect_same_back<std::vector<std::string>>({{}, {"", "b"}});
  expect_same_back<person>({{"Ana", {{}, {2, {}, colour::red}}, true}, {}});
  expect_same_back<std::variant<int, std::string>>({1, "one"});
  expect_same_back<std::map<std::string, std::pair<int, bool>>>({{{"k", {1, true}}}, {}});
  static_assert(tequio::detail::is_small_message<point>);
  static_assert(tequio::detail::is_small_message<std::chrono::nanoseconds>);
  static_assert(!tequio::detail::is_small_message<bool> && !tequio::detail::is_small_message<std::optional<int>>);
  static_assert(!tequio::detail::is_small_message<person> && !tequio::detail::is_small_message<std::array<int, 9>>);
}

// Says how far its own serialisation goes.
struct stubborn {
  int value = 0;
  bool throws = false;
  template <class Archive>
  friend void serialize(Archive& archive, stubborn& item) {
    archive(item.value);
    if (item.throws) throw std::runtime_error("stubborn");
    archive(item.throws);
  }
};

TEST_F(queue_test, a_value_that_throws_while_it_is_serialised_is_not_in_and_others_go_on) {
  tequio::queue<stubborn> items(2);
  EXPECT_TRUE(items.push({1}));
  for (int i = 0; i < 5; ++i) EXPECT_THROW(static_cast<void>(items.push({2, true})), std::runtime_error);
  EXPECT_EQ(items.size(), 1U);
  EXPECT_TRUE(items.push({3}));
  EXPECT_EQ(items.pop()->value, 1);
  EXPECT_EQ(items.pop()->value, 3);
}

// Writes other bytes than it reads.
struct liar {
  int shape = 0;
  template <class Archive>
  friend void serialize(Archive& archive, liar& item) {
    if constexpr (requires { archive.left(); }) {
      std::string text;
      archive(item.shape, text);
    } else if (item.shape == 0) {
      archive(item.shape, std::string("well"));
    } else if (item.shape == 1) {
      archive(item.shape, std::numeric_limits<std::uint64_t>::max());  // a length that cannot be
    } else if (item.shape == 2) {
      archive(item.shape, std::string("well"), 'x');  // something left over
    }                                                 // else too short
  }
};

TEST_F(queue_test, a_value_that_cannot_be_read_back_is_an_error_of_that_pop_and_others_go_on) {
  tequio::queue<liar> items(10);
  for (const int shape : {1, 0, 2, 0, 3, 0}) EXPECT_TRUE(items.push({shape}));
  for (int i = 0; i < 3; ++i) {
    EXPECT_THROW(static_cast<void>(items.pop()), tequio::serialize_error);
    EXPECT_EQ(items.pop()->shape, 0);
  }
  EXPECT_TRUE(items.empty());
}

TEST_F(queue_test, messages_up_to_its_capacity_go_in_whatever_their_size_before_any_comes_out) {
  tequio::queue<std::vector<int>> lists(64);
  for (int i = 0; i < 64; ++i) EXPECT_TRUE(lists.push_for(std::vector<int>(static_cast<std::size_t>(i) * 5000, i), 0s));
  for (int i = 0; i < 64; ++i) ASSERT_EQ(lists.pop(), std::vector<int>(static_cast<std::size_t>(i) * 5000, i));
}

TEST_F(queue_test, many_producers_and_consumers_pass_every_message_once_and_each_producers_in_order) {
  constexpr int producers = 3, consumers = 3, each = 3000;
  for (const std::size_t capacity : {1U, 7U, 500U}) {
    tequio::queue<std::pair<int, int>> numbers(capacity);
    std::array<std::vector<std::pair<int, int>>, consumers> taken;
    {
      std::vector<std::jthread> takers;
      for (auto& mine : taken)
        takers.emplace_back([&] {
          for (auto& number : numbers) mine.push_back(number);
        });
      std::vector<std::jthread> givers;
      for (int giver = 0; giver < producers; ++giver)
        givers.emplace_back([&numbers, giver] {
          for (int i = 0; i < each; ++i) EXPECT_TRUE(numbers.push({giver, i}));
        });
      givers.clear();
      numbers.close();
    }
    std::map<std::pair<int, int>, int> times;
    for (const auto& mine : taken) {
      std::array<int, producers> last{-1, -1, -1};
      for (const auto& [giver, i] : mine) {
        ++times[{giver, i}];
        EXPECT_LT(std::exchange(last.at(static_cast<std::size_t>(giver)), i), i);
      }
    }
    EXPECT_EQ(times.size(), static_cast<std::size_t>(producers * each));
    for (const auto& [number, count] : times) ASSERT_EQ(count, 1);
  }
}

// Passes something through another queue in the middle of its own way.
struct chatty {
  std::string text{};
  static inline tequio::queue<std::string>* other = nullptr;
  template <class Archive>
  friend void serialize(Archive& archive, chatty& item) {
    std::string half = item.text;
    archive(half);
    EXPECT_TRUE(other->push(std::string(5000, '#')));
    EXPECT_EQ(other->pop(), std::string(5000, '#'));
    archive(item.text);
  }
};

TEST_F(queue_test, a_type_may_use_another_queue_while_it_is_serialised) {
  tequio::queue<std::string> other(1);
  chatty::other = &other;
  tequio::queue<chatty> items(1);
  EXPECT_TRUE(items.push({"between"}));
  EXPECT_EQ(items.pop()->text, "between");
}

}  // namespace
