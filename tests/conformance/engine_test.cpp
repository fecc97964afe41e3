// SPDX-License-Identifier: MIT
// What every engine promises, written once and run for each with 1, 2 and 4 workers.
#include "tequio/engine.hpp"
#include "support/workers/engine_crews.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <forward_list>
#include <functional>
#include <map>
#include <memory>
#include <numeric>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

using tequio::any_engine;
using tequio::map_options;
using tequio::verdict;

class engine_conformance : public tequio::test::engine_test {};
INSTANTIATE_TEST_SUITE_P(all, engine_conformance, ::testing::ValuesIn(tequio::test::all_engines()),
                         tequio::test::name_of_engine);

std::vector<int> first_numbers(int count) {
  std::vector<int> numbers(static_cast<std::size_t>(count));
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

struct unknown_thing {};

struct refuses_to_explain : std::exception {
  const char* what() const noexcept override { return nullptr; }
};

TEST_P(engine_conformance, exception_names_item_type_and_message) {
  auto engine = crew();
  const auto numbers = first_numbers(100);
  const auto outcomes = engine.try_map(numbers, [](int n) {
    if (n == 31) throw std::out_of_range("no such key");
    return n;
  });
  ASSERT_EQ(outcomes.size(), 100U);
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (i == 31) continue;
    ASSERT_TRUE(outcomes[i].has_value()) << i;
    EXPECT_EQ(*outcomes[i], static_cast<int>(i));
  }
  ASSERT_EQ(outcomes[31].verdict(), verdict::error);
  EXPECT_EQ(outcomes[31].failure().item, 31U);
  EXPECT_EQ(outcomes[31].failure().describe(), "std::out_of_range: no such key");
  EXPECT_THROW(static_cast<void>(outcomes[31].value()), tequio::task_error);
}

TEST_P(engine_conformance, map_throws_the_first_failure_by_index_with_all_of_them) {
  auto engine = crew();
  try {
    static_cast<void>(engine.map(first_numbers(1000), [](int n) {
      if (n % 100 == 99) throw std::runtime_error("item " + std::to_string(n));
      return n;
    }));
    FAIL() << "no error";
  } catch (const tequio::task_error& thrown) {
    EXPECT_EQ(thrown.first().item, 99U);
    EXPECT_EQ(thrown.failures().size(), 10U);
    EXPECT_EQ(thrown.failures().back().item, 999U);
    EXPECT_STREQ(thrown.what(), "item 99: std::runtime_error: item 99 (and 9 more failed)");
  }
}

TEST_P(engine_conformance, exceptions_of_any_kind_come_back_as_text) {
  auto engine = crew();
  const auto outcomes = engine.try_map(first_numbers(5), [](int n) -> int {
    switch (n) {
      case 0:
        throw 42;
      case 1:
        throw unknown_thing{};
      case 2:
        throw refuses_to_explain{};
      case 3:
        throw std::runtime_error(std::string(1 << 20, 'x'));
      default:
        try {
          throw std::invalid_argument("inner");
        } catch (...) {
          std::throw_with_nested(std::runtime_error("outer"));
        }
    }
  });
  EXPECT_EQ(outcomes[0].failure().describe(), "int");
  EXPECT_EQ(outcomes[1].failure().describe(), "(anonymous namespace)::unknown_thing");
  EXPECT_EQ(outcomes[2].failure().describe(), "(anonymous namespace)::refuses_to_explain");
  EXPECT_EQ(outcomes[3].failure().exceptions.front().message.size(), 65536U);
  ASSERT_EQ(outcomes[4].failure().exceptions.size(), 2U);
  EXPECT_EQ(outcomes[4].failure().exceptions[1].message, "inner");
}

TEST_P(engine_conformance, hint_of_an_error_comes_back_with_it) {
  auto engine = crew();
  const auto outcomes = engine.try_map(first_numbers(1), [](int) -> int {
    throw tequio::error({.problem = "bad", .hint = {tequio::hint_kind::variable, "x"}});
  });
  const tequio::exception_text& thrown = outcomes[0].failure().exceptions.front();
  EXPECT_EQ(thrown.hint.kind, tequio::hint_kind::variable);
  EXPECT_EQ(thrown.hint.value, "x");
}

