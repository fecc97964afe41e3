// SPDX-License-Identifier: MIT
#include "tequio/serialize.hpp"

#include <gtest/gtest.h>

#include <bitset>
#include <chrono>
#include <cmath>
#include <complex>
#include <deque>
#include <filesystem>
#include <forward_list>
#include <limits>
#include <list>
#include <map>
#include <memory>
#include <memory_resource>
#include <optional>
#include <queue>
#include <set>
#include <stack>
#include <system_error>
#include <typeinfo>
#include <unordered_map>
#include <unordered_set>
#include <valarray>
#include <variant>

namespace {

using namespace std::chrono_literals;

// Into `read`, for types that have no default value.
template <class T>
T there_and_back(const T& value, T read) {
  tequio::buffer_writer out;
  out(value);
  tequio::reader in(out.written());
  in(read);
  EXPECT_EQ(in.left(), 0U);
  return read;
}

template <class T>
T there_and_back(const T& value) {
  return there_and_back(value, T{});
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

// Not an aggregate: its serialize() names its parts.
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

template <class... Values>
void expect_back(const Values&... values) {
  // not EXPECT_EQ, which prints no char8_t where GoogleTest was built for an older standard
  const auto one = [](const auto& value) { EXPECT_TRUE(there_and_back(value) == value) << typeid(value).name(); };
  (one(values), ...);
}

// Bytes of one type that must be refused as another.
template <class T, class... Bytes>
void expect_refusal(const Bytes&... bytes) {
  tequio::buffer_writer out;
  out(bytes...);
  tequio::reader in(out.written());
  T value{};
  EXPECT_THROW(in(value), tequio::serialize_error);
}

enum class truth : bool { no, yes };

TEST(serialize, values_that_a_type_cannot_have_are_refused) {
  expect_refusal<truth>(std::uint8_t{2});
  expect_refusal<std::bitset<3>>(std::uint8_t{8});
  expect_refusal<std::priority_queue<int>>(std::vector<int>{1, 5});
  expect_refusal<std::error_code>(5, std::uint8_t{3});
  expect_refusal<std::chrono::hh_mm_ss<std::chrono::seconds>>(std::numeric_limits<std::int64_t>::min());
  expect_refusal<std::variant<std::monostate, int>>(std::uint64_t{2});
  expect_refusal<std::optional<int>>(std::uint8_t{2}, 5);
  expect_refusal<std::unique_ptr<int>>(std::uint8_t{2}, 5);
  expect_refusal<std::vector<bool>>(std::uint64_t{1}, std::uint8_t{2});
}

struct tree {
  int number = 0;
  std::vector<tree> branches{};
  bool operator==(const tree&) const = default;
};

struct chain {
  std::unique_ptr<chain> next{};
};

tree of_depth(int depth) {
  tree all;
  for (tree* last = &all; depth > 0; --depth) last = &last->branches.emplace_back(tree{depth, {}});
  return all;
}

TEST(serialize, a_value_deeper_than_the_stack_bears_is_an_error_on_both_sides) {
  expect_back(of_depth(400));
  tequio::buffer_writer out;
  try {
    out(of_depth(600));
    FAIL();
  } catch (const tequio::serialize_error& refused) {
    EXPECT_STREQ(
        refused.what(),
        "serialised value: more than 500 containers or pointers within each other; send a flat container, with "
        "indices in place of pointers");
  }
  const std::vector<std::byte> ones(1'000'000, std::byte{1});
  tequio::reader in(ones);
  chain endless;
  EXPECT_THROW(in(endless), tequio::serialize_error);
}

TEST(serialize, an_error_code_of_another_category_is_refused_when_it_is_written) {
  struct own_category : std::error_category {
    const char* name() const noexcept override { return "own"; }
    std::string message(int) const override { return ""; }
  };
  static const own_category own;
  tequio::buffer_writer out;
  EXPECT_THROW(out(std::error_code(1, own)), tequio::serialize_error);
}

TEST(serialize, containers_of_every_kind_come_back_equal) {
  expect_back(std::forward_list<std::string>{"a", "b"}, std::list<int>{1, 2}, std::set<int>{2, 1},
              std::multiset<int>{1, 1}, std::unordered_set<std::string>{"x", "y"}, std::unordered_multiset<int>{3, 3},
              std::multimap<int, std::string>{{1, "a"}, {1, "b"}}, std::unordered_multimap<int, int>{{1, 2}, {1, 2}});
  expect_back(std::vector<std::vector<std::string>>{{"a"}, {}, {"b", "c"}}, std::deque<bool>{true, false},
              std::array<bool, 2>{true, false}, std::array<std::array<int, 2>, 2>{{{1, 2}, {3, 4}}},
              std::vector<std::byte>{std::byte{9}}, std::pmr::vector<int>{1, 2});
  expect_back(std::bitset<11>(1234), std::bitset<64>(5), std::bitset<0>());
  const std::valarray<double> numbers{1.5, 2.5};
  const auto read = there_and_back(numbers);
  ASSERT_EQ(read.size(), 2U);
  EXPECT_EQ(read[1], 2.5);
  EXPECT_EQ(there_and_back(std::valarray<std::string>{"a", "b"})[1], "b");
}

TEST(serialize, adaptors_keep_their_order) {
  std::stack<int> stack;
  std::queue<std::string> queue;
  std::priority_queue<int, std::vector<int>, std::greater<>> least;
  for (const int number : {3, 1, 2}) {
    stack.push(number);
    queue.push(std::to_string(number));
    least.push(number);
  }
  expect_back(stack, queue);
  auto read = there_and_back(least);
  EXPECT_EQ(read.top(), 1);
  read.pop();
  EXPECT_EQ(read.top(), 2);
}

TEST(serialize, characters_of_every_width_come_back_equal) {
  expect_back(std::wstring(L"á\0b", 3), std::u8string(u8"ñ"), std::u16string(u"ñ"), std::u32string(U"ñ"), 'c', L'ñ',
              u8'c', u'ñ', U'ñ');
}

TEST(serialize, numbers_at_their_limits_come_back_equal) {
  expect_back(std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::uint64_t>::max(),
              std::numeric_limits<double>::infinity(), std::numeric_limits<double>::denorm_min(), -0.0F, 1.0L / 3,
              std::complex<float>(1, 2), std::vector<std::complex<double>>{{1, 2}, {3, 4}});
  EXPECT_TRUE(std::isnan(there_and_back(std::numeric_limits<double>::quiet_NaN())));
}

TEST(serialize, times_and_dates_come_back_equal) {
  using namespace std::chrono;
  const year_month_day date = 2024y / February / 29;
  expect_back(date, date.year(), date.month(), date.day(), Monday, Monday[2], January / 5, 2024y / May / Tuesday[1],
              2024y / May, sys_days(date), local_days(date));
  EXPECT_EQ(there_and_back(2024y / May / last, 2000y / June / last), 2024y / May / last);
  EXPECT_EQ(there_and_back(2024y / May / Tuesday[last], 2000y / June / Monday[last]), 2024y / May / Tuesday[last]);
  expect_back(system_clock::now(), steady_clock::now(), duration<double>(0.25), -3h);
  EXPECT_EQ(there_and_back(hh_mm_ss(-3661s)).to_duration(), -3661s);
}

TEST(serialize, what_may_be_absent_comes_back_as_it_was) {
  using either = std::variant<std::monostate, std::string, std::vector<int>>;
  expect_back(either(), either("text"), either(std::vector<int>{1}), std::optional<std::optional<int>>(std::nullopt),
              std::optional<std::vector<std::string>>({"a"}), std::monostate());
  EXPECT_EQ(*there_and_back(std::make_unique<std::string>("owned")), "owned");
  EXPECT_EQ(there_and_back(std::unique_ptr<int>()), nullptr);
  chain two{std::make_unique<chain>()};
  EXPECT_EQ(there_and_back(std::move(two)).next->next, nullptr);
  expect_back(std::error_code(ENOENT, std::system_category()), std::make_error_code(std::errc::timed_out),
              std::error_code(std::io_errc::stream));
}

TEST(serialize, pairs_and_tuples_come_back_equal) {
  expect_back(std::pair(1, std::string("a")), std::tuple<>(), std::tuple(truth::yes, std::pair(2.5, 'x')),
              std::map<std::pair<int, int>, std::tuple<std::string, bool>>{{{1, 2}, {"a", true}}});
}

struct with_arrays {
  char name[8] = "abc";
  std::string text{};
  int grid[2][3] = {{1, 2, 3}, {4, 5, 6}};
  inner parts[2]{};
  std::optional<int> maybe{};
  inner last{};
};

struct only_array {
  double values[3]{};
};

TEST(serialize, aggregates_with_c_arrays_come_back_equal) {
  with_arrays value;
  value.text = "text";
  value.grid[1][2] = 60;
  value.parts[1] = {7, "seven"};
  value.maybe = 8;
  value.last = {9, "nine"};
  const with_arrays read = there_and_back(value);
  EXPECT_STREQ(read.name, "abc");
  EXPECT_EQ(read.text, "text");
  EXPECT_EQ(read.grid[1][2], 60);
  EXPECT_EQ(read.grid[0][1], 2);
  EXPECT_EQ(read.parts[1], (inner{7, "seven"}));
  EXPECT_EQ(read.maybe, 8);
  EXPECT_EQ(read.last, (inner{9, "nine"}));
  EXPECT_EQ(there_and_back(only_array{{1, 2, 3}}).values[2], 3);
  EXPECT_EQ(there_and_back(std::vector<only_array>(5)).size(), 5U);
}

struct forty {
  std::string a[2]{};
  int b{}, c{}, d{}, e{}, f{}, g{}, h{}, i{}, j{}, k{}, l{}, m{}, n{}, o{}, p{}, q{}, r{}, s{}, t{}, u{}, v{}, w{}, x{};
  std::optional<std::string> y{};
  std::array<inner, 2> z{};
  long aa{}, ab{}, ac{}, ad{}, ae{}, af{}, ag{}, ah{}, ai{}, aj{}, ak{}, al{}, am{}, an{};
};

TEST(serialize, aggregates_of_many_fields_come_back_equal) {
  forty value;
  value.a[1] = "first";
  value.x = 24;
  value.z[1] = {1, "z"};
  value.an = 40;
  const forty read = there_and_back(value);
  EXPECT_EQ(read.a[1], "first");
  EXPECT_EQ(read.x, 24);
  EXPECT_EQ(read.z[1], (inner{1, "z"}));
  EXPECT_EQ(read.an, 40);
}

}  // namespace
