// SPDX-License-Identifier: MIT
// Bytes that were cut, changed or made up: reading them gives a value or a serialize_error, whatever they are. Never a
// crash, an endless loop, or memory for a length that nobody wrote.
#include <gtest/gtest.h>

#include <array>
#include <bitset>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <forward_list>
#include <list>
#include <map>
#include <memory>
#include <new>
#include <optional>
#include <queue>
#include <random>
#include <set>
#include <string>
#include <system_error>
#include <unordered_map>
#include <utility>
#include <valarray>
#include <variant>
#include <vector>

#include "support/leak_check.hpp"
#include "tequio/serialize.hpp"

namespace {

enum class shade : bool { dark, light };

struct node {
  std::string name{};
  std::vector<node> below{};
  std::unique_ptr<node> beside{};
};

struct table {
  char code[4] = "abc";
  std::map<std::string, std::vector<double>> columns{{"a", {1, 2}}, {"b", {}}};
  std::unordered_multimap<int, std::optional<std::string>> index{{1, "one"}, {1, std::nullopt}};
  std::variant<std::monostate, int, std::vector<std::string>> either = std::vector<std::string>{"x", "y"};
  std::bitset<13> flags{77};
  std::vector<bool> seen{true, false};
  shade how = shade::light;
  std::filesystem::path file = "a/b";
  std::chrono::hh_mm_ss<std::chrono::seconds> time{std::chrono::seconds(3661)};
  std::error_code code_of_error = std::make_error_code(std::errc::timed_out);
};

struct lists {
  std::forward_list<std::set<int>> sets{{1, 2}, {3}};
  std::valarray<std::string> words{"p", "q"};
  std::priority_queue<int> heap{};
  std::vector<std::tuple<>> nothings{3};
  std::vector<std::array<std::u16string, 2>> pairs{{u"a", u"b"}};
};

std::vector<std::byte> bytes_of(const auto& value) {
  tequio::buffer_writer out;
  out(value);
  return {out.written().begin(), out.written().end()};
}

/// Reads a value; a serialize_error is right, any other exception is not.
template <class T>
void read_whatever(std::span<const std::byte> bytes) {
  T value{};
  tequio::reader in(bytes);
  try {
    in(value);
  } catch (const tequio::serialize_error&) {
    return;
  }
  // writing the value again walks over all of it
  static_cast<void>(bytes_of(value));
}

template <class T>
void damage(const T& sample, unsigned seed) {
  const std::vector<std::byte> whole = bytes_of(sample);
  std::mt19937 random(seed);
  for (std::size_t size = 0; size <= whole.size(); ++size)
    read_whatever<T>(std::vector(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)));
  for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
    auto bytes = whole;
    bytes[bit / 8] ^= static_cast<std::byte>(1U << bit % 8);
    read_whatever<T>(bytes);
  }
  for (int round = 0; round < 3000; ++round) {
    auto bytes = whole;
    for (unsigned change = 0; change <= random() % 8; ++change) {
      const std::size_t place = random() % bytes.size();
      switch (random() % 4) {
        case 0:
          bytes[place] = static_cast<std::byte>(random());
          break;
        case 1:
          bytes[place] = std::byte{0xff};
          break;
        case 2:
          bytes.erase(bytes.begin() + static_cast<std::ptrdiff_t>(place));
          break;
        default:
          bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(place), 1 + random() % 9,
                       static_cast<std::byte>(random() % 3));
      }
      if (bytes.empty()) break;
    }
    read_whatever<T>(bytes);
  }
}

TEST(serialize_damage, cut_flipped_and_made_up_bytes_give_a_value_or_an_error) {
  tequio::test::arm_watchdog();
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(seed);
  node root{"root", {}, std::make_unique<node>()};
  root.below.push_back(node{"leaf", {}, nullptr});
  damage(root, seed);
  damage(table(), seed);
  lists filled;
  for (const int item : {4, 9, 2}) filled.heap.push(item);
  damage(filled, seed);
}

TEST(serialize_damage, random_bytes_give_a_value_or_an_error) {
  tequio::test::arm_watchdog();
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 2000; ++round) {
    std::vector<std::byte> bytes(random() % 300);
    const unsigned largest = random() % 2 == 0 ? 3 : 256;  // small numbers make possible lengths
    for (std::byte& byte : bytes) byte = static_cast<std::byte>(random() % largest);
    read_whatever<node>(bytes);
    read_whatever<table>(bytes);
    read_whatever<lists>(bytes);
  }
}

template <template <class...> class Container>
struct large_node {
  std::array<std::byte, 48 * 1024> own{};
  Container<large_node> below{};
};

template <template <class...> class Container>
std::size_t depth_there_and_back() {
  constexpr int depth = 400;  // 400 nodes of 48 KiB are more than a stack
  large_node<Container> all;
  for (auto [at, left] = std::pair(&all, depth); left > 0; --left) {
    at->below.emplace_front();
    at = &at->below.front();
  }
  tequio::buffer_writer out;
  out(all);
  tequio::reader in(out.written());
  const auto back = std::make_unique<large_node<Container>>();
  in(*back);
  std::size_t found = 0;
  for (const auto* at = back.get(); !at->below.empty(); at = &at->below.front()) ++found;
  return found;
}

TEST(serialize_damage, large_items_within_items_take_no_stack) {
  EXPECT_EQ(depth_there_and_back<std::list>(), 400U);
  EXPECT_EQ(depth_there_and_back<std::forward_list>(), 400U);
}

TEST(serialize_damage, length_of_large_items_gets_no_memory_before_they_come) {
  using items = std::valarray<std::array<std::string, 1000>>;
  tequio::buffer_writer out;
  const std::vector<std::byte> rest(1 << 23);
  out(std::uint64_t{rest.size()});
  out.bytes(rest.data(), rest.size());  // a few items, where memory for all would be 256 GB
  tequio::reader in(out.written());
  items value;
  EXPECT_THROW(in(value), tequio::serialize_error);
}

}  // namespace