TEST_P(engine_conformance, fail_fast_reports_the_lowest_failing_index_and_cancels_what_is_behind) {
  auto engine = crew();
  const auto outcomes =
      engine.try_map(first_numbers(10000), {.chunk = 1, .on_error = tequio::on_error::stop}, [](int n) {
        if (n == 50 || n == 60) throw std::runtime_error("bad");
        if (n > 60)
          std::this_thread::sleep_for(
              std::chrono::milliseconds(1));  // else the others may reach the end before the first exception
        return n;
      });
  for (std::size_t i = 0; i < 50; ++i) ASSERT_TRUE(outcomes[i].has_value()) << i;
  EXPECT_EQ(outcomes[50].verdict(), verdict::error);
  EXPECT_EQ(outcomes[9999].verdict(), verdict::cancelled);
  EXPECT_EQ(outcomes[9999].failure().describe(), "cancelled");
}

TEST_P(engine_conformance, fail_fast_of_one_worker_starts_nothing_behind_the_failure) {
  if (GetParam().workers != 1) GTEST_SKIP() << "others may be ahead of it";
  auto engine = crew();
  const auto outcomes =
      engine.try_map(first_numbers(100), {.chunk = 100, .on_error = tequio::on_error::stop}, [](int n) {
        if (n == 50) throw std::runtime_error("bad");
        return n;
      });
  EXPECT_EQ(outcomes[50].verdict(), verdict::error);
  EXPECT_EQ(outcomes[51].verdict(), verdict::cancelled);
}

TEST_P(engine_conformance, failing_item_is_tried_again_as_often_as_asked) {
  auto engine = crew();
  const auto outcomes = engine.try_map(first_numbers(20), {.retries = 2}, [](int n) -> int {
    if (n % 2 == 1) throw std::runtime_error("odd");
    return n;
  });
  EXPECT_EQ(outcomes[7].failure().attempts, 3U);
  EXPECT_EQ(outcomes[7].failure().describe(), "std::runtime_error: odd (tried 3 times)");
  EXPECT_EQ(*outcomes[8], 8);
}

TEST_P(engine_conformance, stop_requested_before_the_call_cancels_every_item) {
  auto engine = crew();
  std::stop_source source;
  source.request_stop();
  const auto outcomes = engine.try_map(first_numbers(50), {.stop = source.get_token()}, [](int n) { return n; });
  ASSERT_EQ(outcomes.size(), 50U);
  for (const auto& outcome : outcomes) EXPECT_EQ(outcome.verdict(), verdict::cancelled);
}

TEST_P(engine_conformance, no_items_give_no_results) {
  auto engine = crew();
  EXPECT_TRUE(engine.map(std::vector<int>{}, [](int n) { return n; }).empty());
  EXPECT_TRUE(engine.try_map(std::vector<int>{}, [](int n) { return n; }).empty());
  engine.for_each(std::vector<int>{}, [](int) {});
  EXPECT_EQ(engine.reduce(std::vector<int>{}, 7, std::plus<>{}), 7);
}

TEST_P(engine_conformance, one_item_and_fewer_items_than_workers) {
  auto engine = crew();
  EXPECT_EQ(engine.map(std::vector{5}, [](int n) { return n * n; }), std::vector{25});
  EXPECT_EQ(engine.map(std::vector{5, 6, 7}, [](int n) { return n * n; }), (std::vector{25, 36, 49}));
}

TEST_P(engine_conformance, results_are_in_item_order_for_any_chunk) {
  auto engine = crew();
  for (const std::size_t count : {1U, 2U, 7U, 64U, 1000U, 10007U}) {
    std::vector<int> squares(count);
    const auto numbers = first_numbers(static_cast<int>(count));
    std::ranges::transform(numbers, squares.begin(), [](int n) { return n * n; });
    for (const std::size_t chunk : std::initializer_list<std::size_t>{0, 1, 3, 64, count, count + 1})
      ASSERT_EQ(engine.map(numbers, {.chunk = chunk}, [](int n) { return n * n; }), squares) << count << " " << chunk;
  }
}

