// SPDX-License-Identifier: MIT
// The promises of any_engine for an engine from outside of the core, whose workers receive callables and items as bytes
// alone: the same results as `serial`, and an error in words where a callable or an item cannot be sent.
#include "support/workers/sending_engine.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <map>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

#include "support/leak_check.hpp"
#include "support/sanitizers.hpp"
#include "tequio/bind_values.hpp"
#include "tequio/engine.hpp"

namespace {

using tequio::any_engine;
using tequio::bind_values;
using tequio::verdict;
using tequio::detail::core_of;
using tequio::detail::engine_core;
using tequio::test::far_end;
using tequio::test::sending_engine;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class sent_work_conformance : public tequio::test::leak_checked, public ::testing::WithParamInterface<const char*> {
 protected:
  static any_engine crew(far_end where = far_end::same_process) { return any_engine(sending_engine(hands(), where)); }

 private:
  static std::unique_ptr<engine_core> hands() {
    if (GetParam() == std::string("serial")) return std::make_unique<core_of<tequio::serial>>(tequio::serial());
    if (GetParam() == std::string("threads")) return std::make_unique<core_of<tequio::threads>>(tequio::threads(2));
    return std::make_unique<core_of<tequio::processes>>(tequio::processes(2));
  }
};

std::vector<const char*> all_hands() {
  if (tequio::test::thread_sanitizer) return {"serial", "threads"};
  return {"serial", "threads", "processes"};
}
INSTANTIATE_TEST_SUITE_P(over, sent_work_conformance, ::testing::ValuesIn(all_hands()),
                         [](const auto& test) { return std::string(test.param); });

std::vector<int> first_numbers(int count) {
  std::vector<int> numbers(static_cast<std::size_t>(count));
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

int twice(int n) { return 2 * n; }

// A result that has no default constructor and cannot be serialised.
class sealed {
 public:
  explicit sealed(int value) : m_value(value) {}
  [[nodiscard]] int value() const { return m_value; }

 private:
  int m_value;
};

// What was read could not be put into it.
struct named {
  const std::string name{};
  int age = 0;
};

TEST_P(sent_work_conformance, function_lambda_without_captures_and_bound_values_run_there) {
  auto engine = crew();
  const auto numbers = first_numbers(100);
  EXPECT_EQ(engine.name(), "sending");
  EXPECT_EQ(engine.map(numbers, twice)[99], 198);
  EXPECT_EQ(engine.map(numbers, {.chunk = 7}, &twice)[99], 198);
  EXPECT_EQ(engine.map(numbers, [](const int& n) { return std::to_string(n); })[42], "42");
  const auto both = [](const std::string& word, const std::map<int, int>& table, int n) {
    return word + std::to_string(table.at(n));
  };
  EXPECT_EQ(engine.map(first_numbers(2), bind_values(both, "n", std::map<int, int>{{0, 5}, {1, 6}})),
            (std::vector<std::string>{"n5", "n6"}));
  EXPECT_EQ(engine.map(numbers, [](int n) { return sealed(n); })[5].value(), 5);
  engine.for_each(numbers, [](int) {});
  EXPECT_TRUE(engine.map(first_numbers(0), twice).empty());
}

TEST_P(sent_work_conformance, items_of_many_kinds_come_to_the_callable_as_it_takes_them) {
  auto engine = crew();
  std::vector<std::string> words{"uno", "dos"};
  EXPECT_EQ(engine.map(words, [](std::string& word) { return word.size(); }), (std::vector<std::size_t>{3, 3}));
  EXPECT_EQ(engine.map(std::as_const(words), [](std::string word) { return word + "!"; })[1], "dos!");
  const std::vector<std::tuple<int, std::string>> pairs{{1, "a"}, {2, "b"}};
  EXPECT_EQ(engine.map(pairs, [](int n, const std::string& s) { return s + std::to_string(n); })[1], "b2");
  const std::vector<bool> truths{true, false, true};
  EXPECT_EQ(engine.map(truths, [](bool one) { return one ? 1 : 0; }), (std::vector<int>{1, 0, 1}));
  EXPECT_EQ(engine.map(std::views::iota(3, 6), [](int&& n) { return n; }), (std::vector<int>{3, 4, 5}));
  const std::map<std::string, int> ages{{"Ana", 31}, {"Luz", 7}};
  EXPECT_EQ(engine.map(ages, [](const auto& who) { return who.first + std::to_string(who.second); })[1], "Luz7");
  const std::vector<const char*> texts{"ab", "abc"};
  EXPECT_EQ(engine.map(texts, [](const char* text) { return std::string(text).size(); })[1], 3U);
}

TEST_P(sent_work_conformance, what_fails_there_fails_here_and_is_tried_again) {
  auto engine = crew();
  const auto outcomes = engine.try_map(first_numbers(50), {.retries = 2}, [](int n) {
    if (n == 31) throw std::out_of_range("no such key");
    return n;
  });
  ASSERT_EQ(outcomes.size(), 50U);
  EXPECT_EQ(*outcomes[49], 49);
  ASSERT_EQ(outcomes[31].verdict(), verdict::error);
  EXPECT_EQ(outcomes[31].failure().describe(), "std::out_of_range: no such key (tried 3 times)");
  EXPECT_EQ(outcomes[31].failure().attempts, 3U);
}

TEST_P(sent_work_conformance, streams_come_in_order_and_as_finished) {
  auto engine = crew();
  std::vector<int> seen;
  for (const int n : engine.stream(std::views::iota(0), {.ahead = 5}, twice)) {
    seen.push_back(n);
    if (seen.size() == 30) break;
  }
  EXPECT_EQ(seen.front(), 0);
  EXPECT_EQ(seen.back(), 58);
  std::size_t failed = 0;
  std::size_t count = 0;
  const auto numbers = first_numbers(40);
  const auto text_of = [](const int& n) {
    if (n % 10 == 3) throw std::runtime_error("three");
    return std::to_string(n);
  };
  for (const auto& one : engine.try_stream_unordered(numbers, text_of)) {
    ++count;
    if (!one) ++failed;
  }
  EXPECT_EQ(count, 40U);
  EXPECT_EQ(failed, 4U);
}

TEST_P(sent_work_conformance, submitted_calls_answer) {
  auto engine = crew();
  const auto sum = engine.submit([](int a, int b) { return a + b; }, 40, 2);
  EXPECT_EQ(sum.get(), 42);
  EXPECT_EQ(sum.get(), 42);
  EXPECT_EQ(engine.submit([](const std::string& one) { return one + one; }, std::string("ab")).get(), "abab");
  engine.submit([] {}).get();
  EXPECT_THROW(engine.submit([] { throw std::runtime_error("no"); }).get(), tequio::worker_error);
}

TEST_P(sent_work_conformance, reductions_have_the_bits_of_serial) {
  auto engine = crew();
  any_engine reference{tequio::serial()};
  std::vector<double> values(100'003);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = std::sin(static_cast<double>(i));
  const auto square = [](double x) { return x * x; };
  const auto larger = [](double a, double b) { return a < b ? b : a; };
  EXPECT_EQ(engine.reduce(values, 0.0, std::plus<>{}), reference.reduce(values, 0.0, std::plus<>{}));
  EXPECT_EQ(engine.reduce(values, -2.0, larger), reference.reduce(values, -2.0, larger));
  EXPECT_EQ(engine.transform_reduce(values, 0.0, std::plus<>{}, square),
            reference.transform_reduce(values, 0.0, std::plus<>{}, square));
  const std::vector<std::string> words(9000, "ab");
  EXPECT_EQ(engine.transform_reduce(words, std::size_t{0}, std::plus<>{},
                                    [](const std::string& word) { return word.size(); }),
            18'000U);
  const std::vector<bool> truths(10'000, true);
  EXPECT_EQ(engine.reduce(truths, 0, std::plus<>{}), 10'000);
  EXPECT_EQ(engine.reduce(std::views::iota(0, 20'000), std::int64_t{0}, std::plus<>{}), 199'990'000);
}

template <class Call>
std::string error_of(Call call) {
  try {
    call();
  } catch (const tequio::error& refused) {
    return refused.what();
  }
  return "no error";
}

TEST_P(sent_work_conformance, what_cannot_be_sent_is_an_error_in_words) {
  auto engine = crew();
  const auto numbers = first_numbers(10);
  int captured = 1;
  const auto captures = [&](int n) { return n + captured; };
  const std::string refusal =
      "engine 'sending': the callable or what it is called with cannot be sent to its workers; give a function";
  EXPECT_THAT(error_of([&] { static_cast<void>(engine.map(numbers, captures)); }), HasSubstr(refusal));
  EXPECT_THAT(error_of([&] { engine.for_each(first_numbers(0), captures); }), HasSubstr(refusal));
  EXPECT_THAT(error_of([&] { static_cast<void>(engine.stream(numbers, captures)); }), HasSubstr(refusal));
  EXPECT_THAT(error_of([&] { static_cast<void>(engine.submit(captures, 1)); }), HasSubstr(refusal));
  const auto adds = [&](int a, int b) { return a + b + captured; };
  EXPECT_THAT(error_of([&] { static_cast<void>(engine.reduce(numbers, 0, adds)); }), HasSubstr(refusal));
  const std::vector<named> with_const_members{{"Ana", 31}};
  EXPECT_THAT(
      error_of([&] { static_cast<void>(engine.map(with_const_members, [](const named& n) { return n.age; })); }),
      HasSubstr(refusal));
  const std::vector<const int*> pointers{&captured};
  EXPECT_THAT(error_of([&] { static_cast<void>(engine.map(pointers, [](const int* n) { return *n; })); }),
              HasSubstr(refusal));
}

TEST_P(sent_work_conformance, fresh_image_of_the_program_makes_the_calls) {
  if (tequio::test::thread_sanitizer) GTEST_SKIP() << "ThreadSanitizer leaves no fixed place for shared memory";
  auto engine = crew(far_end::spawned_image);
  static int here = 0;
  here = 7;
  const auto adds = [](int more, int n) { return n + more + here; };
  EXPECT_THAT(engine.map(first_numbers(3), bind_values(adds, 10)), ElementsAre(10, 11, 12));
}

}  // namespace
