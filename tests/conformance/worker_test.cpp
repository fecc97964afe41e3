// SPDX-License-Identifier: MIT
// What process<R> and thread<R> promise alike, written once. Behaviours after CPython's _TestProcess and
// _TestSubclassingProcess, and test_threading.py.
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <memory>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "support/leak_check.hpp"
#include "support/sanitizers.hpp"
#include "tequio/event.hpp"
#include "tequio/process.hpp"
#include "tequio/this_worker.hpp"
#include "tequio/thread.hpp"

namespace {

using namespace std::chrono_literals;

struct threads {
  template <class R>
  using worker = tequio::thread<R>;
  using options = tequio::thread_options;
};
struct processes {
  template <class R>
  using worker = tequio::process<R>;
  using options = tequio::process_options;
};

template <class Kind>
class worker : public tequio::test::leak_checked {
 protected:
  void SetUp() override {
    tequio::test::leak_checked::SetUp();
    if (std::is_same_v<Kind, processes> && tequio::test::thread_sanitizer)
      GTEST_SKIP() << "ThreadSanitizer's own thread forbids the fork";
  }
};
using kinds = ::testing::Types<threads, processes>;
TYPED_TEST_SUITE(worker, kinds);

template <class Kind, class R>
using of = typename Kind::template worker<R>;

TYPED_TEST(worker, exception_comes_back_with_its_text_and_the_workers_name) {
  of<TypeParam, int> failing({.name = "uno"}, []() -> int { throw std::out_of_range("no such key"); });
  try {
    static_cast<void>(failing.get());
    FAIL() << "no error";
  } catch (const tequio::worker_error& thrown) {
    const std::string text = thrown.what();
    EXPECT_NE(text.find("uno"), std::string::npos) << text;
    EXPECT_NE(text.find("std::out_of_range: no such key"), std::string::npos) << text;
  }
}

TYPED_TEST(worker, what_is_thrown_need_not_be_an_exception) {
  of<TypeParam, int> failing([]() -> int { throw 42; });
  try {
    static_cast<void>(failing.get());
    FAIL() << "no error";
  } catch (const tequio::worker_error& thrown) {
    EXPECT_NE(std::string(thrown.what()).find("int"), std::string::npos) << thrown.what();
  }
}

TYPED_TEST(worker, error_nobody_asks_for_does_not_end_the_program) {
  const of<TypeParam, int> failing([]() -> int { throw std::runtime_error("unseen"); });
}

TYPED_TEST(worker, result_of_any_type_and_size_comes_back) {
  using table = std::map<std::string, std::vector<double>>;
  of<TypeParam, table> small([] { return table{{"a", {1, 2}}, {"b", {}}}; });
  EXPECT_EQ(small.get(), (table{{"a", {1, 2}}, {"b", {}}}));
  of<TypeParam, std::vector<int>> large([] { return std::vector<int>(1 << 22, 7); });
  large.join();  // a large result needs no reader
  EXPECT_EQ(large.get(), std::vector<int>(1 << 22, 7));
  of<TypeParam, void> nothing([] {});
  nothing.get();
}

struct packed_flags {
  unsigned kind : 5;
  unsigned size : 5;
};

TYPED_TEST(worker, argument_and_result_may_have_bit_fields) {
  of<TypeParam, packed_flags> swapping(
      [](packed_flags flags) {
        return packed_flags{flags.size, flags.kind};
      },
      packed_flags{2, 7});
  const packed_flags swapped = swapping.get();
  EXPECT_EQ(swapped.kind, 7U);
  EXPECT_EQ(swapped.size, 2U);
}

TYPED_TEST(worker, arguments_are_copied_and_only_moved_ones_are_moved) {
  const auto add = [](int a, const std::string& b, std::unique_ptr<int> c) {
    return std::to_string(a) + b + std::to_string(*c);
  };
  std::string text = "b";
  of<TypeParam, std::string> adding(add, 1, text, std::make_unique<int>(3));
  text = "changed";
  EXPECT_EQ(adding.get(), "1b3");
}

struct refuses_to_be_copied {
  refuses_to_be_copied() = default;
  refuses_to_be_copied(const refuses_to_be_copied&) { throw std::length_error("no copies"); }
};

TYPED_TEST(worker, argument_that_throws_when_it_is_copied_starts_nothing) {
  bool started = false;
  const refuses_to_be_copied argument;
  const auto run = [&started](const refuses_to_be_copied&) { started = true; };
  EXPECT_THROW(static_cast<void>(of<TypeParam, void>(run, argument)), std::length_error);
  const auto captured = [&started, own = refuses_to_be_copied()] { started = true; };
  EXPECT_THROW(static_cast<void>(of<TypeParam, void>(captured)), std::length_error);
  EXPECT_FALSE(started);
}

TYPED_TEST(worker, names_are_given_or_made_up) {
  of<TypeParam, std::string> named({.name = "dos"}, [] { return std::string(tequio::this_worker::name()); });
  EXPECT_EQ(named.name(), "dos");
  EXPECT_EQ(named.get(), "dos");
  of<TypeParam, std::string> one([] { return std::string(tequio::this_worker::name()); });
  of<TypeParam, std::string> other([] { return std::string(tequio::this_worker::name()); });
  EXPECT_FALSE(one.name().empty());
  EXPECT_NE(one.name(), other.name());
  EXPECT_EQ(one.get(), one.name());
  EXPECT_EQ(tequio::this_worker::name(), "main");
}

TYPED_TEST(worker, runs_until_it_has_returned) {
  tequio::event go;
  of<TypeParam, int> waiting([&] {
    go.wait();
    return 5;
  });
  EXPECT_TRUE(waiting.running());
  EXPECT_FALSE(waiting.join_for(0ms));
  EXPECT_FALSE(waiting.join_for(2ms));
  EXPECT_TRUE(waiting.running());
  go.set();
  EXPECT_TRUE(waiting.join_for(std::chrono::hours::max()));
  EXPECT_FALSE(waiting.running());
  waiting.join();  // again
  EXPECT_EQ(waiting.get(), 5);
}

TYPED_TEST(worker, stop_is_seen_through_a_token_and_without_one) {
  of<TypeParam, int> with_token([](std::stop_token stop) {
    tequio::event called;
    const std::stop_callback callback(stop, [&] { called.set(); });
    called.wait();
    return 1;
  });
  with_token.request_stop();
  EXPECT_EQ(with_token.get(), 1);
  of<TypeParam, int> without([] {
    tequio::event never;
    while (!tequio::this_worker::stop_requested()) static_cast<void>(never.wait_for(1ms));
    return 2;
  });
  without.request_stop();
  EXPECT_EQ(without.get(), 2);
}

TYPED_TEST(worker, destructor_stops_and_joins) {
  tequio::event ended;
  {
    const of<TypeParam, void> looping([&](std::stop_token stop) {
      tequio::event never;
      while (!stop.stop_requested()) static_cast<void>(never.wait_for(1ms));
      ended.set();
    });
  }
  EXPECT_TRUE(ended.is_set());
}

TYPED_TEST(worker, many_live_in_a_vector_at_once) {
  tequio::event go;
  std::vector<of<TypeParam, int>> many;
  for (int i = 0; i < 50; ++i)
    many.emplace_back([&, i] {
      go.wait();
      return i;
    });
  go.set();
  for (int i = 0; i < 50; ++i) EXPECT_EQ(many[static_cast<std::size_t>(i)].get(), i);
}

TYPED_TEST(worker, moved_from_is_empty_and_moved_to_goes_on) {
  of<TypeParam, int> first([] { return 3; });
  of<TypeParam, int> second(std::move(first));
  first = of<TypeParam, int>([] { return 4; });
  EXPECT_EQ(second.get(), 3);
  EXPECT_EQ(first.get(), 4);
}

TYPED_TEST(worker, workers_inside_workers) {
  of<TypeParam, int> outer([] {
    of<TypeParam, int> inner([] { return 20; });
    return inner.get() + 1;
  });
  EXPECT_EQ(outer.get(), 21);
}

TYPED_TEST(worker, stop_token_and_source_are_its_own) {
  of<TypeParam, bool> stopped([](const std::stop_token& stop) {
    while (!stop.stop_requested()) std::this_thread::sleep_for(1ms);
    return tequio::this_worker::stop_requested();
  });
  const std::stop_token token = stopped.get_stop_token();
  std::stop_source source = stopped.get_stop_source();
  int told = 0;
  const std::stop_callback note(token, [&] { ++told; });
  EXPECT_TRUE(token.stop_possible());
  EXPECT_FALSE(token.stop_requested());
  EXPECT_TRUE(source.request_stop());  // tells the worker
  EXPECT_TRUE(stopped.get());
  EXPECT_FALSE(stopped.request_stop());
  EXPECT_TRUE(stopped.stop_requested());
  EXPECT_TRUE(token.stop_requested());
  EXPECT_EQ(told, 1);
}

TYPED_TEST(worker, stop_source_may_outlive_it_and_the_destructors_request_is_told) {
  std::stop_source source(std::nostopstate);
  {
    const of<TypeParam, int> done([] { return 1; });
    source = done.get_stop_source();
    EXPECT_FALSE(source.stop_requested());
  }
  EXPECT_TRUE(source.stop_requested() || source.request_stop());
  EXPECT_FALSE(source.request_stop());
}

TYPED_TEST(worker, object_without_a_worker_takes_one_later) {
  of<TypeParam, int> later;
  EXPECT_FALSE(later.joinable());
  EXPECT_THROW(later.join(), tequio::error);
  EXPECT_THROW(static_cast<void>(later.get()), tequio::error);
  later = of<TypeParam, int>([] { return 7; });
  EXPECT_EQ(later.get(), 7);
}

TYPED_TEST(worker, join_ends_with_a_stop_too) {
  tequio::event go;
  const of<TypeParam, int> working([&] {
    go.wait();
    return 1;
  });
  std::stop_source source;
  const tequio::thread<bool> joining([&] { return working.join(source.get_token()); });
  EXPECT_FALSE(joining.join_for(250ms));  // longer than a sleeper sleeps before it looks again
  source.request_stop();
  EXPECT_FALSE(joining.get());
  EXPECT_FALSE(working.join(source.get_token()));
  go.set();
  working.join();
  EXPECT_TRUE(working.join(source.get_token()));  // has ended: true also after the stop
}

}  // namespace
