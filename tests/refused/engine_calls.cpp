// SPDX-License-Identifier: MIT
// Calls of engines that do not fit: each is refused in the words of the line above it.
#include <functional>
#include <list>
#include <string>
#include <vector>

#include "tequio/processes.hpp"
#include "tequio/serial.hpp"
#include "tequio/threads.hpp"

int twice(int number) { return 2 * number; }
void forget(int /*number*/) {}
int size_of(const std::string& text) { return static_cast<int>(text.size()); }
int product(int left, int right) { return left * right; }

void callables(tequio::serial& crew, std::vector<std::string>& names, const std::vector<int>& numbers) {
  // says: tequio: the callable does not take an item of this range; let it take one by value or as const auto&
  std::vector<int> sizes = crew.map(names, twice);
  // says: tequio: the callable does not take an item of this range
  for (auto& verdict : crew.try_map(numbers, [](int& number) { return number; })) static_cast<void>(verdict);
  // says: tequio: the callable does not take an item of this range
  crew.for_each(std::vector<std::tuple<int, int, int>>(), product);
  // says: tequio: the callable does not take an item of this range
  for (const int size : crew.stream(numbers, size_of)) static_cast<void>(size);
  // says: tequio: the callable returns nothing; let it return a value, or use for_each
  auto nothing = crew.map(numbers, forget);
  // says: tequio: the callable returns nothing; let it return a value, or use for_each
  auto none = crew.try_stream_unordered(numbers, [](int) {});
  // says: tequio: the callable does not take an item of this range
  const auto sum = crew.transform_reduce(numbers, 0, std::plus<>{}, size_of);
  // says: tequio: the operation does not combine two values of the initial value's type to one
  const double largest = crew.reduce(numbers, 0.0, [](double left) { return left; });
  // says: tequio: an item does not convert to the type of the initial value
  const double length = crew.reduce(names, 0.0, std::plus<>{});
  // says: tequio: the initial value is an integer, so every fraction would be cut off
  const auto mean = crew.reduce(std::vector<double>(), 0, std::plus<>{});
}

void places(tequio::threads& crew, const std::vector<int>& numbers) {
  const std::vector<int>& all = numbers;
  // says: tequio: options stand between items and callable: map takes a range of items, then map_options if any
  const std::vector<int> last = crew.map(all, twice, {.retries = 2});
  // says: tequio: options stand between items and callable: try_map takes a range of items
  auto first = crew.try_map({.retries = 2}, all, twice);
  // says: tequio: for_each takes a range of items, then map_options if any, then the callable
  crew.for_each(all, twice, tequio::map_options{});
  // says: tequio: these options do not fit: a time has a unit, such as `.timeout = 30s`
  auto late = crew.map(all, {.timeout = 30}, twice);
  // says: tequio: these options do not fit
  auto ahead = crew.try_map(all, {.ahead = 4}, twice);
  // says: a stream takes stream_options, with `ahead`, and every other call map_options
  auto chunk = crew.stream(all, {.chunk = 4}, twice);
  // says: tequio: options stand between items and callable: reduce takes a range with random access
  const int product_of = crew.reduce(all, 1, product, {.chunk = 1});
  // says: tequio: these options do not fit
  const int transformed = crew.transform_reduce(all, {.grace = 0.5}, 0, std::plus<>{}, twice);
}

void ranges(tequio::processes& crew, const std::vector<int>& numbers, const std::list<int>& linked) {
  // says: tequio: map takes a range of items, then map_options if any, then the callable
  auto no_range = crew.map(8, twice);
  // says: tequio: stream takes a range of items, then stream_options if any
  auto other_options = crew.stream(numbers, tequio::map_options{}, twice);
  // says: tequio: reduce takes a range with random access, such as a std::vector
  const int unlinked = crew.reduce(linked, 0, std::plus<>{});
  // says: error: ignoring return value
  crew.map(numbers, twice);
  // says: error: ignoring return value
  crew.reduce(numbers, 0, std::plus<>{});
}