struct point {
  int x = 0;
  double y = 0;
  std::string label{};
  bool operator==(const point&) const = default;
};

TEST_P(engine_conformance, results_of_any_type) {
  auto engine = crew();
  const auto words =
      engine.map(first_numbers(300), [](int n) { return std::string(static_cast<std::size_t>(n), 'a'); });
  EXPECT_EQ(words[299].size(), 299U);
  const auto points = engine.map(first_numbers(10), [](int n) { return point{n, n / 2.0, std::to_string(n)}; });
  EXPECT_EQ(points[9], (point{9, 4.5, "9"}));
  const auto tables = engine.map(first_numbers(4), [](int n) {
    return std::map<std::string, std::vector<std::optional<double>>>{{"k", {1.0, std::nullopt}},
                                                                     {std::to_string(n), {}}};
  });
  EXPECT_EQ(tables[3].at("k"), (std::vector<std::optional<double>>{1.0, std::nullopt}));
  const auto flags = engine.map(first_numbers(4), [](int n) { return n % 2 == 0; });
  EXPECT_EQ(flags, (std::vector<bool>{true, false, true, false}));
}

TEST_P(engine_conformance, large_results_come_back_whole) {
  auto engine = crew();
  const auto blocks = engine.map(first_numbers(6), [](int n) { return std::vector<int>(1 << 20, n); });
  for (int n = 0; n < 6; ++n) {
    ASSERT_EQ(blocks[static_cast<std::size_t>(n)].size(), 1U << 20);
    EXPECT_EQ(blocks[static_cast<std::size_t>(n)].back(), n);
  }
}

TEST_P(engine_conformance, captures_by_reference_are_read_as_they_are_at_the_call) {
  auto engine = crew();
  std::vector<std::string> names{"a", "b", "c"};
  names.push_back("d");
  const auto found = engine.map(first_numbers(4), [&](int n) { return names[static_cast<std::size_t>(n)]; });
  EXPECT_EQ(found, names);
}

TEST_P(engine_conformance, ranges_without_random_access_and_tuples) {
  auto engine = crew();
  const std::forward_list<int> list{3, 1, 2};
  EXPECT_EQ(engine.map(list, [](int n) { return n + 1; }), (std::vector{4, 2, 3}));
  const std::vector<std::tuple<int, std::string>> pairs{{2, "a"}, {3, "b"}};
  const auto repeated = engine.map(pairs, [](int n, const std::string& text) { return std::to_string(n) + text; });
  EXPECT_EQ(repeated, (std::vector<std::string>{"2a", "3b"}));
}

struct named {
  std::string name{};
};
struct with_const_member {
  const int number = 0;
};
struct without_default {
  explicit without_default(int n) : number(n) {}
  int number;
};
struct alignas(512) wide {
  int number = 0;
};

TEST_P(engine_conformance, callables_that_return_references_or_only_move) {
  auto engine = crew();
  const std::vector<named> people{{"a"}, {"b"}};
  EXPECT_EQ(engine.map(people, &named::name), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(engine.map(people, [](const named& one) -> const std::string& { return one.name; })[1], "b");
  auto only_moves = [three = std::make_unique<int>(3)](int n) noexcept { return n + *three; };
  EXPECT_EQ(engine.map(first_numbers(2), std::move(only_moves)), (std::vector{3, 4}));
}

TEST_P(engine_conformance, results_that_cannot_be_assigned_or_have_no_default_or_are_over_aligned) {
  auto engine = crew();
  EXPECT_EQ(engine.map(first_numbers(3), [](int n) { return with_const_member{n}; })[2].number, 2);
  EXPECT_EQ(engine.map(first_numbers(3), [](int n) { return without_default(n); })[2].number, 2);
  for (const wide& one : engine.map(first_numbers(9), [](int n) { return wide{n}; }))
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(&one) % 512, 0U);
}

