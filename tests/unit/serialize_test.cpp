// SPDX-License-Identifier: MIT
#include "tequio/serialize.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <list>
#include <map>
#include <set>
#include <unordered_map>

namespace {

using namespace std::chrono_literals;

template <class T>
T there_and_back(const T& value) {
  tequio::buffer_writer out;
  out(value);
  tequio::reader in(out.written());
  T read{};
  in(read);
  EXPECT_EQ(in.left(), 0U);
  return read;
}

enum class colour : std::uint8_t { red, green };

struct inner {
  int number = 0;
  std::string text{};
  bool operator==(const inner&) const = default;
};

struct outer {
  inner one{};
  std::vector<inner> many{};
  std::optional<double> maybe{};
  colour shade = colour::red;
  bool operator==(const outer&) const = default;
};

// Not an aggregate: says itself what it is made of.
class account {
 public:
  account() = default;
  explicit account(int cents) : m_cents(cents) {}
  bool operator==(const account&) const = default;

  template <class Archive>
  friend void serialize(Archive& archive, account& value) {
    archive(value.m_cents);
  }

 private:
  int m_cents = 0;
};

// Every shorter piece of a value's bytes must be refused, never read beyond.
template <class T>
void expect_every_cut_to_be_refused(const T& value) {
  tequio::buffer_writer out;
  out(value);
  for (std::size_t size = 0; size < out.written().size(); ++size) {
    tequio::reader in(out.written().first(size));
    T read{};
    EXPECT_THROW(in(read), tequio::serialize_error) << size;
  }
}

TEST(serialize, cut_bytes_are_refused) {
  expect_every_cut_to_be_refused(outer{{1, "one"}, {{2, "two"}, {3, ""}}, 2.5, colour::green});
  expect_every_cut_to_be_refused(std::map<std::string, std::vector<int>>{{"a", {1, 2}}, {"b", {}}});
  expect_every_cut_to_be_refused(std::variant<int, std::string>("text"));
}

TEST(serialize, impossible_lengths_are_refused_before_memory_is_asked_for) {
  tequio::buffer_writer out;
  out(std::uint64_t{1} << 62, 1, 2);
  const auto refuses = [&]<class T>(T value) {
    tequio::reader in(out.written());
    EXPECT_THROW(in(value), tequio::serialize_error);
  };
  refuses(std::vector<int>{});
  refuses(std::string{});
  refuses(std::list<std::string>{});
  refuses(std::map<int, int>{});
}

struct empty {};
struct holds_empty {
  empty nothing{};
};

TEST(serialize, impossible_lengths_of_items_without_bytes_are_refused) {
  tequio::buffer_writer out;
  out(std::uint64_t{1} << 60);
  const auto refuses = [&]<class T>(T value) {
    tequio::reader in(out.written());
    EXPECT_THROW(in(value), tequio::serialize_error);
  };
  refuses(std::vector<empty>{});
  refuses(std::list<holds_empty>{});
  refuses(std::vector<std::array<int, 0>>{});
}

TEST(serialize, items_without_bytes_are_counted) {
  EXPECT_EQ(there_and_back(std::vector<empty>(3)).size(), 3U);
  EXPECT_EQ(there_and_back(std::list<holds_empty>(4)).size(), 4U);
  EXPECT_EQ(there_and_back(std::vector<std::array<int, 0>>(5)).size(), 5U);
  EXPECT_EQ(there_and_back(std::vector<std::tuple<>>(6)).size(), 6U);
}

TEST(serialize, impossible_tags_are_refused) {
  tequio::buffer_writer out;
  out(std::uint64_t{7});
  std::variant<int, std::string> either;
  tequio::reader in(out.written());
  EXPECT_THROW(in(either), tequio::serialize_error);
  bool flag = false;
  tequio::reader byte(out.written());
  EXPECT_THROW(byte(flag), tequio::serialize_error);
}

TEST(serialize, values_come_back_equal) {
  EXPECT_EQ(there_and_back(-5), -5);
  EXPECT_EQ(there_and_back(1.0 / 3), 1.0 / 3);
  EXPECT_EQ(there_and_back(std::string("a\0b", 3)), std::string("a\0b", 3));
  EXPECT_EQ(there_and_back(std::vector<bool>{true, false, true}), (std::vector<bool>{true, false, true}));
  EXPECT_EQ(there_and_back(std::deque<int>{1, 2}), (std::deque<int>{1, 2}));
  EXPECT_EQ(there_and_back(std::set<std::string>{"b", "a"}), (std::set<std::string>{"a", "b"}));
  EXPECT_EQ(there_and_back(std::unordered_map<int, std::string>{{1, "x"}}),
            (std::unordered_map<int, std::string>{{1, "x"}}));
  EXPECT_EQ(there_and_back(std::array<std::string, 2>{"a", "b"}), (std::array<std::string, 2>{"a", "b"}));
  EXPECT_EQ(there_and_back(std::tuple(1, std::string("t"), 2.0)), std::tuple(1, std::string("t"), 2.0));
  EXPECT_EQ(there_and_back(std::optional<std::string>{}), std::nullopt);
  EXPECT_EQ(there_and_back(std::complex<double>(1, -2)), std::complex<double>(1, -2));
  EXPECT_EQ(there_and_back(std::filesystem::path("/a/b")), std::filesystem::path("/a/b"));
  EXPECT_EQ(there_and_back(1500ms), 1500ms);
  EXPECT_EQ(there_and_back(account(250)), account(250));
  EXPECT_EQ(there_and_back(std::vector<account>{account(1), account(2)}),
            (std::vector<account>{account(1), account(2)}));
  const outer whole{{1, "one"}, {{2, "two"}}, std::nullopt, colour::green};
  EXPECT_EQ(there_and_back(whole), whole);
}

}  // namespace