// Throws when it is read back or moved out of the engine, which only processes do by its own code.
struct unreadable {
  int number = 0;
  std::string text{};
  template <class Archive>
  friend void serialize(Archive& archive, unreadable& value) {
    archive(value.number);
    if (std::same_as<Archive, tequio::reader> && value.number == 2) throw std::runtime_error("unreadable");
  }
};

TEST_P(engine_conformance, result_that_cannot_be_read_back_is_that_items_error) {
  auto engine = crew();
  const auto outcomes = engine.try_map(first_numbers(4), [](int n) { return unreadable{n}; });
  EXPECT_EQ(outcomes[3]->number, 3);
  if (std::string_view(GetParam().engine) != "processes") return;
  EXPECT_EQ(outcomes[2].failure().describe(), "std::runtime_error: unreadable");
  try {
    static_cast<void>(engine.map(first_numbers(4), [](int n) { return unreadable{n}; }));
    FAIL() << "no error";
  } catch (const tequio::task_error& thrown) {
    EXPECT_EQ(thrown.first().item, 2U);
  }
}

TEST_P(engine_conformance, ranges_of_bits_of_what_only_moves_and_of_what_comes_once) {
  auto engine = crew();
  const auto negate = [](bool bit) { return !bit; };
  EXPECT_EQ(engine.map(std::vector<bool>{true, false}, negate), (std::vector<bool>{false, true}));
  EXPECT_EQ(engine.map(std::forward_list<bool>{true, false}, negate), (std::vector<bool>{false, true}));
  std::forward_list<std::unique_ptr<int>> owned;
  owned.push_front(std::make_unique<int>(5));
  EXPECT_EQ(engine.map(owned, [](const auto& number) { return *number; }), std::vector{5});
  std::istringstream text("1 2 3");
  EXPECT_EQ(engine.map(std::views::istream<int>(text), std::negate<>{}), (std::vector{-1, -2, -3}));
  auto odd = std::views::iota(0, 9) | std::views::filter([](int n) { return n % 2 == 1; });
  EXPECT_EQ(engine.map(odd, std::identity{}), (std::vector{1, 3, 5, 7}));
}

TEST_P(engine_conformance, items_are_reached_by_reference_where_memory_is_shared) {
  auto engine = crew();
  std::forward_list<int> numbers{1, 2, 3};
  engine.for_each(numbers, [](int& n) { n *= 2; });
  const bool shared = std::string_view(GetParam().engine) != "processes";
  EXPECT_EQ(numbers, shared ? (std::forward_list<int>{2, 4, 6}) : (std::forward_list<int>{1, 2, 3}));
}

TEST_P(engine_conformance, progress_ends_with_everything_done) {
  auto engine = crew();
  std::vector<tequio::progress> seen;
  static_cast<void>(engine.map(first_numbers(100),
                               {.progress = [&](const tequio::progress& now) { seen.push_back(now); }},
                               [](int n) { return n; }));
  ASSERT_FALSE(seen.empty());
  EXPECT_EQ(seen.back().done, 100U);
  EXPECT_EQ(seen.back().total, 100U);
}

TEST_P(engine_conformance, engine_serves_many_calls) {
  auto engine = crew();
  for (int call = 0; call < 20; ++call)
    ASSERT_EQ(engine.map(first_numbers(50), [&](int n) { return n + call; }).back(), 49 + call);
}

TEST_P(engine_conformance, engine_inside_an_item_works) {
  auto engine = crew();
  const auto sums = engine.map(first_numbers(4), [&](int n) {
    tequio::processes inner(2);
    const auto numbers = first_numbers(10 * n);
    if (std::string_view(GetParam().engine) == "processes") return inner.reduce(numbers, 0, std::plus<>{});
    return engine.reduce(numbers, 0, std::plus<>{});  // the same threads: the call runs in the calling one
  });
  EXPECT_EQ(sums, (std::vector{0, 45, 190, 435}));
}

}  // namespace
